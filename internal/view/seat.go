package view

import (
	"github.com/casustafel/casustafel/internal/casework"
)

// Seat is a member's place at the table at one moment: what the member sees and
// may do. Rules decide from a seat and from nothing else, so an answer cannot
// depend on what its receiver does not see.
type Seat struct {
	reader casework.Reader
	moment Moment
}

// SeatOf gives the reader its seat.
func SeatOf(reader casework.Reader, moment Moment) Seat { return Seat{reader, moment} }

// Author is the stamp that the member leaves on what it writes.
func (t Seat) Author() casework.Author { return t.reader.Author() }

// Status of the case.
func (t Seat) Status() casework.Status { return t.moment.State.Status }

// CaseName is the case's present name.
func (t Seat) CaseName() casework.Text { return t.moment.State.Name }

// Card finds a card that the member sees.
func (t Seat) Card(id casework.CardID) (*casework.Card, bool) {
	c, ok := t.moment.State.Cards[id]
	if !ok || !seesCard(t.reader, t.moment.State, c) {
		return nil, false
	}
	return c, true
}

// Person finds a person that the member sees.
func (t Seat) Person(id casework.PersonID) (*casework.Person, bool) {
	p, ok := t.moment.State.Persons[id]
	if !ok || !showsPerson(t.reader, t.moment.State, p) {
		return nil, false
	}
	return p, true
}

// Team lists everybody who is or was at the table, as the member is told of them.
func (t Seat) Team() []Member {
	return projectTeam(t.moment.State, t.moment.Access, t.reader, t.moment.At)
}

// Family lists the persons that the member sees, in order.
func (t Seat) Family() []*casework.Person {
	var family []*casework.Person
	for _, p := range projectFamily(t.moment.State, t.reader) {
		family = append(family, t.moment.State.Persons[p.ID])
	}
	return family
}

// Persons counts the persons that the member sees.
func (t Seat) Persons() int { return len(projectFamily(t.moment.State, t.reader)) }

// Columns lists the columns in order, without their cards: see Order.
func (t Seat) Columns() []*casework.Column {
	columns := make([]*casework.Column, len(t.moment.State.Columns))
	for i, c := range t.moment.State.Columns {
		columns[i] = &casework.Column{ID: c.ID, Title: c.Title, Kind: c.Kind}
	}
	return columns
}

// Order lists the cards of a column that the member sees, in order.
func (t Seat) Order(column casework.ColumnID) []casework.CardID {
	if c := t.moment.State.Column(column); c != nil {
		return projectOrder(t.moment.State, t.reader, c)
	}
	return nil
}

// CardsAbout counts the cards on the board that the member sees speak for a person.
func (t Seat) CardsAbout(id casework.PersonID) int {
	n := 0
	for _, c := range t.moment.State.Cards {
		if c.Perspective == id && !c.Archived && seesCard(t.reader, t.moment.State, c) {
			n++
		}
	}
	return n
}

// Cards counts the cards that the member sees.
func (t Seat) Cards() int {
	n := 0
	for _, c := range t.moment.State.Cards {
		if seesCard(t.reader, t.moment.State, c) {
			n++
		}
	}
	return n
}

// Undoables lists the member's own changes that can still be taken back as far
// as the card goes, oldest first.
func (t Seat) Undoables() []casework.Undoable { return undoables(t.moment.State, t.reader) }

// May tells whether the member may do something that is not about a card.
func (t Seat) May(act casework.Act) bool {
	return t.reader.Rights.Allow(act, casework.NoCell, t.Status())
}

// MayWhenOpen tells the same for an open case, whatever this one is.
func (t Seat) MayWhenOpen(act casework.Act) bool {
	return t.reader.Rights.Allow(act, casework.NoCell, casework.Open)
}

// Practice tells whether the case is invented, to try things out in.
func (t Seat) Practice() bool { return t.moment.State.Practice }

// Cell is what a card of this perspective (empty: professional), class, author
// and named readers is to the member.
func (t Seat) Cell(perspective casework.PersonID, class casework.Class, author casework.Author, named []casework.UserID) casework.Cell {
	return t.reader.Cell(t.moment.State.Persons[perspective], class, author, named)
}

// MayCell tells whether the act is allowed on such a card.
func (t Seat) MayCell(act casework.Act, cell casework.Cell) bool {
	return t.reader.Rights.Allow(act, cell, t.Status())
}

// Member tells whether the user is at the table now.
func (t Seat) Member(user casework.UserID) bool {
	_, ok := t.moment.Access.Reader(user, t.moment.At)
	return ok
}

// Enters tells whether the user may enter the case now.
func (t Seat) Enters(user casework.UserID) bool {
	_, ok := enters(user, t.moment)
	return ok
}

// Attends lists the members on the attendance list.
func (t Seat) Attends() []casework.UserID { return t.moment.State.Attends }

// Guests lists the guests on it.
func (t Seat) Guests() []*casework.TableGuest { return t.moment.State.Guests }

// Screen tells whether the Scherm is shown.
func (t Seat) Screen() bool { return t.moment.State.Screen }

// Readers tells, for everybody who is at the table now, whether they could read
// the card if it were as given, as far as the member knows what was given to them.
// For a draft that is who could after it is put on the table.
func (t Seat) Readers(card casework.Card) map[casework.UserID]bool {
	if card.Draft() {
		card.Tabled = t.moment.At
	}
	may := map[casework.UserID]bool{}
	for _, m := range t.moment.Access.Team {
		if m.Current(t.moment.At) {
			may[m.User] = seesCard(t.known(m), t.moment.State, &card)
		}
	}
	return may
}

// PersonReaders tells the same for a person of the family.
func (t Seat) PersonReaders(person casework.Person) map[casework.UserID]bool {
	may := map[casework.UserID]bool{}
	for _, m := range t.moment.Access.Team {
		if m.Current(t.moment.At) {
			may[m.User] = seesPerson(t.known(m), t.moment.State, &person)
		}
	}
	return may
}

// Gains tells whether a reclassification lets some role read what it could not,
// be it at the table today or not.
func (t Seat) Gains(change casework.Reclassification) bool {
	return t.reader.Rights.Gains[change]
}
