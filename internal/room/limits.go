package room

import (
	"cmp"
	"maps"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// Limits keep a slow or hostile client from hurting anybody but itself.
type Limits struct {
	FrameBytes      int64      // largest frame from a client; default 64 KiB
	QueueBytes      int        // waiting for one client before it counts as slow; default 4 MiB
	FramesPerSecond rate.Limit // from one connection; default 30, one user twice that
	Burst           int        // frames; default 60
	Connections     int        // of one node; default 10000
	PerUser         int        // connections of one user; default 12
	Histories       int        // told at a time on one node, one for each user; default 2
	Renderings      int        // of notes at a time on one node, one for each user; default 2

	JoinWithin time.Duration // of opening a connection; default 10 s
	PongWithin time.Duration // of joining and of each pong; default 60 s
}

func (l Limits) orDefault() Limits {
	return Limits{
		FrameBytes:      cmp.Or(l.FrameBytes, 64<<10),
		QueueBytes:      cmp.Or(l.QueueBytes, 4<<20),
		FramesPerSecond: cmp.Or(l.FramesPerSecond, 30),
		Burst:           cmp.Or(l.Burst, 60),
		Connections:     cmp.Or(l.Connections, 10000),
		PerUser:         cmp.Or(l.PerUser, 12),
		Histories:       cmp.Or(l.Histories, 2),
		Renderings:      cmp.Or(l.Renderings, 2),
		JoinWithin:      cmp.Or(l.JoinWithin, 10*time.Second),
		PongWithin:      cmp.Or(l.PongWithin, 60*time.Second),
	}
}

const (
	pingEvery   = 25 * time.Second
	writeWithin = 10 * time.Second
	// A client that goes on over the rate is closed: after this many frames, or
	// fewer a second than it forgets.
	violations         = 200
	violationsForgiven = 1 // a second
)

// userLimits are what the connections of one user share. They are kept for a
// while after the last one: coming back over and over gives no fresh measure.
type userLimits struct {
	connections int
	rate        *rate.Limiter
	lookingBack atomic.Bool   // a history is being told
	renders     chan struct{} // holds one while a note is rendered
	left        time.Time     // by the last connection
}

func newUserLimits(l Limits) *userLimits {
	return &userLimits{rate: rate.NewLimiter(2*l.FramesPerSecond, 2*l.Burst), renders: make(chan struct{}, 1)}
}

const userLimitsKept = time.Minute

// admit counts a connection in; false when there are too many, or they come too
// fast.
func (h *Hub) admit(c *client) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.users[c.visitor.User]
	if u == nil {
		u = newUserLimits(h.Limits)
		h.users[c.visitor.User] = u
	}
	if h.closing || len(h.clients) >= h.Limits.Connections || u.connections >= h.Limits.PerUser || !u.rate.Allow() {
		return false
	}
	u.connections++
	h.clients[c] = struct{}{}
	c.user = u
	h.Metrics.connections.Inc()
	return true
}

func (h *Hub) dismiss(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.clients[c]; !ok {
		return
	}
	delete(h.clients, c)
	h.Metrics.connections.Dec()
	c.user.connections--
	c.user.left = h.Now()
}

// forgetUsers drops the measures of those who are long gone.
func (h *Hub) forgetUsers() {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.users, func(_ casework.UserID, u *userLimits) bool {
		return u.connections == 0 && h.Now().Sub(u.left) > userLimitsKept
	})
}

// Visitor is who opens a socket: a user with a session.
type Visitor struct {
	User    casework.UserID
	Session []byte // hash of its token
	Checks  []audit.Check
}
