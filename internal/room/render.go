package room

import (
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/markdown"
	"github.com/casustafel/casustafel/internal/view"
)

// render asks for the text of a card as it is to be shown.
type render struct {
	Type string             `json:"t"`
	ID   casework.CommandID `json:"id"`
	Card casework.CardID    `json:"card"`
}

// rendered is the answer: safe HTML of the version of the text that base names.
type rendered struct {
	Type  string             `json:"t"`
	ID    casework.CommandID `json:"id"`
	Base  casework.TextID    `json:"base,omitempty"`
	HTML  string             `json:"html"`
	Error *refusal           `json:"error,omitempty"`
}

func (m *render) handle(c *client) bool {
	return c.ask(question{m.Card, m.answer, m.refuse})
}

func (m *render) answer(reader casework.Reader, at view.Moment) (any, error) {
	seat := view.SeatOf(reader, at)
	card, ok := seat.Card(m.Card)
	if !ok {
		return nil, casework.Absent()
	}
	html, err := markdown.HTML(card.Text.Body, linksOf(seat, card))
	if err != nil {
		return nil, casework.Refuse(casework.Invalid, "text_not_rendered")
	}
	return rendered{Type: "rendered", ID: m.ID, Base: card.Text.ID, HTML: html}, nil
}

func (m *render) refuse(why *refusal) any { return rendered{Type: "rendered", ID: m.ID, Error: why} }

// linksOf is what the note of a card may point to. Most point to nothing, and what
// they may point to is not worked out.
func linksOf(seat view.Seat, card *casework.Card) markdown.Links {
	if !strings.ContainsAny(card.Text.Body, "#@") {
		return markdown.Links{}
	}
	cards, users := seat.Targets(card)
	links := markdown.Links{People: map[string]string{}}
	for _, id := range cards {
		links.Cards = append(links.Cards, string(id))
	}
	for _, user := range users {
		links.People[string(user)] = seat.NameOf(user)
	}
	return links
}
