package room

import (
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// targets asks what the note of a card can link to, and whom it can mention.
type targets struct {
	Type string             `json:"t"`
	ID   casework.CommandID `json:"id"`
	Card casework.CardID    `json:"card"`
}

// aims is the answer.
type aims struct {
	Type  string             `json:"t"`
	ID    casework.CommandID `json:"id"`
	Cards []casework.CardID  `json:"cards"`
	Users []casework.UserID  `json:"users"`
	Error *refusal           `json:"error,omitempty"`
}

func (m *targets) handle(c *client) bool {
	return c.ask(question{card: m.Card, answer: m.answer, refuse: m.refuse})
}

func (m *targets) answer(reader casework.Reader, at view.Moment) (any, error) {
	seat := view.SeatOf(reader, at)
	card, ok := seat.Card(m.Card)
	if !ok {
		return nil, casework.Absent()
	}
	cards, users := seat.Targets(card)
	return aims{Type: "aims", ID: m.ID, Cards: cards, Users: users}, nil
}

func (a aims) pointsTo() ([]casework.CardID, []casework.UserID) { return a.Cards, a.Users }

func (m *targets) refuse(why *refusal) any {
	return aims{Type: "aims", ID: m.ID, Cards: []casework.CardID{}, Users: []casework.UserID{}, Error: why}
}
