package room

import (
	"errors"
	"io"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/casework"
)

// Close codes, in two bands (PROTOCOL.md): after 40xx a client comes back by
// itself, after 41xx it does not.
const (
	closeRestart    = 4000
	closeSlow       = 4001
	closeUnsure     = 4002
	closeTooFast    = 4003
	closeUnrecorded = 4004
	CloseSignedOut  = 4100 // also said by whoever finds no session at the door
	closeNoCase     = 4101
	closeBadFrame   = 4102
	closeTooMany    = 4103
	closeVersion    = 4104
	CloseLocked     = 4105 // likewise, of a session that is locked
	closeWriteLimit = time.Second
)

// close drops what still waits for the client, tells it the code and ends the
// connection. Only the first code counts.
func (c *client) close(code int) { c.end(code, true) }

// closeAfter does the same once everything that waits is written.
func (c *client) closeAfter(code int) { c.end(code, false) }

func (c *client) end(code int, drop bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code == 0 {
		c.code = code
		if drop {
			c.missed = len(c.queue) > 0
			c.queue, c.queued, c.here, c.others = nil, 0, nil, nil
		}
		c.hub.Metrics.closes.WithLabelValues(codeLabel(code)).Inc()
		c.startWriting()
	}
}

// refuse ends a connection that was never let in.
func (c *client) refuse(code int) {
	c.sayGoodbye(code)
	c.conn.Close() //nolint:errcheck // it is over either way
}

// sayGoodbye tells the code and hears the other side out for a moment: closing
// with unread frames would cut the farewell off.
func (c *client) sayGoodbye(code int) {
	deadline := time.Now().Add(closeWriteLimit)
	c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), deadline) //nolint:errcheck // the other side may be gone
	half, ok := c.gather.Conn.(interface{ CloseWrite() error })
	if ok && half.CloseWrite() == nil && c.gather.SetReadDeadline(deadline) == nil {
		io.Copy(io.Discard, c.gather.Conn) //nolint:errcheck // it ends when the other side does, or in time
	}
}

// closeFor is what a client is told that something failed for: that nothing can be
// put on the record, so that nothing goes out, or else that the server is not sure.
func closeFor(err error) int {
	var told *casework.Error
	if errors.As(err, &told) && told.Reason == casework.NotRecorded {
		return closeUnrecorded
	}
	return closeUnsure
}

func codeLabel(code int) string {
	return map[int]string{closeRestart: "restart", closeSlow: "slow", closeUnsure: "unsure", closeTooFast: "too_fast", closeUnrecorded: "unrecorded",
		CloseSignedOut: "signed_out", closeNoCase: "no_case", closeBadFrame: "bad_frame", closeTooMany: "too_many",
		closeVersion: "version", CloseLocked: "locked", websocket.CloseNormalClosure: "left"}[code]
}
