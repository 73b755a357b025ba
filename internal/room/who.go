package room

import (
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// who asks who could read something as it would be.
type who struct {
	Type string             `json:"t"`
	ID   casework.CommandID `json:"id"`
	board.Who
}

// readers is the answer to who.
type readers struct {
	Type string             `json:"t"`
	ID   casework.CommandID `json:"id"`
	board.Readers
	Error *refusal `json:"error,omitempty"`
}

func (m *who) handle(c *client) bool {
	r := c.room
	r.post(func() { r.inOrder(func() { r.readers(c, m) }) })
	return true
}

func (r *room) readers(c *client, m *who) {
	reader, ok := r.reader(c)
	if !ok || !r.hub.Fresh() {
		c.turnDown(m, &refusal{Kind: casework.Unavailable, Reason: "unavailable"})
		return
	}
	list, err := m.Ask(view.SeatOf(reader, r.moment))
	if err != nil {
		c.turnDown(m, refusalFor(err))
		return
	}
	c.send(encode(readers{Type: "readers", ID: m.ID, Readers: list}))
}

// refuse leaves all lists empty.
func (m *who) refuse(why *refusal) any {
	none := []casework.UserID{}
	return readers{Type: "readers", ID: m.ID, Readers: board.Readers{Can: none, Cannot: none, Gains: none, Loses: none}, Error: why}
}
