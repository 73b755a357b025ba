package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// lookedAt gives every record its leaf and looks through the log with several nodes
// at once.
func (c conference) lookedAt(t *testing.T, nodes ...*app.App) {
	t.Helper()
	stop := c.sequence(t, c.App)
	c.grown(t)
	stop()
	var all sync.WaitGroup
	for _, node := range nodes {
		all.Go(func() {
			if err := node.LookForAlarms(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	// Whoever did not hold the log looked at nothing: the others went on.
	if err := c.LookForAlarms(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// alarms are the open ones, as somebody is told of them, a line each.
func (c conference) alarms(t *testing.T, by app.Session) string {
	t.Helper()
	open, _, err := c.AlarmsOf(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, m := range open {
		lines = append(lines, fmt.Sprintf("%s %s %s%s", m.Kind, m.Who, m.Case, m.WhoOrganisation))
	}
	return strings.Join(lines, "; ")
}

// Real acts raise alarms: one each while it goes on, found once whichever node looks,
// in what every reader may know.
func TestAlarms(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	els, rik := c.person(t, "els", casework.Manager), c.person(t, "rik@linde.example", casework.Manager)
	far := c.colleague(t, "far", casework.Manager, "Elders")
	if err := c.Exclude(ctx, c.as(t, "hanneke"), c.id, "rik@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	two := c.node(t, "two", c.store)
	try := func(n int) {
		for range n {
			if answer := c.ask(t, "iris", "close_case", with{}); answer.Refusal == nil {
				t.Fatal("not refused")
			}
		}
	}
	code := string(c.CaseCode(c.id))

	try(4)
	c.lookedAt(t, c.App, two)
	if got := c.alarms(t, els); got != "" {
		t.Fatalf("four refusals: %s", got)
	}
	try(1)
	c.lookedAt(t, c.App, two)
	c.clock.turn(time.Minute)
	try(3)
	c.lookedAt(t, two, c.App)
	if got, want := c.alarms(t, els), "refusals iris "+code; got != want {
		t.Fatalf("eight refusals: %q, not %q", got, want)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM alarm WHERE last = since + interval '1 minute'`); n != 1 {
		t.Error("it did not go on")
	}

	c.clock.turn(time.Hour)
	if err := c.EndMember(ctx, c.actor("hanneke"), c.id, c.users["iris"]); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := c.Enter(ctx, c.actor("iris"), c.id, view.Eyes{}, nil); err == nil {
			t.Fatal("entered")
		}
	}
	c.lookedAt(t, two)
	if got, want := c.alarms(t, els), "refusals iris "+code+"; after_end iris "+code; got != want {
		t.Errorf("after the end: %q, not %q", got, want)
	}
	for name, reader := range map[string]app.Session{"who must never come near": rik, "another organisation": far} {
		if got := c.alarms(t, reader); got != "" {
			t.Errorf("%s is told of %s", name, got)
		}
	}
	refused(t, "a chair", func() error { _, _, err := c.AlarmsOf(ctx, c.as(t, "hanneke")); return err }(), "not_found")
}

// Of many cases, a reader who must never come near some of them hears only when the
// others are too many by themselves; and nobody hears of oneself.
func TestAlarmOfManyCases(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	els, rik := c.person(t, "els", casework.Manager), c.person(t, "rik@linde.example", casework.Manager)
	if err := c.SetAlarmLimits(ctx, c.person(t, "beheer", casework.Admin), audit.Limits{Refusals: 5, Cases: 5, AfterEnd: 1, Checkpoint: 5}); err != nil {
		t.Fatal(err)
	}
	if err := c.Exclude(ctx, c.as(t, "hanneke"), c.id, "rik@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	ids := []casework.CaseID{c.id}
	for len(ids) < 7 {
		ids = append(ids, c.open(t, "Casus"))
	}
	c.lookedAt(t, c.App) // Hanneke opened them: that is one alarm
	look := func(by casework.UserID, n int) {
		for _, id := range ids[:n] {
			c.lines(t, 1, c.clock.Now(), "join", audit.Done, by, casework.ChildWorker, id, "")
		}
		c.lookedAt(t, c.App)
	}
	c.clock.turn(2 * time.Hour)
	look(c.users["iris"], 5)
	if got := c.alarms(t, els); got != "many_cases hanneke " {
		t.Errorf("five cases: %q", got)
	}
	look(c.users["iris"], 6)
	if got := c.alarms(t, els); got != "many_cases hanneke ; many_cases iris " {
		t.Errorf("six cases: %q", got)
	}
	if got := c.alarms(t, rik); got != "many_cases hanneke " {
		t.Errorf("five of them that may be known: %q", got)
	}
	look(c.users["iris"], 7)
	if got := c.alarms(t, rik); got != "many_cases hanneke ; many_cases iris " {
		t.Errorf("six of them that may be known: %q", got)
	}
	look(els.Account.ID, 6)
	if own, other := c.alarms(t, els), c.alarms(t, rik); strings.Contains(own, "els") || strings.Contains(other, "els") {
		t.Errorf("about Els: %q, %q", own, other)
	}
	look(els.Account.ID, 7)
	if own, other := c.alarms(t, els), c.alarms(t, rik); strings.Contains(own, "els") || !strings.Contains(other, "els") {
		t.Errorf("about Els: %q, %q", own, other)
	}
	mine := one[string](t, c.door, `SELECT id FROM alarm WHERE account = $1`, els.Account.ID)
	refused(t, "about oneself", c.AnswerAlarm(ctx, els, mine, "explained", "Niets."), "not_found")
	if err := c.AnswerAlarm(ctx, rik, mine, "not_explained", "Els kijkt te breed."); err != nil {
		t.Error(err)
	}
}

// An alarm is answered once, by who may know of it, and what was answered stays; what
// goes on after it is another alarm.
func TestAnswerAlarm(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	els, rik := c.person(t, "els", casework.Manager), c.person(t, "rik", casework.Manager)
	never := c.person(t, "never@linde.example", casework.Manager)
	far := c.colleague(t, "far", casework.Manager, "Elders")
	if err := c.Exclude(ctx, c.as(t, "hanneke"), c.id, "never@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	c.lines(t, 5, c.clock.Now(), "command", audit.Refused, c.users["iris"], casework.ChildWorker, c.id, "")
	c.lookedAt(t, c.App)
	id := one[string](t, c.door, `SELECT id FROM alarm`)
	c.alarms(t, rik)
	for name, reader := range map[string]app.Session{"who must never come near": never, "another organisation": far, "a chair": c.as(t, "hanneke"), "a member": c.as(t, "iris")} {
		refused(t, name, c.AnswerAlarm(ctx, reader, id, "explained", "Goed."), "not_found")
	}
	refused(t, "none", c.AnswerAlarm(ctx, els, "AAAAAAAAAAAAAAAA", "explained", "Goed."), "not_found")
	refused(t, "odd", c.AnswerAlarm(ctx, els, "\x00", "explained", "Goed."), "not_found")
	refused(t, "no judgement", c.AnswerAlarm(ctx, els, id, "fine", "Goed."), "alarm_judged")
	refused(t, "no words", c.AnswerAlarm(ctx, els, id, "explained", " "), "alarm_words")
	refused(t, "many words", c.AnswerAlarm(ctx, els, id, "explained", strings.Repeat("a", 301)), "bad_reason")
	const words = "Kanariegeel typte het wachtwoord verkeerd."
	if err := c.AnswerAlarm(ctx, els, id, "explained", words); err != nil {
		t.Fatal(err)
	}
	refused(t, "the second", c.AnswerAlarm(ctx, rik, id, "not_explained", "Nee."), "alarm_answered")
	open, answered, err := c.AlarmsOf(ctx, rik)
	if err != nil || len(open) != 0 || len(answered) != 1 {
		t.Fatalf("%v, %v, %v", open, answered, err)
	}
	if m := answered[0]; m.Judged != "explained" || m.Words != words || m.Reviewer != "els" || strings.Join(m.SeenBy, " ") != "rik" || m.Reviewed.IsZero() {
		t.Errorf("it says %+v", m)
	}
	if one[int](t, c.door, `SELECT count(*) FROM record r WHERE r::text LIKE '%Kanariegeel%'`) != 0 || one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'answer_alarm' AND outcome = 'done'`) != 1 {
		t.Error("the record holds the words, or not the answer")
	}
	c.lines(t, 1, c.clock.Now(), "command", audit.Refused, c.users["iris"], casework.ChildWorker, c.id, "")
	c.lookedAt(t, c.App)
	if n := one[int](t, c.door, `SELECT count(*) FROM alarm WHERE account = $1`, c.users["iris"]); n != 2 {
		t.Errorf("%d alarms after it went on", n)
	}
}

// Limits have bounds, and are set by who manages the users.
func TestAlarmLimits(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	admin := c.person(t, "beheer", casework.Admin)
	if l, err := c.AlarmLimitsOf(t.Context(), admin); err != nil || l != audit.DefaultLimits {
		t.Errorf("at first %v, %v", l, err)
	}
	for _, bad := range []struct {
		limits audit.Limits
		reason string
	}{
		{audit.Limits{Refusals: 2, Cases: 20, AfterEnd: 1}, "bad_alarm_refusals"}, {audit.Limits{Refusals: 51, Cases: 20, AfterEnd: 1}, "bad_alarm_refusals"},
		{audit.Limits{Refusals: 5, Cases: 4, AfterEnd: 1}, "bad_alarm_cases"}, {audit.Limits{Refusals: 5, Cases: 201, AfterEnd: 1}, "bad_alarm_cases"},
		{audit.Limits{Refusals: 5, Cases: 20}, "bad_alarm_after_end"}, {audit.Limits{Refusals: 5, Cases: 20, AfterEnd: 21}, "bad_alarm_after_end"},
	} {
		refused(t, fmt.Sprint(bad.limits), c.SetAlarmLimits(t.Context(), admin, bad.limits), bad.reason)
	}
	want := audit.Limits{Refusals: 50, Cases: 200, AfterEnd: 20, Checkpoint: 60}
	if err := c.SetAlarmLimits(t.Context(), admin, want); err != nil {
		t.Fatal(err)
	}
	if l, err := c.AlarmLimitsOf(t.Context(), admin); err != nil || l != want {
		t.Errorf("then %v, %v", l, err)
	}
	refused(t, "a member", c.SetAlarmLimits(t.Context(), c.as(t, "iris"), want), "not_found")
}

// What is found about the only one who reviews is told to nobody, and waits: that person
// reads the same as if there were nothing. A second one sees it at once, and gets the
// letter about what comes then.
func TestAlarmAboutTheOnlyManager(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	works := func(login string) app.Session { // and can be written to
		id, err := c.AddUser(ctx, app.NewUser{Login: login, Name: login, Discipline: casework.Manager, Organisation: "De Linde", Password: password})
		if err != nil {
			t.Fatal(err)
		}
		return c.session(t, id, casework.Manager)
	}
	els, far := works("els@linde.example"), c.colleague(t, "far", casework.Manager, "Elders")
	var letters []string
	c.Post(func(_ context.Context, l app.Letter) { letters = append(letters, string(l.Kind)+" "+l.To.Login) })
	reads := func() string {
		t.Helper()
		open, answered, err := c.AlarmsOf(ctx, els)
		if err != nil {
			t.Fatal(err)
		}
		n, err := c.ReviewsWaiting(ctx, els)
		if err != nil {
			t.Fatal(err)
		}
		m := c.month(t, els, "2026-03")
		return fmt.Sprintf("%+v", []any{open, answered, n, m.Alarms, m.Raised, m.Unshown, m.WaitingAlarms, numberOf(m, "alarms"), numberOf(m, "waits")})
	}
	reviewers := func(want int) {
		t.Helper()
		for _, reader := range []app.Session{els, c.session(t, c.users["beheer"], casework.Admin)} {
			if n, err := c.Reviewers(ctx, reader); err != nil || n != want {
				t.Errorf("%d review, not %d: %v", n, want, err)
			}
		}
	}
	tries := func() {
		c.clock.turn(time.Second) // the tree goes by the clock
		c.lines(t, 5, c.clock.Now(), "view_policy", audit.Refused, els.Account.ID, casework.Manager, "", "")
		c.lookedAt(t, c.App)
		c.LettersAreOut()
	}
	c.users["beheer"] = c.person(t, "beheer", casework.Admin).Account.ID
	before := reads()
	reviewers(1)
	tries()
	if n := one[int](t, c.door, `SELECT count(*) FROM alarm WHERE account = $1`, els.Account.ID); n != 1 || len(letters) != 0 {
		t.Errorf("%d alarms, and letters %v", n, letters)
	}
	if now := reads(); now != before {
		t.Errorf("Els reads\n%s\nand before\n%s", now, before)
	}
	reviewers(1)

	rik := works("rik@linde.example")
	reviewers(2)
	if got := c.alarms(t, rik); got != "refusals els@linde.example " {
		t.Errorf("Rik is told %q", got)
	}
	if n, err := c.ReviewsWaiting(ctx, rik); err != nil || n != 1 {
		t.Errorf("%d wait for Rik: %v", n, err)
	}
	c.clock.turn(2 * time.Hour)
	tries()
	if !slices.Equal(letters, []string{"alarm rik@linde.example"}) {
		t.Errorf("letters %v", letters)
	}
	if err := c.AnswerAlarm(ctx, rik, one[string](t, c.door, `SELECT id FROM alarm ORDER BY since LIMIT 1`), "explained", "Ze zocht een pagina."); err != nil {
		t.Error(err)
	}
	if err := c.Deactivate(ctx, rik.Account.ID); err != nil {
		t.Fatal(err)
	}
	if reviewers(1); reads() != before {
		t.Errorf("once Rik answered Els reads\n%s\nand before\n%s", reads(), before)
	}
	if n, err := c.Reviewers(ctx, far); err != nil || n != 1 {
		t.Errorf("of another organisation: %d, %v", n, err)
	}
	for _, other := range []string{"iris", "hanneke"} {
		refused(t, other, func() error { _, err := c.Reviewers(ctx, c.as(t, other)); return err }(), "not_found")
	}
}
