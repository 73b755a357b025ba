package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/mail/mailtest"
)

// A child worker breaks the glass after showing a second factor; what was typed
// stays when it was refused; letters go out that name nobody; the chair looks back.
func TestGlassPages(t *testing.T) {
	t.Parallel()
	p, post := posting(t, mailtest.Options{Password: "geheim"})
	p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	p.account(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	hanneke, iris, els := p.signedIn(t, "hanneke@linde.example"), p.signedIn(t, "iris@linde.example"), p.signedIn(t, "els@linde.example")
	at := p.table(t, hanneke)
	if w := iris.get(at + "/glass"); w.Code != http.StatusNotFound {
		t.Errorf("a foreign case answered %d", w.Code)
	}
	hanneke.post(at+"/team/invite", "address", "iris@linde.example", "role", "child_worker", "ground", "treatment", "from", "", "until", "", "task", "", "mandate", "")
	p.clock.turn(20 * time.Minute) // the second factor of signing in was too long ago
	if w := iris.get(at + "/glass"); w.Code != http.StatusOK || len(find(t, w, "input", "name", "reason")) != 0 {
		t.Errorf("the form is there before a second factor: %d", w.Code)
	}
	const why = "Joris staat nu voor de deur."
	if w := iris.post(at+"/glass", "reason", why); !strings.HasPrefix(w.Header().Get("Location"), "/prove?to=") {
		t.Errorf("without a second factor at hand: %d", w.Code)
	}
	iris.prove(t, "iris@linde.example")
	w := iris.post(at+"/glass", "reason", "gevaar")
	if fields := find(t, w, "input", "name", "reason"); w.Code != http.StatusBadRequest || len(fields) != 1 || attr(fields[0], "value") != "gevaar" || attr(fields[0], "aria-invalid") != "true" {
		t.Errorf("too short a reason: %d %s", w.Code, w.Body)
	}
	if w := iris.post(at+"/glass", "reason", why); w.Header().Get("Location") != at+"/glass?done=broken" {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if w := iris.get(at + "/glass"); len(find(t, w, "div", "class", "notice")) != 1 || !strings.Contains(w.Body.String(), "10:20") {
		t.Errorf("the page does not say until when: %s", w.Body)
	}
	letters := post.Await(t, 2, func(l mailtest.Letter) bool { return strings.Contains(l.Text, "glas ingedrukt") })
	to := map[string]bool{}
	for _, letter := range letters {
		to[letter.To] = true
		if strings.Contains(letter.Text, "Naam van") || strings.Contains(letter.Text, "Zilverlinde") || strings.Contains(letter.Text, "Joris") {
			t.Errorf("a letter to %s: %s", letter.To, letter.Text)
		}
	}
	if len(letters) != 2 || !to["hanneke@linde.example"] || !to["els@linde.example"] {
		t.Errorf("letters went to %v", to)
	}
	outside := els.get("/reviews")
	if said := outside.Body.String(); strings.Contains(said, "Joris") || strings.Contains(said, "Zilverlinde") || !strings.Contains(said, "Naam van iris@linde.example") {
		t.Errorf("the manager reads %s", said)
	}
	glass := value(t, find(t, outside, "input", "name", "glass"))
	w = els.post("/reviews", "glass", glass, "words", "Goed.")
	if problem := find(t, w, "p", "id", glass+"-judged-problem"); w.Code != http.StatusBadRequest || len(problem) != 1 || value(t, find(t, w, "input", "id", glass+"-words")) != "Goed." {
		t.Errorf("without a judgement: %d %s", w.Code, w.Body)
	}
	w = hanneke.post(at+"/glass/review", "glass", glass, "judged", "not_justified", "words", " ")
	chosen := find(t, w, "input", "id", glass+"-no")
	if problem := find(t, w, "p", "id", glass+"-words-problem"); w.Code != http.StatusBadRequest || len(problem) != 1 || len(chosen) != 1 || !has(chosen[0], "checked") {
		t.Errorf("without a word: %d %s", w.Code, w.Body)
	}
	if w := els.post("/reviews", "glass", "\x00", "judged", "justified", "words", "Goed."); w.Code != http.StatusNotFound {
		t.Errorf("an id that is none: %d", w.Code)
	}
	if w := iris.post(at+"/glass/review", "glass", glass, "judged", "justified", "words", "Goed."); w.Code != http.StatusForbidden {
		t.Errorf("an own review: %d", w.Code)
	}
	if w := hanneke.post(at+"/glass/review", "glass", glass, "judged", "justified", "words", "Er was gevaar."); w.Header().Get("Location") != at+"/glass?done=reviewed" {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	if said := iris.get(at + "/glass").Body.String(); !strings.Contains(said, "Er was gevaar.") || wordless.FindString(said) != "" {
		t.Errorf("Iris reads %s", said)
	}
	if len(find(t, els.get("/reviews"), "input", "name", "glass")) != 0 {
		t.Error("the review is still open")
	}
	if w := iris.post(at + "/glass/end"); w.Header().Get("Location") != at+"/glass?done=ended" {
		t.Errorf("ending it: %d", w.Code)
	}
}
