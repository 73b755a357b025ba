package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// Names as long as they may be, written from the right, or in pictures; sixty
// columns; somebody in focus who goes: the board keeps its shape.
func TestOddNamesKeepTheBoardInShape(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	hanneke := tb.watch(n, "Hanneke")
	long := strings.TrimSpace(strings.Repeat("Anna-Sofia van den ", 11))[:200]
	for _, name := range []string{long, strings.Repeat("W", 200), "مريم بنت يوسف", "👨‍👩‍👧‍👦 Sam 🏳️‍🌈"} {
		hanneke.must(t, "add_person", map[string]any{"kind": "child", "class": "shared", "name": name})
	}
	leaving := hanneke.must(t, "add_person", map[string]any{"kind": "network", "class": "shared", "name": "Verkeerd"})
	for range 2 { // told apart by their place
		hanneke.must(t, "add_column", map[string]any{"title": "Vervolg"})
	}
	for len(hanneke.sees().Columns) < 60 {
		hanneke.must(t, "add_column", map[string]any{"title": fmt.Sprintf("%02d", len(hanneke.sees().Columns)) + strings.Repeat("Kolom", 15), "after": hanneke.sees().Columns[0].ID})
	}
	rtl := hanneke.must(t, "draft_card", map[string]any{"column": hanneke.sees().Columns[1].ID, "title": "قالت: أريد أن أنام 😴 in mijn eigen bed", "text": strings.Repeat("onafgebroken", 40),
		"person": tb.person(hanneke, long), "class": "shared", "kind": "words"})
	hanneke.must(t, "table_card", map[string]any{"card": rtl})

	iris := tb.window(chromium(t), n, "Iris")
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"narrow", 320, 640}, {"desktop", 1280, 900}} {
		run(t, iris, chromedp.EmulateViewport(screen.width, screen.height), chromedp.WaitVisible(fmt.Sprintf(`[data-card="%s"]`, rtl)))
		if wide := look[int64](t, iris, `document.documentElement.scrollWidth`); wide > screen.width {
			t.Errorf("%s: the page is %d wide", screen.name, wide)
		}
		// No name makes its place more than two lines high, or runs out of it.
		if odd := look[[]string](t, iris, `[...document.querySelectorAll("[data-person], [data-member]")].filter(e => e.offsetHeight > 72 || e.offsetWidth > 420).map(e => e.outerHTML)`); len(odd) > 0 {
			t.Errorf("%s: out of shape: %s", screen.name, odd)
		}
		if odd := look[[]string](t, iris, `[...document.querySelectorAll(".cards > .card")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)`); len(odd) > 0 {
			t.Errorf("%s: words run out of a card: %s", screen.name, odd)
		}
		shoot(t, iris, "odd-"+screen.name, screen.width, screen.height, false)
	}
	accessible(t, iris, "odd names")

	// Whoever is brought forward and then taken off the table leaves nobody in the shade.
	run(t, iris, click(fmt.Sprintf(`[data-person="%s"] [data-act="forward"]`, leaving)), chromedp.WaitVisible(`[data-card].dim`))
	hanneke.must(t, "remove_person", map[string]any{"person": leaving})
	run(t, iris, chromedp.WaitNotPresent(fmt.Sprintf(`[data-person="%s"]`, leaving)), chromedp.WaitNotPresent(`[data-card].dim`))
}

// What a screen reader is told: names, roles, and what is called out.
func TestBoardAsAScreenReaderHearsIt(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	run(t, iris, click(`[data-act="forward"]`), chromedp.WaitVisible(`[data-act="forward"][aria-pressed="true"]`), click(`[data-filter="kind"]`), click(`[data-option="fact"]`),
		chromedp.WaitVisible(`[data-act="show-all"]`))
	hears(t, iris, "the board",
		"navigation Gezin", "button Noor, 31 ouder · 3 kaarten pressed", "button Fenna, 12 kind · 3 kaarten", "button Wijzig Fenna",
		"region Aan tafel", "region Kaarten kiezen", "button Soort: feit expanded", "button Vanuit wie", "group Soort", "checkbox feit , 5 kaarten checked",
		"status 5 van 13 kaarten", "main Het bord", "region Feiten 5 van 5", "heading Feiten 5 van 5",
		"button Miste negen schooldagen sinds aankomst.", "combobox Nieuwe kaart in Feiten: typ een regel en druk op Enter", "status Verbinding : Live, alles opgeslagen")
	accessible(t, iris, "somebody brought forward")
	run(t, iris, chromedp.KeyEvent("\u001b"), click(`[data-act="show-all"]`), click(`[data-card] [data-act="open"]`), readersKnown())
	code := look[string](t, iris, `document.querySelector("[data-opened]").dataset.opened.slice(0, 5)`)
	hears(t, iris, "a card", "dialog Kaart "+code, "heading Kaart "+code, "button Sluiten", "region Wie mag dit lezen?", "button Wat er gebeurde", "region Wat er met deze kaart gebeurde")
	run(t, iris, chromedp.KeyEvent("\u001b"), closed())
	daan := tb.watch(n, "Daan")
	card := daan.must(t, "draft_card", map[string]any{"column": daan.sees().Columns[0].ID, "title": "Noor belde zelf", "person": tb.person(daan, "Noor"), "class": "shared", "kind": "fact"})
	daan.must(t, "table_card", map[string]any{"card": card})
	says(t, iris, `[data-said]`, "Daan zette een kaart op tafel")
	hears(t, iris, "news", "button Bekijk kaart "+card[:5])
	if live := look[string](t, iris, `document.querySelector("[data-said]").getAttribute("aria-live")`); live != "polite" {
		t.Errorf("what others do is called out %q", live)
	}
}

// hears holds the accessibility tree to what must be found in it.
func hears(t testing.TB, ctx context.Context, what string, want ...string) {
	t.Helper()
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatal(err)
	}
	var heard []string
	inner := map[accessibility.NodeID]string{}
	for _, node := range slices.Backward(tree.Nodes) { // what is within comes later
		words := value(node.Name)
		if words == "" {
			for _, child := range node.ChildIDs {
				words += " " + inner[child]
			}
		}
		inner[node.NodeID] = words
		if node.Ignored {
			continue
		}
		line := value(node.Role) + " " + strings.Join(strings.Fields(words), " ")
		for _, p := range node.Properties {
			if value(p.Value) == "true" && (p.Name == "pressed" || p.Name == "expanded" || p.Name == "checked") {
				line += " " + string(p.Name)
			}
		}
		heard = append(heard, line)
	}
	missed := slices.DeleteFunc(want, func(line string) bool { return slices.Contains(heard, line) })
	if len(missed) > 0 {
		t.Errorf("%s: nobody hears %q in\n%s", what, missed, strings.Join(heard, "\n"))
	}
}

func value(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var words string
	if json.Unmarshal(v.Value, &words) == nil {
		return words
	}
	return string(v.Value) // a number, or yes or no
}
