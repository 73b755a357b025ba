package room

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// saveLookEvery is how often a look is kept while its owner stays: a node that
// crashes makes no more than this new once more.
const saveLookEvery = 5 * time.Minute

// askLook is in the ping that asks whether what was sent so far has arrived.
const askLook = "look"

// looking is what a client is known to have got of the case. The page of one's
// own cases calls new what came after it, so it may lag behind but never run
// ahead: what was sent is no look until the other side proves that it came.
type looking struct {
	asked bool      // a ping is on its way behind everything of sent
	sent  shown     // what that ping stands behind
	got   shown     // what has arrived
	saved time.Time // when a look was kept last
}

// shown is a moment as somebody was shown it, and when.
type shown struct {
	moment view.Moment
	at     time.Time // by the clock, not by what changed
}

func (r *room) showing() shown { return shown{r.moment, r.hub.Now()} }

// prove sends a ping behind everything that was sent to the client so far.
func (r *room) prove(c *client) {
	if _, here := r.clients[c]; !here || c.group == nil || c.looking.asked {
		return
	}
	c.looking.asked, c.looking.sent = true, r.showing()
	c.proving.Store(true)
	c.send(outgoing{ping: askLook})
}

// arrived hears that what was sent before the ping came to its client. Keeping
// goes by the clock alone: what others do must not show in when.
func (r *room) arrived(c *client) {
	if !c.looking.asked {
		return
	}
	c.looking.asked, c.looking.got = false, c.looking.sent
	if now := r.hub.Now(); now.Sub(c.looking.saved) >= saveLookEvery {
		c.looking.saved = now
		r.saveLook(c)
	}
}

// lookLast keeps what a client saw at its end: everything, when it said goodbye
// and nothing waited for it still, else what is known to have arrived.
func (r *room) lookLast(c *client) {
	if c.group == nil || r.gone {
		return // it saw nothing, or what it saw is nowhere any more
	}
	if c.parted() {
		c.looking.got = r.showing()
	}
	r.saveLook(c)
}

func (r *room) saveLook(c *client) {
	got := c.looking.got
	if got.moment.State == nil || !c.eyes.Own() {
		return // other eyes see less than the own, or nothing
	}
	reader, ok := got.moment.Access.Reader(c.visitor.User, got.moment.At)
	if !ok {
		return
	}
	r.hub.writing.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		defer cancel()
		look := view.LookAt(got.moment.State, reader)
		if err := r.hub.Cases.SaveLook(ctx, reader.User, r.id, got.at, look); err != nil {
			r.hub.Log.Warn("keep a look", "err", err) // more is new next time than has to be
		}
	})
}

// saidGoodbye tells whether reading ended because the other side closed: TCP
// brought it everything that was sent before.
func saidGoodbye(err error) bool {
	var end *websocket.CloseError
	return errors.As(err, &end) && end.Code != websocket.CloseAbnormalClosure
}

// parted tells whether the other side went by itself and missed nothing.
func (c *client) parted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.goodbye && !c.missed
}

// lastLook is what somebody saw when it looked last, and when.
type lastLook struct {
	seen view.Look
	at   time.Time
	left time.Time // when its owner left; for a while it may only be a broken line
}

// sameVisit lets a second window, and a line that broke, go on from what was seen
// before the visit that it belongs to.
func (r *room) sameVisit(c *client) {
	if before, ok := r.visits[c.visitor.User]; ok {
		c.before = before
	}
	c.before.left = time.Time{}
	r.visits[c.visitor.User] = c.before
}

// parts notes that somebody may have ended a visit.
func (r *room) parts(c *client) {
	if before, ok := r.visits[c.visitor.User]; ok {
		before.left = r.hub.Now()
		r.visits[c.visitor.User] = before
	}
}

// forgetVisits forgets those that are over.
func (r *room) forgetVisits(now time.Time) {
	for c := range r.clients {
		if before, ok := r.visits[c.visitor.User]; ok {
			before.left = time.Time{}
			r.visits[c.visitor.User] = before
		}
	}
	maps.DeleteFunc(r.visits, func(_ casework.UserID, before lastLook) bool {
		return !before.left.IsZero() && now.Sub(before.left) > lingers
	})
}

// recallLook reads what the visitor had seen before it sat down now. It does not
// keep anybody from the table when that cannot be told.
func (c *client) recallLook(ctx context.Context, id casework.CaseID) {
	seen, at, err := c.hub.Cases.LastLook(ctx, c.visitor.User, id)
	if err != nil {
		c.hub.Log.Warn("recall a look", "err", err)
	}
	c.before = lastLook{seen: seen, at: at}
}
