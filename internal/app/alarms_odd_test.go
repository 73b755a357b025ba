package app_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// A backlog of many batches, looked through by several nodes of which one is killed in the
// middle of raising an alarm: each alarm is there once, and none is lost.
func TestAlarmsOfABacklog(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.person(t, "els", casework.Manager)
	c.lookedAt(t, c.App)
	at := c.clock.Now()
	for i, name := range []string{"iris", "daan", "ruben"} {
		c.lines(t, 400, at.Add(time.Duration(i)*time.Second), "join", audit.Done, c.users["hanneke"], casework.Chair, c.id, "")
		c.lines(t, 20, at.Add(time.Duration(i)*time.Second+time.Millisecond), "command", audit.Refused, c.users[name], roles[name], c.id, "")
	}
	stop := c.sequence(t, c.App)
	c.grown(t)
	stop()

	one := storetest.Open(t, c.config) // has connections of its own
	two := c.node(t, "two", storetest.Open(t, c.config))
	tx, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // it may have ended
	if _, err := tx.Exec(`LOCK TABLE alarm IN EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	killed := make(chan error, 1)
	go func() { killed <- c.node(t, "one", one).LookForAlarms(t.Context()) }()
	c.blocked(t, 1)
	if err := two.LookForAlarms(t.Context()); err != nil {
		t.Errorf("a node that does not hold the log: %v", err)
	}
	c.exec(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	if err := <-killed; err == nil {
		t.Error("it was not killed")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	c.lookedAt(t, two, c.App, two)
	if got, want := c.alarms(t, els), strings.Join([]string{"refusals iris " + string(c.CaseCode(c.id)), "refusals daan " + string(c.CaseCode(c.id)), "refusals ruben " + string(c.CaseCode(c.id))}, "; "); got != want {
		t.Errorf("%q, not %q", got, want)
	}
	c.lookedAt(t, c.App, two)
	if n := strings.Count(c.alarms(t, els), "refusals"); n != 3 {
		t.Errorf("%d alarms after another look", n)
	}
}

// Two managers who answer at one time: one answer counts, and the other is told.
func TestAlarmAnsweredTwiceAtOnce(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	two := c.node(t, "two", storetest.Open(t, c.config))
	els, rik := c.person(t, "els", casework.Manager), c.person(t, "rik", casework.Manager)
	c.lines(t, 5, c.clock.Now(), "command", audit.Refused, c.users["iris"], casework.ChildWorker, c.id, "")
	c.lookedAt(t, c.App)
	id := one[string](t, c.door, `SELECT id FROM alarm`)
	var all sync.WaitGroup
	var outcomes [2]string
	for i, answer := range []func() error{
		func() error { return c.AnswerAlarm(t.Context(), els, id, "explained", "Ze zocht een kaart.") },
		func() error { return two.AnswerAlarm(t.Context(), rik, id, "not_explained", "Dat klopt niet.") },
	} {
		all.Go(func() { outcomes[i] = reason(answer()) })
	}
	all.Wait()
	if slices.Sort(outcomes[:]); outcomes != [2]string{"", "alarm_answered"} {
		t.Errorf("outcomes %q", outcomes)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM alarm_answer`) + one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'answer_alarm' AND outcome = 'done'`); n != 2 {
		t.Errorf("%d answers and lines", n)
	}
}

// Whatever stands in a field is one sentence or is refused, and is no refusal in a row;
// being turned away is.
func TestTyposRaiseNoAlarm(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	els, rik, admin := c.person(t, "els", casework.Manager), c.person(t, "rik", casework.Manager), c.person(t, "beheer", casework.Admin)
	c.lines(t, 5, c.clock.Now(), "command", audit.Refused, c.users["iris"], casework.ChildWorker, c.id, "")
	c.lookedAt(t, c.App)
	id := one[string](t, c.door, `SELECT id FROM alarm`)
	for _, note := range []string{strings.Repeat("a", 10_000), "Eén\x1b[31mrood", "Rechts\u202eom", "\ufffd", "", "  \r\n "} {
		if reason := reason(c.AnswerAlarm(ctx, els, id, "explained", note)); reason != "bad_reason" && reason != "alarm_words" {
			t.Errorf("%.20q: %q", note, reason)
		}
	}
	refused(t, "no judgement", c.AnswerAlarm(ctx, els, id, "<b>", "Goed."), "alarm_judged")
	for range 6 {
		refused(t, "no limits", c.SetAlarmLimits(ctx, admin, audit.Limits{}), "bad_alarm_refusals")
	}
	c.lookedAt(t, c.App)
	if got := c.alarms(t, rik); strings.Count(got, ";") != 0 {
		t.Errorf("mistakes in a form: %q", got)
	}
	for range 5 {
		refused(t, "a member", c.SetAlarmLimits(ctx, c.as(t, "daan"), audit.Limits{}), "not_found")
	}
	c.lookedAt(t, c.App)
	if got := c.alarms(t, rik); !strings.Contains(got, "refusals daan ") {
		t.Errorf("turned away five times: %q", got)
	}
	refused(t, "two lines", c.AnswerAlarm(ctx, els, id, "explained", "Zij\r\nen hij."), "bad_reason")
	const words = `<b onclick="x()">Zij</b> & 'hij' zochten samen.`
	if err := c.AnswerAlarm(ctx, els, id, "explained", "  "+words+" "); err != nil {
		t.Error(err)
	}
	if _, answered, err := c.AlarmsOf(ctx, rik); err != nil || len(answered) != 1 || answered[0].Words != words {
		t.Errorf("%v, %v", answered, err)
	}
}

// What waits is counted of what a reader may answer, and counting is no look at it.
func TestReviewsWaiting(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, rik := c.person(t, "els", casework.Manager), c.person(t, "rik@linde.example", casework.Manager)
	far := c.colleague(t, "far", casework.Manager, "Elders")
	if err := c.Exclude(t.Context(), c.as(t, "hanneke"), c.id, "rik@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	waits := func(reader app.Session, want int) {
		t.Helper()
		if n, err := c.ReviewsWaiting(t.Context(), reader); err != nil || n != want {
			t.Errorf("%d wait, not %d: %v", n, want, err)
		}
	}
	waits(els, 0)
	if _, err := c.BreakGlass(t.Context(), c.proven(c.as(t, "iris")), c.id, "Er is gevaar aan de deur, komt Joris?"); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Second)
	c.lines(t, 5, c.clock.Now(), "command", audit.Refused, c.users["iris"], casework.ChildWorker, c.id, "") // in a case of which Rik must not learn
	c.lines(t, 5, c.clock.Now(), "sign_in", audit.Refused, els.Account.ID, casework.NoRole, "", "")         // about Els
	c.lookedAt(t, c.App)
	waits(els, 2)
	waits(rik, 1)
	waits(far, 0)
	waits(c.as(t, "iris"), 0)
	if n := one[int](t, c.door, `SELECT count(*) FROM alarm_seen`); n != 0 {
		t.Errorf("%d alarms were seen", n)
	}
	if got := c.line(t, `event = 'count_reviews'`); strings.Count(got, "\n") < 3 {
		t.Errorf("on the record: %s", got)
	}
	if err := c.store.Transact(t.Context(), func(tx *store.Tx) error {
		return tx.RaiseAlarm(t.Context(), store.Alarm{ID: string(fresh()), Organisation: els.Account.Organisation, Kind: audit.LogRestored, Since: c.clock.Now(), Last: c.clock.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	waits(els, 3)
	waits(rik, 2)
	// Who broke a glass and reviews by now looks back at others alone.
	c.exec(t, `UPDATE account SET discipline = 'manager' WHERE id = '`+string(c.users["iris"])+`'`)
	iris := c.session(t, c.users["iris"], casework.Manager)
	waits(iris, 2)
	for name, reader := range map[string]app.Session{"els": els, "rik": rik, "iris": iris, "far": far} {
		glasses, err := c.OpenGlasses(t.Context(), reader)
		if err != nil || (len(glasses) > 0) != (name == "els") {
			t.Errorf("%s may look back at %d glasses: %v", name, len(glasses), err)
		}
		alarms, _, err := c.AlarmsOf(t.Context(), reader)
		if err != nil {
			t.Error(err)
		}
		waits(reader, len(glasses)+len(alarms))
	}
}

// The page shows so many alarms of those that its reader may know of: one that is kept from
// the reader takes no place among them.
func TestHiddenAlarmsTakeNoPlace(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, piet := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "piet@linde.example", casework.Manager, "De Linde")
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "piet@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	at := c.clock.Now().Add(-time.Hour)
	for i := range 51 {
		c.alarm(t, string(fresh()), "refusals", c.users["iris"], "", at.Add(time.Duration(i)*time.Second), els, time.Minute)
	}
	told := func(reader app.Session) int {
		t.Helper()
		_, answered, err := c.AlarmsOf(t.Context(), reader)
		if err != nil {
			t.Fatal(err)
		}
		return len(answered)
	}
	before := told(piet)
	c.alarm(t, string(fresh()), "refusals", c.users["iris"], c.id, at.Add(time.Minute), els, time.Minute)
	if after := told(piet); before != 50 || after != before {
		t.Errorf("who must never come near reads %d alarms, and %d once there is one that may not be known", before, after)
	}
	if n := told(els); n != 50 {
		t.Errorf("whom nothing is kept from reads %d", n)
	}
}
