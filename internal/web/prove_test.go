package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// With a password alone every route gives what nobody gets, or the way to a second
// factor: no page, no form and no socket is open.
func TestHalfASessionGetsNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	whole := p.signedIn(t, "iris")
	opened := whole.post("/cases", "name", "Zilverlinde", "command", "22222222222222AA").Header().Get("Location")
	b := p.halfway(t, "iris")
	nobody := &browser{place: p}
	own := map[string]bool{"GET /prove": true, "POST /prove/code": true, "POST /prove/passkey": true, "GET /factors/app": true, "POST /factors/app": true,
		"POST /factors/passkey": true, "POST /language": true, "POST /sign-out": true, "GET /sign-in": true, "POST /sign-in": true,
		"POST /enter": true, "POST /sign-in/passkey": true}
	for _, route := range p.routes() {
		method, path, ok := strings.Cut(route.pattern, " ")
		if !ok || own[route.pattern] || route.access == machine {
			continue
		}
		path = strings.NewReplacer("{$}", "", "/cases/{id}", opened, "{user}", "22222222222222AB").Replace(path)
		form := url.Values{"name": {"Nog een"}, "command": {"22222222222222AC"}, "for": {"new"}, "seen": {"focus"}, "contact": {"06"}}
		w := b.send(request(method, path, form))
		if route.access == signedIn {
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/prove" || w.Body.String() != "" && strings.Contains(w.Body.String(), "Zilverlinde") {
				t.Errorf("%s answered %d to %s: %s", route.pattern, w.Code, w.Header().Get("Location"), w.Body)
			}
		} else if other := nobody.send(request(method, path, form)); route.pattern != "POST /passkey" && (w.Code != other.Code || w.Body.String() != other.Body.String() && strings.Contains(w.Body.String(), "iris")) {
			t.Errorf("%s answered %d, and nobody %d: %s", route.pattern, w.Code, other.Code, w.Body)
		}
	}
	if w := b.post("/passkey", "for", "new"); w.Header().Get("Location") != "/prove?to=%2Fme" {
		t.Errorf("half a session that has a factor is asked for a new passkey: %d %s", w.Code, w.Body)
	}
	if w := b.get("/factors/app"); w.Header().Get("Location") != "/prove?to=%2Ffactors%2Fapp" {
		t.Errorf("half a session that has a factor connects an app: %d", w.Code)
	}
	page := b.get("/prove")
	for _, secret := range []string{"Zilverlinde", "Naam van iris", "De Linde", "data-user", "iris"} {
		if strings.Contains(page.Body.String(), secret) {
			t.Errorf("the page of the second step shows %s: %s", secret, page.Body)
		}
	}
	if w := b.post("/language", "language", "en"); w.Code != http.StatusSeeOther || !strings.Contains(b.get("/prove").Body.String(), "Second step") {
		t.Errorf("the language cannot be chosen: %d", w.Code)
	}
	var n int
	if err := p.admin.QueryRow(`SELECT count(*) FROM cases`).Scan(&n); err != nil || n != 1 {
		t.Errorf("half a session opened a case: %d, %v", n, err)
	}
	b.post("/sign-out")
	if b.token != "" {
		t.Error("half a session cannot be signed out of")
	}
}

// Whatever is wrong with a code, one and the same page; what was typed does not
// come back.
func TestWrongCodesAreAlike(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.signedIn(t, "iris")
	b := p.halfway(t, "iris")
	first := b.post("/prove/code", "code", "000000")
	wrong(t, "a wrong code", first.Body.String(), "code", (base{Language: "nl"}).T("reason.second_failed"))
	for name, typed := range map[string]string{"nothing": "", "NUL": "\x00", "no text": "\xff", "long": strings.Repeat("1", 10_000), "markup": `"><script>`, "throttled": "000000"} {
		if w := b.post("/prove/code", "code", typed); w.Code != http.StatusForbidden || w.Body.String() != first.Body.String() {
			t.Errorf("%s answered %d: %s", name, w.Code, w.Body)
		}
	}
	recovery := b.post("/prove/code", "recovery", "4t7zk-9m2qx")
	wrong(t, "a wrong recovery code", recovery.Body.String(), "recovery", (base{Language: "nl"}).T("reason.second_failed"))
	if len(find(t, recovery, "details", "open", "")) != 1 {
		t.Error("what was wrong is folded away")
	}
}

// A wrong code leaves the secret that the app has; a set-up of somebody else, or
// of another session, is none.
func TestConnectingAnApp(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.user(t, "ruben")
	b, other := p.halfway(t, "iris"), p.halfway(t, "ruben")
	form := b.appCode(t)
	again := b.post("/factors/app", "set_up", form[1], "code", "000000")
	wrong(t, "a wrong code", again.Body.String(), "code", (base{Language: "nl"}).T("reason.wrong_code"))
	if again.Code != http.StatusBadRequest || attr(find(t, again, "input", "name", "set_up")[0], "value") != form[1] {
		t.Errorf("%d: the secret became another", again.Code)
	}
	for name, w := range map[string]string{"somebody else's": form[1], "nothing": "", "nonsense": "x\x00"} {
		if w := other.post("/factors/app", "set_up", w, "code", b.app(t)); w.Code != http.StatusBadRequest || !other.isHalfway(t) {
			t.Errorf("%s answered %d", name, w.Code)
		}
	}
	done := b.post("/factors/app", form...)
	if done.Code != http.StatusOK || len(find(t, done, "code", "", "")) != 10 || !b.isSignedIn(t) {
		t.Errorf("the right code answered %d: %s", done.Code, done.Body)
	}
	if w := b.post("/factors/app", form...); w.Code != http.StatusBadRequest {
		t.Errorf("sent twice it answered %d", w.Code)
	}
}

// What cannot be undone asks for the second factor again after five minutes, and
// leads back; only ever to a page of ours.
func TestProveAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.halfway(t, "iris")
	b.post("/factors/app", b.appCode(t)...)
	p.clock.turn(5 * time.Minute)
	for path, to := range map[string]string{"GET /factors/app": "/factors/app", "POST /me/factors/codes": "/me", "POST /me/factors/remove": "/me", "POST /passkey": "/me", "POST /factors/passkey": "/me"} {
		method, path, _ := strings.Cut(path, " ")
		w := b.send(request(method, path, url.Values{"for": {"new"}, "factor": {"x"}}))
		if w.Header().Get("Location") != "/prove?to="+url.QueryEscape(to) {
			t.Errorf("%s answered %d to %s", path, w.Code, w.Header().Get("Location"))
		}
	}
	page := b.get("/prove?to=%2Ffactors%2Fapp")
	if to := find(t, page, "input", "name", "to"); len(to) == 0 || attr(to[0], "value") != "/factors/app" {
		t.Errorf("where it leads: %s", page.Body)
	}
	if w := b.post("/prove/code", "code", b.app(t), "to", "/factors/app"); w.Header().Get("Location") != "/factors/app" || b.get("/factors/app").Code != http.StatusOK {
		t.Errorf("it led to %q", w.Header().Get("Location"))
	}
	for _, odd := range []string{"//elders.test", "https://elders.test", "/\\elders.test", "/a//b", "elders", "/me?x=1", "/%2f", "/\x00", "javascript:alert(1)", "/" + strings.Repeat("a", 300)} {
		if got := ownPath(odd); got != "" {
			t.Errorf("%.30q leads to %.30q", odd, got)
		}
	}
}

// One's own sessions: how many, of which kind of browser, and an end to each of
// them; nobody else's, and nothing that a browser said.
func TestOwnSessions(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.user(t, "ruben")
	b, there := p.signedIn(t, "iris"), p.signedIn(t, "iris")
	p.clock.turn(time.Second)
	further, his := p.signedIn(t, "iris"), p.signedIn(t, "ruben")
	half := p.halfway(t, "iris")
	page := b.get("/me")
	names := func(b *browser) (names []string) {
		for _, button := range find(t, b.get("/me"), "button", "data-act", "end-session") {
			names = append(names, attr(button, "value"))
		}
		return names
	}
	if got := names(b); len(got) != 3 || strings.Count(page.Body.String(), "wacht op tweede stap") != 1 || !strings.Contains(page.Body.String(), ">hier<") {
		t.Fatalf("%d others: %s", len(got), page.Body)
	}
	if w := his.post("/me/sessions/end", "session", names(b)[0]); w.Code != http.StatusSeeOther || len(names(b)) != 3 {
		t.Errorf("somebody else ended a session: %d", w.Code)
	}
	for _, odd := range []string{"", "x", "00", "\x00", strings.Repeat("ab", 5_000)} {
		if w := b.post("/me/sessions/end", "session", odd); w.Code != http.StatusSeeOther || len(names(b)) != 3 {
			t.Errorf("%.20q answered %d", odd, w.Code)
		}
	}
	p.clock.turn(time.Second)
	b.post("/me/sessions/end", "session", names(b)[2]) // the newest come first
	if there.isSignedIn(t) || !further.isSignedIn(t) {
		t.Error("the wrong session was ended")
	}
	b.post("/me/sessions/end", "session", "others")
	if further.isSignedIn(t) || half.isHalfway(t) || !b.isSignedIn(t) || !his.isSignedIn(t) {
		t.Error("not all others were ended, or too many")
	}
	if len(names(b)) != 0 {
		t.Error("sessions that are over are listed")
	}
}

// The last factor stays; codes are renewed, and the old ones are worth nothing.
func TestOwnFactors(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.halfway(t, "iris")
	first := b.post("/factors/app", b.appCode(t)...)
	old := text(find(t, first, "code", "", "")[0])
	if n := len(find(t, b.get("/me"), "button", "data-act", "remove-factor")); n != 0 {
		t.Errorf("the last factor can be removed: %d", n)
	}
	if w := b.post("/factors/app", b.appCode(t)...); w.Header().Get("Location") != "/me?done=factor" {
		t.Fatalf("another app answered %d", w.Code)
	}
	remove := find(t, b.get("/me"), "button", "data-act", "remove-factor")
	if len(remove) != 2 {
		t.Fatalf("%d factors", len(remove))
	}
	ids := []string{attr(remove[0], "value"), attr(remove[1], "value")}
	if w := b.post("/me/factors/remove", "factor", ids[0]); w.Header().Get("Location") != "/me?done=factor_gone" {
		t.Errorf("removing answered %d", w.Code)
	}
	if w := b.post("/me/factors/remove", "factor", ids[1]); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), (base{Language: "nl"}).T("reason.last_factor")) {
		t.Errorf("removing the last answered %d", w.Code)
	}
	renewed := find(t, b.post("/me/factors/codes"), "code", "", "")
	half := p.halfway(t, "iris")
	if w := half.post("/prove/code", "recovery", old); w.Code != http.StatusForbidden {
		t.Errorf("an old code answered %d", w.Code)
	}
	if w := half.post("/prove/code", "recovery", text(renewed[0])); w.Code != http.StatusSeeOther || !half.isSignedIn(t) {
		t.Errorf("a new code answered %d", w.Code)
	}
}

// Who is not signed in is asked for any passkey, whoever there is: the question
// says nothing of accounts, and an answer counts once.
func TestPasskeyQuestions(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	nobody := &browser{place: p}
	var asked app.PasskeyQuestion
	w := nobody.post("/passkey", "for", "sign_in")
	if err := json.Unmarshal(w.Body.Bytes(), &asked); err != nil || asked.Token == "" || strings.Contains(string(asked.Options), "allowCredentials") ||
		!strings.Contains(string(asked.Options), `"userVerification":"required"`) || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%s, %v", w.Body, err)
	}
	for _, what := range []string{"proof", "new", "", "x\x00"} {
		if w := nobody.post("/passkey", "for", what); w.Code != http.StatusNotFound {
			t.Errorf("nobody asked for %q: %d", what, w.Code)
		}
	}
	first := nobody.post("/sign-in", "login", "iris", "password", "fout")
	for _, answer := range []string{"", "{}", "\x00\xff", strings.Repeat("[", 15_000)} {
		if w := nobody.post("/sign-in/passkey", "question", asked.Token, "answer", answer); w.Code != http.StatusForbidden || w.Body.String() != first.Body.String() || nobody.token != "" {
			t.Errorf("%.10q answered %d", answer, w.Code)
		}
	}
	b := p.halfway(t, "iris")
	for _, form := range [][]string{{"question", asked.Token, "answer", "{}"}, {}, {"question", "x", "answer", "\x00"}} {
		if w := b.post("/factors/passkey", form...); w.Code != http.StatusBadRequest || !b.isHalfway(t) {
			t.Errorf("an odd new passkey answered %d", w.Code)
		}
		if w := b.post("/prove/passkey", form...); w.Code != http.StatusForbidden || !b.isHalfway(t) {
			t.Errorf("an odd passkey answered %d", w.Code)
		}
	}
	if err := p.App.Deactivate(t.Context(), casework.UserID(p.id(t, "iris"))); err != nil || b.isHalfway(t) {
		t.Errorf("half a session outlives its account: %v", err)
	}
}

func (p place) id(t *testing.T, login string) (id string) {
	t.Helper()
	if err := p.admin.QueryRow(`SELECT id FROM account WHERE login = $1`, login).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// Two people let a colleague begin anew; the page is there for them alone, says
// beside the field what is wrong, and its person hears of it on coming in.
func TestResetsPage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	for login, discipline := range map[string]casework.Role{"ada": casework.Admin, "els": casework.Manager} {
		if _, err := p.App.AddUser(t.Context(), app.NewUser{Login: login, Name: "Naam van " + login, Discipline: discipline, Organisation: "De Linde", Password: password}); err != nil {
			t.Fatal(err)
		}
	}
	p.user(t, "iris")
	ada, els, iris := p.signedIn(t, "ada"), p.signedIn(t, "els"), p.signedIn(t, "iris")
	nowhere := iris.get("/nergens")
	if w := iris.get("/resets"); w.Code != http.StatusNotFound || w.Body.String() != nowhere.Body.String() || len(find(t, iris.get("/"), "a", "href", "/resets")) != 0 {
		t.Errorf("it is there for anybody: %d", w.Code)
	}
	if len(find(t, ada.get("/"), "a", "href", "/resets")) != 1 || len(find(t, els.get("/"), "a", "href", "/resets")) != 1 || len(find(t, els.get("/resets"), "input", "id", "login")) != 0 {
		t.Error("the way to it")
	}
	w := ada.post("/resets/ask", "login", "niemand")
	if typed := wrong(t, "nobody", w.Body.String(), "login", (base{Language: "nl"}).T("reason.no_colleague")); typed != "niemand" {
		t.Errorf("what was typed is now %q", typed)
	}
	if w := ada.post("/resets/ask", "login", "iris"); w.Header().Get("Location") != "/resets?done=asked" {
		t.Fatalf("asking answered %d: %s", w.Code, w.Body)
	}
	if len(find(t, ada.get("/resets"), "button", "data-act", "confirm-reset")) != 0 {
		t.Error("who asked is offered to confirm")
	}
	id := attr(find(t, els.get("/resets"), "input", "name", "reset")[0], "value")
	if w := ada.post("/resets/decide", "reset", id, "what", "confirm"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), (base{Language: "nl"}).T("reason.reset_second")) {
		t.Errorf("who asked confirms: %d", w.Code)
	}
	if w := els.post("/resets/decide", "reset", id, "what", "confirm"); w.Header().Get("Location") != "/resets?done=confirm" {
		t.Errorf("confirming answered %d: %s", w.Code, w.Body)
	}
	back := p.halfway(t, "iris")
	if w := back.post("/prove/code", "recovery", p.second.codes["iris"][0]); w.Header().Get("Location") != "/me" || !strings.Contains(back.get("/me").Body.String(), (base{Language: "nl"}).T("factor.reset_due")) {
		t.Errorf("its person is led to %q", w.Header().Get("Location"))
	}
	if w := back.post("/me/factors/keep"); w.Header().Get("Location") != "/me?done=factors_kept" || len(find(t, els.get("/resets"), "button", "data-act", "decline-reset")) != 0 {
		t.Errorf("stopping it answered %d", w.Code)
	}
}
