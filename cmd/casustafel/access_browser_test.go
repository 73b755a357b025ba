package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/casework"
)

// The chair lends Ruben a confidential card of the table: it comes onto his open
// board, which says so calmly, and goes when the lend is ended. A card that he is shut
// out of goes too, and nothing tells him why.
func TestAccessInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	hanneke, ruben := tb.window(browser, n, "Hanneke"), tb.window(browser, n, "Ruben")
	chair := tb.watch(n, "Hanneke")
	put := func(title string, class casework.Class) string {
		card := chair.must(t, "draft_card", map[string]any{"column": chair.sees().Columns[0].ID, "title": title, "class": class, "kind": "fact"})
		chair.must(t, "table_card", map[string]any{"card": card})
		return card
	}
	lent, open := put("Wie belt wie bij onrust", casework.Confidential), put("Rooster van de week", casework.Shared)
	on := func(card string) string { return fmt.Sprintf(`[data-card=%q]`, card) }
	run(t, ruben, chromedp.WaitVisible(on(open)), chromedp.WaitNotPresent(on(lent)))

	run(t, hanneke, click(`[data-act="team"]`), click(`[data-act="sight"]`), chromedp.WaitVisible(`#about`), pageSays("niets geleend"),
		choose(`#about`, "c"+lent), click(`[data-act="ask-sight"]`), chromedp.WaitVisible(reading(tb, "Ruben", false)), chromedp.WaitVisible(reading(tb, "Hanneke", true)))
	accessible(t, hanneke, "who can see what")
	shoot(t, hanneke, "access-card", 1280, 900, false)
	run(t, hanneke, click(`details:has([data-act="lend"]) summary`), choose(`#lend-to`, string(tb.users["Ruben"])), chromedp.SetValue(`#lend-until`, "2020-01-01"),
		typeInto(`#lend-reason`, "Voor het gesprek met Joris morgen."), click(`[data-act="lend"]`), chromedp.WaitVisible(`#lend-until:focus`))
	accessible(t, hanneke, "a lend, refused")
	shoot(t, hanneke, "access-refused-phone", 390, 844, false)
	last := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	run(t, hanneke, chromedp.SetValue(`#lend-until`, last), click(`[data-act="lend"]`), chromedp.WaitVisible(`[role="status"]:focus`),
		chromedp.WaitVisible(reading(tb, "Ruben", true)), pageSays("Geleend aan Ruben"), pageSays("Voor het gesprek met Joris morgen."))
	run(t, ruben, chromedp.WaitVisible(on(lent)), holds(`document.querySelector("[data-said]")?.textContent.includes("leende je iets om te lezen")`))
	shoot(t, ruben, "access-lent-board", 1280, 900, false)
	accessible(t, hanneke, "a lend")
	shoot(t, hanneke, "access-lent-dark", 1280, 1500, true)
	run(t, hanneke, click(`[data-given] button`), chromedp.WaitVisible(`[role="status"]:focus`), chromedp.WaitNotPresent(`[data-given]`))
	run(t, ruben, chromedp.WaitNotPresent(on(lent)), holds(`document.querySelector("[data-said]")?.textContent.includes("is voorbij")`))

	run(t, hanneke, choose(`#about`, "c"+open), click(`[data-act="ask-sight"]`), chromedp.WaitVisible(reading(tb, "Ruben", true)),
		click(`details:has([data-act="bar"]) summary`), choose(`#bar-to`, string(tb.users["Ruben"])), typeInto(`#bar-reason`, "Hij kent de buurvrouw."),
		click(`[data-act="bar"]`), chromedp.WaitVisible(`[role="status"]:focus`), chromedp.WaitVisible(reading(tb, "Ruben", false)), click(`details.former summary`))
	accessible(t, hanneke, "a bar")
	shoot(t, hanneke, "access-barred", 820, 1100, false)
	run(t, ruben, chromedp.WaitNotPresent(on(open)))
	run(t, ruben, holds(`!/afgeschermd|plek/.test(document.querySelector("[data-said]").textContent)`))
	run(t, ruben, chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)+"/access"), chromedp.WaitVisible(`#about`), holds(`!document.querySelector("[data-given], [data-past]")`),
		holds(`!document.body.textContent.includes("Hij kent")`))
	shoot(t, ruben, "access-ruben", 1280, 900, false)
}

// reading is the line of the page about somebody who sees what was asked about, or
// does not.
func reading(tb *table, name string, reads bool) string {
	return fmt.Sprintf(`[data-reader=%q][data-reads="%t"]`, tb.users[name], reads)
}
