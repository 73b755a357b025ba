package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// While nothing can be put on the record, who is at the table and who comes to it are
// told so, on a phone too; what was done is kept, and done when the log works again.
func TestLogThatDoesNotWorkInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	hanneke, iris := tb.window(chromium(t), n, "Hanneke"), tb.window(chromium(t), n, "Iris")
	log := func(statement string) {
		if _, err := tb.sql().ExecContext(t.Context(), statement+` casustafel_committer`); err != nil {
			t.Fatal(err)
		}
	}
	first := tb.columns(n, "Hanneke")[0]
	daan := profile(t)
	link, err := n.app.NewSignInLink(t.Context(), tb.users["Daan"])
	if err != nil {
		t.Fatal(err)
	}
	log(`REVOKE INSERT ON record FROM`)
	run(t, hanneke, drafts(first, "Terwijl het logboek stil ligt"), lineSays("Het logboek werkt even niet, daarom staat alles stil · 1 wijziging wacht"), chromedp.KeyEvent("\u001b"), closed())
	run(t, iris, chromedp.EmulateViewport(390, 844), chromedp.Reload(), lineSays("Het logboek werkt even niet"), holds(`document.documentElement.scrollWidth <= 390`))
	accessible(t, iris, "a table where the log does not work")
	shoot(t, iris, "unrecorded-phone", 390, 844, true)
	shoot(t, iris, "unrecorded-narrow", 320, 844, false)
	for name, width := range map[string]int64{"phone": 390, "tablet": 820, "small": 1080, "desktop": 1280} {
		shoot(t, hanneke, "unrecorded-there-"+name, width, 844, false)
		run(t, hanneke, holds(`document.documentElement.scrollWidth <= innerWidth`))
	}
	run(t, daan, chromedp.Navigate(n.origins[0]+"/enter#"+link), chromedp.WaitVisible(`[data-act="try"]:focus`))
	accessible(t, daan, "a link that could not be tried")
	shoot(t, daan, "unrecorded-link", 390, 844, false)
	log(`GRANT INSERT ON record TO`)
	run(t, hanneke, lineSays("Live, alles opgeslagen"), holds(`[...document.querySelectorAll("[data-card]")].some(card => card.textContent.includes("Terwijl het logboek stil ligt"))`))
	run(t, daan, chromedp.KeyEvent("\r"), arrives(`document.querySelector('a[href="/me"]')`))
	run(t, iris, retried(), lineSays("Live, alles opgeslagen"))
}
