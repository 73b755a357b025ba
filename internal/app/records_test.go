package app_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// line is a record as it is stored, without what is random.
func (c conference) line(t *testing.T, where string, args ...any) string {
	t.Helper()
	return one[string](t, c.door, `SELECT coalesce(string_agg(concat_ws('|', event, action, outcome, account, role, organisation, access_point, case_id,
		object_kind, object, policy_rule, ground, request, detail), E'\n' ORDER BY at, id), '') FROM record WHERE `+where, args...)
}

func TestEveryCommandIsOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	id := fresh()
	made, refusal := c.repeat(t, "iris", id, "draft_card", with{"column": c.column(t), "title": "Kaart", "class": "shared", "kind": "question"})
	if refusal != nil {
		t.Fatal(refusal)
	}
	organisation := one[string](t, c.door, `SELECT organisation FROM account WHERE id = $1`, c.users["iris"])
	who := fmt.Sprintf("%s|child_worker|%s|test/live|%s", c.users["iris"], organisation, c.id)
	if got, want := c.line(t, `request = $1`, id), fmt.Sprintf(`command|C|done|%s|card|%s||treatment|%s|{"command": "draft_card"}`, who, made, id); got != want {
		t.Errorf("drafted\n%s\nnot\n%s", got, want)
	}
	id = fresh()
	if _, refusal = c.repeat(t, "iris", id, "table_card", with{"card": made}); refusal != nil {
		t.Fatal(refusal)
	}
	if got, want := c.line(t, `request = $1`, id), fmt.Sprintf(`command|U|done|%s|card|%s||treatment|%s|{"command": "table_card"}`, who, made, id); got != want {
		t.Errorf("tabled\n%s\nnot\n%s", got, want)
	}
	// A refusal by the policy: its line and what it was about, which its actor sees.
	id = fresh()
	if _, refusal = c.repeat(t, "iris", id, "close_case", with{}); refusal == nil || refusal.Kind != casework.Denied {
		t.Fatal(refusal)
	}
	if got := c.line(t, `request = $1 AND outcome = 'refused' AND detail->>'reason' = 'not_allowed' AND object_kind = 'case' AND ground = 'treatment'`, id); got == "" {
		t.Errorf("denied: %s", c.line(t, `request = $1`, id))
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE policy = '' OR at <> date_trunc('microseconds', at) OR access_point NOT LIKE 'test/%'`); n != 0 {
		t.Errorf("%d records lack a field", n)
	}
	// The record is part of the change, not beside it.
	if n := one[int](t, c.door, `SELECT count(*) FROM event e JOIN record r ON r.request = e.command AND r.case_id = e.case_id
		WHERE r.xmin::text <> e.xmin::text`); n != 0 {
		t.Errorf("%d changes have their record in another transaction", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT FROM record r WHERE r.case_id = e.case_id
		AND r.account = e.actor AND (r.request = e.command OR r.event = 'open_case'))`); n != 0 {
		t.Errorf("%d changes have no record", n)
	}
}

// What is taken back is on the record with its card, done or not, and what is
// erased as a deletion, of a title or of the case's name.
func TestRecordsOfUndoAndRedact(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "Kaart", nil)
	retitle := func() casework.CommandID {
		id := fresh()
		if _, refusal := c.repeat(t, "iris", id, "retitle_card", with{"card": card, "title": string(id), "base": c.state(t, c.id).Cards[card].Title.ID}); refusal != nil {
			t.Fatal(refusal)
		}
		return id
	}
	about := func(by, command string, fields with) string {
		id := fresh()
		c.repeat(t, by, id, command, fields)
		return one[string](t, c.door, `SELECT concat_ws(' ', action, outcome, object_kind, object) FROM record WHERE request = $1`, id)
	}
	first := retitle()
	retitle()
	for _, want := range []struct{ by, command, line string }{
		{"iris", "undo", "U refused card " + string(card)}, // somebody changed the title since
		{"ruben", "redact", "D refused card " + string(card)},
		{"hanneke", "redact", "D done card " + string(card)},
		{"hanneke", "archive_card", "U done card " + string(card)},
	} {
		fields := with{"card": card}
		if want.command == "undo" {
			fields = with{"command": first}
		}
		if got := about(want.by, want.command, fields); got != want.line {
			t.Errorf("%s by %s: %s", want.command, want.by, got)
		}
	}
	if got := about("hanneke", "redact", with{}); got != "D done case " {
		t.Errorf("the name of the case: %q", got)
	}
	card = c.card(t, "iris", "Kaart", nil)
	if got := about("iris", "undo", with{"command": retitle()}); got != "U done card "+string(card) {
		t.Errorf("undone: %s", got)
	}
	if got := about("iris", "undo", with{"command": fresh()}); got != "U refused  " {
		t.Errorf("nothing to undo: %q", got)
	}
}

func TestEveryStayIsOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	actor := c.actor("iris")
	entry, err := c.Enter(t.Context(), actor, c.id, view.Eyes{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []audit.Event{"view", "leave"} {
		if err := c.Observe(t.Context(), c.id, event, audit.StayMoment{Actor: actor, Reader: entry.Reader, Persons: entry.Persons}); err != nil {
			t.Fatal(err)
		}
	}
	organisation := one[string](t, c.door, `SELECT organisation FROM account WHERE id = $1`, actor.User)
	var want []string
	for _, event := range []string{"join", "leave", "view"} {
		detail := `{"beside": "", "persons": ""}`
		if event == "leave" {
			detail = `{"beside": ""}`
		}
		want = append(want, fmt.Sprintf(`%s|R|done|%s|child_worker|%s|test/live|%s|case|%s||treatment|CONNECTION|%s`,
			event, actor.User, organisation, c.id, c.id, detail))
	}
	got := strings.Split(c.line(t, `request = 'CONNECTION' AND event IN ('join', 'view', 'leave')`), "\n")
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// When somebody left is a fact: nothing moves it, and nobody leaves who was never
// there.
func TestMembershipEndsOnce(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	stranger := c.person(t, "vreemd", casework.ChildWorker).Account.ID
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["iris"]); err != nil {
		t.Fatal(err)
	}
	const ending = `SELECT coalesce(string_agg(account || ' ' || valid_until, ','), '') FROM membership WHERE valid_until IS NOT NULL`
	left, before := one[string](t, c.door, ending), c.epoch(t)
	c.clock.turn(24 * time.Hour)
	for _, user := range []casework.UserID{c.users["iris"], stranger} {
		if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, user); err == nil || err.Error() != casework.Absent().Error() {
			t.Errorf("%s: %v", user, err)
		}
	}
	if got := one[string](t, c.door, ending); got != left || c.epoch(t) != before {
		t.Errorf("ended %s, not %s, after %d epochs", got, left, c.epoch(t)-before)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'member_ended'`); n != 1 {
		t.Errorf("%d records of an end", n)
	}
}

// The list of cases and the door say the same, whatever the role.
func TestListAndDoorAgree(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	for _, role := range casework.CaseRoles {
		c.seat(t, c.id, "iris", role)
		list, err := c.MyCases(t.Context(), c.users["iris"])
		if err != nil {
			t.Fatal(err)
		}
		_, entered := c.Enter(t.Context(), c.actor("iris"), c.id, view.Eyes{}, nil)
		if knows := len(list) == 1 && list[0].Name == "Zilverlinde"; knows != (entered == nil) {
			t.Errorf("%s: listed %v, at the door %v", role, list, entered)
		}
		if needsGrant := role == casework.Guest || role == casework.ConsultChildWorker; needsGrant != (len(list) == 0) {
			t.Errorf("%s: listed %v", role, list)
		}
	}
	// A listing under way keeps every right as it is: a change waits for it.
	holding, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holding.Exec(`SELECT pg_advisory_xact_lock(7513, 1)`); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if list, err := c.MyCases(t.Context(), c.users["hanneke"]); err != nil || len(list) != 1 {
			t.Errorf("listed %v, %v", list, err)
		}
	})
	c.blocked(t, 1)
	if err := holding.Rollback(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
}

// The end of a stay names who it was, also when the room no longer knows: the
// membership ended, or there never was one.
func TestLeavingAfterAMembershipEnded(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	if _, err := c.Enter(t.Context(), c.actor("iris"), c.id, view.Eyes{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["iris"]); err != nil {
		t.Fatal(err)
	}
	if err := c.Observe(t.Context(), c.id, "leave", audit.StayMoment{Actor: c.actor("iris"), Reader: casework.Reader{}}); err != nil {
		t.Fatal(err)
	}
	organisation := one[string](t, c.door, `SELECT organisation FROM account WHERE id = $1`, c.users["iris"])
	if got, want := c.line(t, `event = 'leave'`), fmt.Sprintf(`leave|R|done|%s|child_worker|%s|test/live|%s|case|%s||treatment|CONNECTION|{"beside": ""}`,
		c.users["iris"], organisation, c.id, c.id); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
	stranger := c.actor("iris")
	stranger.User = c.person(t, "vreemd", casework.ChildWorker).Account.ID
	c.exec(t, `INSERT INTO stay SELECT id, 'CONNECTION', '', now() FROM node_life`)
	if err := c.Observe(t.Context(), c.id, "leave", audit.StayMoment{Actor: stranger, Reader: casework.Reader{}}); err != nil {
		t.Fatal(err)
	}
	if got, want := c.line(t, `account = $1 AND event = 'leave'`, stranger.User), fmt.Sprintf(`leave|R|done|%s|%s||test/live|%s|case|%s|||CONNECTION|{"beside": ""}`,
		stranger.User, casework.NoRole, c.id, c.id); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

var anID = regexp.MustCompile(`[2-9A-HJ-NP-Z]{16}`)

// What is hidden and what is not there leave records that are alike: of no
// object, and without a word of who could.
func TestHiddenAndAbsentAreAlikeOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hidden := c.card(t, "daan", "Adres", with{"class": "private"})
	absent := casework.CardID(fresh())
	for _, command := range []struct {
		name   string
		fields with
	}{
		{"table_card", with{}}, {"retitle_card", with{"title": "x"}}, {"edit_card", with{"text": "x"}}, {"archive_card", with{}},
		{"restore_card", with{}}, {"shield_card", with{"class": "private"}}, {"share_card", with{"class": "shared"}},
		{"move_card", with{"column": c.column(t)}}, {"redact", with{}}, {"label_card", with{"kind": "fact"}},
		{"link_card", with{"to": hidden}}, {"reperspective_card", with{}}, {"name_readers", with{"named": []string{string(c.users["daan"])}}},
	} {
		var lines []string
		for _, card := range []casework.CardID{hidden, absent} {
			id, fields := fresh(), with{"card": card}
			for k, v := range command.fields {
				fields[k] = v
			}
			_, refusal := c.repeat(t, "ruben", id, command.name, fields)
			if refusal == nil || refusal.Kind != casework.NotFound {
				t.Errorf("%s of %s: %v", command.name, card, refusal)
			}
			line := c.line(t, `request = $1`, id)
			if strings.Contains(line, string(card)) {
				t.Errorf("%s names it: %s", command.name, line)
			}
			lines = append(lines, strings.ReplaceAll(line, string(id), "ID"))
		}
		if lines[0] != lines[1] || lines[0] == "" {
			t.Errorf("%s is told apart by\n%s", command.name, strings.Join(lines, "\n"))
		}
	}
}

// The same for a whole case: of others, of one's past and of one's future, and
// none at all; by a command and at the door.
func TestHiddenAndAbsentCasesAreAlike(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	past, future, broken := c.open(t, "Verleden"), c.open(t, "Toekomst"), c.open(t, "Stuk")
	c.exec(t, `DELETE FROM membership WHERE account = '`+string(c.users["iris"])+`' AND case_id IN ('`+string(c.id)+`', '`+string(broken)+`')`,
		`UPDATE event SET data = '[]' WHERE case_id = '`+string(broken)+`'`)
	if err := c.EndMember(t.Context(), c.actor("hanneke"), past, c.users["iris"]); err != nil {
		t.Fatal(err)
	}
	m := store.Membership{Ground: "treatment", Member: casework.Member{User: c.users["iris"], Role: casework.ChildWorker, From: c.clock.Now().AddDate(0, 0, 1)}}
	if err := c.SetMember(t.Context(), c.actor("hanneke"), future, m); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, id := range []casework.CaseID{casework.CaseID(fresh()), c.id, past, future, broken} {
		c.id = id
		command := fresh()
		if _, refusal := c.repeat(t, "iris", command, "rename_case", with{"name": "x"}); refusal == nil || refusal.Error() != casework.Absent().Error() {
			t.Errorf("a command: %v", refusal)
		}
		if _, err := c.Enter(t.Context(), c.actor("iris"), id, view.Eyes{}, nil); err == nil || err.Error() != casework.Absent().Error() {
			t.Errorf("at the door: %v", err)
		}
		line := c.line(t, `account = $1 AND case_id = $2 AND outcome = 'refused'`, c.users["iris"], id)
		parts := strings.Split(strings.ReplaceAll(strings.ReplaceAll(line, string(id), "CASE"), string(command), "ID"), "\n")
		slices.Sort(parts)
		lines = append(lines, strings.Join(parts, "\n"))
	}
	for _, line := range lines[1:] {
		if line != lines[0] {
			t.Errorf("told apart by\n%s\nand\n%s", line, lines[0])
		}
	}
	if strings.Count(lines[0], "\n") != 1 {
		t.Errorf("a try and its record: %s", lines[0])
	}
}

// No record holds what somebody typed, be it done, refused or not understood.
func TestRecordsHoldNoContent(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	const canary = "Kanariegeel"
	card := c.card(t, "iris", canary, with{"text": canary})
	c.made(t, "hanneke", "add_person", with{"name": canary, "calls": canary, "kind": "child", "class": "shared"})
	c.made(t, "hanneke", "rename_case", with{"name": canary})
	for _, refused := range []struct {
		name string
		body string
	}{
		{"retitle_card", `{"card":"` + string(card) + `","title":"` + canary + `2","base":"` + canary + `"}`},
		{"retitle_card", `{"card":"` + canary + `","title":"` + canary + `"}`},
		{"rename_case", `{"name":"` + canary + `\u0000"}`},
		{"rename_case", `{"name":"` + strings.Repeat(canary, 1000) + `"}`},
		{"draft_card", `{"column":"` + canary + `","class":"` + canary + `","kind":"` + canary + `","title":"` + canary + `"}`},
		{"rename_case", `{"` + canary + `":1}`},
		{"rename_case", canary},
		{canary, `{}`},
	} {
		if answer := c.Do(t.Context(), c.actor("iris"), c.id, fresh(), refused.name, []byte(refused.body)); answer.Refusal == nil {
			t.Errorf("%s %s was not refused", refused.name, refused.body)
		} else if strings.Contains(answer.Refusal.Error()+answer.Why, canary) {
			t.Errorf("the refusal quotes it: %v", answer.Refusal)
		}
	}
	for _, id := range []string{canary, canary + "\x00", "'; DROP TABLE record; --"} {
		if answer := c.Do(t.Context(), c.actor("iris"), casework.CaseID(id), fresh(), "rename_case", nil); answer.Refusal == nil || answer.Refusal.Kind != casework.Invalid {
			t.Errorf("case %q: %v", id, answer.Refusal)
		}
		if answer := c.Do(t.Context(), c.actor("iris"), c.id, casework.CommandID(id), "rename_case", nil); answer.Refusal == nil || answer.Refusal.Kind != casework.Invalid {
			t.Errorf("command %q: %v", id, answer.Refusal)
		}
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record r WHERE r::text ILIKE '%' || $1 || '%'`, canary); n != 0 {
		t.Errorf("%d records hold content", n)
	}
	if got := anID.ReplaceAllString(c.line(t, `detail <> '{}' AND event = 'command'`), "ID"); strings.Count(got, "\n") < 7 {
		t.Errorf("too few records to tell:\n%s", got)
	}
}

// Without a record nothing is done and nobody enters.
func TestNoRecordNoData(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "Kaart", nil)
	before := c.state(t, c.id).Seq
	c.exec(t, `REVOKE INSERT ON record FROM casustafel_committer`)
	for name, fields := range map[string]with{"rename_case": {"name": "Anders"}, "archive_card": {"card": card}, "close_case": {}} {
		if answer := c.ask(t, "hanneke", name, fields); answer.Refusal == nil || answer.Refusal.Reason != casework.NotRecorded || answer.Made != "" {
			t.Errorf("%s: %v", name, answer.Refusal)
		}
	}
	// Nor does anybody learn from a refusal what the policy says.
	if answer := c.ask(t, "iris", "close_case", with{}); answer.Refusal == nil || answer.Refusal.Reason != casework.NotRecorded || answer.Why != "" {
		t.Errorf("a refusal: %v", answer.Refusal)
	}
	if entry, err := c.Enter(t.Context(), c.actor("iris"), c.id, view.Eyes{}, nil); reason(err) != casework.NotRecorded || entry.Access != nil {
		t.Errorf("entered: %v", err)
	}
	if list, err := c.MyCases(t.Context(), c.users["iris"]); err == nil || list != nil {
		t.Errorf("listed: %v, %v", list, err)
	}
	hanneke := c.session(t, c.users["hanneke"], casework.Chair)
	if id, err := c.OpenCase(t.Context(), hanneke, fresh(), "Nieuw", app.Templates[0]); err == nil || id != "" {
		t.Errorf("opened %s, %v", id, err)
	}
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["iris"]); err == nil {
		t.Error("ended a membership")
	}
	if after := c.state(t, c.id).Seq; after != before {
		t.Errorf("%d events were written", after-before)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM cases`); n != 1 {
		t.Errorf("%d cases", n)
	}
	c.exec(t, `GRANT INSERT ON record TO casustafel_committer`)
	if answer := c.ask(t, "hanneke", "rename_case", with{"name": "Weer"}); answer.Refusal != nil {
		t.Error(answer.Refusal)
	}
}
