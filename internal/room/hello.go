package room

import (
	"crypto/sha256"
	"fmt"

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

// add lets a client in whose entering is on the record.
func (r *room) add(c *client, m *join, access *casework.Access) {
	if access.Epoch > r.epoch {
		r.advance(casework.Commit{State: r.moment.State, Epoch: access.Epoch, Access: access})
	}
	r.clients[c] = struct{}{}
	r.inOrder(func() { r.greet(c, m, access) })
}

// greet sends what the client lacks, or everything. Entered is the access under
// which its entering went on the record.
func (r *room) greet(c *client, m *join, entered *casework.Access) {
	if _, here := r.clients[c]; !here {
		return
	}
	reader, ok := r.reader(c)
	if !ok {
		c.close(closeNoCase)
		return
	}
	if old, ok := entered.Reader(reader.User, r.hub.Now()); !ok || !sameEyes(old, reader, entered, r.moment.Access) {
		r.recordView(c, reader)
	}
	if !r.hub.Fresh() || r.halted || r.moment.State.Seq == 0 {
		c.close(closeUnsure)
		return
	}
	g := groupIn(r.groups, reader, r.moment, r.turn)
	r.seat(c, g)
	message := hello{Type: "hello", Me: meOf(reader), Seat: r.seatToken(c), Cursor: r.cursor(), Here: r.presentTo(reader)}
	seen, resumed := r.resume(c, g, m)
	if !resumed {
		whole := view.Project(r.moment.State, r.moment.Access, reader, r.moment.At)
		message.Whole = &whole
	}
	c.send(encode(message))
	if resumed {
		d := view.Differ(seen, g.reader, r.moment, g.reader, view.Compare(seen.State, r.moment.State))
		if !d.Empty() {
			c.send(encode(change{"change", message.Cursor, d}))
		}
	}
	r.prove(c)
	r.hereDue = true
}

// resume finds the moment that a client saw last, when its view is still of the
// same audience and the group looks back that far.
func (r *room) resume(c *client, g *group, m *join) (view.Moment, bool) {
	seat, ok := r.hub.Tokens.Open(m.Seat)
	if !ok || seat != r.seatText(c, g) {
		return view.Moment{}, false
	}
	cursor, ok := r.hub.Tokens.Open(m.Cursor)
	if !ok {
		return view.Moment{}, false
	}
	var stay string
	var turn int64
	if _, err := fmt.Sscanf(cursor, "%s %d", &stay, &turn); err != nil || stay != r.stay || turn > r.turn {
		return view.Moment{}, false
	}
	return g.at(turn)
}

// seatToken names the client's place: whose it is, where, and in which audience.
func (r *room) seatToken(c *client) string { return r.hub.Tokens.Seal(r.seatText(c, c.group)) }

func (r *room) seatText(c *client, g *group) string {
	return fmt.Sprintf("%s %s %x", c.visitor.User, r.id, sha256.Sum256([]byte(g.key)))
}

// reader is the client's membership as of now.
func (r *room) reader(c *client) (casework.Reader, bool) {
	return r.moment.Access.Reader(c.visitor.User, r.hub.Now())
}

// remove takes a client out and puts its leaving on the record.
func (r *room) remove(c *client) {
	r.lookLast(c)
	if c.group != nil {
		delete(c.group.clients, c)
		c.group.left = r.hub.Now()
	}
	delete(r.clients, c)
	if len(r.clients) == 0 {
		r.empty = r.hub.Now()
	}
	r.hub.mu.Lock()
	r.expected--
	r.hub.mu.Unlock()
	r.hereDue = true
	reader := r.member(c.visitor.User)
	r.hub.writing.Go(func() { r.observe(c, reader, "leave") })
}

// member is somebody of the team, at the table still or not.
func (r *room) member(user casework.UserID) casework.Reader {
	for _, m := range r.moment.Access.Team {
		if m.User == user {
			return m
		}
	}
	return casework.Reader{}
}
