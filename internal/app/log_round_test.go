package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// Every leaf before the newest is checked in turn, on whichever node. What somebody changed
// long ago is found, every organisation is told, nothing is passed over while it is wrong,
// and it ends when it is undone.
func TestOlderLinesAreCheckedInTurn(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, far := c.person(t, "els", casework.Manager), c.colleague(t, "far", casework.Manager, "Elders")
	signing := storetest.Signing(t)
	a, two := c.signed(t, "one", signing), c.signed(t, "two", signing)
	place := func(want int64) {
		t.Helper()
		if got := one[int64](t, c.door, `SELECT place FROM log_check`); got != want {
			t.Fatalf("it came to %d, not %d", got, want)
		}
	}
	const newest, stretch = 5, 7
	check := func(node *app.App, want audit.Status) (v audit.Verdict) {
		t.Helper()
		v, err := node.CheckOlderThan(t.Context(), newest, stretch)
		if err != nil || v.Status != want {
			t.Fatalf("%s, %v", v, err)
		}
		return v
	}
	check(a, audit.Sound) // nothing was signed yet
	place(0)
	c.lines(t, 30, c.clock.Now(), "join", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	size := c.checkpoint(t, a).Size
	older := size - newest
	round := func() {
		t.Helper()
		for to := min(stretch, older); ; to = min(to+stretch, older) {
			check(two, audit.Sound)
			if place(to); to == older {
				return
			}
		}
	}
	round()
	c.lines(t, 1, c.clock.Now(), "join", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	c.checkpoint(t, a)
	check(a, audit.Sound) // the one that is new among them
	place(older + 1)
	older++
	if _, _, err := a.CheckOlder(t.Context()); err != nil { // by itself it leaves so few to the check of the newest
		t.Fatal(err)
	}
	place(0)

	const long = ` WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = 16)`
	change := `UPDATE record SET account = account || 'x'` + long
	check(a, audit.Sound)
	c.exec(t, change)
	check(a, audit.Sound)
	for range 2 {
		if v := check(a, audit.Tampered); v.Number == nil || *v.Number != 16 {
			t.Errorf("it blames %s", v)
		}
		check(two, audit.Tampered)
		place(14)
		c.looksAtLog(t, a, two)
		c.clock.turn(time.Minute)
	}
	for name, reader := range map[string]app.Session{"els": els, "far": far} {
		if got := c.alarms(t, reader); got != "verify_failed  " {
			t.Errorf("%s is told %q", name, got)
		}
	}
	if found := fmt.Sprint(two.LogTroubles()); found != "[verify_failed]" {
		t.Errorf("the operator is told %s", found)
	}
	c.exec(t, `UPDATE record SET account = left(account, -1)`+long)
	check(two, audit.Sound)
	place(21)
	c.looksAtLog(t, a)
	if found := a.LogTroubles(); len(found) != 0 {
		t.Errorf("it is right again, and the operator is told %v", found)
	}

	// Whoever changes what stands beside leaves as well changes what was signed.
	for what, does := range map[string]string{
		"a leaf is gone":             `DELETE FROM leaf WHERE number = 23`,
		"a hash of a whole subtree":  `UPDATE leaf SET hashes = set_byte(hashes, 64, 255 - get_byte(hashes, 64)) WHERE number = 23`,
		"a hash of what goes before": `UPDATE leaf SET hashes = set_byte(hashes, 130, 255 - get_byte(hashes, 130)) WHERE number = 15`,
		"a record is gone":           `DELETE FROM record WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = 23)`,
	} {
		c.exec(t, `CREATE TABLE kept_leaf AS SELECT * FROM leaf`, `CREATE TABLE kept_record AS SELECT * FROM record`, does)
		check(a, audit.Tampered)
		place(21)
		c.exec(t, `ALTER TABLE record DISABLE TRIGGER await_leaf`, `ALTER TABLE leaf DISABLE TRIGGER count_leaves`, `TRUNCATE leaf`, `INSERT INTO leaf SELECT * FROM kept_leaf`, `TRUNCATE record`, `INSERT INTO record SELECT * FROM kept_record`,
			`ALTER TABLE record ENABLE TRIGGER await_leaf`, `ALTER TABLE leaf ENABLE TRIGGER count_leaves`, `DROP TABLE kept_leaf, kept_record`)
		check(a, audit.Sound)
		if c.exec(t, `UPDATE log_check SET place = 21`); t.Failed() {
			t.Fatal(what)
		}
	}
}

// A round over all leaves takes four weeks at most, and a small log is through in days.
func TestRoundEndsInTime(t *testing.T) {
	t.Parallel()
	for leaves, want := range map[int64]time.Duration{0: time.Hour, 1_000_000: time.Hour, 10_000_000: time.Hour, 100_000_000: 28 * 24 * time.Hour / 5001} {
		if got := app.NextOlder(leaves); got != want || got*time.Duration(leaves/20_000) > 28*24*time.Hour {
			t.Errorf("of %d leaves a stretch every %s", leaves, got)
		}
	}
}
