package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/wording"
	"github.com/casustafel/casustafel/static"
)

// find gives the elements of a page with a tag and, unless empty, an attribute
// of that value.
func find(t *testing.T, w *httptest.ResponseRecorder, tag, attribute, value string) (found []*html.Node) {
	t.Helper()
	page, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag && (attribute == "" || attr(n, attribute) == value) && !inTemplate(n) {
			found = append(found, n)
		}
	}
	return found
}

// inTemplate tells whether a node is only written on the page, not shown.
func inTemplate(n *html.Node) bool {
	for up := range n.Ancestors() {
		if up.Data == "template" {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestEveryPageIsSound(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.user(t, "daan")
	b := p.signedIn(t, "iris")
	nobody, locked := &browser{place: p}, p.signedIn(t, "iris")
	locked.post("/lock")
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	invited := ada.post("/organisation/invite", "login", "daan@linde.example", "name", "Daan", "discipline", "chair", "language", "nl")
	for name, w := range map[string]*httptest.ResponseRecorder{
		"locked": locked.get("/"), "unlock": locked.post("/unlock", "password", "fout"), "sign-in": nobody.get("/sign-in"), "enter": nobody.get("/enter"), "spent": nobody.post("/enter"), "cases": b.get("/"), "me": b.get("/me"), "organisation": invited,
		"invitation": nobody.get("/invitation"), "accept": nobody.post("/invitation", "token", link(t, invited.Body.String())), "no invitation": nobody.post("/invitation"),

		"second step": b.get("/prove"), "first second step": p.halfway(t, "daan").get("/prove"), "app": b.get("/factors/app"), "codes": b.post("/me/factors/codes"),
		"resets": ada.get("/resets"),

		"board": b.get("/cases/22222222222222AA"), "error": nobody.get("/nergens"),
	} {
		if got := find(t, w, "title", "", ""); len(got) != 1 || text(got[0]) != "Casustafel" {
			t.Errorf("%s: title %d", name, len(got))
		}
		if got := find(t, w, "html", "lang", "nl"); len(got) != 1 {
			t.Errorf("%s: no language", name)
		}
		if unbuilt := strings.Contains(w.Body.String(), "make build"); unbuilt == static.Built() {
			t.Errorf("%s: says that it is unbuilt: %v", name, unbuilt)
		}
		if name != "board" && (len(find(t, w, "h1", "", "")) != 1 || len(find(t, w, "main", "id", "main")) != 1) {
			t.Errorf("%s: headings or landmark are not right", name)
		}
		for _, form := range find(t, w, "form", "", "") {
			if attr(form, "method") != "post" {
				t.Errorf("%s: a form goes by %q", name, attr(form, "method"))
			}
		}
		for _, input := range find(t, w, "input", "", "") {
			if id := attr(input, "id"); attr(input, "type") != "hidden" && (id == "" || len(find(t, w, "label", "for", id)) != 1) {
				t.Errorf("%s: field %q has no label", name, attr(input, "name"))
			}
		}
		if page := w.Body.String(); strings.Contains(page, " style=") || strings.Contains(page, "<style") || strings.Contains(page, " onclick") {
			t.Errorf("%s: the content policy forbids what is written in the page", name)
		}
		for _, word := range []string{"signin.", "error.", "cases.", "page.", "reason.", "enter.", "lang.", "lock.", "own.", "field.", "role.", "org.", "invite.", "password.", "factor.", "sessions.", "reset.", "browser."} {
			if i := strings.Index(w.Body.String(), ">"+word); i >= 0 {
				t.Errorf("%s: a key without words: %.30s", name, w.Body.String()[i:])
			}
		}
	}
}

func TestBoardShell(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	opened := b.post("/cases", "name", "Zilverlinde", "command", "22222222222222BB").Header().Get("Location")
	exists, absent := b.get(opened), b.get("/cases/22222222222222AA")
	id := strings.TrimPrefix(opened, "/cases/")
	if want := `<div id="board" data-case="` + id + `" data-signout="/sign-out" data-hints="focus draft readers"`; !strings.Contains(exists.Body.String(), want) {
		t.Errorf("no %s in %s", want, exists.Body)
	}
	board := find(t, exists, "div", "id", "board")[0]
	if of := (base{}); attr(board, "data-spelling") != of.Asset("spelling.js") || attr(board, "data-licences") != of.Asset("spelling-licences.txt") {
		t.Errorf("the board has other addresses of the list of words: %v", board.Attr)
	}
	if exists.Code != absent.Code || exists.Body.String() != strings.ReplaceAll(absent.Body.String(), "22222222222222AA", id) {
		t.Error("the shell tells whether the case exists")
	}
	other := newPlace(t, func(c *Config) {
		c.Wording = []wording.Hint{{Terms: []string{`"><b>`}, Why: "w", Instead: []string{"i"}}}
	})
	other.user(t, "iris")
	if board := find(t, other.signedIn(t, "iris").get("/cases/22222222222222AA"), "div", "id", "board"); len(board) != 1 ||
		attr(board[0], "data-wording") != `[{"terms":["\"\u003e\u003cb\u003e"],"why":"w","instead":["i"]}]` {
		t.Errorf("the board has other hints about words: %v", board)
	}
	for _, odd := range []string{"x", "22222222222222A", "22222222222222AAA", "0222222222222222", "22222222222222aa", "%00222222222222AA", "2222222222222%2FA", `"><b>2222222222`} {
		w := b.send(request(http.MethodGet, "/cases/"+url.PathEscape(odd), nil))
		if nowhere := b.get("/nergens"); w.Code != http.StatusNotFound || w.Body.String() != nowhere.Body.String() {
			t.Errorf("%q answered %d", odd, w.Code)
		}
	}
}

func TestMyCases(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.user(t, "ruben")
	b := p.signedIn(t, "iris")
	empty := b.get("/")
	if len(find(t, empty, "div", "class", "notice")) != 1 || len(find(t, empty, "ul", "", "")) != 0 {
		t.Errorf("empty: %s", empty.Body)
	}
	command := attr(find(t, empty, "input", "name", "command")[0], "value")
	if !casework.ValidID(casework.CommandID(command)) || command == attr(find(t, b.get("/"), "input", "name", "command")[0], "value") {
		t.Errorf("command %q is not fresh", command)
	}
	first := b.post("/cases", "name", "Zilver<linde>", "command", command)
	again := b.post("/cases", "name", "Zilver<linde>", "command", command)
	if first.Code != http.StatusSeeOther || first.Header().Get("Location") != again.Header().Get("Location") {
		t.Errorf("sent twice: %d %q, then %d %q", first.Code, first.Header().Get("Location"), again.Code, again.Header().Get("Location"))
	}
	page := b.get("/")
	links := find(t, page, "a", "href", first.Header().Get("Location"))
	if len(links) != 1 || text(links[0]) != "Naar de tafel: Zilver<linde>" || len(find(t, page, "li", "", "")) != 1 {
		t.Errorf("one case: %s", page.Body)
	}
	if roles := find(t, page, "p", "class", "soft"); len(roles) == 0 || text(roles[0]) != "Je rol: voorzitter" {
		t.Errorf("role: %s", page.Body)
	}
	if first := find(t, page, "p", "class", "news fresh"); len(first) != 1 || text(first[0]) != "Nieuw voor je" {
		t.Errorf("news: %s", page.Body)
	}
	if len(find(t, page, "input", "id", "search")) != 0 {
		t.Error("one case can be searched")
	}
	if other := p.signedIn(t, "ruben").get("/"); strings.Contains(other.Body.String(), "linde>") || len(find(t, other, "li", "", "")) != 0 {
		t.Error("somebody else's case is listed")
	}
}

func TestOddCases(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	for name, typed := range map[string]string{"empty": "", "blank": "  ", "NUL": "a\x00b", "no text": "\xff", "long": strings.Repeat("a", 10_000),
		"control": "a\x07b", "lines": "a\nb"} {
		w := b.post("/cases", "name", typed, "command", "22222222222222CC")
		if w.Code != http.StatusBadRequest || len(find(t, w, "p", "role", "alert")) == 0 || len(find(t, w, "input", "name", "command")) != 1 {
			t.Errorf("%s answered %d: %.300s", name, w.Code, w.Body)
		}
	}
	for _, command := range []string{"", "x", "\x00", strings.Repeat("2", 17)} {
		if w := b.post("/cases", "name", "Zilverlinde", "command", command); w.Code != http.StatusBadRequest {
			t.Errorf("command %q answered %d", command, w.Code)
		}
	}
	w := b.post("/cases", "name", "Zilverlinde", "command", "22222222222222CC", "template", "kanban")
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Kies met welke kolommen") || attr(find(t, w, "input", "name", "name")[0], "value") != "Zilverlinde" {
		t.Errorf("an unknown template answered %d: %.300s", w.Code, w.Body)
	}
	odd := request(http.MethodPost, "/cases", nil)
	odd.Body, odd.ContentLength = http.NoBody, 0
	odd.URL.RawQuery = "name=%zz"
	if w := b.send(odd); w.Code != http.StatusBadRequest {
		t.Errorf("a broken query answered %d", w.Code)
	}
	if page := b.get("/"); len(find(t, page, "li", "", "")) != 0 {
		t.Error("an odd case was opened")
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	for accept, want := range map[string]string{"": "nl", "en-GB,en;q=0.8": "en", "fr": "nl", "nl-BE": "nl", "de, en;q=0.5": "en", "\x00;q=x": "nl",
		strings.Repeat("en-", 5000): "nl"} {
		r := request(http.MethodGet, "/sign-in", nil)
		r.Header.Set("Accept-Language", accept)
		if w := p.answer(r); len(find(t, w, "html", "lang", want)) != 1 {
			t.Errorf("%.20q is not answered in %s", accept, want)
		}
	}
	b := p.signedIn(t, "iris")
	if w := b.post("/language", "language", "en"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if w := b.get("/"); len(find(t, w, "html", "lang", "en")) != 1 || text(find(t, w, "h1", "", "")[0]) != "My cases" {
		t.Errorf("not in English: %s", w.Body)
	}
	for _, odd := range []string{"", "fr", "\x00", "NL"} {
		if w := b.post("/language", "language", odd); w.Code != http.StatusBadRequest {
			t.Errorf("%q answered %d", odd, w.Code)
		}
	}
}

// No page asks for words that there are not, in either language.
func TestWords(t *testing.T) {
	t.Parallel()
	names, err := files.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		source, err := files.ReadFile("templates/" + name.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range strings.Split(string(source), `T "`)[1:] {
			key, _, _ := strings.Cut(piece, `"`)
			for _, lang := range languages {
				if (base{Language: lang}).optional(key) == "" {
					t.Errorf("%s: no words for %s in %s", name.Name(), key, lang)
				}
			}
		}
	}
	for _, kind := range []string{"not_found", "forbidden", "misdirected", "misdirected_hint", "demo_proxy_hint", "demo_proxy", "unavailable", "internal", "too_large"} {
		if (base{Language: "nl"}).optional("error."+kind) == "" {
			t.Errorf("no words for error.%s", kind)
		}
	}
}

func TestKindsOfErrors(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	for kind, want := range map[casework.ErrorKind]int{casework.Invalid: 400, casework.NotFound: 404, casework.Denied: 403, casework.Conflict: 409,
		casework.TooMany: 429, casework.Unavailable: 503, casework.Internal: 500} {
		w := httptest.NewRecorder()
		p.fail(w, request(http.MethodGet, "/", nil), &casework.Error{Kind: kind, Reason: "no_such_reason", Err: errors.New("cause")})
		if w.Code != want || strings.Contains(w.Body.String(), "cause") || strings.Contains(w.Body.String(), "no_such_reason") {
			t.Errorf("%s answered %d: %s", kind, w.Code, w.Body)
		}
	}
}
