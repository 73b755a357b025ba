package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// AskCard writes a card for a colleague, say one who is on the phone. The
	// writer and that colleague see it; it is in the colleague's name once
	// confirmed, and then a draft of the colleague's own.
	AskCard struct {
		DraftCard
		For casework.UserID `json:"for"`
	}
	// ConfirmCard takes a card that was asked of the actor into its own name. It
	// names all that the actor read of it.
	ConfirmCard struct {
		Card   casework.CardID   `json:"card"`
		Title  casework.TextID   `json:"title"`
		Text   casework.TextID   `json:"text"`
		Person casework.PersonID `json:"person"`
		Class  casework.Class    `json:"class"`
		Labels
	}
	// DeclineCard gives it back to its writer.
	DeclineCard struct {
		Card casework.CardID `json:"card"`
	}
	// WithdrawCard lets the writer have it back, as a draft of its own.
	WithdrawCard struct {
		Card casework.CardID `json:"card"`
	}
)

// Target implements Command.
func (c *ConfirmCard) Target() (string, string)  { return "card", string(c.Card) }
func (c *DeclineCard) Target() (string, string)  { return "card", string(c.Card) }
func (c *WithdrawCard) Target() (string, string) { return "card", string(c.Card) }

// Decide implements Command. Whether the colleague may read it or take it over
// plays no part: that is decided on the colleague's own seat, when it is there
// to be read and when it is confirmed.
func (c *AskCard) Decide(seat Seat, env Env) (Decision, error) {
	if c.For == seat.Author().User || !seat.Member(c.For) {
		return Decision{}, casework.Refuse(casework.Invalid, "bad_for")
	}
	if c.Class == casework.Named {
		return Decision{}, casework.Refuse(casework.Invalid, "asked_named")
	}
	drafted, err := c.draft(seat, env, mayTakeDown(seat, c))
	if err != nil {
		return Decision{}, err
	}
	return Decision{Made: string(drafted.Card), Changes: []casework.Change{&casework.CardAsked{CardDrafted: *drafted, For: c.For}}}, nil
}

// mayTakeDown refuses what the actor could write in no class, or could not read
// itself. In which class it comes to the table is for the colleague, who has to
// have the right: by taking it down nobody comes to read it but those two.
func mayTakeDown(seat Seat, c *AskCard) error {
	err := allow(seat, casework.ActRead, seat.Cell(c.Person, c.Class, seat.Author(), nil))
	if err != nil {
		return err
	}
	for _, class := range casework.Classes {
		if err = mayWrite(seat, c.Kind, c.Person, class); err == nil {
			return nil
		}
	}
	return err
}

// Decide implements Command. What changed since the actor read it, be it a word
// or who may read it, is not confirmed.
func (c *ConfirmCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, err := askedOfMe(seat, c.Card)
	if err != nil {
		return Decision{}, err
	}
	switch {
	case c.Title != card.Title.ID || c.Text != card.Text.ID || c.Person != card.Perspective || c.Class != card.Class ||
		casework.Labels(c.Labels) != card.Labels():
		return Decision{}, casework.Refuse(casework.Conflict, "asked_changed")
	case card.Archived:
		return Decision{}, casework.Refuse(casework.Conflict, "already_archived")
	}
	if err := speaksFor(seat, card.Perspective); err != nil {
		return Decision{}, err
	}
	if err := mayWrite(seat, card.Kind, card.Perspective, card.Class); err != nil {
		return Decision{}, err
	}
	return one(&casework.CardConfirmed{Card: c.Card, Author: seat.Author()})
}

// Decide implements Command.
func (c *DeclineCard) Decide(seat Seat, _ Env) (Decision, error) {
	if _, err := askedOfMe(seat, c.Card); err != nil {
		return Decision{}, err
	}
	return one(&casework.CardDeclined{Card: c.Card, By: seat.Author().User})
}

// Decide implements Command.
func (c *WithdrawCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, cell, err := seen(seat, c.Card)
	if err != nil {
		return Decision{}, err
	}
	if card.For == "" || card.Author.User != seat.Author().User {
		return Decision{}, casework.Refuse(casework.Conflict, "not_asked")
	}
	if err := allow(seat, casework.ActEdit, cell); err != nil {
		return Decision{}, err
	}
	return one(&casework.CardWithdrawn{Card: c.Card})
}

// askedOfMe finds a card that waits for the actor's answer.
func askedOfMe(seat Seat, id casework.CardID) (*casework.Card, error) {
	card, _, err := seen(seat, id)
	switch {
	case err != nil:
		return nil, err
	case !card.AskedOf(seat.Author().User):
		return nil, casework.Refuse(casework.Conflict, "not_asked")
	case seat.Status() == casework.Closed:
		return nil, casework.Refuse(casework.Denied, "closed")
	}
	return card, nil
}

// answered finds a card that an act may change, as far as answers go, and what it
// is to the actor. While the card waits for one, whoever it is asked of answers
// before anything else, and its writer changes words and labels only, or takes it
// back first.
func answered(seat Seat, id casework.CardID, act casework.Act) (*casework.Card, casework.Cell, error) {
	card, cell, err := seen(seat, id)
	switch {
	case err != nil:
		return nil, casework.Cell{}, err
	case card.For == "" || card.Author.User == seat.Author().User && slices.Contains(ofTheWriter, act):
		return card, cell, nil
	}
	return nil, casework.Cell{}, casework.Refuse(casework.Conflict, "asked_first")
}

var ofTheWriter = []casework.Act{casework.ActEdit, casework.ActMove, casework.ActArchive, casework.ActRedact}
