package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/markdown"
)

// A note with parts that say what they are, and that points to a card and to a
// colleague: to what its reader sees, and to nothing else.
func TestNotePointsToCardsAndPeople(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	watched := tb.watch(n, "Iris")
	columns := watched.sees().Columns
	draft := func(title, text string) string {
		card := watched.must(t, "draft_card", map[string]any{"column": columns[0].ID, "title": title, "class": "shared", "kind": "fact", "text": text})
		watched.must(t, "table_card", map[string]any{"card": card})
		return card
	}
	other := draft("Belde met de school", "")
	card := draft("Gesprek over school", "Zie #"+other[:5]+", niet #ZZZZZ. Vraag @Daan.\n\n::: feit\nMiste *negen* dagen.\n:::\n\n::: interpretatie\nPast bij stress.\n:::\n\n::: woorden\n“Ik slaap pas als Bram slaapt.”\n:::")
	iris := tb.window(chromium(t), n, "Iris")
	if face := look[string](t, iris, fmt.Sprintf(`document.querySelector('[data-card="%s"] .text').textContent`, card)); strings.Contains(face, ":::") || !strings.Contains(face, "Miste negen dagen.") {
		t.Errorf("on the card stands %q", face)
	}
	open := fmt.Sprintf(`[data-card="%s"] [data-act="open"]`, card)
	run(t, iris, click(open), readersKnown(), chromedp.WaitVisible(`[data-note="rendered"] section[data-kind="fact"] em`))
	if names := look[[]string](t, iris, `[...document.querySelectorAll("[data-note] [data-kind]")].map(b => b.localName + " " + b.firstChild.textContent)`); fmt.Sprint(names) != "[section feit section interpretatie blockquote eigen woorden]" {
		t.Errorf("the parts are called %q", names)
	}
	if got := look[int](t, iris, `document.querySelectorAll("[data-note] [data-to]").length`); got != 1 {
		t.Errorf("%d links to cards", got)
	}
	accessible(t, iris, "a note with parts")
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"desktop", 1280, 900}, {"phone", 390, 844}} {
		shoot(t, iris, "note-parts-"+screen.name, screen.width, screen.height, false)
		shoot(t, iris, "note-parts-"+screen.name+"-dark", screen.width, screen.height, true)
	}
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.Focus(`[data-note] [data-to]`), chromedp.KeyEvent("\r"),
		chromedp.WaitVisible(fmt.Sprintf(`dialog [data-opened="%s"]`, other)), chromedp.KeyEvent("\u001b"), closed(),
		chromedp.WaitVisible(open+":focus"))
}

// Everything in the corpus of attacks, rendered, on one page that forbids nothing:
// nothing runs, and nothing is asked for.
func TestNotesRunNothing(t *testing.T) {
	t.Parallel()
	corpus, err := os.ReadFile("../../internal/markdown/testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	page.WriteString(`<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><script>window.ran = []; for (const f of ["alert", "confirm", "prompt", "print", "open", "eval"]) window[f] = () => ran.push(f)</script><main>`)
	for attack := range strings.SplitSeq(strings.TrimSpace(string(corpus)), "\n---\n") {
		html, err := markdown.HTML(attack, markdown.Links{})
		if err != nil {
			t.Fatalf("%q: %v", attack, err)
		}
		fmt.Fprintf(&page, "<div>%s</div>\n", html)
	}
	page.WriteString(`</main><p id="end">end</p>`)
	var asked []string
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.URL.Path)
		mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page.String())
	}))
	defer server.Close()
	window := chromium(t)
	run(t, window, chromedp.Navigate(server.URL), chromedp.WaitVisible("#end"))
	// Also as the board puts it on the page, and with everything touched.
	touched := look[int](t, window, `(() => {
		const main = document.querySelector("main"), html = main.innerHTML;
		main.innerHTML = html;
		for (const e of main.querySelectorAll("*")) for (const what of ["mouseover", "focus", "click"]) {
			const event = new Event(what, {bubbles: true, cancelable: true});
			e.addEventListener(what, (event) => event.preventDefault(), {once: true});
			e.dispatchEvent(event);
		}
		return main.querySelectorAll("*").length;
	})()`)
	if touched < 300 {
		t.Errorf("only %d elements on the page", touched)
	}
	run(t, window, chromedp.WaitVisible("#end"))
	if ran := look[[]string](t, window, `window.ran`); len(ran) > 0 {
		t.Errorf("ran: %q", ran)
	}
	if found := look[[]string](t, window, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith("data:"))`); len(found) > 0 {
		t.Errorf("asked for: %q", found)
	}
	if odd := look[[]string](t, window, `[...document.querySelectorAll("main *")].filter(e => e.namespaceURI !== "http://www.w3.org/1999/xhtml" || [...e.attributes].some(a => a.name.startsWith("on") || a.name === "style" || a.name === "src")).map(e => e.outerHTML)`); len(odd) > 0 {
		t.Errorf("on the page: %q", odd)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 1 {
		t.Errorf("the server was asked for %q", asked)
	}
}
