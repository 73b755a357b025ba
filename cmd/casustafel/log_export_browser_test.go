package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A manager comes from the log to its export, hears what is wrong with a field, and
// takes a file out that does not name the case.
func TestLogExportInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	els := tb.enters(n, "Els")
	run(t, els, chromedp.Navigate(n.origins[0]+"/records"), click(`a[href="/records/export"]`), chromedp.WaitVisible(`[data-act="export"]`))
	accessible(t, els, "the export of the log")
	for name, width := range map[string]int64{"narrow": 320, "phone": 390, "tablet": 820, "desktop": 1280} {
		shoot(t, els, "log-export-"+name, width, 900, width == 820)
	}
	run(t, els, chromedp.EmulateViewport(320, 800), holds(`document.documentElement.scrollWidth <= 320`), chromedp.EmulateViewport(1280, 900),
		typeInto(`#case`, "zilver"), click(`#reason-supervision`), click(`#format-csv`), click(`[data-act="export"]`),
		chromedp.WaitVisible(`#case[aria-invalid]:focus`), holds(`document.querySelector("#reason-supervision").checked && document.querySelector("#format-csv").checked`))
	accessible(t, els, "the export of the log with a mistake")
	shoot(t, els, "log-export-mistake-phone", 390, 844, true)
	file, err := chromedp.Run(els, chromedp.Evaluate[string](`(() => {
		document.querySelector("#case").value = "";
		const form = document.querySelector('form[action="/records/export"]');
		return fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))}).then(answer => answer.text());
	})()`, chromedp.EvalAwaitPromise))
	if err != nil || !strings.HasPrefix(strings.TrimPrefix(file, "\uFEFF"), "Regel;") || !strings.Contains(file, "Els") || !strings.Contains(file, "Einde: alles staat erin;") || strings.Contains(file, "Zilverlinde") {
		t.Fatalf("the file: %v: %s", err, file)
	}
}
