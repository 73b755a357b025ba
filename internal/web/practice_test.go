package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// One presses, and sits at the practice case; it is no row among the real ones.
func TestPracticeOnMyCases(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	if page := b.get("/"); len(find(t, page, "button", "data-act", "practise")) != 1 || len(find(t, page, "button", "data-act", "practise-anew")) != 0 {
		t.Errorf("before: %s", page.Body)
	}
	first, again := b.post("/practice"), b.post("/practice")
	at := first.Header().Get("Location")
	if first.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/cases/") || again.Header().Get("Location") != at {
		t.Fatalf("%d to %q, then to %q", first.Code, at, again.Header().Get("Location"))
	}
	page := b.get("/")
	if len(find(t, page, "li", "", "")) != 0 || strings.Contains(page.Body.String(), "Wilgenhof") {
		t.Error("the practice case is listed as a real one")
	}
	over := find(t, page, "button", "data-act", "practise-anew")
	if len(over) != 1 || "/cases/"+attr(over[0], "value") != at {
		t.Fatalf("no way to begin anew: %s", page.Body)
	}
	// Anew once a minute: till then one stays on the page, with a word about when.
	soon := b.post("/practice", "over", attr(over[0], "value"))
	if problem := find(t, soon, "p", "id", "practice-problem"); soon.Code != http.StatusTooManyRequests || len(problem) != 1 || len(find(t, soon, "button", "data-act", "practise")) != 1 {
		t.Errorf("too soon: %d, %s", soon.Code, soon.Body)
	}
	p.clock.turn(time.Minute)
	if anew := b.post("/practice", "over", attr(over[0], "value")); anew.Code != http.StatusSeeOther || anew.Header().Get("Location") == at {
		t.Errorf("anew led to %q", anew.Header().Get("Location"))
	}
	// A manager has no place at any table.
	if _, err := p.App.AddUser(t.Context(), app.NewUser{Login: "els", Name: "Els", Discipline: casework.Manager, Organisation: "De Linde", Password: password}); err != nil {
		t.Fatal(err)
	}
	els := p.signedIn(t, "els")
	if page := els.get("/"); strings.Contains(page.Body.String(), "/practice") {
		t.Error("a manager is offered to practise")
	}
	if w := els.post("/practice"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "Met jouw rol kan dat niet") {
		t.Errorf("a manager practises: %d", w.Code)
	}
}
