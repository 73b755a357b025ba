package room

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// newView is a client that may see other things from now on.
type newView struct {
	client  *client
	reader  casework.Reader
	persons []casework.PersonID // of whom it is told anything
}

// more tells whether the client is told of somebody of whom its stay is not on the
// record.
func (v newView) more() bool { return !audit.StayMoment{Persons: v.client.persons}.Tells(v.persons) }

// recordViews puts it on the record that clients may see other things from a moment
// on, before any of them goes out: no record, no data.
func (r *room) recordViews(m view.Moment, views ...newView) {
	if len(views) == 0 {
		return
	}
	stays := make([]audit.StayMoment, len(views))
	for i, v := range views {
		stays[i] = audit.StayMoment{Actor: v.client.actor, Reader: v.reader, Persons: v.persons, Head: m.State.Head()}
	}
	err := r.observe("view", stays...)
	for _, v := range views {
		if err != nil {
			v.client.close(closeFor(err))
			continue
		}
		for _, p := range v.persons {
			if !slices.Contains(v.client.persons, p) {
				v.client.persons = append(slices.Clip(v.client.persons), p)
			}
		}
	}
}

// observe records that something about stays in the room changed.
func (r *room) observe(event audit.Event, stays ...audit.StayMoment) error {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	err := r.hub.Cases.Observe(ctx, r.id, event, stays...)
	if err != nil {
		r.hub.Log.Error("record a stay", "event", event, "err", err)
	}
	return err
}

// leftAtOnce records that a client which entered a case came into no room of it.
func (c *client) leftAtOnce(ctx context.Context, id casework.CaseID, entered view.Entry) {
	stay := audit.StayMoment{Actor: c.actor, Reader: entered.Reader}
	if err := c.hub.Cases.Observe(ctx, id, "leave", stay); err != nil {
		c.hub.Log.Error("record a stay", "event", "leave", "err", err)
	}
}

// known is a case as its room shows it; nil while none does.
func (h *Hub) known(id casework.CaseID) *casework.State {
	r := h.find(id)
	if r == nil {
		return nil
	}
	return r.shown.Load()
}
