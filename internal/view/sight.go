// Package view holds what each reader gets of a case: the projection of its
// state, the difference between two projections, and the seat from which a
// member decides. Promise 1 lives here: whatever leaves the program about a
// case is made from a projection and from nothing else.
package view

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// seesPerson tells whether the reader may know of the person at all. Nobody is shut
// out of knowing a person, only of what is told of one.
func seesPerson(r casework.Reader, s *casework.State, p *casework.Person) bool {
	if r.Joint != nil {
		return everyEye(r, func(one casework.Reader) bool { return seesPerson(one, s, p) })
	}
	return reads(r, s, r.Cell(p, p.Class, p.Added, nil), func(g casework.Given) bool { return g.Opens() && g.CoversAbout(p.ID) })
}

// reads tells whether a reader may read something that is this cell to it: by its
// role, or by anything that it was given and that covers the thing, each under its
// own masks. A bar that covers it decides alone. It is the one place where what was
// given counts: nothing but reading is given.
func reads(r casework.Reader, s *casework.State, cell casework.Cell, covers func(casework.Given) bool) bool {
	allowed := r.Rights.Allow(casework.ActRead, cell, s.Status)
	for _, g := range r.Given {
		if !covers(g) {
			continue
		}
		given := g.Rights.Allow(casework.ActRead, cell, s.Status)
		if !g.Opens() {
			return given
		}
		allowed = allowed || given
	}
	return allowed
}

// seesCard tells whether the reader may know of the card. A draft is its
// author's alone, but for whom it is asked of, who reads it if it could be read
// on the table: so what the author is told of its readers holds while it waits.
// Everything that hangs on a hidden person is hidden.
func seesCard(r casework.Reader, s *casework.State, c *casework.Card) bool {
	if r.Joint != nil {
		return onTable(c) && everyEye(r, func(one casework.Reader) bool { return seesCard(one, s, c) })
	}
	if c.Draft() && c.Author.User != r.User && !c.AskedOf(r.User) {
		return false
	}
	about := s.About(c)
	if about != nil && !seesPerson(r, s, about) {
		return false
	}
	return reads(r, s, r.Cell(about, c.Class, c.Author, c.Named), func(g casework.Given) bool { return g.CoversCard(c) })
}

// onTable tells whether a card can be seen by more than one: nothing drafted is
// on the table, whoever wrote it.
func onTable(c *casework.Card) bool { return !c.Draft() }

// everyEye tells whether each of those who look together may see something. In
// the dark nobody does.
func everyEye(r casework.Reader, may func(casework.Reader) bool) bool {
	if r.Dark() {
		return false
	}
	for _, one := range r.Joint.Eyes {
		if !may(one) {
			return false
		}
	}
	return len(r.Joint.Eyes) > 0
}

// showsPerson tells whether the person is in the reader's projection. A person
// who was taken off the table stays only for those who read a card that speaks
// for that person, so that taking somebody off never tells of hidden cards.
func showsPerson(r casework.Reader, s *casework.State, p *casework.Person) bool {
	if !seesPerson(r, s, p) {
		return false
	}
	if !p.Removed {
		return true
	}
	for _, c := range s.Cards {
		if c.Perspective == p.ID && seesCard(r, s, c) {
			return true
		}
	}
	return false
}

// Personal tells whether who the reader is, and not only in which role, makes a
// difference to what it sees: it acted in the case, or a card that it sees names
// it or is asked of it. A card that it does not see makes none. Joint
// eyes are always those of certain people.
func Personal(r casework.Reader, s *casework.State) bool {
	if r.Joint != nil || s.Involved[r.User] {
		return true
	}
	for _, c := range s.Cards {
		if (slices.Contains(c.Named, r.User) || c.AskedOf(r.User)) && seesCard(r, s, c) {
			return true
		}
	}
	return false
}

// PersonalCard tells whether a card can make a difference between two readers of
// one role: it names somebody or is asked of somebody.
func PersonalCard(c *casework.Card) bool { return len(c.Named) > 0 || c.For != "" }

// SameReaders tells whether a card, as it was and as it is, can be seen by the same
// people, as far as that hangs on the card itself.
func SameReaders(was, is *casework.Card) bool {
	return was != nil && was.Era == is.Era && was.For == is.For && was.Author.User == is.Author.User && slices.Equal(was.Named, is.Named)
}
