package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// largeBoard is how many cards a long-running family has at the very most.
const largeBoard = 500

// toPaint gives the milliseconds from a change of the page until it is painted.
const toPaint = `(act) => new Promise(done => { const began = performance.now(); act();
	requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))); })`

// arrivals notes for every change that comes how long it takes to be painted.
const arrivals = `{ const Plain = WebSocket; window.arrivals = []; window.WebSocket = class extends Plain { constructor(...given) { super(...given);
	this.addEventListener("message", (event) => { if (JSON.parse(event.data).t !== "change") return; const began = performance.now();
		requestAnimationFrame(() => setTimeout(() => window.arrivals.push(performance.now() - began))); }); } }; }`

// A board of 500 cards answers to the hand. Times are told with -v and not held
// to a bound: the machine of a test is no measure. The aim is 100 ms.
func TestLargeBoard(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	daan := tb.watch(n, "Daan")
	card := tb.fill(n, daan, largeBoard-len(daan.sees().Cards))

	iris := tb.window(chromium(t), n, "Iris")
	if _, err := chromedp.Call(iris, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: arrivals}); err != nil {
		t.Fatal(err)
	}
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)), chromedp.WaitVisible(`[data-state="live"]`),
		chromedp.WaitVisible(`[data-card]`))
	if cards := look[int](t, iris, `document.querySelectorAll("[data-card]").length`); cards < largeBoard-10 {
		t.Fatalf("%d cards on the board", cards)
	}
	w := stopwatch{t, iris}
	w.start()
	for range 3 {
		w.time("bring a person forward", `document.querySelector("[data-act=forward]").click()`)
		w.time("open a menu", `document.querySelector("[data-filter=kind]").click()`)
		w.time("filter", `document.querySelector("[data-option=fact]").click()`)
		w.time("show all", `document.querySelector("[data-act=show-all]").click()`)
		w.time("open a card", `document.querySelector("[data-card] [data-act=open]").click()`)
		w.time("close it", `document.querySelector("dialog [data-act=close]").click()`)
		w.time("scroll a column", `document.querySelector(".cards").scrollTop += 2000`)
	}
	for i := range 5 {
		busy := w.busy()
		title := fmt.Sprint("Opnieuw ", i)
		daan.must(t, "retitle_card", map[string]any{"card": card, "title": title, "base": daan.sees().Cards[casework.CardID(card)].Title.Base})
		says(t, iris, fmt.Sprintf(`[data-card="%s"] [data-act="open"]`, card), title)
		w.tell("a change by somebody else", look[float64](t, iris, `window.arrivals.at(-1) ?? 0`), w.busy()-busy)
	}
}

// stopwatch tells how long the page takes for something: until it is painted, and
// how much of that it was at work, which a busy machine does not lengthen.
type stopwatch struct {
	t      *testing.T
	window context.Context
}

func (w stopwatch) start() {
	if _, err := chromedp.Call(w.window, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}); err != nil {
		w.t.Fatal(err)
	}
}

func (w stopwatch) time(what, act string) {
	w.t.Helper()
	busy := w.busy()
	painted, err := chromedp.Run(w.window, chromedp.Evaluate[float64](fmt.Sprintf(`(%s)(() => { %s; })`, toPaint, act), chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(what, err)
	}
	w.tell(what, painted, w.busy()-busy)
}

func (w stopwatch) tell(what string, painted, busy float64) {
	w.t.Helper()
	w.t.Logf("%-28s painted after %5.0f ms, at work for %5.0f ms", what, painted, busy)
}

// busy is for how many milliseconds the page was at work since it began.
func (w stopwatch) busy() float64 {
	metrics, err := chromedp.Call(w.window, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range metrics.Metrics {
		if m.Name == "TaskDuration" {
			return m.Value * 1000
		}
	}
	w.t.Fatal("the browser does not tell how long it worked")
	return 0
}

// fill puts more cards on the table, spread over people, columns and kinds, and
// gives the first.
func (tb *table) fill(n *node, by *watcher, more int) (first string) {
	tb.t.Helper()
	state := by.sees()
	persons, columns := []casework.PersonID{tb.person(by, "Noor"), tb.person(by, "Ans")}, state.Columns
	kinds := []casework.Kind{casework.Fact, casework.Words, casework.Concern, casework.Strength, casework.Signal}
	actor := audit.Actor{User: tb.users[by.name], Door: "test"}
	do := func(name string, with map[string]any) string {
		body, err := json.Marshal(with)
		if err != nil {
			panic(err)
		}
		answer := n.app.Do(tb.t.Context(), actor, tb.id, casework.NewID[casework.CommandID](rand.Reader), name, body)
		if answer.Refusal != nil {
			tb.t.Error(name, answer.Refusal)
		}
		return answer.Made
	}
	var all sync.WaitGroup
	made := make([]string, more)
	for worker := range 8 {
		all.Go(func() {
			for i := worker; i < more; i += 8 {
				made[i] = do("draft_card", map[string]any{"column": columns[i%len(columns)].ID, "title": fmt.Sprintf("Kaart %d: wat wij zagen, en wat zij er zelf van zegt", i),
					"text": "Een toelichting van een paar woorden.\nEn nog een regel.", "person": persons[i%2], "class": "shared", "kind": kinds[i%len(kinds)], "domain": "money"})
				do("table_card", map[string]any{"card": made[i]})
			}
		})
	}
	all.Wait()
	return made[0]
}
