package app_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/policies"
)

// Who keeps the list is who reads about safety; for the others there is none, and
// everything they are told is the same with it as without.
func TestExclusionList(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	told := func() (all []app.Team) {
		for _, name := range []string{"ruben", "iris", "hanneke"} {
			all = append(all, c.team(t, name))
		}
		return all
	}
	before := told()
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, " Kees@Example.org", "De broer van Joris."); err != nil {
		t.Fatal(err)
	}
	for i, after := range told() {
		if after.KeepsExclusions != before[i].KeepsExclusions || len(after.Members) != len(before[i].Members) || len(after.Waiting) != 0 {
			t.Errorf("%d is told otherwise: %+v", i, after)
		}
	}
	list, err := c.ExclusionsOf(t.Context(), c.as(t, "hanneke"), c.id)
	if err != nil || len(list) != 1 || list[0].Address != "kees@example.org" || list[0].Note != "De broer van Joris." || list[0].By != "iris" {
		t.Fatalf("%+v, %v", list, err)
	}
	stranger := c.colleague(t, "vreemd@linde.example", casework.Chair, "De Linde")
	for session, want := range map[string]string{"ruben": "not_allowed", "stranger": "not_found"} {
		as := stranger
		if session == "ruben" {
			as = c.as(t, "ruben")
		}
		_, look := c.ExclusionsOf(t.Context(), as, c.id)
		for what, err := range map[string]error{"look": look, "add": c.Exclude(t.Context(), as, c.id, "x@y.example", ""), "remove": c.Readmit(t.Context(), as, c.id, list[0].ID)} {
			if reason(err) != want {
				t.Errorf("%s: %s: %v", session, what, err)
			}
		}
	}
	for name, bad := range map[string]struct{ address, note, reason string }{
		"words":           {"Kees de Boer", "", "bad_address"},
		"twice":           {"kees+2@example.org", "", "already_excluded"},
		"at the table":    {"daan", "", "excluded_at_table"},
		"oneself":         {"iris", "", "excluded_at_table"},
		"a long reason":   {"x@y.example", strings.Repeat("x", 301), "bad_note"},
		"nothing visible": {"\u200d", "", "bad_address"},
	} {
		if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, bad.address, bad.note); reason(err) != bad.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.Readmit(t.Context(), c.as(t, "daan"), c.id, list[0].ID); err != nil {
		t.Error(err)
	}
	if err := c.Readmit(t.Context(), c.as(t, "daan"), c.id, list[0].ID); reason(err) != "not_found" {
		t.Error("taken off twice:", err)
	}
	if records := one[string](t, c.door, `SELECT string_agg(r::text, ' ') FROM record r`); strings.Contains(strings.ToLower(records), "kees") || strings.Contains(records, "broer") {
		t.Error("a record says who it is")
	}
}

// Whoever is on the list comes near by no way: not under another address of the
// mailbox, not by the yes of an own organisation, not as the one who says yes, not
// by the operator's hand.
func TestExcludedEverywhere(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	kees := c.colleague(t, "kees@ggze.example", casework.MentalHealth, "GGzE")
	own := c.colleague(t, "own@linde.example", casework.ChildWorker, "De Linde")
	els, bart := c.colleague(t, "els@ggze.example", casework.Manager, "GGzE"), c.colleague(t, "bart@ggze.example", casework.Admin, "GGzE")
	waits := func(manager app.Session) (ids []string) {
		list, err := c.Confirmations(t.Context(), manager)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			ids = append(ids, one.ID)
		}
		return ids
	}
	if _, err := c.Invite(t.Context(), hanneke, c.id, "kees@ggze.example", child(nil)); err != nil {
		t.Fatal(err)
	}
	asked := waits(els)
	if len(asked) != 1 {
		t.Fatal("nothing to confirm:", asked)
	}
	exclude := func(address string) {
		t.Helper()
		if err := c.Exclude(t.Context(), c.as(t, "daan"), c.id, address, ""); err != nil {
			t.Fatal(err)
		}
	}
	exclude("bart@ggze.example")
	if got := waits(bart); len(got) != 0 || !slices.Equal(waits(els), asked) {
		t.Errorf("an excluded admin sees %v", got)
	}
	if err := c.AnswerProposal(t.Context(), bart, asked[0], true); reason(err) != "not_found" {
		t.Error("an excluded admin confirms:", err)
	}
	exclude("kees+werk@ggze.example")
	if got := waits(els); len(got) != 0 {
		t.Errorf("the manager sees %v", got)
	}
	for what, yes := range map[string]bool{"confirms": true, "declines": false} {
		if err := c.AnswerProposal(t.Context(), els, asked[0], yes); reason(err) != "not_found" {
			t.Errorf("the manager %s: %v", what, err)
		}
	}
	exclude("own@linde.example")
	for _, address := range []string{"kees@ggze.example", "Kees+prive@ggze.example", "own@linde.example", "own+1@linde.example"} {
		if _, err := c.Invite(t.Context(), hanneke, c.id, address, child(nil)); reason(err) != "excluded" {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, one := range []app.Session{kees, own} {
		m := store.Membership{Ground: "treatment", Member: casework.Member{User: one.Account.ID, Role: casework.ChildWorker, From: c.clock.Now()}}
		if err := c.SetMember(t.Context(), audit.Actor{Door: "test"}, c.id, m); reason(err) != "excluded" || c.enters(t, one) {
			t.Errorf("by the operator: %v", err)
		}
	}
	m := store.Membership{Ground: "treatment", Member: casework.Member{User: els.Account.ID, Role: casework.ChildWorker, From: c.clock.Now()}}
	if err := c.SetMember(t.Context(), audit.Actor{Door: "test"}, c.id, m); reason(err) != "no_seat" {
		t.Errorf("a manager at the table: %v", err)
	}
}

// To an inviter who may not read the list, the invitation of somebody on it looks like
// that of anybody else, on the page and in the own log; it goes no further, and
// that is on the record.
func TestExcludedIsNotTold(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.colleague(t, "own@linde.example", casework.ChildWorker, "De Linde")
	mine := c.colleague(t, "manager@linde.example", casework.Manager, "De Linde")
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "own@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	lines := string(policies.Lines) + "p, T-01, allow, mental_health, invite, -, -, -, -, *, open, \"In this test somebody invites who does not read about safety\"\n"
	if err := c.PublishPolicy(t.Context(), policies.Model, []byte(lines), app.SourceFile); err != nil {
		t.Fatal(err)
	}
	mirthe := c.colleague(t, "mirthe", casework.MentalHealth, "De Linde")
	c.seat(t, c.id, "mirthe", casework.MentalHealth)
	if team, err := c.TeamOf(t.Context(), mirthe, c.id); err != nil || team.KeepsExclusions || !team.MayInvite {
		t.Fatalf("%+v, %v", team, err)
	}
	for _, address := range []string{"own@linde.example", "nobody@nowhere.example"} {
		if seating, err := c.Invite(t.Context(), mirthe, c.id, address, child(nil)); err != nil || seating != app.Waiting {
			t.Errorf("%s: %s, %v", address, seating, err)
		}
	}
	if n := one[int](t, c.door, `SELECT count(DISTINCT (event, action, outcome, object_kind, detail)) FROM record WHERE account = $1 AND event = 'invite'`, mirthe.Account.ID); n != 1 {
		t.Errorf("the own log tells %d sorts apart", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'invitation_stopped' AND account = '' AND detail->>'reason' = 'excluded'`); n != 1 {
		t.Errorf("%d stopped invitations are on the record", n)
	}
	if list, err := c.Confirmations(t.Context(), mine); err != nil || len(list) != 0 {
		t.Errorf("it goes further: %v, %v", list, err)
	}
}

// An interpreter has a name and a signed statement.
func TestInterpreters(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	for what, got := range map[string]string{"unsigned": reason(c.AddInterpreter(t.Context(), hanneke, c.id, "Amina", false)),
		"name_empty": reason(c.AddInterpreter(t.Context(), hanneke, c.id, " ", true)), "not_allowed": reason(c.AddInterpreter(t.Context(), c.as(t, "iris"), c.id, "Amina", true))} {
		if got != what {
			t.Errorf("%q, not %q", got, what)
		}
	}
	if err := c.AddInterpreter(t.Context(), hanneke, c.id, "Amina أمينة", true); err != nil {
		t.Fatal(err)
	}
	listed := c.team(t, "ruben").Interpreters
	if len(listed) != 1 || listed[0].Name != "Amina أمينة" {
		t.Errorf("%+v", listed)
	}
	if row := one[string](t, c.door, `SELECT i::text FROM interpreter i`); strings.Contains(row, "Amina") {
		t.Error("the name can be read")
	}
	if err := c.RemoveInterpreter(t.Context(), hanneke, c.id, listed[0].ID); err != nil || len(c.team(t, "iris").Interpreters) != 0 {
		t.Error("still listed:", err)
	}
}
