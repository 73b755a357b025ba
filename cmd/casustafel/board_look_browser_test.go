package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// One board at the widths people work at; nothing runs out of the page and axe
// finds nothing.
func TestBoardAtEveryWidth(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	for _, screen := range []struct {
		name          string
		width, height int64
		axe           bool
	}{{"narrow", 320, 640, false}, {"phone", 390, 844, true}, {"tablet", 820, 1100, true}, {"desktop", 1280, 900, true}, {"projector", 1920, 1080, true}, {"zoomed", 640, 450, false}} {
		run(t, iris, chromedp.EmulateViewport(screen.width, screen.height), chromedp.WaitVisible(`[data-state="live"]`))
		if wide := look[int64](t, iris, `document.documentElement.scrollWidth`); wide > screen.width {
			t.Errorf("%s: the page is %d wide on %d", screen.name, wide, screen.width)
		}
		// Whether everything is saved stays in sight, wherever one is on the page.
		if !look[bool](t, iris, `(() => { scrollTo(0, document.body.scrollHeight); const r = document.querySelector("[data-state]").getBoundingClientRect(); scrollTo(0, 0);
			return r.top >= 0 && r.bottom <= innerHeight && r.right <= innerWidth; })()`) {
			t.Errorf("%s: the state of the connection goes out of sight", screen.name)
		}
		if screen.axe {
			accessible(t, iris, screen.name)
		}
		shoot(t, iris, "board-"+screen.name, screen.width, screen.height, false)
	}
	shoot(t, iris, "board-dark", 1280, 900, true)
}

// A filter shows what was chosen and counts what this reader sees; a card that I
// make outside it stays, with a word, until the filter is changed.
func TestFilterHidesNothingOfMyOwnDoing(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	noor := look[string](t, iris, `[...document.querySelectorAll("[data-person]")].find(p => p.textContent.includes("Noor")).dataset.person`)
	run(t, iris, click(`[data-filter="person"]`), click(fmt.Sprintf(`[data-option="%s"]`, noor)), chromedp.WaitVisible(`[data-act="show-all"]`))
	says(t, iris, `[data-shown] [role="status"]`, "3 van 13 kaarten")
	says(t, iris, `[data-column] [data-count]`, "2 van 5")
	accessible(t, iris, "filter menu")
	shoot(t, iris, "filter-menu", 1280, 900, false)
	shoot(t, iris, "filter-menu-phone", 390, 844, true)

	// Escape closes the menu and leads back to its button.
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("\u001b"), chromedp.WaitVisible(`[data-filter="person"][aria-expanded="false"]:focus`))

	run(t, iris, click(`[data-column] [data-act="draft"]`), typeInto(`dialog [name="title"]`, "Bram telde tot tien"), readersKnown(),
		choose(`dialog [name="person"]`, look[string](t, iris, `[...document.querySelectorAll("[data-person]")].find(p => p.textContent.includes("Bram")).dataset.person`)),
		click(`dialog [type="submit"]`), closed(), chromedp.WaitVisible(`[data-card] [data-outside]`))
	says(t, iris, `[data-shown] [role="status"]`, "4 van 14 kaarten")
	accessible(t, iris, "outside the filter")
	shoot(t, iris, "filter-outside", 1280, 900, false)
	run(t, iris, click(`[data-filter="kind"]`), click(`[data-option="fact"]`), chromedp.WaitNotPresent(`[data-outside]`))
	says(t, iris, `[data-shown] [role="status"]`, "2 van 14 kaarten")
	run(t, iris, click(`[data-act="show-all"]`), chromedp.WaitNotPresent(`[data-act="show-all"]`))
	says(t, iris, `[data-shown]`, "14 kaarten")
}

// On a phone the thumb does it all: to the next column and a new card in it.
func TestPhoneBoardByTouch(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	run(t, iris, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.WaitVisible(`[data-act="column-after"]`))
	says(t, iris, `.quick-bar .name`, "Feiten")
	if small := look[[]string](t, iris, `[...document.querySelectorAll("button, summary, label:has(input)")].filter(e => e.offsetParent && e.offsetHeight > 0 && e.offsetHeight < 44).map(e => e.outerHTML)`); len(small) > 0 {
		t.Errorf("too small for a thumb: %s", small)
	}
	touch(t, iris, `[data-act="column-after"]`)
	says(t, iris, `.quick-bar .name`, "Eigen woorden")
	touch(t, iris, `[data-act="quick-draft"]`)
	run(t, iris, typeInto(`dialog [name="title"]`, "Ik wil een eigen bed"), readersKnown(), click(`dialog [type="submit"]`), closed())
	card := tb.cardTitled(n, "Iris", "Ik wil een eigen bed")
	column := tb.columns(n, "Iris")[1]
	run(t, iris, chromedp.WaitVisible(fmt.Sprintf(`[data-column="%s"] [data-card="%s"]`, column, card)))
	accessible(t, iris, "phone")
	touch(t, iris, fmt.Sprintf(`[data-card="%s"] [data-act="open"]`, card))
	run(t, iris, readersKnown())
	// A card takes the whole screen of a phone.
	if box := look[[]float64](t, iris, `(() => { const r = document.querySelector("dialog[open]").getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()`); !slices.Equal(box, []float64{0, 0, 390, 844}) {
		t.Errorf("an open card stands at %v", box)
	}
}

// touch presses as a finger does.
func touch(t testing.TB, ctx context.Context, selector string) {
	t.Helper()
	run(t, ctx, chromedp.WaitVisible(selector))
	at := look[[]float64](t, ctx, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()`, selector))
	for _, press := range []input.DispatchTouchEventParams{
		{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at[0], Y: at[1]}}},
		{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}},
	} {
		if _, err := chromedp.Call(ctx, input.DispatchTouchEvent, press); err != nil {
			t.Fatal(err)
		}
	}
}

// What somebody else does is told in one quiet line that leads to the card and
// takes no focus.
func TestNoticeOfAnotherIsCalm(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	daan := tb.watch(n, "Daan")
	run(t, iris, chromedp.Focus(`[data-filter="person"]`))
	card := daan.must(t, "draft_card", map[string]any{"column": daan.sees().Columns[0].ID, "title": "Noor belde zelf", "person": tb.person(daan, "Noor"), "class": "shared", "kind": "fact"})
	daan.must(t, "table_card", map[string]any{"card": card})
	run(t, iris, chromedp.WaitVisible(fmt.Sprintf(`[data-card="%s"]`, card)), chromedp.WaitVisible(`[data-act="see"]`), chromedp.WaitVisible(`[data-filter="person"]:focus`))
	says(t, iris, `[data-said]`, "Daan zette een kaart op tafel")
	shoot(t, iris, "notice", 1280, 900, false)
	shoot(t, iris, "notice-phone", 390, 844, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`[data-act="see"]`), chromedp.WaitVisible(fmt.Sprintf(`[data-opened="%s"]`, card)))
}

// look evaluates something on the page.
func look[T any](t testing.TB, ctx context.Context, script string) T {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// says waits until an element says exactly this.
func says(t testing.TB, ctx context.Context, selector, words string) {
	t.Helper()
	run(t, ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](fmt.Sprintf(`document.querySelector(%q)?.textContent.trim() === %q`, selector, words)))
		return err
	}))
}

// The panel of a card: its text laid out, what points at it, and what was done
// with it once somebody asks.
func TestCardPanel(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris, daan := tb.watch(n, "Iris"), tb.watch(n, "Daan")
	fenna, columns := tb.person(iris, "Fenna"), iris.sees().Columns
	card := iris.must(t, "draft_card", map[string]any{"column": columns[0].ID, "title": "Tekende het huis, zonder deur", "person": fenna, "class": "shared", "kind": "fact",
		"domain": "daily_life", "seen": "shelter", "text": "Wat zij erbij zei:\n\n> Hier kan niemand in.\n\n- [x] tekening bewaard\n- [ ] **met Noor** bespreken\n\n<script>document.title = 'x'</script> en [school](https://school.example)"})
	iris.must(t, "table_card", map[string]any{"card": card})
	iris.must(t, "move_card", map[string]any{"card": card, "column": columns[1].ID})
	question := iris.must(t, "draft_card", map[string]any{"column": columns[2].ID, "title": "Voor wie is de deur?", "person": fenna, "class": "shared", "kind": "question"})
	iris.must(t, "table_card", map[string]any{"card": question})
	iris.must(t, "link_card", map[string]any{"card": question, "to": card})

	window := tb.window(chromium(t), n, "Iris")
	run(t, window, click(fmt.Sprintf(`[data-card="%s"] [data-act="open"]`, card)), readersKnown(), chromedp.WaitVisible(`[data-note="rendered"] blockquote`))
	if got := look[string](t, window, `document.querySelector("[data-note]").innerText`); !strings.Contains(got, "<script>document.title = 'x'</script>") || !strings.Contains(got, "☑ tekening bewaard") {
		t.Errorf("the text reads %q", got)
	}
	says(t, window, `.linked h4`, "Hiernaar verwijzen")
	run(t, window, click(`dialog [data-act="history"]`), chromedp.WaitVisible(`[data-line="moved"]`))
	accessible(t, window, "card panel")
	shoot(t, window, "card-panel", 1280, 900, false)
	shoot(t, window, "card-panel-dark", 1280, 900, true)
	shoot(t, window, "card-panel-phone", 390, 844, false)

	// What somebody else does with it appears while it is open.
	daan.must(t, "move_card", map[string]any{"card": card, "column": columns[3].ID})
	run(t, window, chromedp.EmulateViewport(1280, 900), chromedp.WaitVisible(`[data-lines] > :nth-child(2)[data-line="moved"]`))
	run(t, window, click(`dialog [data-act="follow"]`), chromedp.WaitVisible(fmt.Sprintf(`[data-opened="%s"]`, question)), chromedp.WaitNotPresent(`[data-line]`))
}
