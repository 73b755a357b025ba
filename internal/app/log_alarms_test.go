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
	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// looksAtLog lets nodes look at once, and then one of them once more: who did not hold
// the log looked at nothing.
func (c conference) looksAtLog(t *testing.T, nodes ...*app.App) {
	t.Helper()
	var all sync.WaitGroup
	for _, node := range append(nodes, nodes...) {
		all.Go(func() {
			if err := node.LookAtLog(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := nodes[0].LookAtLog(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Lines that wait too long to be signed are told to every organisation, from its own
// limit on, once while it goes on; they say nothing of whose lines wait or how many.
func TestAlarmOfAnOldCheckpoint(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	els, far := c.person(t, "els", casework.Manager), c.colleague(t, "far", casework.Manager, "Elders")
	patient := c.colleague(t, "patient", casework.Admin, "Elders")
	limits := audit.DefaultLimits
	limits.Checkpoint = 60
	if err := c.SetAlarmLimits(ctx, patient, limits); err != nil {
		t.Fatal(err)
	}
	signing := storetest.Signing(t)
	a, two := c.signed(t, "one", signing), c.signed(t, "two", signing) // they sign once an hour
	c.checkpoint(t, a)
	c.clock.turn(3 * time.Hour)
	c.looksAtLog(t, a, two)
	if got := c.alarms(t, els); got != "" {
		t.Fatalf("everything is signed: %q", got)
	}
	c.card(t, "iris", "Wat wil Fenna?", nil)
	c.clock.turn(time.Hour + 5*time.Minute)
	c.looksAtLog(t, a, two)
	if got, trouble := c.alarms(t, els), a.LogTroubles(); got != "" || len(trouble) != 0 {
		t.Fatalf("just within the limit: %q, %v", got, trouble)
	}
	c.clock.turn(time.Second)
	c.looksAtLog(t, a, two)
	if got, trouble := c.alarms(t, els), a.LogTroubles(); got != "checkpoint_old  " || !slices.Equal(trouble, []app.LogTrouble{app.LogUnsigned}) {
		t.Fatalf("over the limit: %q, %v", got, trouble)
	}
	if got := c.alarms(t, far); got != "" {
		t.Errorf("an organisation that waits longer: %q", got)
	}
	for range 4 {
		c.clock.turn(15 * time.Minute)
		c.looksAtLog(t, two, a)
	}
	if got, want := c.alarms(t, els)+"; "+c.alarms(t, far), "checkpoint_old  ; checkpoint_old  "; got != want {
		t.Errorf("an hour later: %q", got)
	}
	open, _, err := c.AlarmsOf(ctx, els)
	if err != nil || open[0].Limit != 5 || open[0].Last.Sub(open[0].Since) != time.Hour || open[0].Since.Second() != 0 || open[0].Person != "" {
		t.Errorf("it says %+v, %v", open, err)
	}

	// An answer stands for a day while it goes on.
	if err := c.AnswerAlarm(ctx, els, open[0].ID, "explained", "De beheerder werkt eraan."); err != nil {
		t.Fatal(err)
	}
	for range 25 {
		if got := c.alarms(t, els); got != "" {
			t.Fatalf("after the answer: %q", got)
		}
		c.clock.turn(58 * time.Minute)
		c.looksAtLog(t, a)
	}
	if got := c.alarms(t, els); got != "checkpoint_old  " {
		t.Errorf("a day after the answer: %q", got)
	}
	c.checkpoint(t, two)
	c.looksAtLog(t, a)
	if trouble := a.LogTroubles(); len(trouble) != 0 {
		t.Errorf("signed again: %v", trouble)
	}
	c.card(t, "iris", "Hoe?", nil)
	c.clock.turn(3 * time.Hour)
	c.looksAtLog(t, a)
	if n := one[int](t, c.door, `SELECT count(*) FROM alarm m JOIN account a USING (organisation) WHERE a.id = $1`, els.Account.ID); n != 3 {
		t.Errorf("it began again: %d alarms", n)
	}
	c.looksAtLog(t, c.signed(t, "started now", signing))
	if trouble := c.signed(t, "three", signing).LogTroubles(); len(trouble) != 0 {
		t.Errorf("a node that started now blames what it did not see: %v", trouble)
	}
}

// A check of the newest stretch finds what was changed, every organisation is told once,
// and it is checked again until it is right; so is a log that is held.
func TestAlarmOfAChangedLog(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, far := c.person(t, "els", casework.Manager), c.colleague(t, "far", casework.Manager, "Elders")
	signing := storetest.Signing(t)
	a := c.signed(t, "one", signing)
	check := func(node *app.App, want audit.Status) audit.Verdict {
		t.Helper()
		verdict, err := node.CheckNewest(t.Context())
		if err != nil || verdict.Status != want {
			t.Fatalf("%s, %v", verdict, err)
		}
		return verdict
	}
	check(a, audit.Sound) // nothing was signed yet
	c.checkpoint(t, a)
	c.card(t, "iris", "Wat wil Fenna?", nil)
	c.checkpoint(t, a)
	check(a, audit.Sound)
	c.looksAtLog(t, a)
	if got := c.alarms(t, els); got != "" {
		t.Fatalf("a sound log: %q", got)
	}

	c.exec(t, `UPDATE record SET account = account || 'x'`+ofRecord)
	if v := check(a, audit.Tampered); v.Number == nil || *v.Number != 4 {
		t.Errorf("it blames %s", v)
	}
	two := c.signed(t, "two", signing)
	c.looksAtLog(t, a, two)
	check(two, audit.Tampered)
	c.clock.turn(30 * time.Minute)
	c.looksAtLog(t, two, a)
	for name, reader := range map[string]app.Session{"els": els, "far": far} {
		if got := c.alarms(t, reader); got != "verify_failed  " {
			t.Errorf("%s is told %q", name, got)
		}
	}
	if trouble := two.LogTroubles(); !slices.Equal(trouble, []app.LogTrouble{app.LogSuspect}) {
		t.Errorf("the operator is told %v", trouble)
	}
	c.exec(t, `UPDATE record SET account = left(account, -1)`+ofRecord)
	check(two, audit.Sound)
	c.looksAtLog(t, a)
	if trouble := a.LogTroubles(); len(trouble) != 0 {
		t.Errorf("it is right again, and the operator is told %v", trouble)
	}

	// What is wrong with the checkpoints holds the log, and is told as well.
	for what, change := range map[string]string{"a leaf is gone": `DELETE FROM leaf WHERE number = (SELECT max(size) - 1 FROM checkpoint)`, "the newest checkpoint is gone": `DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)`,
		"a checkpoint is another": `UPDATE checkpoint SET note = note || 'x' WHERE size = (SELECT max(size) FROM checkpoint)`, "a hash is another": `UPDATE leaf SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) WHERE number = 3`} {
		c.exec(t, `CREATE TABLE kept_leaf AS SELECT * FROM leaf`, `CREATE TABLE kept_checkpoint AS SELECT * FROM checkpoint`, change)
		check(a, audit.Tampered)
		c.exec(t, `TRUNCATE leaf`, `INSERT INTO leaf SELECT * FROM kept_leaf`, `TRUNCATE checkpoint CASCADE`, `INSERT INTO checkpoint SELECT * FROM kept_checkpoint`, `DROP TABLE kept_leaf, kept_checkpoint`)
		if check(a, audit.Sound); t.Failed() {
			t.Fatal(what)
		}
	}
	c.clock.turn(2 * time.Hour)
	if err := signing.Keep("something else"); err != nil {
		t.Fatal(err)
	}
	held := c.signed(t, "held", signing)
	c.sequence(t, held)
	patience.Eventually(t, "the log is held", func() bool { return held.LogState().Held != "" })
	c.looksAtLog(t, held)
	if got := c.alarms(t, far); got != "verify_failed  ; verify_failed  " {
		t.Errorf("a held log: %q", got)
	}
	if trouble := held.LogTroubles(); !slices.Contains(trouble, app.LogHeld) {
		t.Errorf("the operator is told %v", trouble)
	}
}

// That an operator went on with an older backup is told to every organisation, once,
// whichever node looks.
func TestAlarmOfARestoredLog(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, far := c.person(t, "els", casework.Manager), c.colleague(t, "far", casework.Manager, "Elders")
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	c.checkpoint(t, a)
	c.exec(t, `CREATE TABLE kept AS SELECT * FROM leaf`, `CREATE TABLE kept_checkpoint AS SELECT * FROM checkpoint`)
	c.card(t, "iris", "Wat wil Fenna?", nil)
	c.checkpoint(t, a)
	c.exec(t, `INSERT INTO record_waiting SELECT record, at FROM leaf WHERE number > (SELECT max(number) FROM kept)`, `DELETE FROM leaf`, `INSERT INTO leaf SELECT * FROM kept`,
		`DELETE FROM checkpoint`, `INSERT INTO checkpoint SELECT * FROM kept_checkpoint`)
	after, two := c.signed(t, "after", signing), c.signed(t, "two", signing)
	c.clock.turn(time.Minute)
	if _, err := after.AcceptRestored(t.Context(), signing, "Back-up van zondag, Kanariegeel"); err != nil {
		t.Fatal(err)
	}
	c.checkpoint(t, after)
	c.lookedAt(t, after, two)
	for name, reader := range map[string]app.Session{"els": els, "far": far} {
		if got := c.alarms(t, reader); got != "log_restored  " {
			t.Errorf("%s is told %q", name, got)
		}
	}
	if one[int](t, c.door, `SELECT count(*) FROM alarm m WHERE m::text LIKE '%Kanariegeel%'`) != 0 {
		t.Error("an alarm holds what the operator wrote")
	}
	refused(t, "a member", func() error { _, _, err := c.AlarmsOf(t.Context(), c.as(t, "iris")); return err }(), "not_found")
}

// When the log cannot be written, an alarm about it is raised all the same; when that
// cannot be either, whoever runs the server is told.
func TestAlarmWithoutALog(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.person(t, "els", casework.Manager)
	a := c.signed(t, "signs", storetest.Signing(t))
	c.checkpoint(t, a)
	c.card(t, "iris", "Wat wil Fenna?", nil)
	c.exec(t, `ALTER TABLE record RENAME TO no_record`)
	_, _, err := a.AlarmsOf(t.Context(), els)
	if reason(err) != casework.NotRecorded {
		t.Fatalf("without a log: %v", err)
	}
	c.clock.turn(time.Hour + 6*time.Minute)
	if err := a.LookAtLog(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM alarm WHERE kind = 'checkpoint_old'`); n != 1 {
		t.Errorf("%d alarms", n)
	}
	if trouble := a.LogTroubles(); !slices.Equal(trouble, []app.LogTrouble{app.LogUnsigned, app.LogUnwritten}) {
		t.Errorf("the operator is told %v", trouble)
	}
	c.exec(t, `ALTER TABLE alarm RENAME TO no_alarm`)
	if err := a.LookAtLog(t.Context()); err == nil || strings.Contains(err.Error(), "De Linde") {
		t.Errorf("an alarm that cannot be raised: %v", err)
	}
	c.exec(t, `ALTER TABLE no_record RENAME TO record`)
}
