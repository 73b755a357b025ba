package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/mail/mailtest"
)

// A colleague asks again and again for what she may not; the manager gets a letter that
// names nobody, sees why, and answers, once; what was typed stays when it was refused.
func TestAlarmPages(t *testing.T) {
	t.Parallel()
	p, post := posting(t, mailtest.Options{Password: "geheim"})
	p.account(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	p.account(t, "far@elders.example", casework.Manager, "Elders")
	iris, els, far := p.signedIn(t, "iris@linde.example"), p.signedIn(t, "els@linde.example"), p.signedIn(t, "far@elders.example")
	for range 5 {
		p.clock.turn(time.Second) // the tree goes by the clock
		if w := iris.get("/reviews"); w.Code != http.StatusNotFound {
			t.Fatalf("%d", w.Code)
		}
	}
	p.look(t)
	letter := post.Await(t, 1, func(l mailtest.Letter) bool { return strings.Contains(l.Text, "/reviews") })[0]
	if letter.To != "els@linde.example" || strings.Contains(letter.Text, "iris") {
		t.Errorf("a letter to %s: %s", letter.To, letter.Text)
	}
	page := els.get("/reviews")
	if said := page.Body.String(); !strings.Contains(said, "Naam van iris@linde.example") || !strings.Contains(said, "5 keer of vaker") || wordless.FindString(said) != "" {
		t.Errorf("Els reads %s", said)
	}
	if w := far.get("/reviews"); len(find(t, w, "input", "name", "alarm")) != 0 {
		t.Errorf("another organisation reads %s", w.Body)
	}
	id := value(t, find(t, page, "input", "name", "alarm"))
	w := els.post("/reviews/alarms", "alarm", id, "words", "Ze zocht haar pagina.")
	if w.Code != http.StatusBadRequest || len(find(t, w, "p", "id", id+"-judged-problem")) != 1 || value(t, find(t, w, "input", "id", id+"-words")) != "Ze zocht haar pagina." {
		t.Errorf("without a judgement: %d %s", w.Code, w.Body)
	}
	w = els.post("/reviews/alarms", "alarm", id, "judged", "explained", "words", " ")
	if w.Code != http.StatusBadRequest || len(find(t, w, "p", "id", id+"-words-problem")) != 1 || !has(find(t, w, "input", "id", id+"-explained")[0], "checked") {
		t.Errorf("without a word: %d %s", w.Code, w.Body)
	}
	if w := far.post("/reviews/alarms", "alarm", id, "judged", "explained", "words", "Goed."); w.Code != http.StatusNotFound {
		t.Errorf("another organisation: %d", w.Code)
	}
	for _, of := range []string{id, "AAAAAAAAAAAAAAAA"} { // one of another organisation, and none
		if w := far.post("/reviews/alarms", "alarm", of, "judged", "explained", "words", "\xff"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Dat alarm is er niet") {
			t.Errorf("what is no text about %s: %d %s", of, w.Code, w.Body)
		}
	}
	if w := far.post("/reviews", "glass", "AAAAAAAAAAAAAAAA", "judged", "justified", "words", "\xff"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Hierop kun je niet terugkijken") {
		t.Errorf("what is no text about no glass: %d %s", w.Code, w.Body)
	}
	for act, pairs := range map[string][]string{"keep": {"ground", "x"}, "erase": {"ground", "x"}, "lift": {"ground", "x"}, "answer": {"answer", "yes"}} {
		if w := far.post("/retention/"+act, pairs...); w.Code == http.StatusOK || len(find(t, w, "p", "role", "alert")) != 1 {
			t.Errorf("to %s what is not there: %d %s", act, w.Code, w.Body)
		}
	}
	if w := els.post("/reviews/alarms", "alarm", id, "judged", "explained", "words", "Ze zocht haar pagina."); w.Header().Get("Location") != "/reviews?done=alarm" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = els.post("/reviews/alarms", "alarm", id, "judged", "reported", "words", "Nee.")
	if said := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(said, "Ze zocht haar pagina.") || len(find(t, w, "input", "name", "alarm")) != 0 {
		t.Errorf("the second answer: %d %s", w.Code, said)
	}
	day := p.clock.Now().Format("2006-01-02")
	w = els.post("/records", "person", value(t, find(t, page, "input", "name", "person")), "case", "", "outcome", "refused", "from", day, "to", day)
	if w.Header().Get("Location") != "/records?done=filtered" {
		t.Errorf("to the lines: %d %s", w.Code, w.Body)
	}
}

// One who reviews alone is told so, and so is who can ask for a second, in each language:
// always, and no more once there are two.
func TestOnlyOneReviewer(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "beheer@linde.example", casework.Admin, "De Linde")
	p.account(t, "far@elders.example", casework.Manager, "Elders")
	admin := p.signedIn(t, "beheer@linde.example")
	says := func(b *browser, page, want string) {
		t.Helper()
		w := b.get(page)
		said := ""
		for _, n := range find(t, w, "p", "class", "notice") {
			if has(n, "data-sole") {
				said += text(n)
			}
		}
		if w.Code != http.StatusOK || said != want || len(find(t, w, "main", "", "")) != 1 || wordless.FindString(w.Body.String()) != "" {
			t.Errorf("%s says %q, not %q (%d)", page, said, want, w.Code)
		}
	}
	says(admin, "/organisation", "Er is geen manager. Wat in het logboek opvalt, ziet niemand. Nodig een manager uit.")
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	els := p.signedIn(t, "els@linde.example")
	says(admin, "/organisation", "Er is één manager. Wat over die persoon gemeld wordt, ziet niemand. Nodig een tweede uit.")
	for _, page := range []string{"/overview", "/reviews", "/reviews/2026-03"} {
		says(els, page, "Je bent hier de enige manager. Wat over jou gemeld wordt, ziet niemand. Vraag om een tweede.")
		if strings.Contains(els.get(page).Body.String(), "kijkt een ander") {
			t.Errorf("%s says that somebody else looks", page)
		}
	}
	p.account(t, "rik@linde.example", casework.Manager, "De Linde")
	for page, b := range map[string]*browser{"/organisation": admin, "/overview": els, "/reviews": els, "/reviews/2026-03": els} {
		says(b, page, "")
	}
	if !strings.Contains(els.get("/reviews").Body.String(), "daar kijkt een ander naar") {
		t.Error("it is not said who looks")
	}
}

// The limits are set by who manages the users; what cannot be stays typed.
func TestAlarmLimitsPage(t *testing.T) {
	t.Parallel()
	p, _ := posting(t, mailtest.Options{Password: "geheim"})
	p.account(t, "beheer@linde.example", casework.Admin, "De Linde")
	p.account(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	admin, iris := p.signedIn(t, "beheer@linde.example"), p.signedIn(t, "iris@linde.example")
	if w := iris.get("/organisation/alarms"); w.Code != http.StatusNotFound {
		t.Errorf("a member: %d", w.Code)
	}
	if w := admin.get("/organisation/alarms"); value(t, find(t, w, "input", "name", "cases")) != "20" || wordless.FindString(w.Body.String()) != "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w := admin.post("/organisation/alarms", "refusals", "5", "cases", "veel", "after_end", "1", "checkpoint", "5")
	if field := find(t, w, "input", "name", "cases"); w.Code != http.StatusBadRequest || attr(field[0], "value") != "veel" || attr(field[0], "aria-invalid") != "true" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := admin.post("/organisation/alarms", "refusals", "7", "cases", "30", "after_end", "2", "checkpoint", "6"); w.Header().Get("Location") != "/organisation/alarms?done=limits" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := admin.get("/organisation/alarms?done=limits"); value(t, find(t, w, "input", "name", "cases")) != "30" || len(find(t, w, "p", "role", "status")) != 1 {
		t.Errorf("%s", w.Body)
	}
}

// look gives every record its leaf and looks through the log for alarms.
func (p place) look(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p.App.Sequence(ctx) // once for what is there
	if err := p.App.LookForAlarms(t.Context()); err != nil {
		t.Fatal(err)
	}
}
