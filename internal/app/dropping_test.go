package app_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// oldLog is a log of which four months came into the tree twelve years ago: three lines
// of De Linde, two lines of it and one of Elders, three about the case that is held, two.
// One line is of today.
type oldLog struct {
	conference
	a       *app.App // signs
	signing *store.Signing
	keys    audit.Keys
	year    int
}

func newOldLog(t *testing.T) oldLog {
	t.Helper()
	c := newConference(t)
	l := oldLog{conference: c, signing: storetest.Signing(t), year: time.Now().Year() - 12}
	l.a = c.signed(t, "signs", l.signing)
	far := c.colleague(t, "far", casework.Manager, "Elders").Account.ID
	c.exec(t, `TRUNCATE record, record_waiting`, fmt.Sprintf(`INSERT INTO legal_hold VALUES ('H', '%s', 'court', '%s', now())`, c.id, c.users["hanneke"]))
	l.month(t, time.January, func(at time.Time) {
		l.lines(t, 3, at, "join", audit.Done, c.users["iris"], casework.ChildWorker, "", "")
	})
	l.month(t, time.February, func(at time.Time) {
		l.lines(t, 2, at, "join", audit.Done, c.users["iris"], casework.ChildWorker, "", "")
		l.lines(t, 1, at, "join", audit.Done, far, casework.Manager, "", "")
	})
	l.month(t, time.March, func(at time.Time) {
		l.lines(t, 3, at, "join", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	})
	l.month(t, time.April, func(at time.Time) {
		l.lines(t, 2, at, "join", audit.Done, c.users["iris"], casework.ChildWorker, "", "")
	})
	c.clock.turn(time.Until(c.clock.Now()) * -1)
	l.lines(t, 1, c.clock.Now(), "join", audit.Done, c.users["iris"], casework.ChildWorker, "", "")
	c.checkpoint(t, l.a)
	var err error
	if l.keys, err = l.signing.Keys(); err != nil {
		t.Fatal(err)
	}
	return l
}

// month is what came into the tree in one.
func (l oldLog) month(t *testing.T, m time.Month, lines func(time.Time)) {
	t.Helper()
	at := time.Date(l.year, m, 10, 9, 0, 0, 0, time.UTC)
	l.clock.turn(at.Sub(l.clock.Now()))
	lines(at)
	l.checkpoint(t, l.a)
}

// left are how many lines each month has, that of today last.
func (l oldLog) left(t *testing.T) string {
	t.Helper()
	return one[string](t, l.door, fmt.Sprintf(`SELECT string_agg(n::text, ' ') FROM (SELECT (SELECT count(*) FROM record WHERE event = 'join' AND at >= m AND at < m + interval '1 month') AS n
		FROM generate_series('%[1]d-01-01Z'::timestamptz, '%[1]d-04-01Z', '1 month') m UNION ALL SELECT count(*) FROM record WHERE event = 'join' AND at >= '%[1]d-05-01') n`, l.year))
}

func (l oldLog) drop(t *testing.T, want string) {
	t.Helper()
	if err := l.a.DropOldRecordsOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := l.left(t); got != want {
		t.Errorf("left are %s, not %s", got, want)
	}
}

// Lines go a month at a time, when every organisation has had them for as long as it wants,
// and not while one of them is about a case that is held. The log says which went, and is
// sound without them.
func TestLinesGoAfterTheirPeriod(t *testing.T) {
	t.Parallel()
	l := newOldLog(t)
	months := func(want string) {
		t.Helper()
		if got := one[string](t, l.door, `SELECT coalesce(string_agg(concat_ws(' ', detail->>'month', detail->>'first', detail->>'last', detail->>'lines'), ', ' ORDER BY at, detail->>'month'), '') FROM record WHERE event = 'log_dropped' AND action = 'D'`); got != want {
			t.Errorf("on record is %q, not %q", got, want)
		}
	}
	l.drop(t, "3 3 3 2 1") // twenty years, as long as nobody says otherwise
	l.exec(t, `UPDATE organisation SET log_years = 6 WHERE name = 'De Linde'`)
	for _, role := range []string{"chair", string(casework.ChildWorker)} { // a line of today is changed, and put right
		l.exec(t, fmt.Sprintf(`UPDATE record SET role = '%s' WHERE event = 'join' AND at >= '%d-05-01'`, role, l.year))
		if role == "chair" {
			if err := l.a.DropOldRecordsOnce(t.Context()); err == nil || l.left(t) != "3 3 3 2 1" {
				t.Errorf("lines went from a log that was changed: %v", err)
			}
		}
	}
	kept, err := l.signing.Newest()
	if err != nil {
		t.Fatal(err)
	}
	forged, err := l.keys.Sign(audit.Checkpoint{Size: 1000, Previous: 12}, kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, newest := range []string{forged, kept} {
		if err := l.signing.Keep(newest); err != nil {
			t.Fatal(err)
		}
		if err := l.a.DropOldRecordsOnce(t.Context()); (err != nil) != (newest == forged) {
			t.Error(err)
		}
		if newest == forged && l.left(t) != "3 3 3 2 1" {
			t.Error("lines went from a log that is held")
		}
	}
	l.drop(t, "0 3 3 0 1")
	went := fmt.Sprintf("%[1]d-01 0 2 3, %[1]d-04 9 10 2", l.year)
	months(went)
	l.drop(t, "0 3 3 0 1")
	months(went)
	if v := l.verdict(t, l.signing, l.keys); v.Status != audit.Sound {
		t.Error("at once:", v)
	}
	if v, err := l.a.CheckNewest(t.Context()); err != nil || v.Status != audit.Sound {
		t.Error("at once:", v, err)
	}
	l.checkpoint(t, l.a)
	if v := l.verdict(t, l.signing, l.keys); v.Status != audit.Sound || !strings.Contains(v.Why, "but for 5 that were dropped after their period") {
		t.Error(v)
	}
	if v, err := l.a.CheckNewest(t.Context()); err != nil || v.Status != audit.Sound {
		t.Error(v, err)
	}
	if checked, err := l.store.Check(t.Context()); err != nil || checked.Leaves != 14 {
		t.Errorf("%+v, %v", checked, err)
	}
	l.exec(t, `UPDATE legal_hold SET lifted_at = now(), lifted_by = placed_by, lifted_with = (SELECT min(id) FROM account WHERE id <> placed_by)`)
	l.drop(t, "0 3 0 0 1")
	l.exec(t, `UPDATE organisation SET log_years = 5`)
	l.drop(t, "0 0 0 0 1")
	l.checkpoint(t, l.a)
	if v := l.verdict(t, l.signing, l.keys); v.Status != audit.Sound || !strings.Contains(v.Why, "but for 11 that") {
		t.Error(v)
	}
}

// Whoever is told who looked is told since when that is known. When the case was opened
// follows from it for nobody who may not know.
func TestLogSince(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	noor, _, _ := c.family(t)
	c.exec(t, `INSERT INTO dropped_month VALUES ('2026-01-01', 0, 0, 1, 'X', now()), ('2025-11-01', 1, 1, 1, 'X', now())`)
	february := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, guarded := range []bool{false, true} {
		for from, want := range map[string]time.Time{"2026-01-15": february, "2026-02-02": {}} {
			report, err := c.ClientReport(t.Context(), c.as(t, "daan"), c.id, app.ReportWish{Person: noor, Period: app.Period{From: from, To: "2026-03-01"}, Guarded: guarded})
			if err != nil || !report.LogSince.Equal(want) {
				t.Errorf("from %s (guarded %t): %v, %v", from, guarded, report.LogSince, err)
			}
		}
	}
	for opened, want := range map[string]time.Time{"2026-03-02": {}, "2025-12-01": february} {
		c.exec(t, fmt.Sprintf(`UPDATE cases SET opened_at = '%s'`, opened))
		page, err := c.CaseRecords(t.Context(), c.as(t, "hanneke"), c.id, app.CaseRecordFilter{}, "", "")
		if err != nil || !page.LogSince.Equal(want) {
			t.Errorf("opened on %s: %v, %v", opened, page.LogSince, err)
		}
	}
}

// The database lets nothing go before its time, whatever the program asks of it.
func TestOnlyADueMonthIsDropped(t *testing.T) {
	t.Parallel()
	l := newOldLog(t)
	l.exec(t, `UPDATE organisation SET log_years = 6 WHERE name = 'De Linde'`)
	today := time.Date(time.Now().Year(), time.Now().Month(), 1, 0, 0, 0, 0, time.UTC)
	in := func(m time.Month) time.Time { return time.Date(l.year, m, 1, 0, 0, 0, 0, time.UTC) }
	january := audit.Dropped{Month: in(time.January), Last: 2, Lines: 3}
	for what, try := range map[string]struct {
		d    audit.Dropped
		says map[string]string
		at   time.Time
	}{
		"a month of another organisation": {audit.Dropped{Month: in(time.February), First: 3, Last: 5, Lines: 3}, nil, l.clock.Now()},
		"a month of a case that is held":  {audit.Dropped{Month: in(time.March), First: 6, Last: 8, Lines: 3}, nil, l.clock.Now()},
		"a month without lines":           {audit.Dropped{Month: in(time.May), First: 11, Last: 10}, nil, l.clock.Now()},
		"this month":                      {audit.Dropped{Month: today, First: 11, Last: 11, Lines: 1}, nil, l.clock.Now()},
		"in the name of nothing":          {january, map[string]string{}, l.clock.Now()},
		"in the name of another month":    {january, audit.Dropped{Month: in(time.April), Last: 2, Lines: 3}.Detail(), l.clock.Now()},
		"in the name of other lines":      {january, audit.Dropped{Month: in(time.January), Last: 2, Lines: 2}.Detail(), l.clock.Now()},
		"as of before":                    {january, nil, in(time.February).AddDate(4, 11, 0)},
	} {
		if try.says == nil {
			try.says = try.d.Detail()
		}
		err := l.store.Transact(t.Context(), func(tx *store.Tx) error {
			said := audit.Record{ID: string(fresh()), At: try.at, Event: audit.LogDropped, Action: audit.Delete, Outcome: audit.Done, Detail: try.says}
			if err := tx.Record(t.Context(), said); err != nil {
				return err
			}
			return tx.DropMonth(t.Context(), try.d, said)
		})
		if err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := l.left(t); got != "3 3 3 2 1" {
		t.Errorf("left are %s", got)
	}
	// Whoever puts a checkpoint in makes no line older than it says itself.
	l.exec(t, `UPDATE organisation SET log_years = 5`, fmt.Sprintf(`INSERT INTO checkpoint VALUES (8, '%d-02-20', 'x')`, l.year))
	l.drop(t, "0 0 3 0 1")
}

// A hold that is placed while a month goes is placed at once and keeps it, and so does a
// period that becomes longer. Only when it is certain that the lines go does who places one
// wait, for as long as that takes.
func TestHoldPlacedWhileAMonthGoes(t *testing.T) {
	t.Parallel()
	l := newOldLog(t)
	els, _ := l.keepers(t)
	lifted := `UPDATE legal_hold SET lifted_at = now(), lifted_by = placed_by, lifted_with = (SELECT min(id) FROM account WHERE id <> placed_by) WHERE lifted_at IS NULL`
	l.exec(t, `UPDATE organisation SET log_years = 6`, lifted)
	march := audit.Dropped{Month: time.Date(l.year, time.March, 1, 0, 0, 0, 0, time.UTC), First: 6, Last: 8, Lines: 3}
	said := audit.Record{ID: string(fresh()), At: l.clock.Now(), Event: audit.LogDropped, Action: audit.Delete, Outcome: audit.Done, Detail: march.Detail()}
	if err := l.store.Transact(t.Context(), func(tx *store.Tx) error { return tx.Record(t.Context(), said) }); err != nil {
		t.Fatal(err)
	}
	begin := func(isolation sql.IsolationLevel) *sql.Tx {
		tx, err := l.admin.BeginTx(t.Context(), &sql.TxOptions{Isolation: isolation})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { tx.Rollback() }) //nolint:errcheck // it may have ended
		return tx
	}
	drop := func(tx *sql.Tx) error {
		_, err := tx.Exec(`SELECT drop_month($1, $2, $3)`, march.Month, said.ID, said.At)
		return err
	}
	forbidden := func(what string, err error) {
		t.Helper()
		var refused *pq.Error
		if !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: %v", what, err)
		}
	}

	line, going := begin(sql.LevelDefault), begin(sql.LevelDefault)
	if _, err := line.Exec(`SELECT FROM record WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = 8) FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	went := make(chan error, 1)
	go func() { went <- drop(going) }()
	l.blocked(t, 1) // its lines are going
	if err := l.HoldCase(t.Context(), els, string(l.store.CaseCode(l.id)), "court"); err != nil {
		t.Error("a hold cannot be placed while lines go:", err)
	}
	if err := line.Rollback(); err != nil {
		t.Fatal(err)
	}
	forbidden("lines that are held since", <-went)
	if err := going.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := l.left(t); got != "3 3 3 2 1" {
		t.Errorf("left are %s", got)
	}

	l.exec(t, lifted)
	line, going = begin(sql.LevelDefault), begin(sql.LevelDefault)
	if _, err := line.Exec(`SELECT FROM record WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = 8) FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	go func() { went <- drop(going) }()
	l.blocked(t, 1)
	l.exec(t, `UPDATE organisation SET log_years = 20`) // and so does a period that becomes longer
	if err := line.Rollback(); err != nil {
		t.Fatal(err)
	}
	forbidden("lines that are kept for longer since", <-went)
	if err := going.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := l.left(t); got != "3 3 3 2 1" {
		t.Errorf("left are %s", got)
	}

	l.exec(t, `UPDATE organisation SET log_years = 6`)
	going = begin(sql.LevelRepeatableRead)
	forbidden("as of another moment", drop(going))
	if err := going.Rollback(); err != nil {
		t.Fatal(err)
	}
	going = begin(sql.LevelDefault)
	if err := drop(going); err != nil {
		t.Fatal(err)
	}
	placed := make(chan error, 1)
	go func() {
		_, err := l.admin.Exec(fmt.Sprintf(`INSERT INTO legal_hold VALUES ('LATE', '%s', 'court', '%s', now())`, l.id, els.Account.ID))
		placed <- err
	}()
	l.blocked(t, 1)
	if err := going.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-placed; err != nil {
		t.Error(err)
	}
	if got := l.left(t); got != "3 3 0 2 1" {
		t.Errorf("left are %s", got)
	}
}

// Clocks of nodes differ. A line that is dated up to a day after the month in which it
// came into the tree goes with it; one that says that lines went is waited for when it is
// of a moment that has not come, and nobody calls the log changed for it.
func TestDroppingByClocksThatDiffer(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	c.exec(t, `TRUNCATE record, record_waiting`, `UPDATE organisation SET log_years = 5`)
	l := oldLog{conference: c, a: a, year: time.Now().Year() - 12}
	after := time.Date(l.year, time.June, 1, 0, 0, 0, 0, time.UTC)
	l.month(t, time.May, func(at time.Time) {
		for _, at := range []time.Time{at, after, after.AddDate(0, 0, 1).Add(-time.Second), after.AddDate(0, 0, 1)} {
			c.lines(t, 1, at, "join", audit.Done, c.users["iris"], casework.ChildWorker, "", "")
		}
	})
	c.clock.turn(time.Until(c.clock.Now())*-1 + 10*time.Minute) // this node is ahead
	if err := a.DropOldRecordsOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.checkpoint(t, a)
	if got := one[string](t, c.door, `SELECT string_agg(at::date::text, ' ') FROM record WHERE event = 'join'`); got != after.AddDate(0, 0, 1).Format(time.DateOnly) {
		t.Errorf("left are lines of %s", got)
	}
	if v := c.verdict(t, signing, keys); v.Status != audit.Incomplete || !strings.Contains(v.Why, "has not come yet") {
		t.Error("ahead:", v)
	}
	right := c.signed(t, "right", signing)
	c.clock.turn(-10 * time.Minute)
	if v, err := right.CheckNewest(t.Context()); err != nil || v.Status != audit.Sound {
		t.Error("a node whose clock is right:", v, err)
	}
	if _, err := c.store.Check(t.Context()); err != nil {
		t.Error(err)
	}
	// A line that did not go is missing as any other.
	c.exec(t, `DELETE FROM record WHERE event = 'join'`)
	if _, err := c.store.Check(t.Context()); !errors.Is(err, store.ErrUnsound) {
		t.Error("a line too few:", err)
	}
}

// Lines that went otherwise are missed, whatever is said of them: their numbers tell when
// they came into the tree, and the checkpoints tell when what says so came into it.
func TestForgedDropping(t *testing.T) {
	t.Parallel()
	l := newOldLog(t)
	l.exec(t, `UPDATE organisation SET log_years = 6 WHERE name = 'De Linde'`)
	l.drop(t, "0 3 3 0 1")
	l.checkpoint(t, l.a)
	tables := []string{"record", "leaf", "checkpoint", "record_waiting", "record_count", "dropped_month"}
	for _, table := range tables {
		l.exec(t, `CREATE TABLE kept_`+table+` AS SELECT * FROM `+table)
	}
	kept, err := l.signing.Newest()
	if err != nil {
		t.Fatal(err)
	}
	gone := func(number int) string {
		return fmt.Sprintf(`DELETE FROM record WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = %d)`, number)
	}
	// says is that somebody says that a line of the tree was dropped, with others of a month.
	says := func(month string, at time.Time, number int) []string {
		id := string(fresh())
		detail := fmt.Sprintf(`{"month": "%s", "first": "%[2]d", "last": "%[2]d", "lines": "1"}`, month, number)
		return []string{gone(number),
			fmt.Sprintf(`INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object, policy_rule, policy, ground, request, detail)
				VALUES ('%s', %s, 'log_dropped', 'D', 'done', '', '', '', '', '', '', '', '', '', '', '', '%s')`, id, pq.QuoteLiteral(at.Format(time.RFC3339Nano)), detail),
			fmt.Sprintf(`INSERT INTO dropped_month VALUES ('%s-01', %[2]d, %[2]d, 1, '%s', %s)`, month, number, id, pq.QuoteLiteral(at.Format(time.RFC3339Nano)))}
	}
	now := l.clock.Now().Add(time.Second).Truncate(time.Microsecond)
	month := func(m int) string { return fmt.Sprintf("%d-%02d", l.year, m) }
	for what, try := range map[string]struct {
		do     []string
		number int64
	}{
		"a line of another month":                   {[]string{gone(4)}, 4},
		"a line that says what went":                {[]string{gone(13)}, 13},
		"the detail of a line that says what went":  {[]string{`UPDATE record SET detail = NULL, detail_salt = NULL WHERE event = 'log_dropped'`}, 12},
		"nothing else says what went":               {[]string{`TRUNCATE dropped_month`}, 0},
		"more lines are said to have gone":          {[]string{`UPDATE dropped_month SET last = 3 WHERE first = 0`, gone(3)}, 3},
		"a line of today, as if it were of before":  {says(month(5), now, 11), 11},
		"a line of March, as if it were of before":  {says(month(2), now, 7), 7},
		"a line of today, dropped today":            {says(now.Format("2006-01"), now, 11), 11},
		"a line of today, dropped some day":         {says(now.Format("2006-01"), now.AddDate(6, 0, 0), 11), 11},
		"a line of March, said to have gone before": {says(month(3), now.AddDate(-8, 0, 0), 7), 7},
	} {
		l.exec(t, try.do...)
		l.checkpoint(t, l.a) // signed as everything is
		if v := l.verdict(t, l.signing, l.keys); v.Status != audit.Tampered || v.Number == nil || *v.Number != try.number {
			t.Errorf("%s: %s", what, v)
		}
		for _, table := range tables {
			l.exec(t, `TRUNCATE `+table+` CASCADE`)
		}
		l.exec(t, `ALTER TABLE record DISABLE TRIGGER await_leaf`, `ALTER TABLE leaf DISABLE TRIGGER count_leaves`)
		for _, table := range tables {
			l.exec(t, `INSERT INTO `+table+` SELECT * FROM kept_`+table)
		}
		l.exec(t, `ALTER TABLE record ENABLE TRIGGER await_leaf`, `ALTER TABLE leaf ENABLE TRIGGER count_leaves`)
		if err := l.signing.Keep(kept); err != nil {
			t.Fatal(err)
		}
	}
	if v := l.verdict(t, l.signing, l.keys); v.Status != audit.Sound {
		t.Error(v)
	}
}
