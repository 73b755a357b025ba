package room

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
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
	hub        *Hub
	renderings renderings
	id         casework.CaseID
	began      time.Time // the beat of the carets is counted from it
	expected   int       // clients in it or on the way; guarded by hub.mu

	shown atomic.Pointer[casework.State] // what everybody has

	mu     sync.Mutex
	inbox  []func()
	latest *casework.Commit // of this node, not taken yet; it comes before the inbox
	wake   chan struct{}
	ended  bool

	// ---
	moment  view.Moment      // what everybody has
	epoch   int64            // up to which moment.Access is known to hold
	alike   *casework.Access // read later, and found to be as moment.Access is
	pending *casework.Commit
	held    []func() // answers that wait for the pending commit
	clients map[*client]struct{}
	groups  map[string]*group
	// life names this life of the room and turn counts its moments: changes of
	// the team and the clock have no seq, but they have a turn.
	life    string
	turn    int64
	moved   map[casework.UserID]int64 // the turn at which somebody's own place at the table last changed
	visits  map[casework.UserID]lastLook
	away    map[string]elsewhere // who is at this table on other nodes
	hereDue bool
	told    string // what the other nodes know of who is here
	carets  caretTelling
	expiry  *time.Timer
	empty   time.Time // since when nobody is in it
	halted  bool      // something is wrong with the case: nothing of it is served
	gone    bool      // the case was erased: nothing of it is kept
}

func newRoom(h *Hub, id casework.CaseID, access *casework.Access) *room {
	r := &room{hub: h, id: id, began: h.Now(), life: casework.NewID[string](randomness), wake: make(chan struct{}, 1), clients: map[*client]struct{}{}, groups: map[string]*group{},
		moved: map[casework.UserID]int64{}, visits: map[casework.UserID]lastLook{}, away: map[string]elsewhere{}, epoch: access.Epoch, moment: view.Moment{State: casework.NewState(id), Access: access, At: h.Now()}}
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
	r.safely(r.catchUp)
	for {
		r.mu.Lock()
		work, latest, ended := r.inbox, r.latest, r.ended
		r.inbox, r.latest = nil, nil
		r.mu.Unlock()
		if latest != nil {
			r.safely(func() { r.advance(*latest) })
		}
		for _, w := range work {
			r.safely(w)
		}
		if ended {
			return
		}
		busy := latest != nil || len(work) > 0
		if busy {
			r.safely(r.tellHere)
		}
		if r.rest(tick, busy) && r.tidy() {
			return
		}
	}
}

// rest waits for work, unless there was some just now, and tells whether it is
// time to tidy.
func (r *room) rest(tick *time.Ticker, busy bool) bool {
	if busy {
		select {
		case <-tick.C:
			return true
		default:
			return false
		}
	}
	select {
	case <-r.wake:
		return false
	case <-tick.C:
		return true
	}
}

// safely keeps a panic with its cause: the room it happened in is halted, the
// others go on.
func (r *room) safely(work func()) {
	defer func() {
		if p := recover(); p != nil {
			r.hub.Log.Error("a room panicked", "stack", string(debug.Stack()))
			r.halt()
		}
	}()
	work()
}

// halt stops serving this case, until somebody looked at what is wrong.
func (r *room) halt() {
	r.halted = true
	for c := range r.clients {
		c.close(closeUnsure)
	}
}

// forget ends the stay of everybody at a case that was erased, as at one that is not
// there. The room ends when they are out, and what it knew with it.
func (r *room) forget() {
	r.gone, r.halted = true, true
	for c := range r.clients {
		c.close(closeNoCase)
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
	r.forgetVisits(now)
	r.tellAway(true)
	r.tellCaretsAway(true)
	r.tellHere()
	if len(r.clients) > 0 || !r.gone && now.Sub(r.empty) < lingers || !r.hub.leaveEmpty(r) {
		return false
	}
	r.stop()
	if r.expiry != nil {
		r.expiry.Stop()
	}
	r.carets.stop()
	return true
}
