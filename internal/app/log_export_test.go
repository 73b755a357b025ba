package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// logFile keeps the lines that are written to it.
type logFile struct {
	lines []audit.Line
	pages int
	whole bool
	said  int        // how many lines it was told to have
	end   audit.Line // of the export itself
	after func()     // each page
}

func (f *logFile) Write(lines []audit.Line) error {
	f.lines, f.pages = append(f.lines, lines...), f.pages+1
	if f.after != nil {
		f.after()
	}
	return nil
}

func (f *logFile) End(l audit.Line, lines int) error {
	f.whole, f.said, f.end = true, lines, l
	return nil
}

// opened is somebody as a browser has signed in.
func (c conference) opened(t *testing.T, who app.Session) (app.Session, string) {
	t.Helper()
	link, err := c.NewSignInLink(t.Context(), who.Account.ID)
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.SignInByLink(t.Context(), link, home)
	if err != nil {
		t.Fatal(err)
	}
	session, err := c.SessionOf(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return session, token
}

// exported are the lines that somebody gets as a file.
func (c conference) exported(t *testing.T, session app.Session, filter app.RecordFilter) []audit.Line {
	t.Helper()
	var file logFile
	if err := c.ExportLog(t.Context(), session, app.LogAsked{Filter: filter, Format: app.CSV, Reason: "review"}, &file); err != nil {
		t.Fatal(err)
	}
	if !file.whole || file.said != len(file.lines) || file.end.Event != "export_log_ended" || file.end.Name != session.Account.Name || file.end.Organisation != session.Account.OrganisationName {
		t.Fatalf("the file ends with %+v after %d of %d lines", file.end, file.said, len(file.lines))
	}
	return file.lines
}

// looksAtLog are events of looking at the log itself, which every look adds one of.
var looksAtLog = []audit.Event{"view_records", "view_log_export", "export_log", "export_log_ended"}

// A file has the lines of the pages, each once, and says of each what they say: for
// the own organisation, another one, and somebody who must never come near a case.
func TestExportedLinesAreThoseOfThePages(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.clock.turn(time.Second)
	els, _ := c.opened(t, c.colleague(t, "els@linde.example", casework.Manager, "De Linde"))
	piet, _ := c.opened(t, c.colleague(t, "piet@linde.example", casework.Manager, "De Linde"))
	tess, _ := c.opened(t, c.colleague(t, "tess@ggze.example", casework.Manager, "GGzE"))
	noud := c.colleague(t, "noud@ggze.example", casework.MentalHealth, "GGzE")
	hanneke := c.as(t, "hanneke")
	c.joins(t, "iris")
	c.knocks(t, noud, c.id)
	c.knocks(t, noud, "22222222222222AA")
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "piet+x@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	_, err := c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", c.card(t, "hanneke", "Afspraak", with{"class": "confidential"})))
	bar, barred := c.Bar(t.Context(), hanneke, c.id, app.Gift{To: c.users["iris"], Card: c.card(t, "daan", "Voor iedereen", nil), Reason: "Zij is familie van hem."})
	if err := errors.Join(err, barred, c.EndGiven(t.Context(), hanneke, c.id, bar)); err != nil {
		t.Fatal(err)
	}
	if answer := c.ask(t, "iris", "close_case", with{}); answer.Refusal == nil {
		t.Fatal("she closed the case")
	}
	code := string(c.CaseCode(c.id))
	told := map[string][]string{}
	for name, who := range map[string]app.Session{"els": els, "piet": piet, "tess": tess} {
		for _, filter := range []app.RecordFilter{{}, {Kind: audit.Teams}, {Case: code}, {Outcome: audit.Refused}, {Period: app.Period{From: "2026-03-02", To: "2026-03-02"}}} {
			var shown, written []string
			for older, first := "", true; first || older != ""; first = false {
				page, err := c.RecordsOf(t.Context(), who, filter, older, "")
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range page.Lines {
					if !slices.Contains(looksAtLog, l.Event) {
						organisation := l.Organisation
						if organisation == "" && l.Who != "" {
							organisation = who.Account.OrganisationName
						}
						shown = append(shown, fmt.Sprintf("%s %s %s %s %s %s %v %s %s %s", l.At.Format(time.RFC3339Nano), l.Event, l.Who, organisation, l.Role, l.Ground, l.Refused, l.Rule, l.Why, l.Case))
					}
				}
				older = page.Older
			}
			for _, l := range c.exported(t, who, filter) {
				if !slices.Contains(looksAtLog, l.Event) {
					written = append(written, fmt.Sprintf("%s %s %s %s %s %s %v %s %s %s", l.At.Format(time.RFC3339Nano), l.Event, l.Name, l.Organisation, l.Role, l.Ground, l.Refused, l.Rule, l.Why, l.Case))
				}
				if l.Event == audit.SightChanged && (l.Action != audit.Update || l.AccessPoint != "" || l.Relation != "") {
					t.Errorf("a lend can be told from a bar: %+v", l)
				}
				if l.Case == "" && l.Relation != "" {
					t.Errorf("a relation to no case: %+v", l)
				}
			}
			if !slices.Equal(shown, written) {
				t.Errorf("%s, %+v: the pages show\n%s\nthe file has\n%s", name, filter, strings.Join(shown, "\n"), strings.Join(written, "\n"))
			}
			told[name] = append(told[name], strings.Join(written, "\n"))
		}
	}
	if all := told["els"][0]; !strings.Contains(all, code) || !strings.Contains(all, "sight_changed") || strings.Contains(all, "exclude") {
		t.Errorf("Els gets\n%s", all)
	}
	if all := strings.Join(append(told["piet"], told["tess"]...), "\n"); strings.Contains(all, code) || strings.Contains(all, "exclude") {
		t.Errorf("of a case that they may not know comes\n%s", all)
	}
}

// Many lines come page after page, each once; before the first is written it is on the
// record that they will be, and in the end how many there were.
func TestExportOfManyLines(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, token := c.opened(t, c.colleague(t, "els@linde.example", casework.Manager, "De Linde"))
	if _, err := c.admin.Exec(`INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object,
		policy_rule, policy, ground, request, detail, actor_organisation, case_organisation)
		SELECT 'RECRD' || translate(lpad(n::text, 11, '0'), '0123456789', 'ABCDEFGHJK'), '2026-03-01 08:00Z'::timestamptz - (n / 700) * interval '1 second', 'paged' || n, 'R', 'done',
			$1, '', '', '', '', '', '', '', '', '', '', '{}', $2, '' FROM generate_series(1, 2300) n`, c.users["iris"], els.Account.Organisation); err != nil {
		t.Fatal(err)
	}
	asked := app.LogAsked{Filter: app.RecordFilter{Period: app.Period{To: "2026-03-01"}}, Format: app.FHIR, Reason: "supervision"}
	records := func() string {
		return one[string](t, c.door, `SELECT coalesce(string_agg(concat_ws(' ', event, action, outcome, detail->>'format', detail->>'reason', detail->>'filters', detail->>'lines', detail->>'whole'), ';' ORDER BY at, event), '')
			FROM record WHERE event LIKE 'export_log%'`)
	}
	const began = "export_log E done fhir supervision to"
	var file logFile
	file.after = func() {
		c.clock.turn(time.Second)
		if got := records(); got != began {
			t.Errorf("on the record while lines go out: %s", got)
		}
	}
	if err := c.ExportLog(t.Context(), els, asked, &file); err != nil {
		t.Fatal(err)
	}
	seen := map[audit.Event]bool{}
	for _, l := range file.lines {
		seen[l.Event] = true
	}
	if len(file.lines) != 2300 || len(seen) != 2300 || file.pages != 3 || !file.whole {
		t.Errorf("%d lines, %d of them others than the rest, on %d pages, whole is %v", len(file.lines), len(seen), file.pages, file.whole)
	}
	if got := records(); got != began+";export_log_ended E done fhir 2300 true" {
		t.Errorf("on the record: %s", got)
	}

	// What ends a right or a session between two pages ends the file.
	for how, end := range map[string]func(app.Session, string){
		"locked":     func(_ app.Session, token string) { c.lock(t, token) },
		"signed out": func(_ app.Session, token string) { _ = c.SignOut(t.Context(), token) },
		"left":       func(who app.Session, _ string) { _ = c.Deactivate(t.Context(), who.Account.ID) },
	} {
		who, token := els, token
		if how != "locked" {
			who, token = c.opened(t, c.colleague(t, strings.ReplaceAll(how, " ", "")+"@linde.example", casework.Manager, "De Linde"))
		}
		cut := logFile{after: func() { end(who, token) }}
		if err := c.ExportLog(t.Context(), who, asked, &cut); err == nil || cut.whole || len(cut.lines) != 1000 {
			t.Errorf("%s: %v with %d lines", how, err, len(cut.lines))
		}
		if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'export_log_ended' AND account = $1 AND detail->>'lines' = '1000' AND detail->>'whole' = 'false'`, who.Account.ID); n != 1 {
			t.Errorf("%s: %d records of a file that broke off", how, n)
		}
	}
}

// Nobody else takes lines out, nobody without a reason or a second factor, and nothing
// is written then; that they tried is on the record.
func TestExportOfLinesIsRefused(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, _ := c.opened(t, c.colleague(t, "els@linde.example", casework.Manager, "De Linde"))
	chair, _ := c.opened(t, c.as(t, "hanneke"))
	admin, _ := c.opened(t, c.colleague(t, "bart@linde.example", casework.Admin, "De Linde"))
	stranger := c.colleague(t, "noud@ggze.example", casework.MentalHealth, "GGzE")
	unproven := els
	unproven.Account.Demo = false
	for name, ask := range map[string]struct {
		who   app.Session
		asked app.LogAsked
		want  string
	}{
		"a chair":              {chair, app.LogAsked{Format: app.CSV, Reason: "review"}, "not_found"},
		"a chair who mistypes": {chair, app.LogAsked{Filter: app.RecordFilter{Case: "x"}}, "not_found"},
		"an administrator":     {admin, app.LogAsked{Format: app.CSV, Reason: "review"}, "not_found"},
		"no reason":            {els, app.LogAsked{Format: app.CSV}, "bad_log_reason"},
		"a reason of her own":  {els, app.LogAsked{Format: app.CSV, Reason: "omdat Noor belde"}, "bad_log_reason"},
		"no format":            {els, app.LogAsked{Reason: "review"}, "bad_log_format"},
		"a bad filter":         {els, app.LogAsked{Filter: app.RecordFilter{Period: app.Period{To: "x"}}, Format: app.CSV, Reason: "review"}, "bad_to"},
		"people of others":     {els, app.LogAsked{Filter: app.RecordFilter{Person: stranger.Account.ID}, Format: app.CSV, Reason: "review"}, "bad_person"},
		"no second factor":     {unproven, app.LogAsked{Format: app.CSV, Reason: "review"}, "not_proven"},
	} {
		before := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'export_log' AND outcome = 'refused' AND account = $1 AND detail = jsonb_build_object('reason', $2::text)`, ask.who.Account.ID, ask.want)
		var file logFile
		if err := c.ExportLog(t.Context(), ask.who, ask.asked, &file); reason(err) != ask.want || file.pages > 0 || file.whole {
			t.Errorf("%s: %v, %d pages", name, err, file.pages)
		}
		if after := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'export_log' AND outcome = 'refused' AND account = $1 AND detail = jsonb_build_object('reason', $2::text)`, ask.who.Account.ID, ask.want); after != before+1 {
			t.Errorf("%s: %d refusals on the record", name, after-before)
		}
	}
	if _, err := c.LogExportPage(t.Context(), chair); reason(err) != "not_found" {
		t.Errorf("a chair sees the page: %v", err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'export_log' AND outcome = 'done' OR event = 'export_log_ended'`); n != 0 {
		t.Errorf("%d exports began", n)
	}
}
