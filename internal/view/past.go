package view

import (
	"fmt"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Past is what a reader could tell of what was done in a case, with the eyes of
// today: which commands changed anything that the reader saw, and what was in sight
// at each time. Of a log of who did what it tells which lines may be shown: a line
// about anything else would tell that it is there.
type Past struct {
	now     Moment
	reader  casework.Reader
	noticed map[deed]bool
	sights  map[string][]sight // by id of a card or person, oldest first
}

// deed is a command of somebody.
type deed struct {
	user casework.UserID
	id   casework.CommandID
}

// sight is that something came into sight, or went out of it.
type sight struct {
	from time.Time
	sees bool
}

// PastOf goes through the events of a case, from the first up to the moment, as
// History does. Steps of writing are not among them.
func PastOf(events []casework.Event, now Moment, r casework.Reader) (*Past, error) {
	p := &Past{now: now, reader: r, noticed: map[deed]bool{}, sights: map[string][]sight{}}
	events = slices.DeleteFunc(slices.Clone(events), func(e casework.Event) bool { return e.Ink != 0 || e.Seq > now.State.Seq })
	state := casework.NewState(now.State.ID)
	for len(events) > 0 {
		of := 1 // events of one command
		for of < len(events) && events[of].Actor == events[0].Actor && events[of].Command == events[0].Command {
			of++
		}
		next, err := state.Apply(events[:of]...)
		if err != nil {
			return nil, fmt.Errorf("the past of a case: %w", err)
		}
		p.follow(state, next, events[:of])
		state, events = next, events[of:]
	}
	return p, nil
}

// follow takes one command on. At both ends the clock is that of now: what it brought
// by itself is nobody's doing.
func (p *Past) follow(before, after *casework.State, events []casework.Event) {
	touched := Compare(before, after)
	was, is := p.now, p.now
	was.State, is.State = before, after
	if !Differ(was, p.reader, is, p.reader, touched).Empty() || slices.ContainsFunc(events, func(e casework.Event) bool { return p.writes(before, after, e.Change) }) {
		p.noticed[deed{events[0].Actor, events[0].Command}] = true
	}
	if touched.All {
		touched = everything(after)
	}
	for _, id := range touched.Cards {
		p.saw(string(id), events[0].At, seesCard(p.reader, after, after.Cards[id]))
	}
	if touched.All || touched.Persons {
		for id, person := range after.Persons {
			p.saw(string(id), events[0].At, showsPerson(p.reader, after, person))
		}
	}
}

// writes tells whether a change begins a stretch of writing, or names a version, in
// a text that the reader saw: neither is in what is projected.
func (p *Past) writes(before, after *casework.State, c casework.Change) bool {
	var id casework.CardID
	switch c := c.(type) {
	case *casework.NoteBegun:
		id = c.Card
	case *casework.NoteNamed:
		id = c.Card
	default:
		return false
	}
	was := before.Cards[id]
	return was != nil && seesCard(p.reader, before, was) && seesCard(p.reader, after, after.Cards[id])
}

func (p *Past) saw(id string, at time.Time, sees bool) {
	if known := p.sights[id]; len(known) == 0 && sees || len(known) > 0 && known[len(known)-1].sees != sees {
		p.sights[id] = append(known, sight{at, sees})
	}
}

// Noticed tells whether a command of somebody changed anything that the reader saw.
func (p *Past) Noticed(user casework.UserID, id casework.CommandID) bool {
	return p.noticed[deed{user, id}]
}

// Saw tells whether a card or person was in sight at a time. Whether it is so now is
// asked of the seat of now.
func (p *Past) Saw(id string, at time.Time) (sees bool) {
	for _, s := range p.sights[id] {
		if s.from.After(at) {
			break
		}
		sees = s.sees
	}
	return sees
}
