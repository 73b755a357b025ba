package web

import (
	"bytes"
	"database/sql"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

var server storetest.Server

func TestMain(m *testing.M) { storetest.Main(m, &server) }

const (
	origin   = "https://tafel.test"
	password = "een lang genoeg woord"
)

// place is all pages over a real app, with a clock that the test turns.
type place struct {
	*site
	http.Handler
	clock *clock
	admin *sql.DB // sees everything, goes round every rule
	logs  *buffer

	second *second
}

func newPlace(t *testing.T, change func(*Config)) place {
	t.Helper()
	database := server.Database(t)
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	p := place{clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, logs: &buffer{},
		second: &second{codes: map[string][]string{}}}
	log := slog.New(slog.NewTextHandler(p.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if p.admin, err = sql.Open("postgres", server.DSN(database)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.admin.Close() })
	c := Config{Origins: []string{origin}, Log: log, Now: p.clock.Now,
		Live:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }),
		Ready: p.admin.PingContext}
	if change != nil {
		change(&c)
	}
	passkeys, err := identity.NewPasskeys(c.Origins)
	if err != nil {
		t.Fatal(err)
	}
	c.App = app.New(app.Config{Store: storetest.Open(t, server.Config(database, storetest.Keys(t))), Policy: rules, Node: "test",
		Now: p.clock.Now, Log: log, Passkeys: passkeys})
	t.Cleanup(c.App.Close)
	if p.site, err = newSite(c); err != nil {
		t.Fatal(err)
	}
	p.Handler = p.handler()
	return p
}

// user makes an account with password.
func (p place) user(t *testing.T, login string) casework.UserID {
	t.Helper()
	id, err := p.App.AddUser(t.Context(), app.NewUser{Login: login, Name: "Naam van " + login, Discipline: casework.Chair,
		Organisation: "De Linde", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// request is what a browser would send from one of our own pages.
func request(method, path string, form url.Values) *http.Request {
	r := httptest.NewRequest(method, origin+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "null") // so because of Referrer-Policy: no-referrer
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return r
}

func (p place) answer(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

// browser keeps the session cookie as a browser does.
type browser struct {
	place
	token  string
	secret string // of the app that was set up in it
}

func (b *browser) send(r *http.Request) *httptest.ResponseRecorder {
	if b.token != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: b.token})
	}
	w := b.answer(r)
	for _, c := range w.Result().Cookies() {
		if c.Name == cookieName {
			b.token = c.Value
		}
	}
	return w
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.send(request(http.MethodGet, path, nil))
}

// post sends a form of name and value pairs.
func (b *browser) post(path string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.send(request(http.MethodPost, path, form))
}

// signedIn is a browser in which the login just signed in, with both factors.
func (p place) signedIn(t *testing.T, login string) *browser {
	t.Helper()
	b := p.halfway(t, login)
	p.second.mu.Lock()
	defer p.second.mu.Unlock()
	if codes := p.second.codes[login]; len(codes) > 0 {
		p.second.codes[login] = codes[1:]
		if w := b.post("/prove/code", "recovery", codes[0]); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/start" {
			t.Fatalf("a recovery code answered %d: %s", w.Code, w.Body)
		}
		return b
	}
	w := b.post("/factors/app", b.appCode(t)...)
	if w.Code != http.StatusOK {
		t.Fatalf("setting up a second factor answered %d: %s", w.Code, w.Body)
	}
	for _, code := range find(t, w, "code", "", "") {
		p.second.codes[login] = append(p.second.codes[login], text(code))
	}
	return b
}

// halfway is a browser in which the login's password was right.
func (p place) halfway(t *testing.T, login string) *browser {
	t.Helper()
	b := &browser{place: p}
	if w := b.post("/sign-in", "login", login, "password", password); w.Code != http.StatusSeeOther || b.token == "" {
		t.Fatalf("sign-in answered %d: %s", w.Code, w.Body)
	}
	return b
}

// second are the recovery codes that the people of a test have left.
type second struct {
	mu    sync.Mutex
	codes map[string][]string
}

// appCode is what the form of a new app takes, with the code that it shows now.
func (b *browser) appCode(t *testing.T) []string {
	t.Helper()
	page := b.get("/factors/app")
	secret := find(t, page, "code", "class", "secret")
	if page.Code != http.StatusOK || len(secret) != 1 {
		t.Fatalf("the page of a new app answered %d: %s", page.Code, page.Body)
	}
	b.secret = strings.ReplaceAll(text(secret[0]), " ", "")
	return []string{"set_up", attr(find(t, page, "input", "name", "set_up")[0], "value"), "code", b.app(t)}
}

// app is the code that the app shows now.
func (b *browser) app(t *testing.T) string {
	t.Helper()
	code, err := totp.GenerateCode(b.secret, b.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// isSignedIn asks for the page of one's own cases.
func (b *browser) isSignedIn(t *testing.T) bool {
	t.Helper()
	w := b.get("/")
	if to := w.Header().Get("Location"); w.Code != http.StatusOK && (w.Code != http.StatusSeeOther || to != "/sign-in" && to != "/prove") {
		t.Fatalf("/ answered %d", w.Code)
	}
	return w.Code == http.StatusOK
}

// isHalfway tells whether only a second factor is wanted.
func (b *browser) isHalfway(t *testing.T) bool {
	t.Helper()
	return b.get("/").Header().Get("Location") == "/prove"
}

func hashOf(t *testing.T, token string) []byte {
	t.Helper()
	hash, ok := identity.HashToken(token)
	if !ok {
		t.Fatalf("%q is no token", token)
	}
	return hash
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time that it is in the test.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// buffer is a log that can be read while it is written.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// String is what was written.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
