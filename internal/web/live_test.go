package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/patience"
)

// A real connection, as only that can be taken over.
func TestLive(t *testing.T) {
	t.Parallel()
	came := make(chan app.Session, 32) // more than ever come
	p := newPlace(t, func(c *Config) {
		c.Live = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			session, _ := app.SessionIn(r.Context())
			came <- session
			conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			conn.Close()
		})
	})
	iris := p.user(t, "iris")
	b := p.signedIn(t, "iris")
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	dial := func(token, from string) (*websocket.Conn, *http.Response, error) {
		header := http.Header{"Host": {"tafel.test"}}
		if from != "" {
			header.Set("Origin", from)
		}
		if token != "" {
			header.Set("Cookie", cookieName+"="+token)
		}
		dialer := websocket.Dialer{Subprotocols: []string{subprotocol}, HandshakeTimeout: patience.Within}
		return dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(srv.URL, "http")+"/live", header)
	}
	conn, _, err := dial(b.token, origin)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	var first []byte // the hash of the first token, which stays when the session gets another
	if err := p.admin.QueryRow(`SELECT first_hash FROM session WHERE token_hash = $1`, hashOf(t, b.token)).Scan(&first); err != nil {
		t.Fatal(err)
	}
	if session := <-came; session.Account.ID != iris || string(session.Hash) != string(first) {
		t.Errorf("the live door was handed %q", session.Account.ID)
	}
	for _, from := range []string{"", "null", "https://elders.test", "http://tafel.test", "https://tafel.test:8443", "https://tafel.test.elders.test"} {
		conn, answer, err := dial(b.token, from)
		if err == nil {
			conn.Close()
		}
		if answer == nil || answer.StatusCode != http.StatusForbidden {
			t.Errorf("origin %q was let in: %v", from, err)
		}
	}
	for _, token := range []string{"", strings.Repeat("A", 43), p.halfway(t, "iris").token} {
		conn, _, err := dial(token, origin)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"join"}`)); err != nil {
			t.Error(err)
		}
		_, _, err = conn.ReadMessage()
		if closed := (*websocket.CloseError)(nil); !errors.As(err, &closed) || closed.Code != 4100 || conn.Subprotocol() != subprotocol {
			t.Errorf("nobody was told %v over %q", err, conn.Subprotocol())
		}
		conn.Close()
	}
	if len(came) != 0 {
		t.Error("somebody who may not came to the live door")
	}
}
