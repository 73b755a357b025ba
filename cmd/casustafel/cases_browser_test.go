package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

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
	return chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelector("main")?.innerText.includes(%q)`, words))
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
