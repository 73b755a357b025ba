package room

import (
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// spot is a place in the note of a card, in UTF-16 units of the text that base
// names. The zero value is no place.
type spot struct {
	Card   casework.CardID `json:"card"`
	Base   casework.TextID `json:"base"`
	Anchor int             `json:"anchor"`
	Head   int             `json:"head"`
}

// caret tells where its sender writes; without a card: in no note any more. It is
// nobody's record: nothing of it is kept, and only the latest counts.
type caret struct {
	Type string `json:"t"`
	spot
}

func (m *caret) handle(c *client) bool {
	if !m.possible() {
		return false
	}
	r := c.room
	r.post(func() {
		if c.writes != m.spot {
			c.writes = m.spot
			r.caretsChange()
		}
	})
	return true
}

// possible tells whether there can be such a place in any text.
func (s spot) possible() bool {
	if s.Card == "" {
		return s == spot{}
	}
	return casework.ValidID(s.Card) && (s.Base == "" || casework.ValidID(s.Base)) &&
		min(s.Anchor, s.Head) >= 0 && max(s.Anchor, s.Head) <= board.MaxText // in bytes: no place is further
}
