package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Who may do what, as a page for everybody.
func TestWhoMayDoWhatInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	ruben := tb.window(chromium(t), n, "Ruben")
	run(t, ruben, chromedp.Navigate(n.origins[0]+"/policy"), chromedp.WaitVisible(`table.grid`))
	accessible(t, ruben, "who may do what")
	shoot(t, ruben, "policy-desktop", 1280, 900, false)
	shoot(t, ruben, "policy-dark", 820, 1100, true)
	shoot(t, ruben, "policy-phone", 390, 844, false)
	run(t, ruben, choose(`#role`, "child_worker"), click(`form[action="/policy"] .btn`), chromedp.WaitVisible(`[data-role="child_worker"]`))
	// Why somebody may do something, or not.
	run(t, ruben, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)+"/why"), chromedp.WaitVisible(`#member`))
	run(t, ruben, click(`[data-act="ask-why"]`), chromedp.WaitVisible(`[data-allowed="false"]:focus`))
	accessible(t, ruben, "why")
	shoot(t, ruben, "why-desktop", 1280, 900, false)
	shoot(t, ruben, "why-phone", 390, 844, true)
}
