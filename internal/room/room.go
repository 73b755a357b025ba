package room

import (
	"context"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// lingers is how long an empty room keeps its state, for those who come back.
const lingers = 2 * time.Minute

// tidyEvery is how often a room does what time brings.
const tidyEvery = 5 * time.Second

// room is one open case on this node. One goroutine owns everything below the
// line; others post to it.
type room struct {
	hub      *Hub
	id       casework.CaseID
	expected int // clients in it or on the way; guarded by hub.mu

	mu     sync.Mutex
	inbox  []func()
	latest *casework.Commit // of this node, not taken yet; it comes before the inbox
	wake   chan struct{}
	ended  bool

	// ---
	moment  view.Moment // what everybody has
	pending *casework.Commit
	held    []func() // answers that wait for the pending commit
	clients map[*client]struct{}
	groups  map[string]*group
	// stay names this life of the room and turn counts its moments: changes of
	// the team and the clock have no seq, but they have a turn.
	stay    string
	turn    int64
	away    map[string]visitors // who is at this table on other nodes
	hereDue bool
	told    string // what the other nodes know of who is here
	expiry  *time.Timer
	empty   time.Time // since when nobody is in it
	halted  bool      // the log does not fold: nothing of this case is served
}

func newRoom(h *Hub, id casework.CaseID, access *casework.Access) *room {
	r := &room{hub: h, id: id, stay: casework.NewID[string](randomness), wake: make(chan struct{}, 1), clients: map[*client]struct{}{}, groups: map[string]*group{},
		away: map[string]visitors{}, moment: view.Moment{State: casework.NewState(id), Access: access, At: h.Now()}}
	return r
}

// post hands work to the room's goroutine. It never waits.
func (r *room) post(work func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.inbox = append(r.inbox, work)
		r.awake()
	}
}

// tell hands a commit to the room's goroutine. Commits that come faster than the
// room shows them are shown as one: it falls behind no further. It never waits.
func (r *room) tell(c casework.Commit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		if r.latest != nil {
			c = later(*r.latest, c)
		}
		r.latest = &c
		r.awake()
	}
}

// awake wakes the room's goroutine. r.mu is held.
func (r *room) awake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// stop ends the room.
func (r *room) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	r.awake()
}

func (r *room) run() {
	r.hub.Metrics.rooms.Inc()
	defer r.hub.Metrics.rooms.Dec()
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	r.catchUp()
	for {
		r.mu.Lock()
		work, latest, ended := r.inbox, r.latest, r.ended
		r.inbox, r.latest = nil, nil
		r.mu.Unlock()
		if latest != nil {
			r.advance(*latest)
		}
		for _, w := range work {
			w()
		}
		if ended {
			return
		}
		if latest != nil || len(work) > 0 {
			r.tellHere()
			continue
		}
		select {
		case <-r.wake:
		case <-tick.C:
			if r.tidy() {
				return
			}
		}
	}
}

// known is the newest state that this room has, shown or not.
func (r *room) known() *casework.State {
	if r.pending != nil {
		return r.pending.State
	}
	return r.moment.State
}

// reach catches up when the log goes further than the room does.
func (r *room) reach(head int64) {
	if head > r.known().Seq {
		r.catchUp()
	}
}

// catchUp brings the room up to the log.
func (r *room) catchUp() {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	commit, err := r.hub.Cases.CatchUp(ctx, r.known())
	if err != nil {
		r.fault("catch up with a case", err)
		return
	}
	r.advance(commit)
}

// confirmed hears the epoch and the head of this case; epoch and head are as of
// one moment not long ago.
func (r *room) confirmed(epoch, head int64) {
	r.reach(head)
	if epoch > r.moment.Access.Epoch || r.pending != nil {
		r.advance(casework.Commit{State: r.moment.State, Epoch: epoch})
	}
}

// advance takes the room to a later commit. Content waits while this node
// cannot be sure of rights, and rights are brought up to the commit before it
// is shown to anybody.
func (r *room) advance(c casework.Commit) {
	c = r.merge(c)
	c.Epoch = max(c.Epoch, r.hub.epoch.Load())
	r.pending = &c
	if !r.hub.Fresh() || r.halted {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	if c.Access == nil || c.Access.Epoch < c.Epoch {
		access, err := r.hub.Cases.Access(ctx, r.id)
		if err != nil {
			r.fault("read who is at a table", err)
			return
		}
		c.Access = access
		r.hub.raiseEpoch(access.Epoch)
	}
	if err := r.hub.confirmSessions(ctx, c.Access.Epoch); err != nil {
		r.fault("confirm sessions", err)
		return
	}
	r.pending = nil
	r.show(view.Moment{State: c.State, Access: c.Access, At: r.hub.Now()})
	for _, answer := range r.held {
		answer()
	}
	r.held = nil
}

// merge takes the newest of what is shown, what waits and what comes.
func (r *room) merge(c casework.Commit) casework.Commit {
	newest := casework.Commit{State: r.moment.State, Epoch: r.moment.Access.Epoch, Access: r.moment.Access}
	if r.pending != nil {
		newest = later(newest, *r.pending)
	}
	return later(newest, c)
}

// later takes the newer state, epoch and access of two commits; what is equally
// new stays the same object.
func later(a, b casework.Commit) casework.Commit {
	if b.State.Seq > a.State.Seq {
		a.State = b.State
	}
	if b.Access != nil && (a.Access == nil || b.Access.Epoch > a.Access.Epoch) {
		a.Access = b.Access
	}
	a.Epoch = max(a.Epoch, b.Epoch)
	return a
}

// inOrder does something after the changes that are still held back.
func (r *room) inOrder(f func()) {
	if r.pending != nil {
		r.held = append(r.held, f)
		return
	}
	f()
}

// fault logs that the room cannot go on for now; a log that does not fold halts
// the room for good.
func (r *room) fault(what string, err error) {
	r.hub.Log.Error(what, "err", err)
	if casework.IsBroken(err) {
		r.halted = true
		for c := range r.clients {
			c.close(closeUnsure)
		}
	}
}

// tidy does what time brings: memberships that begin or end by themselves,
// groups nobody comes back to, visitors of nodes that fell silent, and the end
// of an empty room. It tells whether the room ended.
func (r *room) tidy() bool {
	now := r.hub.Now()
	for key, g := range r.groups {
		if len(g.clients) == 0 && now.Sub(g.left) > lingers {
			delete(r.groups, key)
		}
	}
	r.forgetAway(now)
	r.tellAway(true)
	r.tellHere()
	if len(r.clients) > 0 || now.Sub(r.empty) < lingers || !r.hub.leaveEmpty(r) {
		return false
	}
	r.stop()
	if r.expiry != nil {
		r.expiry.Stop()
	}
	return true
}
