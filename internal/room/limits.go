package room

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/casustafel/casustafel/internal/casework"
)

// Limits keep a slow or hostile client from hurting anybody but itself.
type Limits struct {
	FrameBytes      int64      // largest frame from a client; default 64 KiB
	QueueBytes      int        // waiting for one client before it counts as slow; default 4 MiB
	FramesPerSecond rate.Limit // from one connection; default 20, one user twice that
	Burst           int        // frames; default 60
	Connections     int        // of one node; default 10000
	PerUser         int        // connections of one user; default 12
}

func (l Limits) orDefault() Limits {
	d := Limits{FrameBytes: 64 << 10, QueueBytes: 4 << 20, FramesPerSecond: 20, Burst: 60, Connections: 10000, PerUser: 12}
	if l.FrameBytes > 0 {
		d.FrameBytes = l.FrameBytes
	}
	if l.QueueBytes > 0 {
		d.QueueBytes = l.QueueBytes
	}
	if l.FramesPerSecond > 0 {
		d.FramesPerSecond = l.FramesPerSecond
	}
	if l.Burst > 0 {
		d.Burst = l.Burst
	}
	if l.Connections > 0 {
		d.Connections = l.Connections
	}
	if l.PerUser > 0 {
		d.PerUser = l.PerUser
	}
	return d
}

const (
	joinWithin   = 10 * time.Second
	pingEvery    = 25 * time.Second
	pongWithin   = 60 * time.Second
	writeWithin  = 10 * time.Second
	maxViolation = 200 // frames over the rate before the connection is closed
)

// userLimits are what the connections of one user share.
type userLimits struct {
	connections int
	rate        *rate.Limiter
}

// admit counts a connection in; false when there are too many.
func (h *Hub) admit(c *client) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.users[c.visitor.User]
	if u == nil {
		u = &userLimits{rate: rate.NewLimiter(2*h.Limits.FramesPerSecond, 2*h.Limits.Burst)}
	}
	if h.closing || len(h.clients) >= h.Limits.Connections || u.connections >= h.Limits.PerUser {
		return false
	}
	u.connections++
	h.users[c.visitor.User] = u
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
	if c.user.connections--; c.user.connections == 0 {
		delete(h.users, c.visitor.User)
	}
}

// Visitor is who opens a socket: a user with a session.
type Visitor struct {
	User    casework.UserID
	Session []byte // hash of its token
}
