// Package reference holds the two servers that Casustafel is measured against:
// a bare broadcast in rooms, and the same with every message committed to
// PostgreSQL before anybody gets it. They know no cases, rights or readers.
package reference

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// Server lets everybody in and sends each message to all in the room that the
// query names, its author too, who then gets an answer. Serve it at any path.
type Server struct {
	committer *Committer // nil: nothing is kept

	mu    sync.Mutex
	rooms map[string]*room
}

// New makes a server; without a committer it keeps nothing.
func New(c *Committer) *Server { return &Server{committer: c, rooms: map[string]*room{}} }

var (
	upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // of a loopback address, for a minute
	hello    = prepare([]byte(`{"t":"hello"}`))
	done     = prepare([]byte(`{"t":"answer","ok":true}`))
)

func prepare(frame []byte) *websocket.PreparedMessage {
	m, err := websocket.NewPreparedMessage(websocket.TextMessage, frame)
	if err != nil {
		panic(err) // only for an unknown kind of message
	}
	return m
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	c := &client{conn: conn, send: make(chan *websocket.PreparedMessage, queueLength), gone: make(chan struct{})}
	go c.write()
	go s.read(c, s.room(r.URL.Query().Get("room")))
}

func (s *Server) room(name string) *room {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[name]
	if r == nil {
		r = &room{name: name, work: make(chan work, queueLength), clients: map[*client]bool{}}
		s.rooms[name] = r
		go r.run()
	}
	return r
}

// read takes messages until the connection ends.
func (s *Server) read(c *client, r *room) {
	r.work <- work{client: c, enters: true}
	defer func() {
		close(c.gone)
		r.work <- work{client: c}
		c.conn.Close() //nolint:errcheck // it is over either way
	}()
	for {
		_, frame, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		m := message{room: r, work: work{client: c, frame: prepare(frame)}, body: frame}
		if s.committer == nil {
			r.work <- m.work
		} else {
			s.committer.queue <- m
		}
	}
}
