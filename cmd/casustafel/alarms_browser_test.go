package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/store"
)

// tabTo presses Tab until something has the focus.
func tabTo(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for range 60 {
			if err := chromedp.Do(ctx, chromedp.KeyEvent("\t")); err != nil {
				return err
			}
			there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`!!document.activeElement?.matches(%q)`, selector)))
			if err != nil || there {
				return err
			}
		}
		return errors.New("no number of tabs leads to " + selector)
	})
}

// alarms puts refusals of Ruben in the log, which the node finds, and an alarm about the
// log itself.
func (tb *table) alarms(n *node) {
	t := tb.t
	var refusals []audit.Record
	for i := range 6 {
		refusals = append(refusals, audit.Record{ID: casework.NewID[string](rand.Reader), At: time.Now().Add(time.Duration(i) * time.Microsecond), Event: "command", Action: audit.Update, Outcome: audit.Refused,
			User: tb.users["Ruben"], Role: casework.PerpetratorSupport, Case: tb.id, PolicyRule: "D-01", Ground: "treatment"})
	}
	db := tb.sql()
	var organisation casework.OrganisationID
	if err := db.GetContext(t.Context(), &organisation, `SELECT organisation FROM account WHERE id = $1`, tb.users["Els"]); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE account SET name = 'Ruben-Alexander van der Bovenkampse Noordermeer-de Graaf' WHERE name = 'Ruben'`); err != nil {
		t.Fatal(err)
	}
	began := time.Now().Add(-time.Hour)
	err := n.store.Transact(t.Context(), func(tx *store.Tx) error {
		restored := store.Alarm{ID: casework.NewID[string](rand.Reader), Organisation: organisation, Kind: audit.VerifyFailed, Since: began, Last: began.Add(20 * time.Minute)}
		return errors.Join(tx.Record(t.Context(), refusals...), tx.RaiseAlarm(t.Context(), restored))
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() (bool, string) {
		var found int
		if err := db.GetContext(t.Context(), &found, `SELECT count(*) FROM alarm`); err != nil {
			t.Fatal(err)
		}
		return found == 2, "no alarm is raised"
	})
}

// An administrator sets the limits of alarms; Els, a manager, sees on My cases that two
// wait, and answers them without a pointer.
func TestAlarmsInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	tb.joins(n, "Ada", casework.Admin)
	ada := tb.enters(n, "Ada")
	run(t, ada, chromedp.Navigate(n.origins[0]+"/organisation/alarms"), chromedp.WaitVisible(`#cases`), chromedp.SetValue(`#cases`, "1e3"), chromedp.SetValue(`#checkpoint`, "10"), click(`main form button`),
		chromedp.WaitVisible(`#cases[aria-invalid]:focus`), holds(`document.querySelector("#cases").value === "1e3" && document.querySelector("#checkpoint").value === "10"`))
	accessible(t, ada, "limits of alarms, refused")
	shootEach(t, ada, "alarm-limits", "main")
	run(t, ada, chromedp.EmulateViewport(1280, 900), chromedp.SetValue(`#cases`, "30"), click(`main form button`), chromedp.WaitVisible(`[role="status"]:focus`), holds(`document.querySelector("#cases").value === "30"`))

	tb.alarms(n)
	els := tb.enters(n, "Els")
	run(t, els, holds(`document.querySelector('a[href="/reviews"]')?.innerText.includes("(2)")`))
	shootEach(t, els, "alarms-waiting", "main")
	const log, refusals = `[data-alarm="verify_failed"]`, `[data-alarm="refusals"]`
	run(t, els, chromedp.EmulateViewport(1280, 900), tabTo(`a[href="/reviews"]`), chromedp.KeyEvent("\r"), arrives(`document.querySelector('[data-alarm="refusals"]')`))
	accessible(t, els, "alarms")
	shootEach(t, els, "alarms", "main")
	run(t, els, chromedp.EmulateViewport(390, 844), holds(`document.documentElement.scrollWidth <= 390`), chromedp.EmulateViewport(1280, 900),
		tabTo(log+` input[name="judged"]`), chromedp.KeyEvent(" "), tabTo(log+` input[name="words"]`), chromedp.KeyEvent("   \r"),
		chromedp.WaitVisible(log+` input[name="words"][aria-invalid]:focus`), chromedp.WaitVisible(log+` input[value="explained"]:checked`))
	accessible(t, els, "an answer, refused")
	shoot(t, els, "alarm-refused-phone", 390, 844, false)
	run(t, els, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("De beheerder draaide een proef met een oude back-up."), tabTo(log+` button.primary`), chromedp.KeyEvent("\r"),
		arrives(`document.querySelector('[role="status"]:focus')`), chromedp.WaitNotPresent(log), chromedp.WaitVisible(`[data-alarm="answered"]`), pageSays("proef met een oude back-up"),
		tabTo(refusals+` button`), chromedp.KeyEvent("\r"), arrives(`document.querySelector(".log")`), pageSays("Ruben-Alexander"))
	run(t, els, chromedp.Navigate(n.origins[0]+"/"), arrives(`document.querySelector('a[href="/reviews"]')?.innerText.includes("(1)")`), chromedp.Navigate(n.origins[0]+"/reviews"), chromedp.WaitVisible(refusals))
	accessible(t, els, "an answered alarm")
	shootEach(t, els, "alarm-answered", "main")
	if page := saysThere(t, els, `document.querySelector("main").textContent`); regexp.MustCompile(`Zilverlinde|Joris|Fenna`).MatchString(page) {
		t.Error("an alarm tells what the case is about")
	}

	// Whoever runs the server hears of a log that is not what was signed.
	if err := tb.signing.Keep("something else"); err != nil {
		t.Fatal(err)
	}
	ready := &http.Client{Timeout: patience.Within}
	eventually(t, func() (bool, string) {
		answer, err := ready.Get(n.origins[0] + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		return err == nil && string(said) == "ready, but look in the log of this server\n" && strings.Contains(tb.log.String(), "THE ACCESS LOG IS HELD"), "the operator is not told"
	})
}
