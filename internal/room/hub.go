// Package room holds the live side of a case: the hub of a node, a room per
// open case, its clients and the messages between them (PROTOCOL.md). It knows
// neither SQL nor policy.
package room

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// Cases is what the hub needs of the use cases (app.App). It is declared here
// as app and room must not know each other.
type Cases interface {
	Enter(ctx context.Context, actor audit.Actor, id casework.CaseID, eyes view.Eyes, known *casework.State) (view.Entry, error)
	Observe(ctx context.Context, id casework.CaseID, event audit.Event, stays ...audit.StayMoment) error
	History(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, card casework.CardID, until int64) ([]casework.Event, error)
	Version(ctx context.Context, actor audit.Actor, reader casework.Reader, card casework.CardID, version casework.TextID, now view.Moment) (string, error)
	RefuseInRoom(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, event audit.Event, refusal *casework.Error) error
	Do(ctx context.Context, actor audit.Actor, id casework.CaseID, command casework.CommandID, name string, with []byte) board.Answer
	Access(context.Context, casework.CaseID) (*casework.Access, error)
	CatchUp(context.Context, *casework.State) (casework.Commit, error)
	ConfirmStays(context.Context) (goOn bool, err error)
	Covered() bool
	Heads(context.Context, []casework.CaseID) (epoch int64, heads map[casework.CaseID]int64, err error)
	LiveSessions(context.Context, [][]byte) (map[string]casework.SessionState, error)
	SeeSession(context.Context, []byte) error
	LastLook(ctx context.Context, user casework.UserID, id casework.CaseID) (view.Look, time.Time, error)
	SaveLook(ctx context.Context, user casework.UserID, id casework.CaseID, at time.Time, look view.Look) error
	TellHere(payload string)
	TellCarets(payload string)
}

// Sealer seals the small tokens that clients carry (store.TokenSealer).
type Sealer interface {
	Seal(plaintext string) string
	Open(token string) (plaintext string, ok bool)
}

// Config of a hub. Zero values mean the defaults of Limits.
type Config struct {
	Cases   Cases
	Tokens  Sealer
	Origins []string // that may open a socket, exactly as browsers write them
	Log     *slog.Logger
	Now     func() time.Time
	Limits  Limits
	Metrics *Metrics
}

// Hub holds the rooms and clients of one node.
type Hub struct {
	Config
	id            string // of this life of the node, in what it tells the others
	lastConfirmed atomic.Pointer[time.Time]
	histories     chan struct{} // one for each that is being told
	renderings    chan struct{} // one for each note that is being rendered
	epoch         atomic.Int64  // the newest access epoch this node knows of

	confirming sync.Mutex
	sessionsAt int64 // the access epoch under which sessions were last looked at; guarded by confirming

	staying sync.Mutex // held while stays are confirmed

	mu      sync.Mutex
	rooms   map[casework.CaseID]*room
	clients map[*client]struct{}
	users   map[casework.UserID]*userLimits
	closing bool
	readers sync.WaitGroup // of the clients
	running sync.WaitGroup // rooms
	writing sync.WaitGroup // records of leaving
}

// NewHub makes a hub; Run keeps it in touch with the other nodes.
func NewHub(c Config) *Hub {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics(nil)
	}
	c.Limits = c.Limits.orDefault()
	return &Hub{Config: c, id: casework.NewID[string](randomness), histories: make(chan struct{}, c.Limits.Histories), renderings: make(chan struct{}, c.Limits.Renderings), rooms: map[casework.CaseID]*room{}, clients: map[*client]struct{}{}, users: map[casework.UserID]*userLimits{}}
}

// Advance tells the room of a case, if it is open here, of a commit. It never
// waits.
func (h *Hub) Advance(c casework.Commit) {
	h.confirm(c.Epoch, c.Asked)
	if r := h.find(c.State.ID); r != nil {
		r.tell(c)
	}
}

// Nudge tells the room of a case that it goes up to a head.
func (h *Hub) Nudge(id casework.CaseID, head int64) {
	if r := h.find(id); r != nil {
		r.post(func() { r.reach(head) })
	}
}

// Forget ends the room of a case that was erased, if it is open here.
func (h *Hub) Forget(id casework.CaseID) {
	if r := h.find(id); r != nil {
		r.post(r.forget)
	}
}

func (h *Hub) find(id casework.CaseID) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[id]
}

// open finds or makes the room of a case. The caller has entered the case.
func (h *Hub) open(id casework.CaseID, access *casework.Access) (*room, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing {
		return nil, false
	}
	r := h.rooms[id]
	if r == nil {
		r = newRoom(h, id, access)
		h.rooms[id] = r
		h.running.Go(r.run)
	}
	r.expected++
	return r, true
}

// leaveEmpty ends a room that nobody is in or on the way to.
func (h *Hub) leaveEmpty(r *room) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.expected > 0 {
		return false
	}
	delete(h.rooms, r.id)
	return true
}

func (h *Hub) allRooms() []*room {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		all = append(all, r)
	}
	return all
}

func (h *Hub) allClients() []*client {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*client, 0, len(h.clients))
	for c := range h.clients {
		all = append(all, c)
	}
	return all
}

// Close asks every client to come back later and ends all rooms. Commands that
// are under way are still committed; their authors hear of it when they ask
// again after coming back.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	clients := h.allClients()
	for _, c := range clients {
		c.close(closeRestart)
	}
	stuck := time.AfterFunc(2*closeWriteLimit, func() {
		for _, c := range clients {
			c.conn.Close() //nolint:errcheck // it had its time
		}
	})
	h.readers.Wait()
	stuck.Stop()
	for _, r := range h.allRooms() {
		r.stop()
	}
	h.running.Wait()
	h.writing.Wait()
}
