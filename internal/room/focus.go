package room

import "github.com/casustafel/casustafel/internal/casework"

// focus tells which card its sender looks at; others hear of it only as far as
// they may see the card.
type focus struct {
	Type string          `json:"t"`
	Card casework.CardID `json:"card"`
}

func (m *focus) handle(c *client) bool {
	if m.Card != "" && !casework.ValidID(m.Card) {
		return false
	}
	r := c.room
	r.post(func() { r.look(c, m.Card) })
	return true
}
