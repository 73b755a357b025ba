package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// MoveCard puts a card directly after one that the mover sees; first when
	// After is empty.
	MoveCard struct {
		Card   casework.CardID   `json:"card"`
		Column casework.ColumnID `json:"column"`
		After  casework.CardID   `json:"after"`
	}
	// ArchiveCard takes a card off the board.
	ArchiveCard struct {
		Card casework.CardID `json:"card"`
	}
	// RestoreCard brings it back.
	RestoreCard struct {
		Card casework.CardID `json:"card"`
	}
)

// Target implements Command.
func (c *MoveCard) Target() (string, string)    { return "card", string(c.Card) }
func (c *ArchiveCard) Target() (string, string) { return "card", string(c.Card) }
func (c *RestoreCard) Target() (string, string) { return "card", string(c.Card) }

// Decide implements Command.
func (c *MoveCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActMove)
	if err != nil {
		return Decision{}, err
	}
	to := casework.Place{Column: c.Column, After: c.After}
	if err := checkPlace(seat, card, to); err != nil {
		return Decision{}, err
	}
	was := placeOf(seat, card)
	if to == was {
		return Decision{}, nil
	}
	return one(&casework.CardMoved{Card: c.Card, To: to, Was: was})
}

// checkPlace checks that the mover sees the column and the anchor in it.
func checkPlace(seat Seat, card *casework.Card, to casework.Place) error {
	if _, err := existing(seat, to.Column); err != nil {
		return err
	}
	if to.After != "" && !anchors(seat, card, to) {
		return casework.Refuse(casework.NotFound, "anchor_gone")
	}
	return nil
}

// anchors tells whether the mover sees, in that column, the card it is to come after.
func anchors(seat Seat, card *casework.Card, to casework.Place) bool {
	anchor, ok := seat.Card(to.After)
	return ok && anchor.Column == to.Column && anchor.ID != card.ID
}

// placeOf is where the member sees the card: after which card it sees.
func placeOf(seat Seat, card *casework.Card) casework.Place {
	place := casework.Place{Column: card.Column}
	order := seat.Order(card.Column)
	if i := slices.Index(order, card.ID); i > 0 {
		place.After = order[i-1]
	}
	return place
}

// Decide implements Command.
func (c *ArchiveCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActArchive)
	if err != nil {
		return Decision{}, err
	}
	if card.Archived {
		return Decision{}, casework.Refuse(casework.Conflict, "already_archived")
	}
	return one(&casework.CardArchived{Card: c.Card})
}

// Decide implements Command.
func (c *RestoreCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActArchive)
	if err != nil {
		return Decision{}, err
	}
	if !card.Archived {
		return Decision{}, casework.Refuse(casework.Conflict, "not_archived")
	}
	return one(&casework.CardRestored{Card: c.Card})
}
