package app_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// overview is what somebody who reviews gets of a period.
func (c conference) overview(t *testing.T, session app.Session, period app.Period) app.Overview {
	t.Helper()
	overview, err := c.OverviewOf(t.Context(), session, period)
	if err != nil {
		t.Fatal(err)
	}
	return overview
}

// lines puts lines in the log, all at one moment.
func (c conference) lines(t *testing.T, n int, at time.Time, event audit.Event, outcome audit.Outcome, user casework.UserID, role casework.Role, id casework.CaseID, rule string) {
	t.Helper()
	var all []audit.Record
	for range n {
		r := audit.Record{ID: string(fresh()), At: at, Event: event, Action: audit.Read, Outcome: outcome, User: user, Role: role, Case: id, PolicyRule: rule, Ground: "treatment"}
		if role == casework.NoRole {
			r.Ground = ""
		}
		all = append(all, r)
	}
	if err := c.store.Transact(t.Context(), func(tx *store.Tx) error { return tx.Record(t.Context(), all...) }); err != nil {
		t.Fatal(err)
	}
}

// february is a month of which the tests say everything that happened.
var february = app.Period{From: "2026-02-01", To: "2026-02-28"}

// Everything is counted once, in the Dutch hour, beside the places that the team had.
func TestOverview(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	guest := c.colleague(t, "noud@ggze.example", casework.MentalHealth, "GGzE")
	iris, daan := c.users["iris"], c.users["daan"]
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, app.Here)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	c.exec(t, `UPDATE membership SET valid_from = '2026-01-01Z'`)
	if err := c.store.Transact(t.Context(), func(tx *store.Tx) error {
		return tx.SetDuty(t.Context(), c.id, iris, store.Duty{Task: "Spelen met Bram"})
	}); err != nil {
		t.Fatal(err)
	}
	c.lines(t, 3, at("2026-02-03 10:59"), "join", audit.Done, iris, casework.ChildWorker, c.id, "")
	c.lines(t, 2, at("2026-02-03 20:00"), "command", audit.Done, daan, casework.AmbulantWorker, c.id, "")
	c.lines(t, 1, at("2026-02-07 12:00"), "history", audit.Done, guest.Account.ID, casework.MentalHealth, c.id, "")
	c.lines(t, 9, at("2026-02-03 11:00"), "leave", audit.Done, iris, casework.ChildWorker, c.id, "") // no access
	c.lines(t, 4, at("2026-02-05 10:00"), "command", audit.Refused, iris, casework.ChildWorker, c.id, "A-01")
	c.lines(t, 1, at("2026-02-06 10:00"), "lend", audit.Refused, iris, casework.ChildWorker, c.id, "A-01")
	c.lines(t, 1, at("2026-02-06 10:00"), "bar", audit.Refused, iris, casework.ChildWorker, c.id, "R-01")
	c.lines(t, 1, at("2026-02-10 09:00"), "export", audit.Done, c.users["hanneke"], casework.Chair, c.id, "")
	c.lines(t, 1, at("2026-02-11 09:00"), audit.Glass, audit.Done, daan, casework.AmbulantWorker, c.id, "")
	c.lines(t, 7, at("2026-01-31 23:59"), "join", audit.Done, iris, casework.ChildWorker, c.id, "")
	c.lines(t, 7, at("2026-03-01 00:00"), "join", audit.Done, iris, casework.ChildWorker, c.id, "")

	o := c.overview(t, els, february)
	if o.Accesses != 8 || o.After != 3 || o.Refused != 6 || o.Hours[1][10] != 3 || o.Hours[1][20] != 2 || o.Hours[5][12] != 1 || len(o.Spans) != 28 {
		t.Errorf("counted %+v", o)
	}
	if len(o.Cases) != 1 || !o.Cases[0].Own || o.Cases[0].Case != c.CaseCode(c.id) || o.MoreCases != 0 {
		t.Fatalf("cases: %+v", o.Cases)
	}
	want := []app.RoleAccess{{Role: casework.AmbulantWorker, Accesses: 3, People: 1, Places: 1}, {Role: casework.ChildWorker, Accesses: 3, People: 1, Places: 1},
		{Role: casework.Chair, Accesses: 1, People: 1, Places: 1}, {Role: casework.MentalHealth, Accesses: 1, People: 1, Places: 0}, {Role: casework.PerpetratorSupport, Accesses: 0, People: 0, Places: 1}}
	if !slices.Equal(o.Cases[0].Roles, want) {
		t.Errorf("roles: %+v", o.Cases[0].Roles)
	}
	if s := o.Spans[4]; s.Refused != 4 || o.Spans[9].Exports != 1 || o.Spans[10].Glass != 1 || len(o.Exports) != 1 || len(o.Glasses) != 1 || o.Glasses[0].Answered {
		t.Errorf("rare: %+v, %+v, %+v", o.Spans, o.Exports, o.Glasses)
	}
	// Lending and shutting out are told alike, without the rule.
	if got := fmt.Sprint(o.Refusals[0].Event, o.Refusals[0].Count, o.Refusals[1]); len(o.Refusals) != 2 || !strings.HasPrefix(got, "command 4") && !strings.HasPrefix(got, "command4") ||
		o.Refusals[1] != (app.RefusalCount{Event: audit.SightChanged, Count: 2}) {
		t.Errorf("refusals: %+v", o.Refusals)
	}
	if len(o.Late) != 2 || o.Late[0] != (app.LateAccess{Who: "daan", After: 2, All: 3}) || o.Late[1].Organisation != "GGzE" {
		t.Errorf("after hours: %+v", o.Late)
	}
	if len(o.Undue) != 1 || o.Undue[0] != (app.UndueAccess{Case: c.CaseCode(c.id), Role: casework.AmbulantWorker, Who: "daan", Accesses: 3}) {
		t.Errorf("without a task: %+v", o.Undue)
	}
	// It is the same when every line has its leaf, and was counted then.
	c.sequence(t, c.App)
	c.grown(t)
	if again := c.overview(t, els, february); !reflect.DeepEqual(again, o) {
		t.Errorf("counted with leaves %+v\nand without %+v", again, o)
	}
	year := c.overview(t, els, app.Period{From: "2025-06-01", To: "2026-06-30"})
	if !year.Months || len(year.Spans) != 10 || year.Spans[8].Accesses != 8 || year.Accesses != 23 {
		t.Errorf("a year: %d accesses, %+v", year.Accesses, year.Spans)
	}
	if got := c.line(t, `event = 'view_overview' AND account = $1`, els.Account.ID); strings.Count(got, "view_overview|R|done") != 3 {
		t.Errorf("on the record: %s", got)
	}
	for want, period := range map[string]app.Period{"bad_from": {From: "x"}, "bad_to": {To: "2026-02-30"}, "to_before_from": {From: "2026-02-02", To: "2026-02-01"},
		"overview_long": {From: "2024-02-02", To: "2026-02-01"}} {
		if _, err := c.OverviewOf(t.Context(), els, period); reason(err) != want {
			t.Errorf("%+v: %v", period, err)
		}
		if err := c.ShowOverview(t.Context(), els, period); reason(err) != want {
			t.Errorf("keep %+v: %v", period, err)
		}
	}
}

// Nobody else gets an overview; it is on the record that they tried.
func TestOverviewIsForManagers(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	for who, session := range map[string]app.Session{"a chair": c.as(t, "hanneke"), "an admin": c.colleague(t, "bart@linde.example", casework.Admin, "De Linde")} {
		o, err := c.OverviewOf(t.Context(), session, app.Period{})
		if reason(err) != "not_found" || o.Accesses+len(o.Cases)+len(o.Spans) != 0 {
			t.Errorf("%s: %+v, %v", who, o, err)
		}
		if err := c.ShowOverview(t.Context(), session, february); reason(err) != "not_found" {
			t.Errorf("%s keeps a period: %v", who, err)
		}
		if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'view_overview' AND outcome = 'refused' AND account = $1`, session.Account.ID); n != 2 {
			t.Errorf("%s: %d refusals on the record", who, n)
		}
	}
}

// Histories that differ only in what a manager may not know give that manager the same,
// to the byte: what happened in a case that the manager must never come near, in cases of
// others, and with the list of who must never come near, and how large those teams are.
func TestOverviewTellsNothingThatItsReaderMayNotKnow(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, piet, tess := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "piet@linde.example", casework.Manager, "De Linde"), c.colleague(t, "tess@ggze.example", casework.Manager, "GGzE")
	noud := c.colleague(t, "noud@ggze.example", casework.MentalHealth, "GGzE")
	secret := c.open(t, "Verborgen")
	c.exec(t, `UPDATE membership SET valid_from = '2026-01-01Z'`)
	if err := c.Exclude(t.Context(), c.as(t, "iris"), secret, "piet@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)
	c.lines(t, 2, day, "join", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	c.lines(t, 1, day, "join", audit.Refused, c.users["daan"], casework.NoRole, "22222222222222AA", "") // of no case
	c.sequence(t, c.App)
	told := func(reader app.Session) string {
		c.grown(t)
		all, err := json.Marshal(c.overview(t, reader, february))
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	before := map[*app.Session]string{&els: told(els), &piet: told(piet), &tess: told(tess)}

	night := time.Date(2026, 2, 7, 3, 0, 0, 0, time.UTC)
	c.lines(t, 5, night, "join", audit.Done, c.users["iris"], casework.ChildWorker, secret, "")
	c.lines(t, 5, night, "command", audit.Refused, c.users["iris"], casework.ChildWorker, secret, "A-01")
	c.lines(t, 1, night, "export", audit.Done, c.users["hanneke"], casework.Chair, secret, "")
	c.lines(t, 1, night, audit.Glass, audit.Done, c.users["daan"], casework.AmbulantWorker, secret, "")
	c.lines(t, 3, night, "exclude", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	c.lines(t, 3, night, "list_exclusions", audit.Refused, c.users["ruben"], casework.PerpetratorSupport, c.id, "A-01")
	c.exec(t, `INSERT INTO membership (case_id, account, role, beside, contact, ground, valid_from) VALUES ('`+string(secret)+`', '`+string(noud.Account.ID)+`', 'mental_health', '{}', false, 'treatment', '2026-01-01Z')`)
	after := map[*app.Session]string{&els: told(els), &piet: told(piet), &tess: told(tess)}
	if after[&piet] != before[&piet] {
		t.Errorf("who must never come near is told\n%s\nand before\n%s", after[&piet], before[&piet])
	}
	if after[&tess] != before[&tess] {
		t.Errorf("another organisation is told\n%s\nand before\n%s", after[&tess], before[&tess])
	}
	if after[&els] == before[&els] || !strings.Contains(after[&els], string(c.CaseCode(secret))) {
		t.Error("whom nothing is kept from is told nothing")
	}

	// A knock at that case is told as one at nothing, in numbers too.
	c.lines(t, 1, night, "join", audit.Refused, c.users["daan"], casework.NoRole, secret, "")
	hidden := told(piet)
	c.exec(t, `UPDATE record SET case_id = '22222222222222AA', case_organisation = '' WHERE role = 'none' AND case_id = '`+string(secret)+`'`, `SELECT recount_records('2026-02-01')`)
	if absent := told(piet); absent != hidden {
		t.Errorf("a knock at a hidden case is told as\n%s\nand at none as\n%s", hidden, absent)
	}
}
