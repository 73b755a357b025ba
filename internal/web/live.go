package web

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/room"
)

// What the live protocol says to somebody whose session is over or locked.
const (
	subprotocol = room.Subprotocol
	farewell    = 5 * time.Second // for the other side to hear it
)

// live hands the connection to the live door. Who is not signed in, or locked, is
// told so in the words of the protocol, as a browser shows its page no status of
// a connection that was refused.
func (s *site) live(w http.ResponseWriter, r *http.Request) error {
	if !s.origins.allows(r) {
		s.refuse(w, r, http.StatusForbidden, "error.forbidden")
		return nil
	}
	if _, ok := app.SessionIn(r.Context()); ok {
		s.Live.ServeHTTP(w, r)
		return nil
	}
	why := room.CloseSignedOut
	if _, locked := app.LockedIn(r.Context()); locked {
		why = room.CloseLocked
	}
	upgrader := websocket.Upgrader{Subprotocols: []string{subprotocol}, CheckOrigin: func(*http.Request) bool { return true }} // checked above
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return nil // Upgrade answered
	}
	defer conn.Close() //nolint:errcheck // it is over either way
	deadline := time.Now().Add(farewell)
	if conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(why, ""), deadline) != nil {
		return nil
	}
	// Closing with unread frames would cut the farewell off.
	conn.SetReadLimit(bodyLimit)
	if conn.SetReadDeadline(deadline) != nil {
		return nil
	}
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return nil
		}
	}
}
