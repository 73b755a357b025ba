package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
)

// What people type, where they look and how they are known is in no log.
func TestLogsTellNothing(t *testing.T) {
	t.Parallel()
	const canary = "kanarie"
	p := newPlace(t, nil)
	p.user(t, canary)
	b := p.signedIn(t, canary)
	b.get("/?q=" + canary)
	b.post("/cases", "name", canary, "command", "22222222222222DD")
	b.get("/")
	b.get("/cases/22222222222222EE")
	b.get("/" + canary + "/" + canary)
	b.get("/assets/" + canary + ".js")
	b.post("/enter", "token", canary)
	b.post("/language", "language", canary)
	b.post("/sign-in", "login", canary, "password", canary)
	b.post("/sign-in?"+canary+"=%zz", canary, canary)
	b.send(request(strings.ToUpper(canary), "/", nil))
	odd := request(http.MethodGet, "/", nil)
	odd.Host = canary
	for _, name := range []string{"User-Agent", "Accept-Language", "X-Request-Id", "X-Forwarded-For", "Referer", "Origin"} {
		odd.Header.Set(name, canary)
	}
	b.send(odd)
	token := b.token
	b.post("/sign-out")
	log := p.logs.String()
	for _, secret := range []string{canary, strings.ToUpper(canary), token, "22222222222222", "192.0.2.1"} {
		if i := strings.Index(log, secret); i >= 0 {
			t.Errorf("the log holds %q: %.200s", secret, log[max(0, i-100):])
		}
	}
	for _, line := range []string{`method=GET route="GET /cases/{id}" status=200`, `method=GET route=/ status=404`, `method=other route=/ status=404`,
		`method=GET route="" status=421`, "request="} {
		if !strings.Contains(log, line) {
			t.Errorf("no %s in the log:\n%s", line, log)
		}
	}
}

func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	h := p.observe(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("kanarie") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request(http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "kanarie") || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	number := find(t, w, "code", "", "")
	if log := p.logs.String(); len(number) != 1 || !strings.Contains(log, "request="+text(number[0])) || !strings.Contains(log, "observe_test.go") ||
		!strings.Contains(log, "type=string") || strings.Contains(log, "kanarie") {
		t.Errorf("number %d, log %s", len(number), log)
	}
}

// Half an answer is cut off instead of looking whole.
func TestPanicHalfway(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	h := p.observe(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		panic("x")
	}))
	defer func() {
		if recover() != http.ErrAbortHandler { //nolint:errorlint // compared as net/http does
			t.Error("the connection is not cut")
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), request(http.MethodGet, "/", nil))
}

func TestReady(t *testing.T) {
	t.Parallel()
	warned := false
	p := newPlace(t, func(c *Config) { c.Warned = func() bool { return warned } })
	if w := p.answer(request(http.MethodGet, "/readyz", nil)); w.Code != http.StatusOK || w.Body.String() != "ready\n" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	warned = true
	if w := p.answer(request(http.MethodGet, "/readyz", nil)); w.Code != http.StatusOK || w.Body.String() != "ready, but look in the log of this server\n" {
		t.Errorf("with something to look at: %d %q", w.Code, w.Body)
	}
	p.admin.Close()
	if w := p.answer(request(http.MethodGet, "/readyz", nil)); w.Code != http.StatusServiceUnavailable || w.Body.String() != "not ready\n" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := p.answer(request(http.MethodGet, "/healthz", nil)); w.Code != http.StatusOK {
		t.Errorf("the process is well, but answers %d", w.Code)
	}
}

// A database that is not as it should be is our fault, and no reason to call
// somebody signed out.
func TestDatabaseBroken(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	if _, err := p.admin.Exec(`ALTER TABLE session RENAME TO elsewhere`); err != nil {
		t.Fatal(err)
	}
	for _, w := range []*httptest.ResponseRecorder{b.get("/"), b.post("/sign-out"), b.send(request(http.MethodPost, "/sign-in",
		url.Values{"login": {"iris"}, "password": {password}}))} {
		if w.Code != http.StatusInternalServerError || len(w.Result().Cookies()) != 0 || strings.Contains(w.Body.String(), "session") {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	}
	if _, err := p.App.SessionOf(t.Context(), b.token); err == nil || errors.Is(err, app.ErrSignedOut) {
		t.Errorf("without a database: %v", err)
	}
}
