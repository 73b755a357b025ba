package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// family are persons of the case, with everybody beside the own.
func (c conference) family(t *testing.T) (noor, fenna, joris casework.PersonID) {
	t.Helper()
	add := func(by, kind, class, name string) casework.PersonID {
		return casework.PersonID(c.made(t, by, "add_person", with{"kind": kind, "class": class, "name": name}))
	}
	noor, fenna, joris = add("daan", "parent", "shared", "Noor"), add("iris", "child", "shared", "Fenna"), add("ruben", "partner", "shared", "Joris")
	c.place(t, "iris", casework.ChildWorker, fenna)
	c.place(t, "daan", casework.AmbulantWorker, noor)
	c.place(t, "ruben", casework.PerpetratorSupport, joris)
	return noor, fenna, joris
}

// reports is the report of a person over March, as a member makes it.
func (c conference) reports(t *testing.T, name string, person casework.PersonID) app.ClientReport {
	t.Helper()
	report, err := c.ClientReport(t.Context(), c.as(t, name), c.id, app.ReportWish{Person: person, Period: app.Period{From: "2026-03-01", To: c.clock.Now().Format(time.DateOnly)}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// lookers are who looked, in short.
func lookers(list []app.ReportLooker) string {
	var all []string
	for _, l := range list {
		line := fmt.Sprintf("%s/%s/%s", l.Name, l.Role, l.Organisation)
		for _, d := range l.Days {
			line += fmt.Sprintf(" %s*%d", d.Day.In(app.Here).Format("2"), d.Times)
		}
		all = append(all, line)
	}
	return strings.Join(all, "; ")
}

// The family reads who looked, by name, on which days and how often; a line that fell
// away is no second look. Each time is on the record.
func TestClientReport(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	noor, _, joris := c.family(t)
	ans := casework.PersonID(c.made(t, "daan", "add_person", with{"kind": "network", "class": "safety", "name": "Ans"}))
	c.place(t, "daan", casework.AmbulantWorker, noor, ans)
	c.stays(t, "daan", 10*time.Minute, view.Eyes{})
	c.stays(t, "daan", 10*time.Minute, view.Eyes{}) // the line fell away
	c.clock.turn(time.Hour)
	c.stays(t, "daan", time.Minute, view.Eyes{})
	c.stays(t, "ruben", time.Minute, view.Eyes{})
	c.clock.turn(24 * time.Hour)
	c.stays(t, "daan", time.Minute, view.Eyes{})
	c.clock.turn(time.Hour)
	if got := lookers(c.reports(t, "daan", noor).Lookers); got != "daan/ambulant_worker/De Linde 2*2 3*1; ruben/perpetrator_support/De Linde 2*1" {
		t.Errorf("Noor reads %s", got)
	}
	if got := lookers(c.reports(t, "hanneke", ans).Lookers); got != "daan/ambulant_worker/De Linde 2*2 3*1" { // Ruben does not know of Ans
		t.Errorf("Ans reads %s", got)
	}
	guarded, err := c.ClientReport(t.Context(), c.as(t, "daan"), c.id, app.ReportWish{Person: noor, Period: app.Period{From: "2026-03-01", To: "2026-03-03"}, Guarded: true})
	if got := lookers(guarded.Lookers); err != nil || got != "/ambulant_worker/ 2*0 3*0" {
		t.Errorf("with roles alone, as asked, Noor reads %s, %v", got, err)
	}
	if got := c.line(t, `event = 'client_report' AND account = $1`, c.users["daan"]); !strings.Contains(got, "|person|"+string(noor)+"|") || !strings.Contains(got, `"from": "2026-03-01"`) {
		t.Errorf("on the record: %s", got)
	}
	if page := c.looksBack(t, app.CaseRecordFilter{Kind: "looking"}, "", ""); !strings.Contains(strings.Join(doneIn(page), "\n"), "daan client_report") {
		t.Error("the chair is not told of a report")
	}
	absent := map[string]casework.PersonID{"iris": noor, "ruben": ans, "daan": joris}
	for name, person := range absent {
		for _, id := range []casework.PersonID{person, "22222222222222AA", "\x00"} {
			_, err := c.ClientReport(t.Context(), c.as(t, name), c.id, app.ReportWish{Person: id, Period: app.Period{From: "2026-03-01", To: "2026-03-03"}})
			refused(t, name, err, "not_found")
		}
	}
	for name, want := range map[string]int{"iris": 1, "daan": 2, "ruben": 1, "hanneke": 4} {
		if team := c.team(t, name); len(team.Reports) != want {
			t.Errorf("%s makes reports of %+v", name, team.Reports)
		}
	}
	els := c.colleague(t, "els", casework.Manager, "De Linde")
	_, err = c.ClientReport(t.Context(), els, c.id, app.ReportWish{Person: noor, Period: app.Period{From: "2026-03-01", To: "2026-03-03"}})
	refused(t, "a manager", err, "not_found")
	for period, want := range map[[2]string]string{{"", "2026-03-03"}: "bad_from", {"2026-03-01", ""}: "report_to", {"2026-03-01", "2026-03-05"}: "report_to",
		{"2025-03-01", "2026-03-03"}: "report_long", {"2026-03-03", "2026-03-02"}: "to_before_from", {"1 maart", "2026-03-03"}: "bad_from"} {
		_, err := c.ClientReport(t.Context(), c.as(t, "daan"), c.id, app.ReportWish{Person: noor, Period: app.Period{From: period[0], To: period[1]}})
		refused(t, fmt.Sprint(period), err, want)
	}
}

// Who works through the night looked on the day that begins meanwhile too, and on none
// before the period.
func TestReportThatBeginsDuringALook(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	noor, _, _ := c.family(t)
	midnight := app.DayOf(c.clock.Now()).AddDate(0, 0, 1)
	c.clock.turn(midnight.Add(-3 * time.Hour).Sub(c.clock.Now()))
	c.stays(t, "iris", time.Minute, view.Eyes{})
	c.clock.turn(midnight.Add(-20 * time.Minute).Sub(c.clock.Now()))
	c.stays(t, "daan", 40*time.Minute, view.Eyes{})
	c.clock.turn(-30 * time.Minute)
	c.stays(t, "ruben", time.Hour, view.Eyes{}) // who stands beside another
	for guarded, want := range map[bool]string{false: "daan/ambulant_worker/De Linde %[1]s*1; ruben/perpetrator_support/De Linde %[1]s*1", true: "/ambulant_worker/ %s*0"} {
		day := midnight.Format(time.DateOnly)
		report, err := c.ClientReport(t.Context(), c.as(t, "daan"), c.id, app.ReportWish{Person: noor, Period: app.Period{From: day, To: day}, Guarded: guarded})
		if got := lookers(report.Lookers); err != nil || got != fmt.Sprintf(want, midnight.Format("2")) {
			t.Errorf("the report of that day tells %q, %v", got, err)
		}
	}
}

// Who is on the partner's side reads of roles and days alone, of those who stand beside
// that person; what anybody else does changes nothing on the report, whoever makes it.
func TestGuardedReportTellsNothingElse(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	noor, fenna, joris := c.family(t)
	c.stays(t, "ruben", time.Minute, view.Eyes{})
	report := func(by string, person casework.PersonID) string {
		made := c.reports(t, by, person)
		made.At, made.To = time.Time{}, time.Time{} // of when it is made
		raw, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	before := map[string]string{"ruben": report("ruben", joris), "hanneke": report("hanneke", joris)}
	if got := lookers(c.reports(t, "ruben", joris).Lookers); got != "/perpetrator_support/ 2*0" {
		t.Errorf("Joris reads %s", got)
	}
	for day := range 3 {
		c.clock.turn(24 * time.Hour)
		c.stays(t, "iris", time.Minute, view.Eyes{})
		c.stays(t, "daan", time.Minute, view.Eyes{})
		c.stays(t, "hanneke", time.Minute, view.Eyes{As: c.users["ruben"]})
		c.card(t, "daan", fmt.Sprint("Over Noor ", day), with{"person": noor})
		c.card(t, "daan", fmt.Sprint("Veilig ", day), with{"person": noor, "class": "safety"})
		c.card(t, "iris", fmt.Sprint("Over Fenna ", day), with{"person": fenna, "class": "confidential"})
		c.team(t, "daan")
		c.team(t, "hanneke")
		c.reports(t, "daan", noor)
	}
	c.made(t, "daan", "add_person", with{"kind": "network", "class": "safety", "name": "Ans"})
	for by, was := range before {
		if is := report(by, joris); is != was {
			t.Errorf("%s: what is not beside Joris changed his report\n%s\n%s", by, was, is)
		}
	}
	for _, secret := range []string{"Noor", "Fenna", "De Linde", "iris", "daan", "child_worker"} {
		if strings.Contains(before["ruben"], secret) {
			t.Errorf("his report tells of %s: %s", secret, before["ruben"])
		}
	}
	// A child over whom he has custody: its report may come into his hands.
	if report := c.reports(t, "iris", fenna); report.Guarded || !strings.Contains(lookers(report.Lookers), "iris/child_worker/De Linde") {
		t.Errorf("Fenna reads %+v", report)
	}
	c.made(t, "hanneke", "give_custody", with{"child": fenna, "person": joris})
	if report := c.reports(t, "iris", fenna); !report.Guarded || lookers(report.Lookers) != "/child_worker/ 3*0 4*0 5*0" {
		t.Errorf("with him, Fenna reads %+v", report)
	}
	// Where a family lives is told by no role.
	c.place(t, "daan", casework.ResidentialWorker, noor, joris)
	c.stays(t, "daan", time.Minute, view.Eyes{})
	if got := lookers(c.reports(t, "ruben", joris).Lookers); got != "/perpetrator_support/ 2*0; // 5*0" {
		t.Errorf("with a residential worker beside him, Joris reads %s", got)
	}
}
