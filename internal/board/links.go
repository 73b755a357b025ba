package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// LinkCard points from one card to another.
	LinkCard struct {
		Card casework.CardID `json:"card"`
		To   casework.CardID `json:"to"`
	}
	// UnlinkCard takes that away.
	UnlinkCard struct {
		Card casework.CardID `json:"card"`
		To   casework.CardID `json:"to"`
	}
)

// Target implements Command.
func (c *LinkCard) Target() (string, string)   { return "card", string(c.Card) }
func (c *UnlinkCard) Target() (string, string) { return "card", string(c.Card) }

// Decide implements Command. A link is made only when everybody at the table
// who reads the card may read its target.
func (c *LinkCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActEdit)
	if err != nil {
		return Decision{}, err
	}
	target, _, err := seen(seat, c.To)
	if err != nil {
		return Decision{}, err
	}
	links := seenLinks(seat, card)
	switch {
	case c.To == c.Card:
		return Decision{}, casework.Refuse(casework.Invalid, "bad_id")
	case slices.Contains(links, c.To):
		return Decision{}, casework.Refuse(casework.Conflict, "already_linked")
	case target.Draft():
		return Decision{}, casework.Refuse(casework.Conflict, "still_draft")
	case len(links) >= MaxLinks:
		return Decision{}, casework.Refuse(casework.TooMany, "limit_links")
	}
	targetReaders := seat.Readers(*target)
	for user, may := range seat.Readers(*card) {
		if may && !targetReaders[user] {
			return Decision{}, casework.Refuse(casework.Denied, "link_unreadable")
		}
	}
	return one(&casework.CardLinked{Card: c.Card, To: c.To})
}

// Decide implements Command.
func (c *UnlinkCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActEdit)
	if err != nil {
		return Decision{}, err
	}
	if !slices.Contains(seenLinks(seat, card), c.To) {
		return Decision{}, casework.Refuse(casework.NotFound, "not_linked")
	}
	return one(&casework.CardUnlinked{Card: c.Card, To: c.To})
}

// seenLinks are the links whose target the member sees: it neither counts nor
// finds the others.
func seenLinks(seat Seat, card *casework.Card) []casework.CardID {
	var links []casework.CardID
	for _, id := range card.Links {
		if _, ok := seat.Card(id); ok {
			links = append(links, id)
		}
	}
	return links
}
