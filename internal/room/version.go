package room

import (
	"context"

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
	return c.ask(question{event: "version", card: m.Card, refuse: m.refuse, answer: c.lookingBack(func(ctx context.Context, reader casework.Reader, at view.Moment) (any, error) {
		return m.answer(ctx, c, reader, at)
	})})
}

// answer looks back as a history does.
func (m *version) answer(ctx context.Context, c *client, reader casework.Reader, at view.Moment) (any, error) {
	body, err := c.hub.Cases.Version(ctx, c.actor, reader, m.Card, m.Version, at)
	if err != nil {
		return nil, err
	}
	return told{Type: "told", ID: m.ID, Card: m.Card, Version: m.Version, Body: body}, nil
}

func (m *version) refuse(why *refusal) any {
	return told{Type: "told", ID: m.ID, Card: m.Card, Version: m.Version, Error: why}
}
