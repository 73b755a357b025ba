package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// ShieldCard narrows who may know: nobody gains.
	ShieldCard struct {
		Card  casework.CardID   `json:"card"`
		Class casework.Class    `json:"class"`
		Named []casework.UserID `json:"named"`
	}
	// ShareCard opens a card to somebody who could not read it.
	ShareCard struct {
		Card  casework.CardID   `json:"card"`
		Class casework.Class    `json:"class"`
		Named []casework.UserID `json:"named"`
	}
	// NameReaders replaces who may read a card of class named.
	NameReaders struct {
		Card  casework.CardID   `json:"card"`
		Named []casework.UserID `json:"named"`
	}
	// ReperspectiveCard changes from whom a card speaks. When that lets anybody
	// read who could not, it is sharing too.
	ReperspectiveCard struct {
		Card   casework.CardID   `json:"card"`
		Person casework.PersonID `json:"person"` // empty: professional
	}
)

// Target implements Command.
func (c *ShieldCard) Target() (string, string)        { return "card", string(c.Card) }
func (c *ShareCard) Target() (string, string)         { return "card", string(c.Card) }
func (c *NameReaders) Target() (string, string)       { return "card", string(c.Card) }
func (c *ReperspectiveCard) Target() (string, string) { return "card", string(c.Card) }

// Decide implements Command.
func (c *ShieldCard) Decide(seat Seat, _ Env) (Decision, error) {
	return reclass(seat, c.Card, c.Class, c.Named, casework.ActShield)
}

// Decide implements Command.
func (c *ShareCard) Decide(seat Seat, _ Env) (Decision, error) {
	return reclass(seat, c.Card, c.Class, c.Named, casework.ActShare)
}

// reclass changes the class of a card by the act. A draft has no readers yet:
// its author classes it freely within what it may write.
func reclass(seat Seat, id casework.CardID, class casework.Class, named []casework.UserID, act casework.Act) (Decision, error) {
	card, cell, err := answered(seat, id, act)
	if err != nil {
		return Decision{}, err
	}
	if !card.Draft() {
		if err := allow(seat, act, cell); err != nil {
			return Decision{}, err
		}
	}
	if err := checkClass(seat, class, named, card.Author); err != nil {
		return Decision{}, err
	}
	if class == card.Class && slices.Equal(named, card.Named) {
		return Decision{}, nil
	}
	if card.Draft() || act == casework.ActShare {
		if err := mayWrite(seat, card.Kind, card.Perspective, class); err != nil {
			return Decision{}, err
		}
	}
	if !card.Draft() {
		become := *card
		become.Class, become.Named = class, named
		switch gains := widens(seat, card, &become); {
		case gains && act == casework.ActShield:
			return Decision{}, casework.Refuse(casework.Invalid, "would_widen")
		case !gains && act == casework.ActShare:
			return Decision{}, casework.Refuse(casework.Invalid, "would_narrow")
		}
	}
	return one(&casework.CardReclassed{Card: id, Class: class, Named: orNone(named)})
}

// widens tells whether anybody would read the card as it becomes who cannot now:
// somebody at the table, or a role that may come to it later.
func widens(seat Seat, card *casework.Card, become *casework.Card) bool {
	if seat.Gains(casework.Reclassification{FromView: viewOf(seat, card), FromClass: card.Class, ToView: viewOf(seat, become),
		ToClass: become.Class, Other: card.Perspective != become.Perspective}) {
		return true
	}
	gains, _ := compare(seat.Readers(*card), seat.Readers(*become))
	return len(gains) > 0
}

func viewOf(seat Seat, card *casework.Card) casework.View {
	return seat.Cell(card.Perspective, card.Class, card.Author, card.Named).View
}

// Decide implements Command. Naming somebody is sharing, taking a name off is
// shielding.
func (c *NameReaders) Decide(seat Seat, _ Env) (Decision, error) {
	card, cell, err := answered(seat, c.Card, casework.ActShare)
	if err != nil {
		return Decision{}, err
	}
	if card.Class != casework.Named {
		return Decision{}, casework.Refuse(casework.Invalid, "bad_class")
	}
	if err := checkClass(seat, casework.Named, c.Named, card.Author); err != nil {
		return Decision{}, err
	}
	adds, drops := lacks(c.Named, card.Named), lacks(card.Named, c.Named)
	if !adds && !drops {
		return Decision{}, nil
	}
	if card.Draft() {
		if err := mayWrite(seat, card.Kind, card.Perspective, card.Class); err != nil {
			return Decision{}, err
		}
	}
	if adds && !card.Draft() {
		if err := allow(seat, casework.ActShare, cell); err != nil {
			return Decision{}, err
		}
	}
	if drops && !card.Draft() {
		if err := allow(seat, casework.ActShield, cell); err != nil {
			return Decision{}, err
		}
	}
	return one(&casework.CardReclassed{Card: c.Card, Class: casework.Named, Named: c.Named})
}

// lacks tells whether some user of list is not in other.
func lacks(list, other []casework.UserID) bool {
	return slices.ContainsFunc(list, func(u casework.UserID) bool { return !slices.Contains(other, u) })
}

// Decide implements Command.
func (c *ReperspectiveCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, cell, err := answered(seat, c.Card, casework.ActReperspective)
	if err != nil {
		return Decision{}, err
	}
	if err := allow(seat, casework.ActReperspective, cell); err != nil {
		return Decision{}, err
	}
	if err := speaksFor(seat, c.Person); err != nil {
		return Decision{}, err
	}
	if c.Person == card.Perspective {
		return Decision{}, nil
	}
	if err := mayWrite(seat, card.Kind, c.Person, card.Class); err != nil {
		return Decision{}, err
	}
	become := *card
	become.Perspective = c.Person
	if !card.Draft() && widens(seat, card, &become) {
		if err := allow(seat, casework.ActShare, cell); err != nil {
			return Decision{}, err
		}
	}
	return one(&casework.CardReperspectived{Card: c.Card, Perspective: c.Person})
}
