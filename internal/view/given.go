package view

import (
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Given is something that was given to a member, as far as the reader knows of it.
type Given struct {
	ID     casework.GivenID  `json:"id"`
	Kind   casework.Grant    `json:"kind"`
	User   casework.UserID   `json:"user"`
	Card   casework.CardID   `json:"card,omitempty"`
	Person casework.PersonID `json:"person,omitempty"`
	Until  time.Time         `json:"until,omitzero"`
}

// knowsGiven tells whether the reader knows that something was given to a member:
// the member itself, unless it is a bar, in whatever role; whoever leads the case, of
// all else; and of one lent card its author. All of them only while they see what it is about. That
// everything about a person was lent shows to no author here: else writing of that
// person would tell of it. Those who look together know of none.
func knowsGiven(r casework.Reader, s *casework.State, member casework.Reader, g casework.Given) bool {
	if r.Joint != nil || !seesWhatIsGiven(r, s, g) {
		return false
	}
	switch {
	case r.User == member.User:
		return g.Opens()
	case r.Rights.Allow(casework.ActLead, casework.NoCell, casework.Open):
		return true
	}
	return g.Kind == casework.GrantLend && g.Card != "" && s.Cards[g.Card].Author.User == r.User
}

func seesWhatIsGiven(r casework.Reader, s *casework.State, g casework.Given) bool {
	if g.Card != "" {
		c := s.Cards[g.Card]
		return c != nil && seesCard(r, s, c)
	}
	if g.Person != "" {
		p := s.Persons[g.Person]
		return p != nil && showsPerson(r, s, p)
	}
	return true
}

// projectGiven lists, in the order of the team, what is in force and the reader
// knows of; of who is not at the table just now too, so that their coming tells nothing.
func projectGiven(s *casework.State, access *casework.Access, r casework.Reader, now time.Time) []Given {
	var list []Given
	for _, m := range access.Team {
		for _, g := range m.Holding(now).Given {
			if knowsGiven(r, s, m, g) {
				list = append(list, Given{ID: g.ID, Kind: g.Kind, User: m.User, Card: g.Card, Person: g.Person, Until: g.Until})
			}
		}
	}
	return list
}

// Given lists what is in force and the member knows of.
func (t Seat) Given() []Given {
	return projectGiven(t.moment.State, t.moment.Access, t.reader, t.moment.At)
}

func (d *Difference) given(before Moment, was casework.Reader, after Moment, is casework.Reader) {
	old := projectGiven(before.State, before.Access, was, before.At)
	now := projectGiven(after.State, after.Access, is, after.At)
	if !slices.Equal(old, now) {
		if now == nil {
			now = []Given{}
		}
		d.Given = &now
	}
}

// known is a colleague with only those things given that the member knows of: what
// it is told of others must not tell of the rest.
func (t Seat) known(m casework.Reader) casework.Reader {
	m = m.Holding(t.moment.At)
	return m.WithGiven(func(g casework.Given) bool { return knowsGiven(t.reader, t.moment.State, m, g) })
}

// KnownToSee tells whether a colleague who is at the table now sees the card, as far
// as the member knows what was given to the colleague.
func (t Seat) KnownToSee(user casework.UserID, id casework.CardID) bool {
	c := t.moment.State.Cards[id]
	if c == nil {
		return false
	}
	for _, m := range t.moment.Access.Team {
		if m.User == user && m.Current(t.moment.At) {
			return seesCard(t.known(m), t.moment.State, c)
		}
	}
	return false
}

// SeesAlike tells whether two readers see the same cards of a case, and what was
// heard of its persons.
func SeesAlike(s *casework.State, a, b casework.Reader) bool {
	return !SeesMore(s, a, b) && !SeesMore(s, b, a)
}

// SeesMore tells whether the one reader sees any card, or anything that was heard of a
// person, that the other does not.
func SeesMore(s *casework.State, one, than casework.Reader) bool {
	for _, c := range s.Cards {
		if seesCard(one, s, c) && !seesCard(than, s, c) {
			return true
		}
	}
	for _, c := range s.Consents {
		if seesConsent(one, s, c) && !seesConsent(than, s, c) {
			return true
		}
	}
	return false
}

// Opens lists who wrote the cards that somebody comes to read by something given, in
// order, whether or not the member sees the cards: the authors are told.
func (t Seat) Opens(to casework.Reader, g casework.Given) (authors []casework.UserID) {
	to, with := t.with(to, g)
	for _, c := range t.moment.State.Cards {
		if g.CoversCard(c) && seesCard(with, t.moment.State, c) && !seesCard(to, t.moment.State, c) {
			authors = append(authors, c.Author.User)
		}
	}
	slices.Sort(authors)
	return slices.Compact(authors)
}

// with is somebody as it stands, and with something more given.
func (t Seat) with(to casework.Reader, g casework.Given) (without, with casework.Reader) {
	without = to.Holding(t.moment.At)
	with = without
	with.Given = append(slices.Clone(without.Given), g)
	return without, with
}

// Opened is what a lend would do for the one it is lent to.
type Opened int

// What a lend may come to.
const (
	OpensNothing Opened = iota // the policy lets nobody in that place read it
	OpensAlready               // it is read already
	OpensBarred                // the one it is lent to is shut out of it
	OpensMore
)

// Lending tells what a lend would come to. Of a person it goes by what the policy
// says of each class and not by the cards that there are, so that it tells of none.
func (t Seat) Lending(to casework.Reader, g casework.Given) Opened {
	s := t.moment.State
	to, with := t.with(to, g)
	if card := s.Cards[g.Card]; card != nil {
		return opened(s, to, with, card)
	}
	person := s.Persons[g.Person]
	switch {
	case person == nil || !seesPerson(with, s, person):
		return OpensNothing
	case !seesPerson(to, s, person):
		return OpensMore
	}
	already := OpensAlready
	for _, class := range []casework.Class{casework.Confidential, casework.Safety} {
		switch one := opened(s, to, with, &casework.Card{Class: class, Perspective: person.ID, Tabled: t.moment.At}); one {
		case OpensMore, OpensBarred:
			return one
		case OpensNothing:
			already = OpensNothing
		}
	}
	return already
}

func opened(s *casework.State, to, with casework.Reader, card *casework.Card) Opened {
	switch {
	case slices.ContainsFunc(to.Given, func(g casework.Given) bool { return !g.Opens() && g.CoversCard(card) }):
		return OpensBarred
	case seesCard(to, s, card):
		return OpensAlready
	case seesCard(with, s, card):
		return OpensMore
	}
	return OpensNothing
}
