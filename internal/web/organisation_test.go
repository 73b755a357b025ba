package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// administrator is a browser in which the administrator of an organisation just
// signed in.
func (p place) administrator(t *testing.T, login, organisation string) *browser {
	t.Helper()
	if _, err := p.App.AddUser(t.Context(), app.NewUser{Login: login, Name: "Ada", Discipline: casework.Admin, Organisation: organisation, Password: password}); err != nil {
		t.Fatal(err)
	}
	return p.signedIn(t, login)
}

// link is the one that a page shows; empty when it shows none.
func link(t *testing.T, page string) string {
	t.Helper()
	_, after, found := strings.Cut(page, origin+"/invitation#")
	if !found {
		return ""
	}
	token, _, _ := strings.Cut(after, `"`)
	return token
}

// From the link on the administrator's page to the first page of who joined; the
// link is shown once and is in no address.
func TestInviteAndJoin(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	p.user(t, "iris")
	if links := find(t, ada.get("/"), "a", "href", "/organisation"); len(links) != 1 {
		t.Error("an administrator finds no way to the organisation")
	}
	iris := p.signedIn(t, "iris")
	if links := find(t, iris.get("/"), "a", "href", "/organisation"); len(links) != 0 {
		t.Error("everybody is shown the way")
	}
	if hidden, absent := iris.get("/organisation"), iris.get("/nergens"); hidden.Code != http.StatusNotFound || hidden.Body.String() != absent.Body.String() {
		t.Errorf("hidden is %d, absent %d", hidden.Code, absent.Code)
	}
	w := ada.post("/organisation/invite", "login", "Daan@linde.example", "name", "Daan", "discipline", "ambulant_worker", "language", "en")
	token := link(t, w.Body.String())
	if w.Code != http.StatusOK || len(token) != 43 || len(find(t, w, "li", "data-login", "daan@linde.example")) != 1 {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if again := ada.get("/organisation").Body.String(); link(t, again) != "" || strings.Contains(again, token) {
		t.Error("the link is shown once more")
	}
	for name, c := range map[string]struct{ login, name, discipline, field, words string }{
		"again":  {"daan@linde.example", "Daan", "chair", "login", "Dit adres is al uitgenodigd. Kies hieronder Opnieuw uitnodigen."},
		"here":   {"ada@linde.example", "Daan", "chair", "login", "Dit adres staat al in de lijst hieronder."},
		"login":  {"een naam", "Daan", "chair", "login", "Vul het hele e-mailadres in, zoals naam@organisatie.nl."},
		"name":   {"x@linde.example", "", "chair", "name", "Vul een naam in."},
		"role":   {"x@linde.example", "Daan", "boss", "discipline", "Kies een rol uit de lijst."},
		"markup": {`"><script>`, "Daan", "chair", "login", "Vul het hele e-mailadres in, zoals naam@organisatie.nl."},
	} {
		w := ada.post("/organisation/invite", "login", c.login, "name", c.name, "discipline", c.discipline, "language", "nl")
		typed := wrong(t, name, w.Body.String(), c.field, c.words)
		if link(t, w.Body.String()) != "" || c.field == "login" && typed != c.login {
			t.Errorf("%s: a link, or %q stays", name, typed)
		}
	}
	daan := &browser{place: p}
	if w := daan.get("/invitation"); len(find(t, w, "form", "action", "/invitation")) != 1 {
		t.Errorf("the page hands nothing over: %s", w.Body)
	}
	w = daan.post("/invitation", "token", token)
	if w.Code != http.StatusOK || len(find(t, w, "html", "lang", "en")) != 1 || !strings.Contains(w.Body.String(), "Ada invites you to work in Casustafel with De Linde.") {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if w := daan.post("/invitation/accept", "token", token, "name", "Daan D", "password", "short"); wrong(t, "short", w.Body.String(), "password", "This password is too short.") != "" ||
		!strings.Contains(w.Body.String(), `value="Daan D"`) {
		t.Errorf("%s", w.Body)
	}
	if w := daan.post("/invitation/accept", "token", token, "name", "Daan D", "password", password); w.Code != http.StatusSeeOther || !daan.isHalfway(t) {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if page := ada.get("/organisation"); len(find(t, page, "li", "data-login", "daan@linde.example")) != 1 || strings.Contains(page.Body.String(), "Uitgenodigd door") {
		t.Errorf("%s", page.Body)
	}
	if logs := p.logs.String(); strings.Contains(logs, token) || strings.Contains(logs, "daan@") {
		t.Error("the log holds the token, or an address")
	}
}

// Every link that makes no account leads to the same page.
func TestOldInvitationsAreAlike(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	w := ada.post("/organisation/invite", "login", "daan@linde.example", "name", "Daan", "discipline", "chair", "language", "nl")
	withdrawn := link(t, w.Body.String())
	id := attr(find(t, w, "button", "data-act", "withdraw")[0], "value")
	if w := ada.post("/organisation/withdraw", "invitation", id); w.Header().Get("Location") != "/organisation?done=withdrawn" {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if said := find(t, ada.get("/organisation?done=withdrawn"), "p", "role", "status"); len(said) != 1 {
		t.Error("nothing is said of it")
	}
	b := &browser{place: p}
	first := b.post("/invitation/accept", "token", withdrawn, "name", "Daan", "password", password)
	if first.Code != http.StatusForbidden || len(find(t, first, "div", "role", "alert")) != 1 {
		t.Fatalf("%d: %s", first.Code, first.Body)
	}
	for _, path := range []string{"/invitation", "/invitation/accept"} {
		for _, odd := range []string{withdrawn, "", "x", "\x00", "\xff", strings.Repeat("a", 10_000)} {
			w := b.post(path, "token", odd, "name", "Daan", "password", password)
			if w.Code != first.Code || w.Body.String() != first.Body.String() || b.token != "" {
				t.Errorf("%s with %.10q answered %d", path, odd, w.Code)
			}
		}
	}
}

func TestDeactivateOnPage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	iris := p.user(t, "iris")
	there := p.signedIn(t, "iris")
	self := p.administrator(t, "bo@berk.example", "De Berk")
	if w := self.post("/organisation/deactivate", "user", string(iris)); w.Code != http.StatusNotFound || !there.isSignedIn(t) {
		t.Errorf("another organisation's administrator: %d", w.Code)
	}
	if w := ada.post("/organisation/deactivate", "user", string(iris)); w.Header().Get("Location") != "/organisation?done=deactivated" || there.isSignedIn(t) {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	row := find(t, ada.get("/organisation"), "li", "data-login", "iris")
	if len(row) != 1 || !strings.Contains(text(row[0]), "geen toegang meer") {
		t.Errorf("the list says %v", row)
	}
	var me string
	if err := p.admin.QueryRow(`SELECT id FROM account WHERE login = 'ada@linde.example'`).Scan(&me); err != nil {
		t.Fatal(err)
	}
	if w := ada.post("/organisation/deactivate", "user", me); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "Dit is de laatste beheerder.") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
}
