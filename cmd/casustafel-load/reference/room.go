package reference

import "github.com/gorilla/websocket"

// queueLength is what may wait for a client or a room before its sender waits.
const queueLength = 256

// client is one connection: a goroutine reads it, one writes it.
type client struct {
	conn *websocket.Conn
	send chan *websocket.PreparedMessage
	gone chan struct{}
}

func (c *client) write() {
	for {
		select {
		case m := <-c.send:
			if c.conn.WritePreparedMessage(m) != nil {
				c.conn.Close() //nolint:errcheck // the reader ends with it
				return
			}
		case <-c.gone:
			return
		}
	}
}

// push hands a message to the writer, waiting for it when it is behind: nothing
// is dropped, as nothing may be lost in the comparison.
func (c *client) push(m *websocket.PreparedMessage) {
	select {
	case c.send <- m:
	case <-c.gone:
	}
}

// room is one goroutine that owns who is in it.
type room struct {
	name    string
	work    chan work
	clients map[*client]bool
}

// work is a message of a client, or without one its coming or going.
type work struct {
	client *client
	frame  *websocket.PreparedMessage
	enters bool
}

func (r *room) run() {
	for w := range r.work {
		switch {
		case w.frame != nil:
			for c := range r.clients {
				c.push(w.frame)
			}
			w.client.push(done)
		case w.enters:
			r.clients[w.client] = true
			w.client.push(hello)
		default:
			delete(r.clients, w.client)
		}
	}
}
