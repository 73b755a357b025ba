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
}
