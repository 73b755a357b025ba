package room

import (
	"context"
	"errors"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// onlyLooks answers what a client may not send that looks through other eyes
// than the own: all but how the text of a card is to be shown. It tells whether
// that was all there is to do.
func (c *client) onlyLooks(m message) bool {
	if c.eyes.Own() {
		return false
	}
	switch m.(type) {
	case *join, *render:
		return false
	}
	c.turnDown(m, c.refuseOnRecord(m, casework.Refuse(casework.Denied, "read_only")))
	return true
}

// refuseOnRecord puts it on the record that a message was refused which would be there
// had it been carried out, and gives what is told of it.
func (c *client) refuseOnRecord(m message, why *casework.Error) *refusal {
	var event audit.Event
	switch m.(type) {
	case *do:
		event = "command"
	case *history:
		event = "history"
	case *version:
		event = "version"
	default:
		return &refusal{Kind: why.Kind, Reason: why.Reason}
	}
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	var told *casework.Error
	if !errors.As(c.hub.Cases.RefuseInRoom(ctx, c.actor, c.room.id, casework.Reader{}, event, why), &told) {
		told = casework.Refuse(casework.Internal, "internal")
	}
	return &refusal{Kind: told.Kind, Reason: told.Reason}
}
