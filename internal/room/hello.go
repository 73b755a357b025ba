package room

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// hello answers join.
type hello struct {
	Type   string           `json:"t"`
	Me     me               `json:"me"`
	Seat   string           `json:"seat"`
	Cursor string           `json:"cursor"`
	Whole  *view.Projection `json:"whole,omitempty"`
	Here   []present        `json:"here"`
}

// arrive lets a client in. Somebody who is not on the attendance list comes late,
// and blanks the Scherm before anything else.
func (r *room) arrive(c *client, m *join, entered view.Entry) {
	if !c.eyes.Own() || !r.known().Screen || slices.Contains(r.known().Attends, c.visitor.User) {
		r.add(c, m, entered)
		return
	}
	r.hub.writing.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		defer cancel()
		id := casework.NewID[casework.CommandID](randomness)
		if a := r.hub.Cases.Do(ctx, c.actor, r.id, id, "take_seat", nil); a.Refusal != nil {
			c.close(closeUnsure)
		}
		r.post(func() { r.add(c, m, entered) })
	})
}

// add lets a client in whose entering is on the record.
func (r *room) add(c *client, m *join, entered view.Entry) {
	if c.left {
		return
	}
	if access := entered.Access; access.Epoch > r.epoch {
		r.advance(casework.Commit{State: r.moment.State, Epoch: access.Epoch, Access: access})
	}
	r.clients[c] = struct{}{}
	if c.eyes.Own() {
		r.sameVisit(c)
	}
	r.inOrder(func() { r.greet(c, m, entered) })
}

// greet sends what the client lacks, or everything.
func (r *room) greet(c *client, m *join, entered view.Entry) {
	if _, here := r.clients[c]; !here {
		return
	}
	if r.halted || r.moment.State.Seq == 0 {
		c.close(closeUnsure)
		return
	}
	reader, ok := r.reader(c)
	if !ok {
		c.close(closeNoCase)
		return
	}
	c.persons = entered.Persons
	now := newView{c, reader, view.Persons(r.moment.State, reader)}
	if entered.Access.Policy != r.moment.Access.Policy || !view.SameEyes(entered.Reader, reader) || now.more() {
		r.recordViews(r.moment, now)
	}
	if !r.hub.Fresh() {
		c.close(closeUnsure)
		return
	}
	g := groupIn(r.groups, c.eyes, reader, r.moment, r.turn)
	r.seat(c, g)
	message := hello{Type: "hello", Me: meOf(reader), Seat: r.seatToken(c), Cursor: r.cursor(), Here: r.presentTo(reader)}
	var missed *view.Difference
	if seen, was, resumed := r.resume(c, g, m); resumed {
		missed = view.Differ(seen, was, r.moment, reader, view.Compare(seen.State, r.moment.State))
		if !missed.Empty() {
			message.Cursor = m.Cursor // until what was missed is there: the line may break again before
		}
	} else {
		whole := view.Project(r.moment.State, r.moment.Access, reader, r.moment.At)
		message.Whole = &whole
	}
	c.send(encode(message))
	if missed != nil && !missed.Empty() {
		c.send(encode(change{"change", r.cursor(), missed}))
	}
	r.prove(c)
	r.hereDue = true
	r.caretsChange()
}

// resume finds the moment that a client saw last, or one from which only notes were
// written on up to it, when its view is still of the same audience and was all
// along, and the group looks back that far. With it comes the reader it was then: a
// bar of since is not to hide what it saw.
func (r *room) resume(c *client, g *group, m *join) (seen view.Moment, was casework.Reader, ok bool) {
	seat, ok := r.hub.Tokens.Open(m.Seat)
	if !ok || seat != r.seatText(c, g) {
		return seen, was, false
	}
	cursor, ok := r.hub.Tokens.Open(m.Cursor)
	if !ok {
		return seen, was, false
	}
	var life string
	var turn int64
	if _, err := fmt.Sscanf(cursor, "%s %d", &life, &turn); err != nil || life != r.life || turn > r.turn || turn < r.moved[c.visitor.User] {
		return seen, was, false
	}
	if seen, ok = g.at(turn); ok {
		was, ok = c.eyes.Reader(c.visitor.User, seen)
	}
	return seen, was, ok
}

// seatToken names the client's place: whose it is, where, and in which audience.
func (r *room) seatToken(c *client) string { return r.hub.Tokens.Seal(r.seatText(c, c.group)) }

func (r *room) seatText(c *client, g *group) string {
	return fmt.Sprintf("%s %s %x", c.visitor.User, r.id, sha256.Sum256([]byte(g.place)))
}

// reader is who looks through the client's eyes as of now.
func (r *room) reader(c *client) (casework.Reader, bool) {
	now := r.moment
	now.At = r.hub.Now()
	return c.eyes.Reader(c.visitor.User, now)
}

// remove takes a client out and puts its leaving on the record.
func (r *room) remove(c *client) {
	c.left = true
	r.lookLast(c)
	if c.group != nil {
		delete(c.group.clients, c)
		c.group.left = r.hub.Now()
	}
	delete(r.clients, c)
	r.parts(c)
	if len(r.clients) == 0 {
		r.empty = r.hub.Now()
	}
	r.caretsChange()
	r.hub.mu.Lock()
	r.expected--
	r.hub.mu.Unlock()
	r.hereDue = true
	stay := audit.StayMoment{Actor: c.actor, Reader: r.member(c.visitor.User), Head: r.moment.State.Head()}
	r.hub.writing.Go(func() { r.observe("leave", stay) }) //nolint:errcheck // it is logged; nothing goes out any more
}

// member is somebody of the team, at the table still or not.
func (r *room) member(user casework.UserID) casework.Reader {
	for _, m := range r.moment.Access.Team {
		if m.User == user {
			return m.Holding(r.moment.At)
		}
	}
	return casework.Reader{}
}
