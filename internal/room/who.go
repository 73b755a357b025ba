package room

import (
	"errors"

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
		c.send(encode(noReaders(m.ID, casework.Unavailable, "unavailable")))
		return
	}
	list, err := m.Ask(view.SeatOf(reader, r.moment))
	reply := readers{Type: "readers", ID: m.ID, Readers: list}
	var refused *casework.Error
	if errors.As(err, &refused) {
		reply = noReaders(m.ID, refused.Kind, refused.Reason)
	}
	c.send(encode(reply))
}

// noReaders answers that a question cannot be answered: all lists are empty.
func noReaders(id casework.CommandID, kind casework.ErrorKind, reason string) readers {
	none := []casework.UserID{}
	return readers{Type: "readers", ID: id, Readers: board.Readers{Can: none, Cannot: none, Gains: none, Loses: none},
		Error: &refusal{Kind: kind, Reason: reason}}
}
