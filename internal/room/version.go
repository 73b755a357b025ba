package room

import (
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// version asks for the text of a version that a line of the card's history names.
type version struct {
	Type    string             `json:"t"`
	ID      casework.CommandID `json:"id"`
	Card    casework.CardID    `json:"card"`
	Version casework.TextID    `json:"version"`
}

// told is the answer.
type told struct {
	Type    string             `json:"t"`
	ID      casework.CommandID `json:"id"`
	Card    casework.CardID    `json:"card"`
	Version casework.TextID    `json:"version"`
	Body    string             `json:"body"`
	Error   *refusal           `json:"error,omitempty"`
}

func (m *version) handle(c *client) bool {
	return c.ask(question{m.Card, m.answer, m.refuse})
}

func (m *version) answer(casework.Reader, view.Moment) (any, error) {
	return nil, casework.Absent()
}

func (m *version) refuse(why *refusal) any {
	return told{Type: "told", ID: m.ID, Card: m.Card, Version: m.Version, Error: why}
}
