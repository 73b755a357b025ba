package casetest

import (
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// What was given to members, by the plain rule a second time: see sight.go.

// inForce lists what of it holds for a user now.
func (t Table) inForce(user casework.UserID) (list []casework.Given) {
	for _, m := range t.Access.Team {
		if m.User != user {
			continue
		}
		for _, g := range m.Given {
			over := !g.Until.IsZero() && !t.At.Before(g.Until)
			ofAnEarlierPlace := g.Kind != casework.GrantBar && g.From.Before(m.From)
			if !over && !ofAnEarlierPlace && !t.At.Before(g.From) {
				list = append(list, g)
			}
		}
	}
	return list
}

// covers tells whether it is about a card, or (no card) about what hangs on a person.
func covers(g casework.Given, card casework.CardID, person casework.PersonID) bool {
	switch {
	case g.Card != "":
		return card != "" && card == g.Card
	case g.Person != "":
		return person != "" && person == g.Person
	}
	return true
}

// withoutMore is the table as if nobody had been given more than the own role reads.
func (t Table) withoutMore() Table {
	return t.withGiven(func(_ casework.UserID, g casework.Given) (casework.Given, bool) {
		return g, g.Kind == casework.GrantBar
	})
}

// AsToldTo is the table with only what the reader may know was given to members.
func (t Table) AsToldTo(r casework.Reader) Table {
	return t.withGiven(func(member casework.UserID, g casework.Given) (casework.Given, bool) {
		return g, t.knowsGiven(r, member, g)
	})
}

func (t Table) withGiven(change func(casework.UserID, casework.Given) (casework.Given, bool)) Table {
	access := *t.Access
	access.Team = nil
	for _, r := range t.Access.Team {
		var kept []casework.Given
		for _, g := range r.Given {
			if g, keep := change(r.User, g); keep {
				kept = append(kept, g)
			}
		}
		r.Given = kept
		access.Team = append(access.Team, r)
	}
	t.Access = &access
	return t
}

// endless is something given as if the clock never ended it. A bar that the clock
// ends hides nothing then.
func endless(_ casework.UserID, g casework.Given) (casework.Given, bool) {
	if g.Kind == casework.GrantBar && !g.Until.IsZero() {
		g.Kind, g.Rights = casework.NoGrant, casework.Rights{}
	}
	g.Until = time.Time{}
	return g, true
}

// KnownGiven lists what the reader may know was given to members.
func (t Table) KnownGiven(r casework.Reader) (ids []casework.GivenID) {
	for _, m := range t.Access.Team {
		for _, g := range t.inForce(m.User) {
			if t.knowsGiven(r, m.User, g) {
				ids = append(ids, g.ID)
			}
		}
	}
	return ids
}

// knowsGiven tells whether the reader may know that a member was given something.
func (t Table) knowsGiven(r casework.Reader, member casework.UserID, g casework.Given) bool {
	if r.Joint != nil {
		return false
	}
	if c := t.State.Cards[g.Card]; g.Card != "" && (c == nil || !t.ReadsCard(r, c)) {
		return false
	}
	if p := t.State.Persons[g.Person]; g.Card == "" && g.Person != "" && (p == nil || !t.ShowsPerson(r, p)) {
		return false
	}
	if r.User == member {
		return g.Kind != casework.GrantBar
	}
	author := g.Card != "" && t.State.Cards[g.Card].Author.User == r.User
	return r.Role == casework.Chair || author && g.Kind == casework.GrantLend
}
