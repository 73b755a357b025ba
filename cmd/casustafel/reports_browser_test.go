package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// The chair reads who looked in the case, and makes the report for Noor; Ruben makes
// the one for Joris, which tells of nobody else. Both go to paper with a name.
func TestWhoLookedInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.watch(n, "Iris")
	if m, ok := tb.watch(n, "Ruben").ask(t.Context(), "close_case", map[string]any{}); !ok || m.OK {
		t.Fatalf("Ruben closed the case: %s", m.Raw)
	}
	iris.must(t, "rename_column", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Wat we weten"})
	hanneke := tb.enters(n, "Hanneke")
	at := n.origins[0] + "/cases/" + string(tb.id)
	run(t, hanneke, chromedp.Navigate(at+"/team"), chromedp.WaitVisible(`[data-act="records"]`))
	shoot(t, hanneke, "team-who-looked", 1280, 900, false)
	run(t, hanneke, click(`[data-act="records"]`), chromedp.WaitVisible(`.log [data-event="join"]`), pageSays("Een kolom een andere naam gegeven"), pageSays("Iris"))
	accessible(t, hanneke, "who looked in the case")
	for name, width := range map[string]int64{"phone": 390, "tablet": 820, "desktop": 1280, "projector": 1920} {
		shoot(t, hanneke, "case-records-"+name, width, 900, width == 820)
	}
	run(t, hanneke, chromedp.EmulateViewport(320, 800), holds(`document.documentElement.scrollWidth <= 320`), chromedp.EmulateViewport(1280, 900))
	run(t, hanneke, click(`.filters summary`), choose(`#kind`, "refused"), click(`[data-act="filter"]`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("Ruben"), chromedp.WaitNotPresent(`[data-event="join"]`),
		holds(`location.href === "`+at+`/records"`))
	shoot(t, hanneke, "case-records-refused", 390, 844, true)
	paper(t, hanneke, "case-records")

	run(t, hanneke, chromedp.Navigate(at+"/team"), click(`[data-act="report"]`), chromedp.WaitVisible(`#person`))
	accessible(t, hanneke, "the form of a report")
	shoot(t, hanneke, "report-form-phone", 390, 844, false)
	shoot(t, hanneke, "report-form", 1280, 900, true)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), chromedp.SetValue(`#from`, time.Now().AddDate(-3, 0, 0).Format(time.DateOnly)), choose(`#person`, string(tb.person(iris, "Noor"))), click(`[data-act="report"]`),
		chromedp.WaitVisible(`#from[aria-invalid]:focus`), holds(`document.querySelector("#person").value === "`+string(tb.person(iris, "Noor"))+`"`))
	run(t, hanneke, chromedp.SetValue(`#from`, time.Now().AddDate(0, -1, 0).Format(time.DateOnly)), click(`[data-act="report"]`), chromedp.WaitVisible(`.report .lookers`), pageSays("Iris"), pageSays("Kinderwerker: let op"))
	accessible(t, hanneke, "the report for Noor")
	shoot(t, hanneke, "report-noor", 1280, 900, false)
	shoot(t, hanneke, "report-noor-phone", 390, 844, true)
	paper(t, hanneke, "report-noor")
	// Where the form does not say that names may be in it, there are none.
	unsaid, err := chromedp.Run(hanneke, chromedp.Evaluate[string](`fetch("`+at+`/report", {method: "POST", body: new URLSearchParams({person: "`+string(tb.person(iris, "Noor"))+`", from: "`+time.Now().AddDate(0, -1, 0).Format(time.DateOnly)+`", to: "`+time.Now().Format(time.DateOnly)+`"})}).then(answer => answer.text())`, chromedp.EvalAwaitPromise))
	if err != nil || !strings.Contains(unsaid, "Namen staan er niet bij") || strings.Contains(unsaid, "Iris") {
		t.Errorf("a report of which nobody said what it holds: %v %s", err, unsaid)
	}

	ruben := tb.enters(n, "Ruben")
	run(t, ruben, chromedp.Navigate(at+"/report"), chromedp.WaitVisible(`#person`), holds(`document.querySelectorAll("#person option").length === 2`), choose(`#person`, string(tb.person(iris, "Joris"))), click(`[data-act="report"]`),
		chromedp.WaitVisible(`.report .lookers`), holds(`!/Iris|Noor|Fenna|Linde|Kinderwerker/.test(document.querySelector(".report").textContent)`))
	accessible(t, ruben, "the report for Joris")
	shoot(t, ruben, "report-joris", 820, 900, false)
	paper(t, ruben, "report-joris")

	own := tb.enters(n, "Iris")
	run(t, own, chromedp.Navigate(n.origins[0]+"/me/accesses"), chromedp.WaitVisible(`.accesses`), pageSays("vanaf"))
	accessible(t, own, "own accesses")
	shoot(t, own, "own-accesses", 1280, 900, false)
	shoot(t, own, "own-accesses-phone", 390, 844, true)
}

// paper holds that something of a page goes to paper, and takes a picture of it.
func paper(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if !printed(t, ctx) {
		t.Errorf("%s: nothing goes to paper", name)
	}
	dir := os.Getenv("CASUSTAFEL_SHOTS")
	if dir == "" {
		return
	}
	run(t, ctx, chromedp.EmulateViewport(794, 1123)) // A4
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+"-paper.png"), image, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.EmulateViewport(1280, 900))
	scheme(t, ctx, false)
}
