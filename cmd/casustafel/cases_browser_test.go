package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// mainText is what a page says.
func mainText(t *testing.T, ctx context.Context) string {
	t.Helper()
	said, err := chromedp.Run(ctx, chromedp.Text("main"))
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// pageSays waits until the page says the words.
func pageSays(words string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf(`document.querySelector("main")?.innerText.includes(%q)`, words))
}

// Daan leaves the board; Iris adds two cards, one of which he may not know. His
// page says one, and after a look at the board nothing.
func TestMyCasesInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	daan := tb.window(chromium(t), n, "Daan")
	mine := chromedp.Steps(chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`ul.cases`))
	run(t, daan, mine, pageSays("Niets nieuws sinds vandaag"))
	iris, draws := tb.watch(n, "Iris"), tb.watch(n, "Daan")
	draws.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Mijn concept", "class": "shared", "kind": casework.Question})
	if err := draws.client.SayGoodbye(); err != nil {
		t.Fatal(err)
	}
	iris.until(t, "Daan to be gone", iris.misses(tb.users["Daan"]))
	for _, class := range []string{"shared", "private"} {
		card := iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Nieuw", "class": class, "kind": casework.Question})
		iris.must(t, "table_card", map[string]any{"card": card})
	}
	run(t, daan, mine, pageSays("1 nieuwe kaart sinds vandaag"))
	said := mainText(t, daan)
	for _, want := range []string{"Je rol: ambulant begeleider", "1 concept van jou ligt nog niet op tafel", "Je ziet nog geen eigen woorden van Bram"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q:\n%s", want, said)
		}
	}
	accessible(t, daan, "my cases with news")
	shoot(t, daan, "cases-desktop", 1280, 900, false)
	shoot(t, daan, "cases-dark", 1280, 900, true)
	shoot(t, daan, "cases-phone", 390, 844, false)
	run(t, daan, chromedp.EmulateViewport(1280, 900), click(`ul.cases a.btn`), chromedp.WaitVisible(`[data-state="live"]`), mine, pageSays("Niets nieuws"))
}

// With many cases one finds one by its name, by keyboard, and nothing of it is
// sent or stands in the address; a screen reader hears how many are left.
func TestFindCaseByName(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	hanneke := app.Session{Account: identity.Account{ID: tb.users["Hanneke"], Discipline: casework.Chair, Language: "nl"}}
	for i, name := range []string{"Berkenlaan", "Één-op-één", "بيت الورد", "Esdoorn 🌿", strings.Repeat("Langenaamzonderspaties", 9), "Eikenhout", "Wilgentak", "Populier"} {
		id := casework.CommandID(fmt.Sprintf("2222222222222%03d", i+222))
		if _, err := n.app.OpenCase(t.Context(), hanneke, id, name, app.Templates[0]); err != nil {
			t.Fatal(err)
		}
	}
	ctx := tb.window(chromium(t), n, "Hanneke")
	run(t, ctx, chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`#search`))
	shoot(t, ctx, "cases-many", 820, 1100, false)
	run(t, ctx, chromedp.Focus(`#search`), chromedp.KeyEvent("xyz"), pageSays("Geen casus met deze naam"),
		chromedp.KeyEvent("\u001b"), chromedp.KeyEvent("een-op"), pageSays("1 casus gevonden"))
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("li[data-name]")].filter(r => r.checkVisibility()).map(r => r.dataset.name).join() + location.href`))
	if err != nil || shown != "Één-op-één"+n.origins[0]+"/" {
		t.Errorf("shown: %s, %v", shown, err)
	}
	accessible(t, ctx, "my cases, searched")
	run(t, ctx, chromedp.KeyEvent("\t\r"), chromedp.WaitVisible(`[data-state="live"]`))
}

// Somebody practises: the board says that everything is invented, on every width.
func TestPracticeInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	ruben := tb.window(chromium(t), n, "Ruben")
	run(t, ruben, chromedp.Navigate(n.origins[0]+"/"), click(`[data-act="practise"]`), chromedp.WaitVisible(`[data-state="live"]`), chromedp.WaitVisible(`[data-practice]`), pageSays("iedereen hier is verzonnen"))
	if body := text(t, ruben); strings.Contains(body, "dat adres") || !strings.Contains(body, "Belt vaker als de omgang niet doorgaat") {
		t.Error("Ruben practises with other eyes than his own")
	}
	accessible(t, ruben, "practice case")
	shoot(t, ruben, "practice-desktop", 1280, 900, false)
	shoot(t, ruben, "practice-dark", 820, 1100, true)
	shoot(t, ruben, "practice-phone", 390, 844, false)
	run(t, ruben, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`[data-act="practise-anew"]`))
	shoot(t, ruben, "cases-practised", 1280, 900, false)
}

// An invited member lands on the board with hints that cover nothing; put away,
// by keyboard, they stay away, and "Tips" brings them back.
func TestFirstMinute(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	if err := n.app.ShowHintsAgain(t.Context(), tb.users["Mirthe"]); err != nil {
		t.Fatal(err)
	}
	ctx, quit := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	t.Cleanup(quit)
	ctx, cancel := context.WithTimeout(ctx, storyWithin)
	t.Cleanup(cancel)
	enter := func() chromedp.Action[chromedp.Void] {
		link, err := n.app.NewSignInLink(t.Context(), tb.users["Mirthe"])
		if err != nil {
			t.Fatal(err)
		}
		return chromedp.Navigate(n.origins[0] + "/enter#" + link)
	}
	hint := func(name string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(`[data-hint="` + name + `"]`)
	}
	const seen = `[data-hint="%s"] [data-act="hint-seen"]:focus` // keys go where the focus is, which follows the hint
	focused := func(name string) chromedp.Action[chromedp.Void] { return chromedp.WaitVisible(fmt.Sprintf(seen, name)) }
	run(t, ctx, enter(), chromedp.WaitVisible(`[data-state="live"]`), hint("focus"))
	if at, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href`)); err != nil || at != n.origins[0]+"/cases/"+string(tb.id) {
		t.Errorf("the link led to %s, %v", at, err)
	}
	accessible(t, ctx, "first minute")
	shoot(t, ctx, "hints-desktop", 1280, 900, false)
	shoot(t, ctx, "hints-dark", 820, 1100, true)
	shoot(t, ctx, "hints-phone", 390, 844, false)
	run(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Focus(`[data-act="hint-seen"]`), chromedp.KeyEvent("\r"), focused("draft"), tb.putAway("Mirthe", 1), chromedp.Reload(), chromedp.WaitVisible(`[data-state="live"]`), hint("draft"))
	run(t, ctx, chromedp.Focus(`[data-act="hint-seen"]`), chromedp.KeyEvent("\u001b"), focused("readers"),
		chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(`[data-hint]`),
		holds(`document.activeElement.dataset.act === "hints"`))
	run(t, ctx, tb.putAway("Mirthe", 3))
	run(t, ctx, enter(), chromedp.WaitVisible(`ul.cases`), click(`ul.cases a.btn`), click(`[data-act="hints"]`), hint("focus"),
		click(`[data-act="hints-away"]`), chromedp.WaitNotPresent(`[data-hint]`))
}

// putAway waits until the account has put so many hints away.
func (tb *table) putAway(name string, many int) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		db := tb.sql()
		for {
			var n int
			err := db.GetContext(ctx, &n, `SELECT cardinality(hints_seen) FROM account WHERE id = $1`, tb.users[name])
			if err != nil || n == many {
				return err
			}
			select {
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
}
