package web

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/identity"
)

func TestCookie(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := &browser{place: p}
	w := b.post("/sign-in", "login", "iris", "password", password)
	const fixed = "; Path=/; HttpOnly; Secure; SameSite=Strict"
	if got := w.Header().Values("Set-Cookie"); len(got) != 1 || got[0] != "__Host-casustafel="+b.token+fixed || len(b.token) != 43 {
		t.Errorf("cookie %q", got)
	}
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/start" || strings.Contains(w.Body.String(), b.token) {
		t.Errorf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if got := b.post("/sign-out").Header().Get("Set-Cookie"); got != "__Host-casustafel=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict" {
		t.Errorf("at sign-out: %q", got)
	}
}

// Whatever is wrong, one and the same page.
func TestSignInTellsNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.user(t, "ruben")
	if err := p.App.Deactivate(t.Context(), p.user(t, "weg")); err != nil {
		t.Fatal(err)
	}
	b := &browser{place: p}
	for range 5 {
		b.post("/sign-in", "login", "ruben", "password", "fout")
	}
	first := b.post("/sign-in", "login", "iris", "password", "fout")
	for name, pairs := range map[string][]string{
		"unknown":      {"login", "niemand", "password", password},
		"deactivated":  {"login", "weg", "password", password},
		"throttled":    {"login", "ruben", "password", password},
		"nothing":      {},
		"no password":  {"login", "iris"},
		"twice":        {"login", "niemand", "login", "iris", "password", password},
		"NUL":          {"login", "iris\x00", "password", "\x00"},
		"no text":      {"login", "\xff\xfe", "password", "\xc3\x28"},
		"long":         {"login", strings.Repeat("a", 10_000), "password", strings.Repeat("é", 5_000)},
		"markup":       {"login", `"><script>`, "password", "x"},
		"other fields": {"admin", "true", "login", "iris"},
	} {
		w := b.post("/sign-in", pairs...)
		if w.Code != first.Code || w.Body.String() != first.Body.String() || b.token != "" {
			t.Errorf("%s: %d instead of %d, body %s", name, w.Code, first.Code, w.Body)
		}
	}
	if first.Code != http.StatusForbidden || len(find(t, first, "div", "role", "alert")) != 1 {
		t.Errorf("%d: %s", first.Code, first.Body)
	}
}

func TestSignOutAndDeactivation(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	iris := p.user(t, "iris")
	here, there := p.signedIn(t, "iris"), p.signedIn(t, "iris")
	stolen := browser{place: p, token: here.token}
	here.post("/sign-out")
	if here.token != "" || stolen.isSignedIn(t) {
		t.Error("the session outlives its sign-out")
	}
	if !there.isSignedIn(t) {
		t.Error("another session was ended too")
	}
	if err := p.App.Deactivate(t.Context(), iris); err != nil {
		t.Fatal(err)
	}
	if there.isSignedIn(t) {
		t.Error("the session outlives its account")
	}
}

func TestSessionTimes(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	idle, used := p.signedIn(t, "iris"), p.signedIn(t, "iris")
	for at := time.Duration(0); at < identity.DefaultAbsolute; at += 20 * time.Minute {
		if !used.isSignedIn(t) {
			t.Fatalf("signed out after %v", at)
		}
		p.clock.turn(20 * time.Minute)
	}
	if idle.isSignedIn(t) || used.isSignedIn(t) {
		t.Error("a session outlives its time")
	}
	w := used.get("/sign-in")
	if w.Code != http.StatusOK || len(find(t, w, "p", "class", "notice")) == 0 || used.token != "" {
		t.Errorf("nobody is told that the session is over: %s", w.Body)
	}
}

// A session that somebody planted or overheard before is worth nothing after.
func TestFixation(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.user(t, "ruben")
	planted, hash := identity.NewToken(strings.NewReader(strings.Repeat("x", 32)))
	victim := browser{place: p, token: planted}
	victim.post("/sign-in", "login", "iris", "password", password)
	if victim.token == planted || !victim.isHalfway(t) || (&browser{place: p, token: planted}).isHalfway(t) {
		t.Error("a planted token became a session")
	}
	half := browser{place: p, token: victim.token}
	victim.post("/factors/app", victim.appCode(t)...)
	if victim.token == half.token || !victim.isSignedIn(t) || half.isSignedIn(t) || half.isHalfway(t) {
		t.Error("the token of half a session became one of a whole")
	}
	proven := browser{place: p, token: victim.token}
	p.clock.turn(time.Minute)
	victim.post("/prove/code", "code", victim.app(t))
	if victim.token == proven.token || !victim.isSignedIn(t) || proven.isSignedIn(t) {
		t.Error("the token of before holds after a second factor was shown again")
	}
	before := victim.token
	victim.post("/sign-in", "login", "ruben", "password", password)
	if victim.token == before || (&browser{place: p, token: before}).isSignedIn(t) {
		t.Error("the session before goes on beside the new one")
	}
	var n int
	if err := p.admin.QueryRow(`SELECT count(*) FROM session WHERE token_hash = $1`, hash).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d sessions of the planted token, %v", n, err)
	}
}

func TestEnter(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	iris := p.user(t, "iris")
	link := func() string {
		link, err := p.App.NewSignInLink(t.Context(), iris)
		if err != nil {
			t.Fatal(err)
		}
		return link
	}
	once := link()
	b := &browser{place: p}
	if b.get("/enter"); b.post("/enter", "token", once).Code != http.StatusSeeOther || !b.isHalfway(t) {
		t.Fatal("a link signs nobody in")
	}
	replay := &browser{place: p}
	first := replay.post("/enter", "token", once)
	if first.Code != http.StatusForbidden || replay.token != "" {
		t.Errorf("a spent link answered %d", first.Code)
	}
	for _, odd := range []string{"", "x", "\x00", "\xff", strings.Repeat("a", 10_000), link() + " "} {
		if w := replay.post("/enter", "token", odd); w.Code != first.Code || w.Body.String() != first.Body.String() || replay.token != "" {
			t.Errorf("%.20q answered %d", odd, w.Code)
		}
	}
	if w := replay.post("/enter?token=" + link()); w.Code != http.StatusForbidden {
		t.Errorf("a token in the address answered %d", w.Code)
	}
	shared := link()
	codes := make([]int, 2)
	var both sync.WaitGroup
	for i := range codes {
		both.Go(func() { codes[i] = (&browser{place: p}).post("/enter", "token", shared).Code })
	}
	both.Wait()
	if codes[0]+codes[1] != http.StatusSeeOther+http.StatusForbidden {
		t.Errorf("two uses of one link answered %v", codes)
	}
}
