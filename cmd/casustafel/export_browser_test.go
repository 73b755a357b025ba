package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Hanneke asks for an export, Els says yes without learning of which family, and the
// file is there to fetch.
func TestExportInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	hanneke := tb.window(chromium(t), n, "Hanneke")
	seconds := n.origins[0] + "/cases/" + string(tb.id) + "/seconds"
	run(t, hanneke, chromedp.Navigate(seconds), chromedp.WaitVisible(`[data-ask="export"]`))
	accessible(t, hanneke, "asking for a second person")
	shoot(t, hanneke, "seconds", 1280, 900, false)
	shoot(t, hanneke, "seconds-phone", 390, 844, true)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), click(`input[value="handover"]`), click(`[data-ask="export"] button`), chromedp.WaitVisible(`[role="status"]:focus`), chromedp.WaitVisible(`[data-second="export"]`))
	shoot(t, hanneke, "seconds-waiting", 1280, 900, true)

	els := tb.enters(n, "Els")
	run(t, els, chromedp.WaitVisible(`[data-notice="second_asked"]`), chromedp.Navigate(n.origins[0]+"/seconds"), chromedp.WaitVisible(`[data-second="export"]`),
		pageSays("Hanneke"), holds(`!document.body.textContent.includes("Zilverlinde")`))
	accessible(t, els, "a question to a second person")
	shoot(t, els, "seconds-manager", 1280, 900, false)
	shoot(t, els, "seconds-manager-phone", 390, 844, true)
	run(t, els, chromedp.EmulateViewport(1280, 900), click(`button[value="yes"]`), chromedp.WaitVisible(`[role="status"]:focus`), chromedp.WaitNotPresent(`[data-second]`))

	run(t, hanneke, chromedp.Navigate(seconds), chromedp.WaitVisible(`form[action$="/export"] button`))
	accessible(t, hanneke, "an export that is ready")
	shoot(t, hanneke, "seconds-ready", 1280, 900, false)
	shoot(t, hanneke, "seconds-ready-phone", 390, 844, true)
	file, err := chromedp.Run(hanneke, chromedp.Evaluate[string](`fetch(document.querySelector('form[action$="/export"]').action, {method: "POST"}).then(answer => answer.text())`, chromedp.EvalAwaitPromise))
	if err != nil || !strings.Contains(file, "Zilverlinde") || !strings.Contains(file, "Noor") || !strings.Contains(file, "<article") {
		t.Fatalf("the file: %v: %s", err, file)
	}
}
