package room

import (
	"net/http"
	"slices"
	"sync"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// Subprotocol is the version of the protocol that this hub speaks.
const Subprotocol = "casustafel.1"

// writeBuffers are shared by all connections: an idle one has none.
var writeBuffers = &sync.Pool{}

// Serve turns a request into a live connection and returns at once; the
// connection lives on in goroutines of its own. Only a listed origin is let in:
// a browser that sends none is not one of ours either.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, visitor Visitor) {
	upgrader := websocket.Upgrader{
		ReadBufferSize: 1 << 10, WriteBufferSize: 4 << 10, WriteBufferPool: writeBuffers,
		Subprotocols: []string{Subprotocol},
		CheckOrigin:  func(r *http.Request) bool { return slices.Contains(h.Origins, r.Header.Get("Origin")) },
	}
	hijacker := &gathering{ResponseWriter: w}
	conn, err := upgrader.Upgrade(hijacker, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	c := &client{hub: h, conn: conn, gather: hijacker.conn, visitor: visitor,
		actor: audit.Actor{User: visitor.User, Door: "live", Request: casework.NewID[string](randomness), Checks: visitor.Checks}}
	c.limitRate()
	if !h.admit(c) {
		c.refuse(closeTooMany)
		return
	}
	if conn.Subprotocol() != Subprotocol {
		c.close(closeVersion)
	}
	h.readers.Go(c.read)
}
