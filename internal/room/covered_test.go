package room

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/patience"
)

// stayingCases say whether stays are covered, and go on.
type stayingCases struct {
	Cases
	covered, goOn bool
	asked         int
}

func (c *stayingCases) Covered() bool { return c.covered }

func (c *stayingCases) ConfirmStays(context.Context) (bool, error) {
	c.asked++
	return c.goOn || c.asked > 1, nil
}

// line is one to a hub, that has it.
func line(t *testing.T, hub *Hub) *websocket.Conn {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hub.Serve(w, r, Visitor{User: "U"}) }))
	t.Cleanup(server.Close)
	t.Cleanup(hub.Close)
	dialer := websocket.Dialer{Subprotocols: []string{Subprotocol}}
	conn, _, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), http.Header{"Origin": {"http://here"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() }) //nolint:errcheck // it may be closed
	if err := conn.SetReadDeadline(time.Now().Add(patience.Within)); err != nil {
		t.Fatal(err)
	}
	patience.Eventually(t, "the hub has the line", func() bool { return len(hub.allClients()) > 0 })
	return conn
}

// What waits for somebody whose stay may be over by the record never goes out, whoever
// put it there and when; the line ends.
func TestNothingGoesOutUncovered(t *testing.T) {
	t.Parallel()
	for covered, want := range map[bool]string{true: `{"t":"beat"}`, false: ""} {
		hub := NewHub(Config{Cases: &stayingCases{covered: covered}, Origins: []string{"http://here"}})
		conn := line(t, hub)
		hub.allClients()[0].ping()
		_, got, err := conn.ReadMessage()
		if string(got) != want || covered != (err == nil) || !covered && !websocket.IsCloseError(err, closeUnsure) {
			t.Errorf("covered %v: %q, %v", covered, got, err)
		}
	}
}

// When stays were taken for over all lines end, and a new life is begun at once.
func TestAllLeaveWhenTheirStaysAreOver(t *testing.T) {
	t.Parallel()
	for goOn, asked := range map[bool]int{true: 1, false: 2} {
		cases := &stayingCases{covered: true, goOn: goOn}
		hub := NewHub(Config{Cases: cases, Origins: []string{"http://here"}})
		conn := line(t, hub)
		if err := hub.confirmStays(t.Context()); err != nil || cases.asked != asked {
			t.Fatalf("asked %d times, %v", cases.asked, err)
		}
		if goOn {
			continue
		}
		if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, closeRestart) {
			t.Errorf("the line ended with %v", err)
		}
	}
}
