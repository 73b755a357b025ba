package main

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// aBusyMonth puts the last month at the table in its log, forty-eight stays.
func (tb *table) aBusyMonth(n *node) (first time.Time) {
	y, m, _ := time.Now().In(app.Here).Date()
	first = time.Date(y, m-1, 1, 0, 0, 0, 0, app.Here)
	roles := map[string]casework.Role{"Iris": casework.ChildWorker, "Daan": casework.AmbulantWorker, "Mirthe": casework.MentalHealth, "Ruben": casework.PerpetratorSupport, "Hanneke": casework.Chair}
	names := []string{"Iris", "Daan", "Mirthe", "Hanneke", "Ruben", "Iris", "Daan"}
	var all []audit.Record
	add := func(at time.Time, name string, event audit.Event, outcome audit.Outcome, rule, request string) {
		all = append(all, audit.Record{ID: casework.NewID[string](rand.Reader), At: at, Event: event, Action: audit.Read, Outcome: outcome, User: tb.users[name], Role: roles[name],
			Case: tb.id, PolicyRule: rule, Ground: "treatment", Request: request})
	}
	for i := range 48 {
		name := names[i%len(names)]
		at := first.AddDate(0, 0, i/2).Add(time.Duration(7*60+i*97%840) * time.Minute)
		stay := fmt.Sprint("STAY", i)
		add(at, name, "join", audit.Done, "", stay)
		for k := range i % 9 {
			add(at.Add(time.Duration(k)*time.Minute), name, "command", audit.Done, "", stay)
		}
		if i%16 != 15 {
			add(at.Add(time.Duration(10+i*13%75)*time.Minute), name, "leave", audit.Done, "", stay)
		}
		if i%16 == 6 {
			all[len(all)-1].Detail = map[string]string{audit.CutOff: at.Format(time.RFC3339)}
		}
		if i%17 == 0 {
			add(at, "Ruben", "command", audit.Refused, "D-01", stay)
		}
	}
	add(first.Add(34*time.Hour), "Daan", audit.Glass, audit.Done, "", "")
	add(first.Add(58*time.Hour), "Hanneke", "export", audit.Done, "", "")
	if err := n.store.Transact(tb.t.Context(), func(tx *store.Tx) error { return tx.Record(tb.t.Context(), all...) }); err != nil {
		tb.t.Fatal(err)
	}
	return first
}

// A manager sees a month in pictures with the numbers beside them, goes from a case to
// its lines and to a timeline of who was there, and nothing of it stands in an address.
func TestOverviewInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	first := tb.aBusyMonth(n)
	if _, err := tb.sql().ExecContext(t.Context(), `UPDATE account SET name = 'Hanneke-Wilhelmina van der Bovenkampse Noordermeer-de Graaf' WHERE name = 'Hanneke'`); err != nil {
		t.Fatal(err)
	}
	code, month := string(n.app.CaseCode(tb.id)), first.Format("2006-01")
	els := tb.enters(n, "Els")
	run(t, els, click(`a[href="/overview"]`), arrives(`document.querySelector(".counts")`), choose(`#month`, month), click(`[data-act="month"]`),
		arrives(`document.querySelector(".period:focus")`), pageSays(code), pageSays("wacht nog"), chromedp.WaitVisible(`.heat.lying`))
	accessible(t, els, "the overview")
	for name, width := range map[string]int64{"narrow": 320, "phone": 390, "tablet": 820, "desktop": 1280} {
		shoot(t, els, "overview-"+name, width, 900, width == 820)
	}
	shoot(t, els, "overview-dark", 1280, 900, true)
	shoot(t, els, "overview-phone-dark", 390, 844, true)
	for _, width := range []int64{320, 390} {
		run(t, els, chromedp.EmulateViewport(width, 800), chromedp.WaitVisible(`.heat.standing`), holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width)))
	}
	run(t, els, chromedp.EmulateViewport(1280, 900), click(`.filters summary`), chromedp.SetValue(`#from`, first.Format(time.DateOnly)), chromedp.SetValue(`#to`, first.AddDate(-1, 0, 0).Format(time.DateOnly)),
		click(`[data-act="days"]`), chromedp.WaitVisible(`#to[aria-invalid]:focus`))
	accessible(t, els, "an overview of no days")
	// What was refused is not kept: the month is there again.
	run(t, els, chromedp.Navigate(n.origins[0]+"/overview"), chromedp.WaitVisible(`.period`), pageSays(code),
		chromedp.Focus(`section[aria-labelledby="cases"] button.link`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`.log`), pageSays(code), holds(`document.querySelector("#case").value === "`+code+`"`))
	run(t, els, click(`a[href="/records/timeline"]`), chromedp.WaitVisible(`.lanes`), pageSays("48 verblijven"), pageSays("Mirthe"))
	accessible(t, els, "the timeline of a case")
	for name, width := range map[string]int64{"narrow": 320, "phone": 390, "tablet": 820, "desktop": 1280} {
		shoot(t, els, "timeline-"+name, width, 900, width == 820)
	}
	run(t, els, chromedp.EmulateViewport(320, 800), holds(`document.documentElement.scrollWidth <= 320`), chromedp.EmulateViewport(1280, 900),
		chromedp.Focus(`.timeline summary`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`.timeline table`), pageSays("geen einde bekend"), pageSays("uiterlijk"), pageSays("ten hoogste"))
	accessible(t, els, "all stays")
	run(t, els, chromedp.Navigate(n.origins[0]+"/records"), chromedp.WaitVisible(`.log`), chromedp.Reload(), holds(`document.querySelector("#case")?.value === "`+code+`"`),
		holds(`document.readyState === "complete"`), evaluate(`document.querySelector("#case").value = ""`), choose(`#person`, string(tb.users["Iris"])), click(`[data-act="filter"]`), chromedp.WaitVisible(`[role="status"]:focus`),
		click(`a[href="/records/timeline"]`), chromedp.WaitVisible(`.lanes`), pageSays("Iris"))
	shoot(t, els, "timeline-person", 1280, 900, false)
	if page := saysThere(t, els, `location.href + document.body.innerHTML`); strings.Contains(page, "Zilverlinde") || strings.Contains(page, "person=") {
		t.Error("a page tells what the case is called, or an address who was looked for")
	}
}

// A manager follows the log: new lines wait until they are asked for, and stop coming
// when the page locks.
func TestTailInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	els := tb.enters(n, "Els")
	run(t, els, chromedp.Navigate(n.origins[0]+"/records"), arrives(`document.querySelector(".log")`), click(`[data-act="tail"]`), chromedp.WaitVisible(`[data-act="tail"][aria-pressed="true"]`))
	tb.recorded(t, `event = 'tail_records' AND account = $1`, tb.users["Els"])
	iris := app.Session{}
	iris.Account.ID = tb.users["Iris"]
	if _, err := n.app.TeamOf(t.Context(), iris, tb.id); err != nil {
		t.Fatal(err)
	}
	run(t, els, chromedp.WaitVisible(`[data-act="fresh"]`), pageSays("1 nieuwe regel"))
	accessible(t, els, "new lines that wait")
	shoot(t, els, "tail", 1280, 900, false)
	shoot(t, els, "tail-phone", 390, 844, true)
	run(t, els, chromedp.EmulateViewport(1280, 900), chromedp.Focus(`[data-act="fresh"]`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`.log > li:first-child:focus`), holds(`document.querySelector(".log > li").innerText.includes("Iris")`),
		click(`[data-act="lock"]`), chromedp.WaitVisible(`[data-lock]`))
	tb.recorded(t, `event = 'tail_ended' AND account = $1`, tb.users["Els"])
}

// recorded waits until a line of the log is there.
func (tb *table) recorded(t *testing.T, where string, args ...any) {
	t.Helper()
	db := tb.sql()
	eventually(t, func() (bool, string) {
		var n int
		if err := db.GetContext(t.Context(), &n, `SELECT count(*) FROM record WHERE `+where, args...); err != nil {
			t.Fatal(err)
		}
		return n > 0, "not on the record: " + where
	})
}
