package room

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

var randomness = rand.Reader

// client is one connection. Its reader lives as long as it does; a writer lives
// only while something waits.
type client struct {
	hub     *Hub
	conn    *websocket.Conn
	gather  *gatheringConn
	visitor Visitor
	actor   audit.Actor
	user    *userLimits
	rate    *rate.Limiter
	eyes    view.Eyes // through which it looks; from joining on
	room    *room     // after joining; used by the reader alone
	before  lastLook  // before it joined
	seen    time.Time // when the session was last marked as used; reader alone

	// Pings whose pong has not come: only a first pong to each is work for the room.
	pinged, proving atomic.Bool

	// What the room's goroutine keeps of it.
	group     *group
	persons   []casework.PersonID // of whom it was told anything, on the record
	focus     casework.CardID
	writes    spot   // where its person writes
	hereTold  string // who is at the table, as it was last told
	carets    string // of others, as it was last told
	looking   looking
	left      bool // it may leave while it still waits to come in
	questions int  // that are being worked out

	mu      sync.Mutex
	queue   []outgoing
	queued  int // bytes in queue
	here    *outgoing
	others  *outgoing // where others write
	code    int       // why it is being closed; 0 while it is not
	writing bool
	goodbye bool // the other side closed
	missed  bool // something that waited was dropped
}

// outgoing is a frame on its way: prepared once for all its receivers.
type outgoing struct {
	frame *websocket.PreparedMessage // nil: a ping
	ping  string                     // that comes back with its pong
	size  int
}

func (c *client) limitRate() {
	c.rate = rate.NewLimiter(c.hub.Limits.FramesPerSecond, c.hub.Limits.Burst)
}

// send queues a frame. A client that lets too much wait is closed, and comes
// back for the whole state.
func (c *client) send(frame outgoing) {
	c.mu.Lock()
	if c.code != 0 {
		c.mu.Unlock()
		return
	}
	c.queue = append(c.queue, frame)
	c.queued += frame.size
	slow := c.queued > c.hub.Limits.QueueBytes
	c.startWriting()
	c.mu.Unlock()
	if slow {
		c.close(closeSlow)
	}
}

// sendHere queues who is at the table; only the latest counts, and it goes last.
func (c *client) sendHere(frame outgoing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code == 0 {
		c.here = &frame
		c.startWriting()
	}
}

// ping asks the other side's machine whether it is there, and beats for the
// page behind it, which does not hear of pings.
func (c *client) ping() {
	c.pinged.Store(true)
	c.send(outgoing{})
	c.send(beat)
}

// beat tells a page that its line is alive.
var beat = encode(struct {
	Type string `json:"t"`
}{"beat"})

// startWriting makes sure that a writer runs. c.mu is held.
func (c *client) startWriting() {
	if !c.writing {
		c.writing = true
		go c.write()
	}
}

// write sends what waits, as much as possible in one write, until nothing does.
func (c *client) write() {
	for {
		covered := c.hub.Cases.Covered()
		if !covered {
			c.close(closeUnsure)
		}
		c.mu.Lock()
		frames, code := c.queue, c.code
		if c.here != nil {
			frames = append(frames, *c.here)
		}
		if c.others != nil {
			frames = append(frames, *c.others)
		}
		c.queue, c.queued, c.here, c.others = nil, 0, nil, nil
		if !covered {
			frames = nil // they would be seen in no stay that is on the record
		}
		if len(frames) == 0 && code == 0 {
			c.writing = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		err := c.writeAll(frames)
		if code != 0 && err == nil {
			c.sayGoodbye(code)
		}
		if code != 0 || err != nil {
			c.conn.Close() //nolint:errcheck // the reader ends with it
			return
		}
	}
}

func (c *client) writeAll(frames []outgoing) error {
	if len(frames) == 0 {
		return nil
	}
	deadline := time.Now().Add(writeWithin)
	c.gather.gather()
	var failed error
	for _, f := range frames {
		var err error
		if f.frame == nil {
			err = c.conn.WriteControl(websocket.PingMessage, []byte(f.ping), deadline)
		} else {
			if err = c.conn.SetWriteDeadline(deadline); err == nil {
				err = c.conn.WritePreparedMessage(f.frame)
			}
		}
		failed = errors.Join(failed, err)
	}
	if err := c.conn.NetConn().SetWriteDeadline(deadline); err != nil {
		return errors.Join(failed, err)
	}
	c.hub.Metrics.frames.Add(float64(len(frames)))
	return errors.Join(failed, c.gather.flush())
}

// read takes frames until the connection ends, then leaves the room.
func (c *client) read() {
	defer c.leave()
	defer func() {
		if p := recover(); p != nil {
			c.hub.Log.Error("a frame caused a panic", "stack", string(debug.Stack()))
			c.close(closeBadFrame)
		}
	}()
	if err := c.conn.SetReadDeadline(time.Now().Add(c.hub.Limits.JoinWithin)); err != nil {
		return
	}
	patience := rate.NewLimiter(violationsForgiven, violations)
	for {
		kind, frame, err := c.readFrame()
		if err != nil {
			c.explain(err)
			return
		}
		if c.ending() {
			return // what comes after the end is not carried out
		}
		if !c.rate.Allow() || !c.user.rate.Allow() {
			if !patience.Allow() {
				c.close(closeTooFast)
				return
			}
			c.tooFast(frame)
			continue
		}
		if kind != websocket.TextMessage || !c.receive(frame) {
			c.send(encode(badFrame{Type: "error", Reason: "bad_frame"}))
			c.closeAfter(closeBadFrame)
			return
		}
	}
}

var errTooLarge = errors.New("frame too large")

// readFrame takes one frame, as far as the limit goes: the library's own limit
// would end the connection with a code that is not of our protocol.
func (c *client) readFrame() (kind int, frame []byte, err error) {
	kind, r, err := c.conn.NextReader()
	if err != nil {
		return kind, nil, err
	}
	frame, err = io.ReadAll(io.LimitReader(r, c.hub.Limits.FrameBytes+1))
	if err == nil && int64(len(frame)) > c.hub.Limits.FrameBytes {
		err = errTooLarge
	}
	return kind, frame, err
}

// explain tells a client that sent too large a frame; any other end of reading
// speaks for itself.
func (c *client) explain(err error) {
	var timeout net.Error
	if saidGoodbye(err) {
		c.mu.Lock()
		c.goodbye = true
		c.mu.Unlock()
	}
	if errors.Is(err, errTooLarge) {
		c.close(closeBadFrame)
	} else if errors.As(err, &timeout) && timeout.Timeout() {
		c.close(closeRestart)
	}
}

// joined moves the connection to the rhythm of pings and pongs.
func (c *client) joined() error {
	c.conn.SetPongHandler(func(ping string) error {
		c.pong(ping)
		return c.conn.SetReadDeadline(time.Now().Add(c.hub.Limits.PongWithin))
	})
	return c.conn.SetReadDeadline(time.Now().Add(c.hub.Limits.PongWithin))
}

// pong hears the answer to a ping. One that nobody asked for is no work for
// anybody: pongs are not among the frames that are limited.
func (c *client) pong(ping string) {
	switch {
	case ping == askLook && c.proving.CompareAndSwap(true, false):
		c.room.post(func() { c.room.arrived(c) })
	case ping == "" && c.pinged.CompareAndSwap(true, false):
		c.room.post(func() { c.room.prove(c) })
	}
}

func (c *client) ending() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.code != 0
}

func (c *client) leave() {
	c.close(websocket.CloseNormalClosure)
	if c.room != nil {
		c.room.post(func() { c.room.remove(c) })
	}
	c.hub.dismiss(c)
}

// keepAlive marks the session as used by what a person did here.
func (c *client) keepAlive(ctx context.Context) {
	now := c.hub.Now()
	if now.Sub(c.seen) < time.Minute {
		return
	}
	c.seen = now
	if err := c.hub.Cases.SeeSession(ctx, c.visitor.Session); err != nil {
		c.hub.Log.Warn("mark a session as used", "err", err)
	}
}
