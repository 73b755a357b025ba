package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A manager reads what happened last month, says so by keyboard, reads it again with a
// name below it, and takes it out as a file.
func TestMonthInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	first := tb.aBusyMonth(n)
	for _, change := range []string{
		`UPDATE account SET name = 'Hanneke-Wilhelmina van der Bovenkampse Noordermeer-de Graaf' WHERE name = 'Hanneke'`,
		`INSERT INTO alarm (id, organisation, kind, account, case_id, limit_then, since, last) SELECT 'AAAAAAAAAAAAAAAB', organisation, 'refusals', id, '', 5, date_trunc('month', now()) - interval '9 days', now() FROM account WHERE name = 'Hanneke-Wilhelmina van der Bovenkampse Noordermeer-de Graaf'`,
	} {
		if _, err := tb.sql().ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	month := "/reviews/" + first.Format("2006-01")
	els := tb.enters(n, "Els")
	run(t, els, chromedp.Navigate(n.origins[0]+"/reviews"), click(`[data-act="month"]`), chromedp.WaitVisible(`.counts`), pageSays("Terugblik over"), pageSays("Steeds geweigerd"), pageSays("Nog door niemand"),
		holds(`location.pathname === "`+month+`"`))
	accessible(t, els, "the review of a month")
	for name, width := range map[string]int64{"narrow": 320, "phone": 390, "tablet": 820, "desktop": 1280} {
		shoot(t, els, "month-"+name, width, 900, width == 820)
	}
	shoot(t, els, "month-dark", 1280, 900, true)
	for _, width := range []int64{320, 390} {
		run(t, els, chromedp.EmulateViewport(width, 800), holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width)))
	}
	run(t, els, chromedp.EmulateViewport(1280, 900), evaluate(`document.querySelector('input[name="read"]').value = "0"`), chromedp.Focus(`#remark`), chromedp.SendKeys(`#remark`, "Rustige maand 🌿."), chromedp.KeyEvent("\t\r"),
		chromedp.WaitVisible(`.error:focus`), holds(`document.querySelector("#remark").value.includes("Rustige")`))
	accessible(t, els, "numbers that changed")
	shoot(t, els, "month-changed-phone", 390, 844, true)
	run(t, els, chromedp.EmulateViewport(1280, 900), chromedp.Focus(`#remark`), chromedp.KeyEvent("\t\r"), arrives(`document.querySelector("[role=status]:focus")`), pageSays("Rustige maand"), chromedp.WaitNotPresent(`#remark`))
	accessible(t, els, "a month that was read")
	shoot(t, els, "month-read", 1280, 900, false)
	shoot(t, els, "month-read-phone", 390, 844, false)
	begins, err := chromedp.Run(els, chromedp.Evaluate[string](`(() => {
		const form = document.querySelector('form[action$="/pdf"]');
		return fetch(form.action, {method: "POST"}).then(async (answer) => answer.headers.get("Content-Disposition") + " " + (await answer.text()).slice(0, 5));
	})()`, chromedp.EvalAwaitPromise))
	if err != nil || !strings.HasSuffix(begins, first.Format("2006-01")+`.pdf" %PDF-`) {
		t.Fatalf("the file: %v: %s", err, begins)
	}
	if page := saysThere(t, els, `document.body.innerHTML`); strings.Contains(page, "Zilverlinde") {
		t.Error("the page tells what the case is called")
	}
	run(t, els, chromedp.Navigate(n.origins[0]+"/overview"), click(`[data-act="review"]`), chromedp.WaitVisible(`.month`), pageSays("Deze maand loopt nog"))
}
