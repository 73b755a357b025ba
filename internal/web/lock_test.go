package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/room"
)

// Under a locked session every route gives what nobody gets, or the way to
// unlock, and nothing of what there is.
func TestLockedSessionGetsNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config) { c.LockAfter = 10 * time.Minute })
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	opened := b.post("/cases", "name", "Zilverlinde", "command", "22222222222222AA").Header().Get("Location")
	if !strings.Contains(b.get("/").Body.String(), "Zilverlinde") {
		t.Fatal("there is nothing to hide")
	}
	if w := b.post("/lock"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Fatalf("lock answered %d", w.Code)
	}
	for _, path := range []string{"/", opened, opened + "?x=1", "/cases/22222222222222AB", "/nergens", "/enter"} {
		w := b.get(path)
		body := w.Body.String()
		if strings.Contains(body, "Zilverlinde") || strings.Contains(body, "board.") || strings.Contains(body, `id="board"`) {
			t.Errorf("%s shows something: %s", path, body)
		}
		if path != "/nergens" && path != "/enter" && (w.Code != http.StatusForbidden || len(find(t, w, "form", "action", "/unlock")) != 1 || len(find(t, w, "form", "action", "/sign-out")) != 1) {
			t.Errorf("%s answered %d: %s", path, w.Code, body)
		}
	}
	for path, to := range map[string]string{"/cases": "/", "/language": "/"} {
		if w := b.post(path, "name", "Nog een", "command", "22222222222222AC", "language", "en"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != to {
			t.Errorf("POST %s answered %d to %s", path, w.Code, w.Header().Get("Location"))
		}
	}
	if w := b.get("/sign-in"); w.Code != http.StatusSeeOther || b.token == "" {
		t.Errorf("sign-in answered %d", w.Code)
	}
	var n int
	if err := p.admin.QueryRow(`SELECT count(*) FROM cases`).Scan(&n); err != nil || n != 1 {
		t.Errorf("a locked session opened a case: %d, %v", n, err)
	}
	wrong := b.post("/unlock", "password", "fout")
	if wrong.Code != http.StatusForbidden || !strings.Contains(wrong.Body.String(), "Dat lukte niet") || strings.Contains(wrong.Body.String(), "fout\"") {
		t.Errorf("a wrong password answered %d: %s", wrong.Code, wrong.Body)
	}
	if w := b.post("/unlock", "password", password); w.Code != http.StatusSeeOther || !b.isSignedIn(t) {
		t.Errorf("the right password answered %d", w.Code)
	}
}

// A script learns what came of it and whose session it is, and no more.
func TestLockByScript(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	iris := p.user(t, "iris")
	b := p.signedIn(t, "iris")
	ask := func(method, path string, pairs ...string) *httptest.ResponseRecorder {
		form := map[string][]string{}
		for i := 0; i < len(pairs); i += 2 {
			form[pairs[i]] = []string{pairs[i+1]}
		}
		r := request(method, path, form)
		r.Header.Set("Accept", "text/plain")
		return b.send(r)
	}
	steps := []struct {
		method, path, password string
		code                   int
		body                   string
	}{
		{"GET", "/session", "", 200, string(iris)},
		{"POST", "/lock", "", 204, ""},
		{"POST", "/lock", "", 204, ""},
		{"GET", "/session", "", 403, string(iris)},
		{"POST", "/unlock", "fout", 403, ""},
		{"POST", "/unlock", password, 200, string(iris)},
		{"POST", "/unlock", "fout", 403, ""}, // of a session that is open: no way to try passwords either
		{"GET", "/session", "", 200, string(iris)},
		{"POST", "/sign-out", "", 303, ""},
		{"GET", "/session", "", 401, ""},
		{"POST", "/unlock", password, 401, ""},
	}
	for i, s := range steps {
		w := ask(s.method, s.path, "password", s.password)
		if w.Code != s.code || w.Body.String() != s.body {
			t.Errorf("step %d, %s %s: %d %q", i, s.method, s.path, w.Code, w.Body)
		}
	}
}

// Pages tell their script how long they may be left alone, and hold the lock.
func TestPagesCarryTheirLock(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config) { c.LockAfter = 90 * time.Second })
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	for _, path := range []string{"/", "/cases/22222222222222AA", "/nergens"} {
		w := b.get(path)
		if body := find(t, w, "body", "data-lock-after", "90000"); len(body) != 1 || len(find(t, w, "template", "id", "lock")) != 1 {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	nobody := browser{place: p}
	if w := nobody.get("/sign-in"); strings.Contains(w.Body.String(), "data-lock") {
		t.Errorf("the page of nobody can be locked: %s", w.Body)
	}
}

func TestLiveOfALockedSession(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	b.post("/lock")
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	header := http.Header{"Host": {"tafel.test"}, "Origin": {origin}, "Cookie": {cookieName + "=" + b.token}}
	dialer := websocket.Dialer{Subprotocols: []string{subprotocol}, HandshakeTimeout: patience.Within}
	conn, _, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(srv.URL, "http")+"/live", header)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _, err = conn.ReadMessage()
	if closed := (*websocket.CloseError)(nil); !errors.As(err, &closed) || closed.Code != room.CloseLocked {
		t.Errorf("a locked session was told %v", err)
	}
}
