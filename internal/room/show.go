package room

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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
// It tells whether that was done: rights have to be sure when content goes out,
// not only when the work began.
func (r *room) show(next view.Moment) bool {
	before := r.moment
	r.expireAt(next.Access.NextExpiry(next.At))
	if next.State == before.State && next.Access == before.Access && !r.expired(next.At) {
		r.moment = next
		return true // nothing changed but the time
	}
	touched := view.Compare(before.State, next.State)
	p := r.plan(next, touched)
	for _, c := range p.gone {
		r.dismiss(c)
	}
	r.recordViews(next, p.views...)
	if !r.hub.Fresh() {
		return false
	}
	r.hereDue = r.hereDue || !view.SameScreen(before.State, next.State) || touched.All || touched.Persons || next.Access != before.Access || r.expired(next.At) || r.looksAt(otherReaders(before, next, touched.Cards))
	r.moment, r.groups = next, p.groups
	r.shown.Store(next.State)
	r.renderings.keep(next.State)
	r.turn++
	r.noteMoves(before)
	r.caretsMayChange()
	frames := frames{cursor: r.cursor(), all: map[string]outgoing{}}
	for s, clients := range p.steps {
		inherits := s.to.inherits(s.from, r.turn, r.hub.Now())
		goesOn := s.from == s.to || r.goesOn(s.from, s.to, clients, next)
		if !goesOn {
			for _, c := range clients {
				r.seat(c, s.to)
				r.holdCarets(c)
				if s.from.place != s.to.place { // what was given shows in what is seen, and in nothing else
					r.tellMe(c)
				}
			}
		}
		d := view.Differ(before, s.from.reader, next, s.to.reader, touched)
		if d.Empty() {
			continue
		}
		written, only := d.OnlyWritten()
		frame := frames.of(d, written)
		for _, c := range clients {
			r.holdCarets(c)
			c.send(frame)
		}
		if (goesOn || inherits) && !only && s.to.past[len(s.to.past)-1].turn < r.turn {
			s.to.remember(r.turn, next)
		}
	}
	return true
}

// frames are the changes that go out at one moment, each encoded once.
type frames struct {
	cursor string
	all    map[string]outgoing // by what they say, or by the cards that were only written on
}

// of gives the frame of a difference; written are the cards if all of it is that
// they were written on, which need not be encoded to be found equal.
func (f frames) of(d *view.Difference, written []casework.CardID) outgoing {
	key := fmt.Sprint(written)
	if frame, ok := f.all[key]; ok && len(written) > 0 {
		return frame
	}
	body, err := json.Marshal(change{"change", f.cursor, d})
	if err != nil {
		panic(err) // our own types always encode
	}
	if len(written) == 0 {
		key = string(body)
	}
	frame, ok := f.all[key]
	if !ok {
		frame = prepare(body)
		f.all[key] = frame
	}
	return frame
}

// noteMoves notes whose own place at the table is another one than at the moment
// before: who comes back is told nothing step by step of a time when it may have
// seen less. A bar that begins is no such change, whatever it hides: its member is not
// to know of it, and told of it as of anything else that goes out of sight.
func (r *room) noteMoves(before view.Moment) {
	if r.moment.Access == before.Access && !clockMoves(before, r.moment.At) {
		return
	}
	for _, m := range slices.Concat(before.Access.Team, r.moment.Access.Team) {
		was, sat := before.Access.Reader(m.User, before.At)
		is, sits := r.moment.Access.Reader(m.User, r.moment.At)
		switch {
		case !sat && !sits, sat && sits && view.SameEyes(was, is):
		case sat && sits && onlyBarred(was, is) && !view.SeesMore(r.moment.State, is, was):
		default:
			r.moved[m.User] = r.turn
		}
	}
}

// onlyBarred tells whether two readers differ in nothing but bars.
func onlyBarred(was, is casework.Reader) bool {
	opens := func(g casework.Given) bool { return g.Opens() }
	return view.SamePlace(was, is) && casework.SameGiven(was.WithGiven(opens), is.WithGiven(opens))
}

// plan is who goes where at the next moment; nothing of it has happened yet.
type plan struct {
	groups map[string]*group
	steps  map[step][]*client
	gone   []*client // no place at the table any more
	views  []newView // to be on the record before it is shown
}

// plan finds what every group's clients become at the next moment.
func (r *room) plan(next view.Moment, touched view.Touched) plan {
	p := plan{groups: r.groups, steps: map[step][]*client{}}
	if !r.mayRegroup(next, touched) {
		for _, g := range r.groups {
			p.steps[step{g, g}] = slices.Collect(maps.Keys(g.clients))
			if touched.Persons {
				p.meet(g, next)
			}
		}
		return p
	}
	p.groups = map[string]*group{}
	// Views that stay go on first, with their past, whether or not anybody is
	// looking just now: what others do elsewhere must not shorten it.
	for key, g := range r.groups {
		if g.staysUnder(next) {
			p.groups[key] = g
			p.steps[step{g, g}] = nil
		}
	}
	for _, g := range r.groups {
		for c := range g.clients {
			reader, ok := c.eyes.Reader(c.visitor.User, next)
			if !ok || c.eyes.Own() && !reader.Rights.Allow(casework.ActJoin, casework.NoCell, next.State.Status) {
				p.gone = append(p.gone, c)
				continue
			}
			s := step{g, groupIn(p.groups, c.eyes, reader, next, r.turn+1)}
			p.steps[s] = append(p.steps[s], c)
			now := newView{c, reader, view.Persons(next.State, reader)}
			if old, ok := c.eyes.Reader(c.visitor.User, r.moment); !ok || r.moment.Access.Policy != next.Access.Policy || !view.SameEyes(old, reader) || now.more() {
				p.views = append(p.views, now)
			}
		}
	}
	p.awayToo(r, next)
	return p
}

// meet finds whom of a group it comes to tell of a person for the first time.
func (p *plan) meet(g *group, next view.Moment) {
	persons := view.Persons(next.State, g.reader)
	for c := range g.clients {
		reader, ok := c.eyes.Reader(c.visitor.User, next)
		if now := (newView{c, reader, persons}); ok && now.more() {
			p.views = append(p.views, now)
		}
	}
}

// awayToo lets whoever is away just now keep the way back when something was given:
// the group that it comes back to begins now, with the past of the one that it left.
func (p plan) awayToo(r *room, next view.Moment) {
	for _, m := range next.Access.Team {
		was, sat := r.moment.Access.Reader(m.User, r.moment.At)
		is, sits := next.Access.Reader(m.User, next.At)
		if !sat || !sits || casework.SameGiven(was, is) || placeOf(was, r.moment.Access, r.moment.State) != placeOf(is, next.Access, next.State) {
			continue
		}
		if from := r.groups[audience(was, r.moment.Access, r.moment.State)]; from != nil {
			s := step{from, groupIn(p.groups, view.Eyes{}, is, next, r.turn+1)}
			if _, planned := p.steps[s]; !planned {
				p.steps[s] = nil
			}
		}
	}
}

// otherReaders leaves the cards, of those that were touched, that others may be able
// to see than before.
func otherReaders(before, next view.Moment, touched []casework.CardID) []casework.CardID {
	return slices.DeleteFunc(slices.Clone(touched), func(id casework.CardID) bool {
		return view.SameReaders(before.State.Cards[id], next.State.Cards[id])
	})
}

// mayRegroup tells whether anybody's audience can be another at the next moment:
// rights changed, somebody acted for the first time, who looks at the Scherm
// changed, or a card that is for certain people changed.
func (r *room) mayRegroup(next view.Moment, touched view.Touched) bool {
	if next.Access != r.moment.Access || touched.All || r.expired(next.At) || !maps.Equal(next.State.Involved, r.moment.State.Involved) ||
		!view.SameScreen(next.State, r.moment.State) {
		return true
	}
	return slices.ContainsFunc(otherReaders(r.moment, next, touched.Cards), func(id casework.CardID) bool {
		old := r.moment.State.Cards[id]
		return view.PersonalCard(next.State.Cards[id]) || old != nil && view.PersonalCard(old)
	})
}

// dismiss closes the connection of somebody who is no longer a member.
func (r *room) dismiss(c *client) {
	if c.group != nil {
		delete(c.group.clients, c)
	}
	c.close(closeNoCase)
}

// expired tells whether a membership, or something given, began or ended by the
// clock since the last moment.
func (r *room) expired(at time.Time) bool { return clockMoves(r.moment, at) }

func clockMoves(m view.Moment, until time.Time) bool {
	next := m.Access.NextExpiry(m.At)
	return !next.IsZero() && !next.After(until)
}

// expireAt brings the next moment at which a membership, or something given, begins
// or ends.
func (r *room) expireAt(at time.Time) {
	if r.expiry != nil {
		r.expiry.Stop()
		r.expiry = nil
	}
	if at.IsZero() {
		return
	}
	r.expiry = time.AfterFunc(at.Sub(r.hub.Now()), func() {
		r.post(func() { r.advance(casework.Commit{State: r.moment.State, Epoch: r.epoch}) })
	})
}

// cursor names the present moment for those who come back. It has one length,
// whatever the number of moments.
func (r *room) cursor() string {
	return r.hub.Tokens.Seal(fmt.Sprintf("%s %020d", r.life, r.turn))
}
