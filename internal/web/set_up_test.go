package web

import (
	"net/http"
	"strings"
	"testing"
)

// The link of the first start makes an administrator, once, and
// says beside its field what is wrong.
func TestSetUpPage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	token, err := p.App.NewSetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{place: p}
	if w := b.get("/setup"); len(find(t, w, "form", "action", "/setup")) != 1 {
		t.Errorf("the page hands nothing over: %s", w.Body)
	}
	if w := b.post("/setup", "token", token); w.Code != http.StatusOK || len(find(t, w, "input", "type", "password")) != 1 {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	good := map[string]string{"organisation": "De Linde", "name": "Ada", "login": "ada@linde.example", "password": password}
	send := func(change, to string) (pairs []string) {
		for name, value := range good {
			if name == change {
				value = to
			}
			pairs = append(pairs, name, value)
		}
		return append(pairs, "token", token)
	}
	for field, c := range map[string]struct{ typed, words string }{
		"organisation": {"  ", "Vul de naam van de organisatie in, niet langer dan 200 tekens."},
		"name":         {"", "Vul een naam in."},
		"login":        {"ada", "Vul het hele e-mailadres in, zoals naam@organisatie.nl."},
		"password":     {"kort", "Dit wachtwoord is te kort."},
	} {
		w := b.post("/setup/make", send(field, c.typed)...)
		wrong(t, field, w.Body.String(), field, c.words)
		if field != "name" && !strings.Contains(w.Body.String(), `value="Ada"`) {
			t.Errorf("%s: what was typed is lost", field)
		}
	}
	if w := b.post("/setup/make", send("", "")...); w.Code != http.StatusSeeOther || !b.isHalfway(t) {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	first := (&browser{place: p}).post("/setup", "token", token)
	for _, odd := range []string{"", "x", "\xff"} {
		if w := (&browser{place: p}).post("/setup/make", "token", odd); w.Code != http.StatusForbidden || w.Body.String() != first.Body.String() {
			t.Errorf("%q answered %d", odd, w.Code)
		}
	}
	if strings.Contains(p.logs.String(), token) {
		t.Error("the link is in the log")
	}
}
