package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// reviewed is a page of the log as somebody who reviews it gets it.
func (c conference) reviewed(t *testing.T, session app.Session, filter app.RecordFilter) app.Records {
	t.Helper()
	page, err := c.RecordsOf(t.Context(), session, filter, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// said are lines of the log without their moments.
func said(lines []app.RecordLine) (all []string) {
	for _, l := range lines {
		all = append(all, fmt.Sprintf("%s %s/%s %s %s %v %s", l.Event, l.Who, l.Organisation, l.Role, l.Ground, l.Refused, l.Case))
	}
	return all
}

// joins lets a member enter the case.
func (c conference) joins(t *testing.T, name string) {
	t.Helper()
	if _, err := c.Enter(t.Context(), c.actor(name), c.id, view.Eyes{}, nil); err != nil {
		t.Fatal(err)
	}
}

// knocks lets somebody try to enter a case.
func (c conference) knocks(t *testing.T, who app.Session, id casework.CaseID) {
	t.Helper()
	actor := audit.Actor{User: who.Account.ID, Door: "live", Request: "CONNECTION"}
	if _, err := c.Enter(t.Context(), actor, id, view.Eyes{}, nil); reason(err) != "not_found" {
		t.Fatal(err)
	}
}

// A manager sees what the own people did and what was done in the own cases, of a
// case its code alone, and of a case of somebody else nothing, not that it is there.
func TestRecordsOfAnOrganisation(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, tess := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "tess@ggze.example", casework.Manager, "GGzE")
	noud, own := c.colleague(t, "noud@ggze.example", casework.MentalHealth, "GGzE"), c.colleague(t, "own@linde.example", casework.Chair, "De Linde")
	c.joins(t, "iris")
	c.knocks(t, own, c.id)
	c.knocks(t, noud, c.id)
	c.knocks(t, noud, "22222222222222AA")
	code := string(c.CaseCode(c.id))
	here, there := said(c.reviewed(t, els, app.RecordFilter{}).Lines), said(c.reviewed(t, tess, app.RecordFilter{}).Lines)
	for line, at := range map[string][]string{
		"join iris/ child_worker treatment false " + code:                 here,
		"join Naam van own@linde.example/ none  true " + code:             here,
		"join Naam van noud@ggze.example/GGzE none  true " + code:         here,
		"open_case hanneke/ chair owner false " + code:                    here,
		"join Naam van noud@ggze.example/ none  true ":                    there,
		"view_records Naam van els@linde.example/ manager  false ":        nil,
		"join Naam van noud@ggze.example/GGzE none  true 22222222222222A": nil,
	} {
		if at != nil && !slices.Contains(at, line) {
			t.Errorf("%q is not in\n%s", line, strings.Join(at, "\n"))
		}
	}
	// A case of somebody else, and one that is not there, are told alike.
	if knocks := slices.DeleteFunc(slices.Clone(there), func(l string) bool { return !strings.HasPrefix(l, "join") }); len(knocks) != 2 || knocks[0] != knocks[1] {
		t.Errorf("another organisation sees\n%s", strings.Join(there, "\n"))
	}
	for _, l := range there {
		if strings.Contains(l, code) || strings.Contains(l, "iris") || strings.Contains(l, "hanneke") {
			t.Errorf("another organisation sees %q", l)
		}
	}
	if list := c.reviewed(t, tess, app.RecordFilter{Case: code}).Lines; len(list) != 0 {
		t.Errorf("by the code of somebody else's case: %v", list)
	}
	// Its own colleague with a seat there is another matter: to that it said yes.
	if _, err := c.Invite(t.Context(), c.as(t, "hanneke"), c.id, "noud@ggze.example", child(nil)); err != nil {
		t.Fatal(err)
	}
	asked, err := c.Confirmations(t.Context(), tess)
	if err != nil || len(asked) != 1 {
		t.Fatal(asked, err)
	}
	if err := c.AnswerProposal(t.Context(), tess, asked[0].ID, true); err != nil {
		t.Fatal(err)
	}
	if err := c.SeatProposal(t.Context(), c.as(t, "hanneke"), c.id, asked[0].ID); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Second)
	if _, err := c.TeamOf(t.Context(), noud, c.id); err != nil {
		t.Fatal(err)
	}
	if answer := c.ask(t, "noud@ggze.example", "close_case", with{}); answer.Refusal == nil {
		t.Fatal("he closed the case")
	}
	if got := said(c.reviewed(t, tess, app.RecordFilter{Kind: audit.Changing}).Lines); !slices.Equal(got, []string{"command Naam van noud@ggze.example/ child_worker treatment true "}) {
		t.Errorf("what he was refused there: %q", got)
	}
	if got := said(c.reviewed(t, tess, app.RecordFilter{Case: strings.ToLower(code)}).Lines); !slices.Equal(got, []string{"view_team Naam van noud@ggze.example/ child_worker treatment false " + code}) {
		t.Errorf("of the colleague's seat: %q", got)
	}
	// Every look is on the record, with what was filtered by and not what for.
	if got := c.line(t, `event = 'view_records' AND detail ? 'filters' AND detail->>'filters' <> '' AND account = $1`, tess.Account.ID); strings.Contains(got, code) ||
		!strings.Contains(got, `view_records|R|done|`+string(tess.Account.ID)+`|manager|`) || !strings.Contains(got, `{"filters": "case"}`) {
		t.Errorf("on the record: %s", got)
	}
	if list := said(c.reviewed(t, els, app.RecordFilter{Kind: audit.Reviews}).Lines); len(list) == 0 || list[0] != "view_records Naam van els@linde.example/ manager  false " {
		t.Errorf("looks at the log: %q", list)
	}
}

// Nobody else reviews, whatever the discipline; it is on the record that they tried.
func TestRecordsAreForManagers(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	admin, left := c.colleague(t, "bart@linde.example", casework.Admin, "De Linde"), c.colleague(t, "weg@linde.example", casework.Manager, "De Linde")
	if err := c.Deactivate(t.Context(), left.Account.ID); err != nil {
		t.Fatal(err)
	}
	for who, session := range map[string]app.Session{"a chair": c.as(t, "hanneke"), "a child worker": c.as(t, "iris"), "an admin": admin, "who left": left} {
		page, err := c.RecordsOf(t.Context(), session, app.RecordFilter{}, "", "")
		if reason(err) != "not_found" || len(page.Lines)+len(page.People) != 0 {
			t.Errorf("%s: %v, %v", who, page, err)
		}
		if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'view_records' AND outcome = 'refused' AND account = $1`, session.Account.ID); n != 1 {
			t.Errorf("%s: %d refusals on the record", who, n)
		}
	}
}

// A manager who must never come near a case learns nothing of it: everything is as
// if the case were nowhere.
func TestRecordsOfAnExcludedManager(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, piet := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "piet@linde.example", casework.Manager, "De Linde")
	own := c.colleague(t, "own@linde.example", casework.Chair, "De Linde")
	code := string(c.CaseCode(c.id))
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "piet+x@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	c.joins(t, "iris")
	c.knocks(t, own, c.id)
	c.knocks(t, own, "22222222222222AA")
	list := c.reviewed(t, piet, app.RecordFilter{}).Lines
	var knocks []string
	for _, line := range said(list) {
		switch {
		case strings.Contains(line, code):
			t.Errorf("he sees %q", line)
		case strings.HasPrefix(line, "join"):
			knocks = append(knocks, line)
		}
	}
	if len(knocks) != 2 || knocks[0] != knocks[1] || !strings.Contains(knocks[0], "own@linde.example") {
		t.Errorf("a case that is kept from him, and none: %q", knocks)
	}
	for name, filter := range map[string]app.RecordFilter{"by case": {Case: code}, "by person": {Person: c.users["iris"]}, "by kind": {Kind: audit.Changing}} {
		if list := c.reviewed(t, piet, filter).Lines; len(list) != 0 {
			t.Errorf("%s: %q", name, said(list))
		}
	}
	// That there is a list is for its keepers: not even another manager reads of it.
	for _, line := range said(c.reviewed(t, els, app.RecordFilter{}).Lines) {
		if strings.HasPrefix(line, "exclude") {
			t.Errorf("a manager learns of the list: %q", line)
		}
	}
	if !slices.ContainsFunc(said(c.reviewed(t, els, app.RecordFilter{Case: code}).Lines), func(l string) bool { return strings.HasPrefix(l, "join iris") }) {
		t.Error("a manager who is on no list sees nothing")
	}
}

// Page by page, there and back, every line comes once, also when many have one
// moment.
func TestRecordsPageByPage(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	if _, err := c.admin.Exec(`INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object,
		policy_rule, policy, ground, request, detail, actor_organisation, case_organisation)
		SELECT 'RECRD' || translate(lpad(n::text, 11, '0'), '0123456789', 'ABCDEFGHJK'), '2026-03-02 08:00Z'::timestamptz - (n / 40) * interval '1 second', 'paged' || n, 'R', 'done',
			CASE WHEN n % 3 = 0 THEN '' ELSE $1 END, '', '', '', CASE WHEN n % 2 = 0 THEN $2 ELSE '' END, '', '', '', '', '', '', '{}',
			CASE WHEN n % 3 = 0 THEN '' ELSE $3 END, CASE WHEN n % 2 = 0 THEN $3 ELSE '' END
		FROM generate_series(1, 260) n`, c.users["iris"], c.id, els.Account.Organisation); err != nil {
		t.Fatal(err)
	}
	var pages []app.Records
	seen := map[audit.Event]int{}
	for older := ""; len(pages) == 0 || older != ""; older = pages[len(pages)-1].Older {
		page, err := c.RecordsOf(t.Context(), els, app.RecordFilter{}, older, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Lines {
			seen[l.Event]++
		}
		pages = append(pages, page)
	}
	for n := 1; n <= 260; n++ {
		want := 1
		if n%3 == 0 && n%2 == 1 { // of nobody, about nothing
			want = 0
		}
		if event := audit.Event(fmt.Sprintf("paged%d", n)); seen[event] != want {
			t.Errorf("%s came %d times", event, seen[event])
		}
	}
	for i := len(pages) - 1; i > 1; i-- { // the first has grown meanwhile by the looks themselves
		page, err := c.RecordsOf(t.Context(), els, app.RecordFilter{}, "", pages[i].Newer)
		if err != nil || !slices.Equal(said(page.Lines), said(pages[i-1].Lines)) || page.Older != pages[i-1].Older {
			t.Errorf("back from page %d: %v", i, err)
		}
	}
	if _, err := c.RecordsOf(t.Context(), els, app.RecordFilter{}, "x", ""); reason(err) != "not_found" {
		t.Error("a place that cannot be:", err)
	}
}

func TestRecordFilters(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	stranger := c.colleague(t, "noud@ggze.example", casework.MentalHealth, "GGzE")
	c.clock.turn(72 * time.Hour) // 5 March
	c.joins(t, "daan")
	if answer := c.ask(t, "iris", "close_case", with{}); answer.Refusal == nil {
		t.Fatal("she closed the case")
	}
	for name, ask := range map[string]struct {
		filter app.RecordFilter
		want   string
	}{
		"a person":   {app.RecordFilter{Person: c.users["daan"]}, "join"},
		"a kind":     {app.RecordFilter{Kind: audit.Looking}, "join"},
		"refused":    {app.RecordFilter{Outcome: audit.Refused}, "command"},
		"a day":      {app.RecordFilter{Period: app.Period{From: "2026-03-05", To: "2026-03-05"}, Kind: audit.Changing}, "command"},
		"day before": {app.RecordFilter{Period: app.Period{From: "2026-03-04", To: "2026-03-04"}}, ""},
		"a case":     {app.RecordFilter{Case: string(c.CaseCode(c.id)), Outcome: audit.Done, Period: app.Period{From: "2026-03-05"}}, "join"},
		"no case":    {app.RecordFilter{Case: "K7QF-2M9X"}, ""},
	} {
		var got []string
		for _, l := range c.reviewed(t, els, ask.filter).Lines {
			got = append(got, string(l.Event))
		}
		if strings.Join(got, " ") != ask.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	refused := c.reviewed(t, els, app.RecordFilter{Outcome: audit.Refused}).Lines[0]
	if refused.Rule != "" && refused.Why == "" || !refused.Refused {
		t.Errorf("a refusal is told as %+v", refused)
	}
	for want, filter := range map[string]app.RecordFilter{
		"bad_person": {Person: stranger.Account.ID}, "bad_kind": {Kind: "x"}, "bad_outcome": {Outcome: "x"}, "bad_case_code": {Case: "zilver\x00"},
		"bad_from": {Period: app.Period{From: "gisteren"}}, "bad_to": {Period: app.Period{To: "2026-02-30"}}, "to_before_from": {Period: app.Period{From: "2026-03-05", To: "2026-03-03"}},
	} {
		page, err := c.RecordsOf(t.Context(), els, filter, "", "")
		if reason(err) != want || len(page.Lines) != 0 || len(page.People) == 0 {
			t.Errorf("%+v: %v with %d lines", filter, err, len(page.Lines))
		}
	}
}

// What a manager is told is the same whatever the cards say and whom they concern,
// who is in the family, and what the case is called.
func TestRecordsTellNothingOfContent(t *testing.T) {
	t.Parallel()
	tell := func(secret bool) string {
		c := newConference(t)
		els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
		title, class, kind, name := "Een kaart", "shared", "child", "Fenna"
		if secret {
			title, class, kind, name = "Het adres", "safety", "network", "Ans"
		}
		c.clock.turn(time.Second)
		c.made(t, "hanneke", "add_person", with{"kind": kind, "class": class, "name": name})
		c.clock.turn(time.Second)
		card := c.made(t, "hanneke", "draft_card", with{"column": c.column(t), "title": title, "class": class, "kind": "question"})
		c.clock.turn(time.Second)
		c.made(t, "hanneke", "table_card", with{"card": card})
		c.clock.turn(time.Second)
		if !secret {
			card = "22222222222222AA" // for Ruben the one is as the other
		}
		if answer := c.ask(t, "ruben", "archive_card", with{"card": card}); answer.Refusal == nil {
			t.Fatal("he archived it")
		}
		page := c.reviewed(t, els, app.RecordFilter{})
		if page.Lines = page.Lines[:4]; page.Lines[3].At.Equal(page.Lines[2].At) { // what came before has one moment
			t.Fatalf("%+v", page.Lines)
		}
		for i, l := range page.Lines {
			if l.Case != "" { // it is another case each time
				page.Lines[i].Case = "CODE"
			}
		}
		page.People, page.Older, page.Newer, page.Newest = nil, "", "", ""
		all, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	if with, without := tell(true), tell(false); with != without {
		t.Errorf("a manager is told\n%s\nor\n%s", with, without)
	}
}

// A manager is told that it changed who may see what, and not whether somebody was
// let in or shut out, nor by which rule it was refused; who did it is told what it was.
func TestRecordsDoNotTellALendFromABar(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke, els := c.as(t, "hanneke"), c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	own, open := c.card(t, "hanneke", "Afspraak", with{"class": "confidential"}), c.card(t, "daan", "Voor iedereen", nil)
	_, err := c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", own))
	bar, barred := c.Bar(t.Context(), hanneke, c.id, app.Gift{To: c.users["iris"], Card: open, Reason: "Zij is familie van hem."})
	if err := errors.Join(err, barred, c.EndGiven(t.Context(), hanneke, c.id, bar)); err != nil {
		t.Fatal(err)
	}
	_, err = c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", c.card(t, "hanneke", "Adres", with{"class": "safety"})))
	refused(t, "a lend past the policy", err, "lend_past_policy")
	changed := 0
	for _, l := range c.reviewed(t, els, app.RecordFilter{Kind: audit.Teams}).Lines {
		switch l.Event {
		case audit.SightChanged:
			changed++
		case "lend", "bar", "given_ended":
			t.Errorf("told as %s", l.Event)
		}
		if l.Event == audit.SightChanged && l.Rule+l.Why != "" {
			t.Errorf("refused by rule %s, %s", l.Rule, l.Why)
		}
	}
	if changed != 4 {
		t.Errorf("%d changes of who may see what", changed)
	}
	looks, _, err := c.OwnAccesses(t.Context(), hanneke, app.Period{}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []audit.Event{"lend", "bar", "given_ended"} {
		if !slices.ContainsFunc(looks, func(o app.OwnAccess) bool { return o.Event == event }) {
			t.Errorf("Hanneke's own page does not know of a %s", event)
		}
	}
}
