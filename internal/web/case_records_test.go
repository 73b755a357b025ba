package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/static"
)

// The chair finds the page by the team's, filters without an address, and is told what
// is wrong with a filter beside its field; for a colleague the page is not there.
func TestCaseRecordsPages(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	p.account(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	hanneke, iris := p.signedIn(t, "hanneke@linde.example"), p.signedIn(t, "iris@linde.example")
	at := p.table(t, hanneke)
	hanneke.post(at+"/team/invite", "address", "iris@linde.example", "role", "child_worker", "ground", "treatment", "from", "", "until", "", "task", "", "mandate", "")
	iris.get(at + "/team")
	if w := hanneke.get(at + "/team"); len(find(t, w, "a", "href", at+"/records")) != 1 || len(find(t, w, "a", "href", at+"/report")) != 0 {
		t.Errorf("the team leads elsewhere: %s", w.Body) // there is no family yet
	}
	if w := hanneke.get(at + "/records"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Naam van iris@linde.example") || len(find(t, w, "li", "data-event", "view_team")) < 2 {
		t.Errorf("the page: %d %s", w.Code, w.Body)
	}
	if w := hanneke.post(at+"/records", "kind", "teams"); len(find(t, w, "li", "data-event", "view_team")) != 0 || len(find(t, w, "li", "data-event", "invite")) != 1 {
		t.Errorf("filtered: %s", w.Body)
	}
	w := hanneke.post(at+"/records", "from", "gisteren", "kind", "teams")
	if from := find(t, w, "input", "name", "from"); w.Code != http.StatusBadRequest || attr(from[0], "aria-invalid") != "true" || attr(from[0], "value") != "gisteren" {
		t.Errorf("a day that is none: %d %s", w.Code, w.Body)
	}
	if w := hanneke.post(at+"/records", "person", "22222222222222AA"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "aan deze tafel") {
		t.Errorf("somebody who never sat here: %d %s", w.Code, w.Body)
	}
	if w := hanneke.post(at+"/records", "from", "1999-12-31"); w.Code != http.StatusOK {
		t.Errorf("a day of long ago: %d", w.Code)
	}
	if _, err := p.admin.Exec(`UPDATE account SET name = E'Iris \u202Esiri (\u2069)' WHERE login = 'iris@linde.example'`); err != nil {
		t.Fatal(err)
	}
	if options := find(t, hanneke.get(at+"/records"), "option", "", ""); !slices.ContainsFunc(options, func(o *html.Node) bool { return text(o) == "Iris siri ()" }) {
		t.Error("a name turns what stands beside it")
	}
	if name := isolated("إيريس"); name != "\u2068إيريس\u2069" {
		t.Errorf("a name from the right: %q", name)
	}
	// By the clock of the Netherlands, as on every page of the log: it is ten there.
	if w := iris.get("/me/accesses"); !strings.Contains(w.Body.String(), ">10:00<") || !strings.Contains(w.Body.String(), "Nederlandse tijd") || strings.Contains(w.Body.String(), "UTC") {
		t.Errorf("own lines: %s", w.Body)
	}
	if w := iris.get(at + "/team"); len(find(t, w, "a", "href", at+"/records")) != 0 {
		t.Error("a colleague is led to the page")
	}
	for _, path := range []string{at + "/records", at + "/report"} {
		if w, nowhere := iris.get(path), iris.get(strings.Replace(path, at, "/cases/22222222222222AA", 1)); w.Code != http.StatusNotFound || w.Body.String() != nowhere.Body.String() {
			t.Errorf("%s answered a colleague %d", path, w.Code)
		}
	}
	if w := iris.post("/me/accesses", "from", "morgen"); w.Code != http.StatusBadRequest || attr(find(t, w, "input", "name", "from")[0], "aria-invalid") != "true" {
		t.Errorf("own lines of no day: %d", w.Code)
	}
	if w := iris.post("/me/accesses", "to", "2020-01-01"); w.Code != http.StatusOK || len(find(t, w, "ul", "class", "list log accesses")) != 0 {
		t.Errorf("own lines of before all: %d %s", w.Code, w.Body)
	}
}

// Every command has words of its own for who looks back.
func TestCommandsHaveWords(t *testing.T) {
	t.Parallel()
	for _, language := range languages {
		for _, name := range board.Names() {
			if static.Locale(language)["case_records.do."+name] == "" {
				t.Errorf("%s has no case_records.do.%s", language, name)
			}
		}
	}
}

// The report is plain: no sentence is long, and no word is one that only we use.
func TestReportIsPlain(t *testing.T) {
	t.Parallel()
	ours := regexp.MustCompile(`(?i)\b(casus|casustafel|logregel\w*|autorisatie|geautoriseerd\w*|toegangsrecht\w*|registratie|inzage\w*|betrokkene\w*|verwerk\w*|perspectief|plegerhulp|dader\w*|slachtoffer\w*|discipline|case|authoris\w*|processing|subject|perpetrator|offender|victim)\b`)
	sentences := 0
	for _, language := range languages {
		for key, words := range static.Locale(language) {
			if !strings.HasPrefix(key, "report.") || strings.HasPrefix(key, "report.form_") || key == "report.link" {
				continue
			}
			if word := ours.FindString(words); word != "" {
				t.Errorf("%s %s says %q", language, key, word)
			}
			for _, sentence := range regexp.MustCompile(`[.?:\n]`).Split(words, -1) {
				if n := len(strings.Fields(sentence)); n > 15 {
					t.Errorf("%s %s has a sentence of %d words: %s", language, key, n, sentence)
				}
				sentences++
			}
		}
	}
	if sentences < 60 {
		t.Errorf("only %d sentences", sentences)
	}
}
