package board

import "github.com/casustafel/casustafel/internal/casework"

type (
	// RetitleCard replaces the title that Base names.
	RetitleCard struct {
		Card  casework.CardID `json:"card"`
		Title string          `json:"title"`
		Base  casework.TextID `json:"base"`
	}
	// EditCard replaces the text that Base names, of a draft: on the table a text is
	// written by many (WriteNote).
	EditCard struct {
		Card casework.CardID `json:"card"`
		Text string          `json:"text"`
		Base casework.TextID `json:"base"`
	}
	// LabelCard changes what a card says of itself.
	LabelCard struct {
		Card casework.CardID `json:"card"`
		Labels
	}
)

// Target implements Command.
func (c *RetitleCard) Target() (string, string) { return "card", string(c.Card) }
func (c *EditCard) Target() (string, string)    { return "card", string(c.Card) }
func (c *LabelCard) Target() (string, string)   { return "card", string(c.Card) }

// Decide implements Command.
func (c *RetitleCard) Decide(seat Seat, env Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActEdit)
	if err != nil {
		return Decision{}, err
	}
	heading, err := title(c.Title)
	if err != nil || heading == card.Title.Body {
		return Decision{}, err
	}
	if c.Base != card.Title.ID {
		return Decision{}, stale(card.Title)
	}
	return one(&casework.CardRetitled{Card: c.Card, Title: text(heading, env)})
}

// Decide implements Command.
func (c *EditCard) Decide(seat Seat, env Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActEdit)
	if err != nil {
		return Decision{}, err
	}
	if !card.Draft() {
		return Decision{}, casework.Refuse(casework.Conflict, "on_table")
	}
	note, err := body(c.Text)
	if err != nil || note == card.Text.Body && !card.Text.Redacted {
		return Decision{}, err
	}
	if c.Base != card.Text.ID {
		return Decision{}, stale(card.Text)
	}
	return one(&casework.CardEdited{Card: c.Card, Text: text(note, env)})
}

// stale tells that somebody was first, and with what, so that both texts can be
// shown side by side.
func stale(current casework.Text) error {
	return &casework.Error{Kind: casework.Conflict, Reason: "stale_text", Current: &current}
}

// Decide implements Command.
func (c *LabelCard) Decide(seat Seat, _ Env) (Decision, error) {
	card, err := mayOn(seat, c.Card, casework.ActEdit)
	if err != nil {
		return Decision{}, err
	}
	if err := c.Labels.check(); err != nil {
		return Decision{}, err
	}
	if casework.Labels(c.Labels) == card.Labels() {
		return Decision{}, nil
	}
	// A question turned into a fact is a fact put down for somebody.
	if c.Kind.Act() != card.Kind.Act() {
		if err := mayWrite(seat, c.Kind, card.Perspective, card.Class); err != nil {
			return Decision{}, err
		}
	}
	return one(&casework.CardLabelled{Card: c.Card, Labels: casework.Labels(c.Labels)})
}
