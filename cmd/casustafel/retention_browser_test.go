package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// joins makes somebody of the organisation of the demo case.
func (tb *table) joins(n *node, name string, discipline casework.Role) {
	tb.t.Helper()
	var organisation string
	if err := tb.sql().Get(&organisation, `SELECT o.name FROM organisation o JOIN account a ON a.organisation = o.id WHERE a.id = $1`, tb.users["Els"]); err != nil {
		tb.t.Fatal(err)
	}
	id, err := n.app.AddUser(tb.t.Context(), app.NewUser{Login: name + "@demo.example", Name: name, Discipline: discipline, Organisation: organisation, Demo: true})
	if err != nil {
		tb.t.Fatal(err)
	}
	tb.users[name] = id
}

// longAgo sets the clock of one thing back.
func (tb *table) longAgo(t *testing.T, statement string) {
	t.Helper()
	if result, err := tb.sql().Exec(statement); err != nil {
		t.Fatal(err)
	} else if n, _ := result.RowsAffected(); n != 1 {
		t.Fatalf("%s: %d rows", statement, n)
	}
}

const (
	closedLongAgo = `WITH closed AS (UPDATE event SET at = at - interval '21 years' WHERE type = 'case_closed' RETURNING case_id, seq, at)
		UPDATE case_closing c SET entered_at = closed.at FROM closed WHERE c.case_id = closed.case_id AND c.seq = closed.seq`
	askedLongAgo = `UPDATE keeping_question SET asked_at = asked_at - interval '31 days', entered_at = entered_at - interval '31 days' WHERE act = 'erase'`
)

// Els, a manager, holds a closed case and asks to erase it when the hold is lifted; its
// chair says yes, and the case is gone from under everybody's eyes. What is left is a
// certificate.
func TestErasingInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	tb.joins(n, "Ada", casework.Admin)
	hanneke := tb.window(chromium(t), n, "Hanneke")
	tb.watch(n, "Hanneke").must(t, "close_case", map[string]any{})
	tb.longAgo(t, closedLongAgo)
	code, at := string(n.app.CaseCode(tb.id)), n.origins[0]+"/cases/"+string(tb.id)

	ada := tb.enters(n, "Ada")
	run(t, ada, chromedp.Navigate(n.origins[0]+"/organisation"), chromedp.WaitVisible(`a[href="/organisation/retention"]`), chromedp.Navigate(n.origins[0]+"/organisation/retention"), chromedp.WaitVisible(`[data-closed]`), pageSays("Van één is de termijn voorbij"),
		chromedp.SetValue(`#log_years`, "4"), click(`main form button`), chromedp.WaitVisible(`#log_years[aria-invalid]:focus`))
	accessible(t, ada, "retention periods with a mistake")
	shootEach(t, ada, "retention-rules", "main")
	run(t, ada, chromedp.EmulateViewport(1280, 900), chromedp.SetValue(`#log_years`, "25"), click(`main form button`), chromedp.WaitVisible(`[role="status"]:focus`))

	els := tb.enters(n, "Els")
	row := fmt.Sprintf(`[data-keeping=%q]`, code)
	run(t, els, chromedp.WaitVisible(`a[href="/retention"]`), chromedp.Navigate(n.origins[0]+"/retention"), chromedp.WaitVisible(row), holds(`!/Zilverlinde|Noor|Fenna/.test(document.body.textContent)`),
		typeInto(`#hold-code`, "AAAA-AAAA"), choose(`#hold-ground`, "court"), click(`[data-decide="hold"] button`), chromedp.WaitVisible(`#hold-code[aria-invalid]:focus`), pageSays("geen casus met deze code"),
		chromedp.SetValue(`#hold-code`, code), click(`[data-decide="hold"] button`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("Vastgehouden door"))
	accessible(t, els, "a held case")
	shootEach(t, els, "retention-held", "main")
	run(t, els, chromedp.EmulateViewport(1280, 900), click(row+` summary`), choose(`#lift-`+code+`-ground`, "settled"), click(`[data-decide="lift"] button`), chromedp.WaitVisible(`[role="status"]:focus`))
	run(t, hanneke, chromedp.Navigate(at+"/team"), chromedp.WaitVisible(`a[href$="/keeping"]`), chromedp.Navigate(at+"/keeping"), chromedp.WaitVisible(`[data-answer="lift_answer"]`), click(`[data-answer="lift_answer"] button`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("termijn voorbij"))
	run(t, els, chromedp.Navigate(n.origins[0]+"/retention"), click(row+` summary`), choose(`#erase-`+code+`-ground`, "period_over"), typeInto(`#erase-`+code+`-code`, "K7QF-2M9X"), click(`[data-decide="erase"] button`),
		chromedp.WaitVisible(`#erase-`+code+`-code[aria-invalid]:focus`))
	accessible(t, els, "asking to erase a case, refused")
	shootEach(t, els, "retention-refused", "main")
	run(t, els, chromedp.EmulateViewport(1280, 900), chromedp.SetValue(`#erase-`+code+`-code`, code), click(`[data-decide="erase"] button`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("Vernietigen gevraagd door"))
	shoot(t, els, "retention-asked", 1280, 900, false)

	tb.longAgo(t, askedLongAgo)
	ruben := tb.window(chromium(t), n, "Ruben")
	run(t, hanneke, chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`[data-notice="erasing_asked"]`), chromedp.Navigate(at+"/keeping"), chromedp.WaitVisible(`[data-answer="erase_answer"]`))
	accessible(t, hanneke, "the yes to erasing a case")
	shootEach(t, hanneke, "keeping", "main")
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), typeInto(`[data-answer="erase_answer"] input[name="code"]`, code), click(`[data-answer="erase_answer"] button`), chromedp.WaitVisible(`form[action="/cases"]`), chromedp.WaitNotPresent(`.cases`),
		chromedp.Navigate(at), pageSays("niet voor jou"))
	run(t, ruben, chromedp.WaitNotPresent(`[data-card]`), holds(`!/Joris|Zilverlinde/.test(document.body.textContent)`))
	run(t, els, chromedp.Navigate(n.origins[0]+"/retention"), chromedp.WaitVisible(fmt.Sprintf(`[data-erased=%q]`, code)), chromedp.WaitNotPresent(row))
	shoot(t, els, "retention-erased", 1280, 900, true)
	run(t, els, chromedp.EmulateViewport(1280, 900), chromedp.WaitVisible(`[data-erased] a`), click(`[data-erased] a`), chromedp.WaitVisible(`.certificate`), pageSays("Hanneke"), holds(`!/Zilverlinde|Noor|Fenna/.test(document.body.textContent)`))
	accessible(t, els, "a certificate")
	shootEach(t, els, "certificate", "main")
}
