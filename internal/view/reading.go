package view

import (
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Reading tells whether a colleague can read a card or know of a person, and what
// decides that, as far as the member knows.
type Reading struct {
	User  casework.UserID
	Reads bool
	Cell  casework.Cell // what the thing, or the person that it hangs on, is to the colleague
	// OfPerson: the colleague does not know of the person that the card speaks for.
	OfPerson bool
	Grant    casework.Grant // under which word that was decided
	Until    time.Time      // of what was given; zero: of the role, or until it is ended
}

// CardReadings tells it, in the order of the team, of everybody who is at the table
// now; nil for a card that the member does not see. Of a draft it is who could read it
// on the table.
func (t Seat) CardReadings(id casework.CardID) (list []Reading) {
	card, sees := t.Card(id)
	if !sees {
		return nil
	}
	s := t.moment.State
	onTable := *card
	if onTable.Draft() {
		onTable.Tabled = t.moment.At
	}
	about := s.About(card)
	for _, m := range t.current() {
		r := Reading{User: m.User, Cell: m.Cell(about, card.Class, card.Author, card.Named), Reads: seesCard(m, s, &onTable)}
		if about != nil && !seesPerson(m, s, about) {
			r.OfPerson, r.Cell = true, m.Cell(about, about.Class, about.Added, nil)
		} else {
			r.decide(m, s, func(g casework.Given) bool { return g.CoversCard(card) })
		}
		list = append(list, r)
	}
	return list
}

// PersonReadings tells the same of a person.
func (t Seat) PersonReadings(id casework.PersonID) (list []Reading) {
	person, sees := t.Person(id)
	if !sees {
		return nil
	}
	for _, m := range t.current() {
		r := Reading{User: m.User, Cell: m.Cell(person, person.Class, person.Added, nil), Reads: seesPerson(m, t.moment.State, person)}
		r.decide(m, t.moment.State, func(g casework.Given) bool { return g.Opens() && g.CoversAbout(id) })
		list = append(list, r)
	}
	return list
}

// current lists who is at the table now, as the member knows them.
func (t Seat) current() (team []casework.Reader) {
	for _, m := range t.moment.Access.Team {
		if m.Current(t.moment.At) {
			team = append(team, t.known(m))
		}
	}
	return team
}

// decide finds under which word it was decided: a bar before all, then the role, then
// what opens it longest.
func (r *Reading) decide(m casework.Reader, s *casework.State, covers func(casework.Given) bool) {
	r.Grant = casework.NoGrant
	given := slices.DeleteFunc(slices.Clone(m.Given), func(g casework.Given) bool { return !covers(g) })
	if i := slices.IndexFunc(given, func(g casework.Given) bool { return !g.Opens() }); i >= 0 {
		r.Grant, r.Until = casework.GrantBar, given[i].Until
		return
	}
	if m.Rights.Allow(casework.ActRead, r.Cell, s.Status) {
		return
	}
	for _, g := range given {
		if g.Rights.Allow(casework.ActRead, r.Cell, s.Status) && (r.Grant == casework.NoGrant || g.Until.After(r.Until)) {
			r.Grant, r.Until = g.Kind, g.Until
		}
	}
}

// TellsOf tells whether the member is told, when it asks, of something that is or was
// given to somebody: as on the board, and of a lent person also who wrote on the table
// from that person.
func (t Seat) TellsOf(to casework.UserID, g casework.Given) bool {
	s := t.moment.State
	if knowsGiven(t.reader, s, casework.Reader{Member: casework.Member{User: to}}, g) {
		return true
	}
	if g.Kind != casework.GrantLend || !seesWhatIsGiven(t.reader, s, g) {
		return false
	}
	for _, c := range s.Cards {
		if c.Author.User == t.reader.User && !c.Draft() && g.CoversCard(c) {
			return true
		}
	}
	return false
}

// Leads tells whether the member leads the case, be it open or closed.
func (t Seat) Leads() bool { return t.MayWhenOpen(casework.ActLead) }

// Tabled lists the cards on the board that the member sees, column by column in
// order: no drafts, and nothing that was archived.
func (t Seat) Tabled() (cards []*casework.Card) {
	for _, column := range t.moment.State.Columns {
		for _, id := range t.Order(column.ID) {
			if c := t.moment.State.Cards[id]; !c.Draft() && !c.Archived {
				cards = append(cards, c)
			}
		}
	}
	return cards
}
