package room

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

const (
	// confirmEvery is how often a node asks for the access epoch and the heads
	// of its open cases.
	confirmEvery = 300 * time.Millisecond
	// confirmWithin is how old the last confirmation may be for content to be
	// delivered: within it a withdrawn right is withdrawn everywhere.
	confirmWithin = time.Second
	sessionsEvery = 30 * time.Second
)

// Run confirms rights and heads until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	confirm := time.NewTicker(confirmEvery)
	defer confirm.Stop()
	sessions := time.NewTicker(sessionsEvery)
	defer sessions.Stop()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	for {
		select {
		case <-confirm.C:
			h.Recheck(ctx)
		case <-sessions.C:
			if err := h.recheckSessions(ctx); err != nil {
				h.Log.Warn("cannot confirm sessions", "err", err)
			}
			h.forgetUsers()
		case <-pings.C:
			for _, c := range h.allClients() {
				c.ping()
			}
		case <-ctx.Done():
			return
		}
	}
}

// Recheck asks what changed elsewhere: rights, and the heads of the open cases.
// While it fails nothing is delivered for longer than confirmWithin.
func (h *Hub) Recheck(ctx context.Context) {
	rooms := h.allRooms()
	ids := make([]casework.CaseID, len(rooms))
	for i, r := range rooms {
		ids[i] = r.id
	}
	ctx, cancel := context.WithTimeout(ctx, confirmWithin)
	defer cancel()
	if err := h.confirmStays(ctx); err != nil {
		h.Log.Warn("cannot confirm stays", "err", err) // they are covered for a while
	}
	asked := h.Now()
	epoch, heads, err := h.Cases.Heads(ctx, ids)
	if err != nil {
		h.Log.Warn("cannot confirm rights, delivery waits", "err", err)
		return
	}
	h.raiseEpoch(epoch)
	if err := h.confirmSessions(ctx, epoch); err != nil {
		h.Log.Warn("cannot confirm sessions, delivery waits", "err", err)
		return
	}
	h.confirmedAt(asked)
	for _, r := range rooms {
		head := heads[r.id]
		r.post(func() { r.confirmed(epoch, head) })
	}
}

// confirmStays says that the stays in the rooms of this node go on. If they were taken
// for over, as this node was away for long, all clients go: they come back and join
// again.
func (h *Hub) confirmStays(ctx context.Context) error {
	h.staying.Lock()
	defer h.staying.Unlock()
	goOn, err := h.Cases.ConfirmStays(ctx)
	if err != nil || goOn {
		return err
	}
	for _, c := range h.allClients() {
		c.close(closeRestart)
	}
	_, err = h.Cases.ConfirmStays(ctx)
	return err
}

// confirm takes a commit of this node as a confirmation: it held the epoch, and
// asked for it at that time.
func (h *Hub) confirm(epoch int64, asked time.Time) {
	if h.epoch.Load() == epoch {
		h.confirmedAt(asked)
	}
}

func (h *Hub) confirmedAt(at time.Time) {
	for {
		old := h.lastConfirmed.Load()
		if old != nil && !at.After(*old) || h.lastConfirmed.CompareAndSwap(old, &at) {
			return
		}
	}
}

func (h *Hub) raiseEpoch(epoch int64) {
	for {
		old := h.epoch.Load()
		if epoch <= old || h.epoch.CompareAndSwap(old, epoch) {
			return
		}
	}
}

// Fresh tells whether rights were confirmed lately enough to deliver content. It
// goes by the monotonic clock: setting the clock of the machine changes nothing.
func (h *Hub) Fresh() bool {
	last := h.lastConfirmed.Load()
	return last != nil && h.Now().Sub(*last) <= confirmWithin
}

// confirmSessions makes sure that sessions were looked at under the epoch: a
// room learns of a new one in several ways, and none may deliver before it.
func (h *Hub) confirmSessions(ctx context.Context, epoch int64) error {
	h.confirming.Lock()
	defer h.confirming.Unlock()
	if h.sessionsAt >= epoch {
		return nil
	}
	if err := h.recheckSessions(ctx); err != nil {
		return err
	}
	h.sessionsAt = epoch
	return nil
}

// recheckSessions closes the sockets of sessions that are over or locked.
func (h *Hub) recheckSessions(ctx context.Context) error {
	clients := h.allClients()
	if len(clients) == 0 {
		return nil
	}
	hashes := make([][]byte, 0, len(clients))
	for _, c := range clients {
		hashes = append(hashes, c.visitor.Session)
	}
	states, err := h.Cases.LiveSessions(ctx, hashes)
	if err != nil {
		return err
	}
	for _, c := range clients {
		c.closeUnless(states[string(c.visitor.Session)])
	}
	return nil
}

// closeUnless closes the client unless its session is open; it tells whether
// that is so.
func (c *client) closeUnless(state casework.SessionState) bool {
	switch state {
	case casework.SessionOpen:
		return true
	case casework.SessionLocked:
		c.close(CloseLocked)
	default:
		c.close(CloseSignedOut)
	}
	return false
}
