package casetest

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// The plain rule of who may know what, written down a second time from the
// words of the field, so that the view package is not its own judge.

// ReadsPerson tells whether the reader may know of the person.
func (t Table) ReadsPerson(r casework.Reader, p *casework.Person) bool {
	if r.Joint != nil {
		return t.everyone(r, func(t Table, one casework.Reader) bool { return t.ReadsPerson(one, p) })
	}
	lent := func(g casework.Given) bool { return g.Kind != casework.GrantBar && covers(g, "", p.ID) }
	return t.reads(r, p, p.Class, p.Added, nil, lent)
}

// ReadsCard tells whether the reader may know of the card.
func (t Table) ReadsCard(r casework.Reader, c *casework.Card) bool {
	if r.Joint != nil {
		return !c.Tabled.IsZero() && t.everyone(r, func(t Table, one casework.Reader) bool { return t.ReadsCard(one, c) })
	}
	var about *casework.Person
	if c.Perspective != "" {
		about = t.State.Persons[c.Perspective]
		if about == nil || !t.ReadsPerson(r, about) {
			return false
		}
	}
	if c.Tabled.IsZero() && c.Author.User != r.User && (c.For == "" || c.For != r.User) {
		return false
	}
	return t.reads(r, about, c.Class, c.Author, c.Named, func(g casework.Given) bool { return covers(g, c.ID, c.Perspective) })
}

// ShowsPerson tells whether the reader finds the person in the family: one who
// was taken off the table only while some card of that person is read.
func (t Table) ShowsPerson(r casework.Reader, p *casework.Person) bool {
	if !t.ReadsPerson(r, p) || !p.Removed {
		return t.ReadsPerson(r, p)
	}
	for _, c := range t.State.Cards {
		if c.Perspective == p.ID && t.ReadsCard(r, c) {
			return true
		}
	}
	return false
}

// ReadsConsent tells whether the reader may know of what somebody heard: the
// person has to be in the family that the reader finds.
func (t Table) ReadsConsent(r casework.Reader, c casework.Consent) bool {
	about := t.State.Persons[c.Person]
	if r.Joint != nil {
		return t.ShowsPerson(r, about) && t.everyone(r, func(t Table, one casework.Reader) bool { return t.ReadsConsent(one, c) })
	}
	return t.ShowsPerson(r, about) && t.reads(r, about, c.Class, c.Author, nil, func(g casework.Given) bool { return covers(g, "", c.Person) })
}

// KnowsCustody tells whether the reader finds both persons in the family, and
// one of them is a child and the other is not.
func (t Table) KnowsCustody(r casework.Reader, c casework.Custody) bool {
	child, holder := t.State.Persons[c.Child], t.State.Persons[c.Person]
	if child.Kind != casework.ViewChild || holder.Kind == casework.ViewChild {
		return false
	}
	return t.ShowsPerson(r, child) && t.ShowsPerson(r, holder)
}

func (t Table) reads(r casework.Reader, about *casework.Person, class casework.Class, author casework.Author, named []casework.UserID, covered func(casework.Given) bool) bool {
	cell := casework.Cell{View: casework.ViewProfessional, Class: class, Owner: casework.OwnerOther}
	if about != nil {
		cell.View = about.Kind
		cell.Beside = slices.Index(r.Beside, about.ID) >= 0
	}
	if author.Discipline == r.Role && author.Organisation == r.Organisation {
		cell.Owner = casework.OwnerPeer
	}
	if slices.Index(named, r.User) >= 0 {
		cell.Owner = casework.OwnerNamed
	}
	if author.User == r.User {
		cell.Owner = casework.OwnerSelf
	}
	may := func(rights casework.Rights) bool {
		masks := rights.Closed
		if t.State.Status == casework.Open {
			masks = rights.Open
		}
		return masks[casework.ActRead].Has(cell)
	}
	lent := false
	for _, g := range t.inForce(r.User) {
		if covered(g) && g.Kind == casework.GrantBar {
			return may(g.Rights)
		}
		lent = lent || covered(g) && may(g.Rights)
	}
	return lent || may(r.Rights)
}

// Known gathers what may stand in a message to the reader at this moment: the
// bodies of texts and the ids of objects and texts. What every member knows is
// among it: the case, its columns, the team and the organisations.
func (t Table) Known(r casework.Reader) (words, ids map[string]bool) {
	words, ids = map[string]bool{}, map[string]bool{}
	text := func(texts ...casework.Text) {
		for _, x := range texts {
			ids[string(x.ID)] = true
			for _, w := range CanariesIn([]byte(x.Body)) {
				words[w] = true
			}
		}
	}
	ids[string(t.State.ID)] = true
	if r.Joint != nil && !t.everyone(r, func(Table, casework.Reader) bool { return true }) {
		return words, ids
	}
	text(t.State.Name)
	for _, m := range t.Access.Team {
		ids[string(m.User)], ids[string(m.Organisation)] = true, true
	}
	for _, id := range t.KnownGiven(r) {
		ids[string(id)] = true
	}
	for _, c := range t.State.Columns {
		ids[string(c.ID)] = true
		text(c.Title)
	}
	for _, p := range t.State.Persons {
		if t.ShowsPerson(r, p) {
			ids[string(p.ID)] = true
			text(p.Name, p.Calls, p.Born)
		}
	}
	for _, c := range t.State.Cards {
		if t.ReadsCard(r, c) {
			ids[string(c.ID)] = true
			text(c.Title, c.Text)
			t.steps(c, ids, text)
		}
	}
	// What the reader itself wrote over, on a card that has the same circle still.
	for _, u := range t.State.Undo[r.User] {
		if r.Joint != nil {
			break // who looks together takes nothing back
		}
		if c := t.State.Cards[u.Card]; c != nil && t.ReadsCard(r, c) && c.Era == u.Era {
			text(u.Title, u.Text)
		}
	}
	for _, g := range t.State.Guests {
		if r.Joint != nil && r.Joint.Screen {
			break // the Scherm does not tell who is there
		}
		ids[string(g.ID)] = true
		text(g.Name, g.From)
	}
	return words, ids
}

// steps adds how the text of a card came to be what it is, as far as the same
// readers could read it all along.
func (Table) steps(c *casework.Card, ids map[string]bool, text func(...casework.Text)) {
	for _, step := range c.Steps {
		if step.Era != c.Era {
			continue
		}
		ids[string(step.From)], ids[string(step.Command)], ids[string(step.User)] = true, true, true
		for piece := range step.Changes.Inserted() {
			text(casework.Text{ID: step.Text, Body: piece})
		}
	}
}
