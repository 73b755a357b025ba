package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/app"
)

// A manager who follows the log over a bad network is told when the connection is gone,
// and gets what happened meanwhile once. A filter of another tab does not come in between.
func TestTailOverABadNetwork(t *testing.T) {
	t.Parallel()
	tb, _ := newTable(t)
	w, n := tb.behindNetwork(t, serveCmd{})
	els := tb.enters(n, "Els")
	follow := chromedp.Steps(chromedp.Navigate(n.origins[0]+"/records"), arrives(`document.querySelector(".log")`), click(`[data-act="tail"]`), pageSays("Nieuwe regels worden bijgehouden"))
	run(t, els, follow)
	lines := saysThere(t, els, `String(document.querySelectorAll(".log > li").length)`)
	w.is(func() { w.cut = true })
	run(t, els, pageSays("De verbinding is weg"), holds(`document.querySelector('[data-act="tail"]').ariaPressed === "true"`))
	accessible(t, els, "following without a connection")
	shoot(t, els, "tail-lost", 390, 844, true)
	iris := app.Session{}
	iris.Account.ID = tb.users["Iris"]
	if _, err := n.app.TeamOf(t.Context(), iris, tb.id); err != nil {
		t.Fatal(err)
	}
	w.is(func() {})
	run(t, els, pageSays("Laat zien: 1 nieuwe regel"), holds(`document.querySelector("[data-heard]").textContent === "1 nieuwe regel"`), click(`[data-act="fresh"]`), chromedp.WaitVisible(`.log > li:first-child:focus`), holds(`document.querySelector(".log > li").innerText.includes("Iris")`),
		holds(fmt.Sprintf(`document.querySelectorAll(".log > li").length === %s + 1`, lines)), holds(fmt.Sprintf(`document.querySelector("[data-count]").textContent.startsWith(%s + 1 + " regels")`, lines)), pageSays("Nieuwe regels worden bijgehouden"))

	other, quit := chromedp.NewContext(els)
	t.Cleanup(quit)
	run(t, other, chromedp.Navigate(n.origins[0]+"/records"), click(`.filters summary`), choose(`#outcome`, "refused"), click(`[data-act="filter"]`), chromedp.WaitVisible(`[role="status"]:focus`))
	w.is(func() { w.cut = true })
	w.is(func() {})
	run(t, els, pageSays("Het bijhouden is gestopt"), holds(`document.querySelector('[data-act="tail"]').ariaPressed === "false"`))
	// Who is signed out meanwhile comes back to nothing, and is told so.
	run(t, els, follow)
	w.is(func() { w.cut = true })
	if _, err := tb.sql().ExecContext(t.Context(), `UPDATE session SET ended_at = now() WHERE account = $1`, tb.users["Els"]); err != nil {
		t.Fatal(err)
	}
	w.is(func() {})
	run(t, els, pageSays("Het bijhouden is gestopt"))
}
