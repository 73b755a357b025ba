package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// from loads the board again with a script that runs before anything else.
func from(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Reload(), chromedp.WaitVisible(`[data-state="live"]`))
}

// Over a line that is slow, falls still, is cut, and loses what the server says:
// the state is readable all along, it recovers by itself, and nothing that was
// done is lost or doubled, also when the change was made and its answer lost.
func TestBadNetworkLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	tb, near := newTable(t)
	line, far := tb.behindNetwork(t, serveCmd{})
	iris := tb.window(chromium(t), far, "Iris")
	column := tb.columns(near, "Iris")[0]
	// Its patience counts in seconds here instead of in tens of them.
	from(t, iris, `{ const real = setTimeout; window.setTimeout = (f, ms, ...with_) => real(f, ms >= 5000 ? ms / 10 : ms, ...with_); }`)
	run(t, iris, chromedp.EmulateViewport(1280, 900))

	faults := []struct {
		name, seen string
		fault      func()
	}{
		{"slow", "", func() { line.delay = 150 * time.Millisecond }},
		{"cut", "offline", func() { line.cut = true }},
		{"still", "saving", func() { line.still = true }},
		{"deaf", "offline", func() { line.deaf = true }},
	}
	title := func(i int) string { return "Tijdens " + faults[i].name }
	for i, f := range faults {
		line.is(f.fault)
		run(t, iris, drafts(column, title(i)), chromedp.KeyEvent("\u001b"), closed())
		if f.seen != "" {
			run(t, iris, chromedp.WaitVisible(`[data-state="`+f.seen+`"]`), chromedp.WaitVisible(`[data-card]`))
		}
		line.is(func() {})
		run(t, iris, chromedp.WaitVisible(`[data-state="live"]`))
	}
	again := tb.sit(near, "Iris")
	for i := range faults {
		n := 0
		for _, card := range again.State.Cards {
			if card.Title.Body == title(i) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%q is there %d times", title(i), n)
		}
		run(t, iris, holds(fmt.Sprintf(`[...document.querySelectorAll("[data-card]")].filter(card => card.textContent.includes(%q)).length === 1`, title(i))))
	}
	run(t, iris, chromedp.WaitNotPresent(`[data-refused]`))
}

// One person edits a card in two tabs: the second sees both texts, loses nothing,
// and takes back what it did in both.
func TestTwoTabsOfOnePerson(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	one := tb.window(chromium(t), n, "Iris")
	other := tb.tab(one, n)
	card := `[data-card="` + string(tb.cardTitled(n, "Iris", "Miste negen schooldagen sinds aankomst.")) + `"]`
	shows := func(words string) chromedp.Action[chromedp.Void] {
		return holds(fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%q)`, card, words))
	}
	for _, tab := range []context.Context{one, other} {
		run(t, tab, chromedp.EmulateViewport(1280, 900), click(card+` [data-act="edit"]`), chromedp.WaitVisible(`dialog [name="title"]`))
	}
	run(t, one, typeInto(`dialog [name="title"]`, " Een."))
	run(t, other, typeInto(`dialog [name="title"]`, " Twee."), click(`dialog [type="submit"]`), holds(`!document.querySelector("dialog [name=title]")`))
	run(t, one, chromedp.WaitVisible(`dialog [data-conflict]`))
	accessible(t, one, "two texts of one card")
	if mine, err := chromedp.Run(one, chromedp.Value(`dialog [name="title"]`)); err != nil || mine != "Miste negen schooldagen sinds aankomst. Een." {
		t.Errorf("my text is now %q, %v", mine, err)
	}
	run(t, one, click(`dialog [type="submit"]`), holds(`!document.querySelector("dialog [name=title]")`), shows("Een."))
	run(t, other, shows("Een."), chromedp.KeyEvent("\u001b"), closed())
	run(t, one, chromedp.KeyEvent("\u001b"), closed(), click(`[data-act="undo"]`), shows("Twee."))
	run(t, other, shows("Twee."))
}

// Where the browser allows no storage and no word between tabs, and its clock is
// days ahead, everything works: ages and times are those of the server.
func TestStorageBlockedAndClockWrong(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	born := time.Now().AddDate(-4, 0, 2).Format(time.DateOnly)
	ask(t, tb.sit(n, "Hanneke"), "add_person", map[string]any{"kind": "child", "class": "shared", "name": "Lotte", "born": born})
	iris := tb.window(chromium(t), n, "Iris")
	columns := tb.columns(n, "Iris")
	other := tb.tab(iris, n)
	const hostile = `{
		const denied = () => { throw new DOMException("denied", "SecurityError"); };
		for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) Object.defineProperty(window, name, { get: denied });
		window.BroadcastChannel = class { constructor() { denied(); } };
		const Real = Date, ahead = 3 * 86400e3;
		window.Date = class extends Real {
			constructor(...with_) { with_.length > 0 ? super(...with_) : super(Real.now() + ahead); }
			static now() { return Real.now() + ahead; }
		};
	}`
	from(t, iris, hostile)
	from(t, other, hostile)
	run(t, iris, chromedp.EmulateViewport(1280, 900), holds(`document.querySelector("[data-person] .name") && document.body.textContent.includes("Lotte, 3")`),
		drafts(columns[0], "Gewoon gewerkt"), closed(), lockNow())
	bare(t, iris, "without storage")
	// The other tab hears of the lock from the server, and of the unlock when somebody looks at it.
	run(t, other, chromedp.WaitVisible(`[data-lock]`))
	bare(t, other, "the other tab, without storage")
	run(t, iris, click(`[data-act="unlock"]`), chromedp.WaitVisible(`[data-state="live"]`), holds(`document.body.textContent.includes("Gewoon gewerkt")`))
	run(t, other, evaluate(`dispatchEvent(new Event("focus"))`), chromedp.WaitVisible(`[data-state="live"]`))
}
