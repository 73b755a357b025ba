package room

import (
	"bufio"
	"net"
	"net/http"
	"sync"
)

// gathering is a ResponseWriter whose hijacked connection gathers frames, so
// that all that waits for a client goes out in one write.
type gathering struct {
	http.ResponseWriter
	conn *gatheringConn
}

// Hijack implements http.Hijacker.
func (g *gathering) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(g.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	g.conn = &gatheringConn{Conn: conn}
	return g.conn, rw, nil
}

// gatheringConn holds writes back while it gathers.
type gatheringConn struct {
	net.Conn
	mu      sync.Mutex
	gathers bool
	held    []byte
}

// Write implements net.Conn.
func (c *gatheringConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gathers {
		return c.Conn.Write(p)
	}
	c.held = append(c.held, p...)
	return len(p), nil
}

// gather begins to hold writes back.
func (c *gatheringConn) gather() {
	c.mu.Lock()
	c.gathers = true
	c.mu.Unlock()
}

// flush writes what was held back, in one write, and holds no more.
func (c *gatheringConn) flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gathers = false
	held := c.held
	c.held = nil // an idle connection keeps no buffer
	if len(held) == 0 {
		return nil
	}
	_, err := c.Conn.Write(held)
	return err
}
