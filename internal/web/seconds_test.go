package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// A chair asks for an export, a manager who learns no case says yes after showing a
// second factor, and the chair fetches a file in which nothing runs.
func TestExportPages(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chair := p.account(t, "hanneke", casework.Chair, "De Linde")
	p.account(t, "els", casework.Manager, "De Linde")
	hanneke, els := p.signedIn(t, "hanneke"), p.signedIn(t, "els")
	at := p.table(t, hanneke)
	id := casework.CaseID(strings.TrimPrefix(at, "/cases/"))
	do := func(command, with string) string {
		t.Helper()
		a := p.App.Do(t.Context(), audit.Actor{User: chair, Door: "test"}, id, casework.NewID[casework.CommandID](p.Random), command, []byte(with))
		if a.Refusal != nil {
			t.Fatal(command, a.Refusal)
		}
		return a.Made
	}
	column := do("add_column", `{"title":"Wat er <b>is</b>"}`)
	card := do("draft_card", `{"column":"`+column+`","title":"<script>alert(1)</script>","text":"**Rustig** <img src=https://elders.example/x>","class":"shared","kind":"question"}`)
	do("table_card", `{"card":"`+card+`"}`)
	closed := do("draft_card", `{"column":"`+column+`","title":"Niet voor op papier","class":"private","kind":"question"}`)
	do("table_card", `{"card":"`+closed+`"}`)

	asks := func(act string) bool { return len(find(t, hanneke.get(at+"/seconds"), "form", "data-ask", act)) == 1 }
	if !asks("export") || asks("reopen") {
		t.Error("of an open case an export can be asked, and nothing else")
	}
	w := hanneke.post(at+"/seconds", "act", "export")
	if problem := find(t, w, "p", "role", "alert"); w.Code != http.StatusBadRequest || len(problem) != 1 || text(problem[0]) != "Kies op welke grond je dit vraagt." {
		t.Errorf("without a ground: %d %s", w.Code, w.Body)
	}
	w = hanneke.post(at+"/seconds", "act", "export", "ground", "court")
	if w.Header().Get("Location") != at+"/seconds?done=asked" || asks("export") {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if w := hanneke.post(at + "/export"); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "Rustig") {
		t.Errorf("while it waits: %d %s", w.Code, w.Body)
	}
	if w := els.get(at + "/seconds"); w.Code != http.StatusNotFound {
		t.Errorf("a manager looks into the case: %d", w.Code)
	}

	p.clock.turn(20 * time.Minute) // the second factor of signing in was too long ago
	second := value(t, find(t, els.get("/seconds"), "input", "name", "second"))
	if said := els.get("/seconds").Body.String(); strings.Contains(said, "Zilverlinde") || strings.Contains(said, string(id)) || !strings.Contains(said, "Naam van hanneke") {
		t.Errorf("the manager reads %s", said)
	}
	if w := els.post("/seconds", "second", second, "answer", "yes"); w.Header().Get("Location") != "/prove?to=%2Fseconds" {
		t.Fatalf("without a second factor at hand: %d %s", w.Code, w.Header())
	}
	els.prove(t, "els")
	for _, wrong := range [][2]string{{"AAAAAAAAAAAAAAAA", "yes"}, {second, "perhaps"}, {"\x00", "yes"}} {
		if w := els.post("/seconds", "second", wrong[0], "answer", wrong[1]); w.Code != http.StatusNotFound {
			t.Errorf("%q answered %d", wrong, w.Code)
		}
	}
	if w := els.post("/seconds", "second", second, "answer", "yes"); w.Header().Get("Location") != "/seconds?done=yes" {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if w := hanneke.post(at + "/export"); w.Header().Get("Location") != "/prove?to=%2Fcases%2F"+string(id)+"%2Fseconds" {
		t.Errorf("fetched without a second factor at hand: %d %s", w.Code, w.Header())
	}
	hanneke.prove(t, "hanneke")
	w = hanneke.post(at + "/export")
	file := w.Body.String()
	if w.Code != http.StatusOK || w.Header().Get("Content-Disposition") != `attachment; filename="casustafel.html"` ||
		!strings.Contains(file, "<strong>Rustig</strong>") || !strings.Contains(file, "Naam van hanneke") || !strings.Contains(file, "Zilverlinde") {
		t.Fatalf("%d %s: %s", w.Code, w.Header(), file)
	}
	if strings.Contains(file, "Niet voor op papier") || strings.Contains(file, closed) {
		t.Error("the file holds what is not for the whole table")
	}
	page, err := html.Parse(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "img" || n.Data == "link" || n.Data == "a" || attr(n, "src")+attr(n, "href") != "") {
			t.Errorf("the file has a %s", n.Data)
		}
	}
	for _, said := range []string{file, hanneke.get(at + "/seconds").Body.String()} {
		if raw := wordless.FindString(said); raw != "" {
			t.Errorf("%s has no words", raw)
		}
	}
}

// wordless is a key or a value that was put on a page in place of words.
var wordless = regexp.MustCompile(`\b(second|export|status|kind|role|glass)\.[a-z_]+|\{[a-z]+\}`)

func value(t *testing.T, nodes []*html.Node) string {
	t.Helper()
	if len(nodes) != 1 {
		t.Fatalf("%d fields", len(nodes))
	}
	return attr(nodes[0], "value")
}

// prove shows a second factor again.
func (b *browser) prove(t *testing.T, login string) {
	t.Helper()
	b.second.mu.Lock()
	defer b.second.mu.Unlock()
	codes := b.second.codes[login]
	if w := b.post("/prove/code", "recovery", codes[0]); w.Code != http.StatusSeeOther {
		t.Fatalf("a recovery code answered %d: %s", w.Code, w.Body)
	}
	b.second.codes[login] = codes[1:]
}
