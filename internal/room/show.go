package room

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// change is the difference from what its receiver has.
type change struct {
	Type   string `json:"t"`
	Cursor string `json:"cursor"`
	*view.Difference
}

// step takes the clients of one group to the group they belong to next.
type step struct{ from, to *group }

// show takes everybody to the next moment: what each group gets is the
// difference between its own two views, encoded once for all who get the same.
func (r *room) show(next view.Moment) {
	before := r.moment
	r.expireAt(next.Access.NextExpiry(next.At))
	if next.State == before.State && next.Access == before.Access && !r.expired(next.At) {
		r.moment = next
		return // nothing changed but the time
	}
	touched := view.Compare(before.State, next.State)
	r.hereDue = r.hereDue || touched.All || touched.Persons || next.Access != before.Access || r.expired(next.At) || r.looksAt(touched.Cards)
	steps := r.regroup(next)
	r.moment = next
	r.turn++
	cursor := r.cursor()
	frames := map[string]outgoing{}
	for s, clients := range steps {
		d := view.Differ(before, s.from.reader, next, s.to.reader, touched)
		if d.Empty() {
			continue
		}
		frame := encodeOnce(frames, change{"change", cursor, d})
		for _, c := range clients {
			c.send(frame)
		}
		if s.from == s.to {
			s.to.keep(r.turn, frame)
		}
	}
}

// encodeOnce encodes a message unless an equal one was encoded already.
func encodeOnce(frames map[string]outgoing, m change) outgoing {
	body, err := json.Marshal(m)
	if err != nil {
		panic(err) // our own types always encode
	}
	frame, ok := frames[string(body)]
	if !ok {
		frame = prepare(body)
		frames[string(body)] = frame
	}
	return frame
}

// regroup finds what every group's clients become at the next moment. Whoever
// has no place at the table any more is closed before anything else goes out.
func (r *room) regroup(next view.Moment) map[step][]*client {
	steps := map[step][]*client{}
	if next.Access == r.moment.Access && sameMap(next.State.Involved, r.moment.State.Involved) && !r.expired(next.At) {
		for _, g := range r.groups {
			s := step{g, g}
			for c := range g.clients {
				steps[s] = append(steps[s], c)
			}
			if len(g.clients) == 0 {
				steps[s] = nil // its ring goes on, for those who come back
			}
		}
		return steps
	}
	old := r.groups
	r.groups = map[string]*group{}
	// Views that stay go on first, with their rings, whether or not anybody is
	// looking just now: what others do elsewhere must not shorten them.
	for key, g := range old {
		if g.staysUnder(next) {
			r.groups[key] = g
			steps[step{g, g}] = nil
		}
	}
	for _, g := range old {
		for c := range g.clients {
			reader, ok := next.Access.Reader(c.visitor.User, next.At)
			if !ok || !reader.Rights.Allow(casework.ActJoin, casework.NoCell, next.State.Status) {
				r.dismiss(c)
				continue
			}
			s := step{g, r.groupOf(reader, next, r.turn+1)}
			steps[s] = append(steps[s], c)
			if s.from != s.to {
				r.tellMe(c, s.to, next, reader)
			}
		}
	}
	for s, clients := range steps {
		for _, c := range clients {
			r.seat(c, s.to)
		}
	}
	return steps
}

// dismiss closes the connection of somebody who is no longer a member.
func (r *room) dismiss(c *client) {
	if c.group != nil {
		delete(c.group.clients, c)
	}
	c.close(closeNoCase)
}

// expired tells whether a membership began or ended by the clock since the last
// moment.
func (r *room) expired(at time.Time) bool {
	next := r.moment.Access.NextExpiry(r.moment.At)
	return !next.IsZero() && !next.After(at)
}

// expireAt brings the next moment at which a membership begins or ends.
func (r *room) expireAt(at time.Time) {
	if r.expiry != nil {
		r.expiry.Stop()
		r.expiry = nil
	}
	if at.IsZero() {
		return
	}
	r.expiry = time.AfterFunc(at.Sub(r.hub.Now()), func() {
		r.post(func() { r.advance(casework.Commit{State: r.moment.State, Epoch: r.moment.Access.Epoch}) })
	})
}

// cursor names the present moment for those who come back. It has one length,
// whatever the number of moments.
func (r *room) cursor() string {
	return r.hub.Tokens.Seal(fmt.Sprintf("%s %020d", r.stay, r.turn))
}

func sameMap(a, b map[casework.UserID]bool) bool {
	return len(a) == len(b) && (len(a) == 0 || reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() || reflect.DeepEqual(a, b))
}
