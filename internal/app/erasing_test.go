package app_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// hanging are the tables in which something can hang on a case, by the column that names
// it.
func (c conference) hanging(t *testing.T) (tables []string) {
	t.Helper()
	list := one[string](t, c.door, `SELECT string_agg(c.table_name || '.' || c.column_name, ' ' ORDER BY c.table_name) FROM information_schema.columns c
		JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND (c.column_name LIKE '%case%' AND c.data_type = 'text' OR c.table_name = 'cases' AND c.column_name = 'id')
		AND c.table_name NOT LIKE 'record\_%' AND c.column_name <> 'case_organisation'`)
	return strings.Fields(list)
}

// fill puts a row that hangs on the case in every table that the conference left empty.
func (c conference) fill(t *testing.T) {
	t.Helper()
	by := c.users["hanneke"]
	for _, s := range []string{
		`INSERT INTO look VALUES ('%[1]s', '%[2]s', now(), 'seen')`,
		`INSERT INTO note_step VALUES ('%[1]s', 900, 1, 1, 'CARD', 1, '%[2]s', now(), 'C', 'F', 'T', 'step')`,
		`INSERT INTO note VALUES ('%[1]s', 'CARD', 1, 900, 'T', now(), '[]', 900, 'note')`,
		`INSERT INTO snapshot VALUES ('%[1]s', 1, '{}')`,
		`INSERT INTO proposal (id, case_id, address, sealed, role, chair_function, beside, contact, ground, valid_from, invited_by, proposed_at, state)
			VALUES ('P', '%[1]s', 'a', 's', 'guest', '', '{}', false, 'consent', now(), '%[2]s', now(), 'waiting')`,
		`INSERT INTO exclusion VALUES ('X', '%[1]s', 'address', 'account', 'sealed', '%[2]s', now())`,
		`INSERT INTO interpreter VALUES ('I', '%[1]s', 'sealed', '%[2]s', now())`,
		`INSERT INTO given (id, case_id, account, kind, reason, given_by, valid_from) VALUES ('G', '%[1]s', '%[2]s', 'glass', 'why', '%[2]s', now())`,
		`INSERT INTO glass_review VALUES ('G', 'justified', 'why', '%[2]s', now())`,
		`INSERT INTO notice (id, account, case_id, kind, by, at) VALUES ('N', '%[2]s', '%[1]s', 'glass', '%[2]s', now())`,
		`INSERT INTO second_person (id, case_id, act, ground, asked_by, asked_at, state) VALUES ('S', '%[1]s', 'export', 'court', '%[2]s', now(), 'no')`,
		`INSERT INTO case_link VALUES ('L', '%[1]s', 'names', 'sealed', '%[2]s', now())`,
		`INSERT INTO kept_longer VALUES ('K', '%[1]s', '2020-01-01', 'court', '%[2]s', now())`,
		`INSERT INTO alarm VALUES ('A', (SELECT organisation FROM account WHERE id = '%[2]s'), 'after_end', '%[2]s', '%[1]s', 1, now(), now())`,
		`INSERT INTO alarm_seen VALUES ('A', '%[2]s', now())`,
		`INSERT INTO alarm_answer VALUES ('A', 'explained', 'why', '%[2]s', now())`,
		`INSERT INTO legal_hold VALUES ('H', '%[1]s', 'court', '%[2]s', now(), now(), '%[2]s', (SELECT min(id) FROM account WHERE id <> '%[2]s'))`,
	} {
		c.exec(t, fmt.Sprintf(s, c.id, by))
	}
}

func (c conference) rowsOf(t *testing.T, hanging string) int {
	t.Helper()
	table, column, _ := strings.Cut(hanging, ".")
	return one[int](t, c.door, fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s = $1`, table, column), c.id)
}

// Erasing takes everything that hangs on a case: the test finds by itself what can. What
// stays has no word of it, and the other cases are as they were.
func TestNothingOfAnErasedCaseStays(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, joke := c.keepers(t)
	other := c.open(t, "Wilgenroos")
	c.card(t, "iris", "Kaart", nil)
	before := c.state(t, other)
	c.fill(t)
	c.closedFor(t, 21)
	if err := c.HoldCase(t.Context(), els, string(c.store.CaseCode(other)), "court"); err != nil {
		t.Fatal(err)
	}
	asked := c.askedErasing(t, els)
	// The cases in which people only practise have a table of their own; nothing of them is kept.
	never := []string{"practice.case_id", "erased_case.case_id"}
	for _, table := range c.hanging(t) {
		if c.rowsOf(t, table) == 0 && !slices.Contains(never, table) {
			t.Errorf("nothing of the case is in %s: fill it, so that this test sees it go", table)
		}
	}
	if err := c.AnswerKeeping(t.Context(), joke, asked, app.KeepingAnswer{Yes: true, Typed: string(c.store.CaseCode(c.id))}); err != nil {
		t.Fatal(err)
	}
	for _, table := range c.hanging(t) {
		n, stays := c.rowsOf(t, table), slices.Contains([]string{"record.case_id", "exclusion.case_id", "erased_case.case_id"}, table)
		if stays != (n > 0) {
			t.Errorf("%s has %d rows", table, n)
		}
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM glass_review`); n != 0 {
		t.Error("a review of its glass is left")
	}
	if n := one[int](t, c.door, `SELECT (SELECT count(*) FROM alarm_answer) + (SELECT count(*) FROM alarm_seen)`); n != 0 {
		t.Error("what was made of an alarm is left")
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM exclusion WHERE sealed <> '' OR address <> 'address' OR account <> 'account'`); n != 0 {
		t.Error("more is left of who must never come near than what they are compared by")
	}
	if after := c.state(t, other); after.Head() != before.Head() || after.Name.Body != "Wilgenroos" {
		t.Errorf("another case: %+v", after)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE case_id = $1 AND event = 'erase_case' AND detail->>'ground' = 'period_over' AND case_organisation = $2
		AND account = $3 AND detail->>'asked_by' = $4 AND 'second' = ANY (string_to_array(checks, ' '))`, c.id, els.Account.Organisation, joke.Account.ID, els.Account.ID); n != 1 {
		t.Errorf("%d lines tell that it was erased", n)
	}
}

// What fails on the way leaves the case whole.
func TestErasingIsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, joke := c.keepers(t)
	c.card(t, "iris", "Kaart", nil)
	c.closedFor(t, 21)
	asked, yes := c.askedErasing(t, els), app.KeepingAnswer{Yes: true, Typed: string(c.store.CaseCode(c.id))}
	before := c.state(t, c.id)
	whole := func(after string) {
		t.Helper()
		c.store.ForgetCase(c.id)
		state := c.state(t, c.id)
		if state.Head() != before.Head() || state.Name.Body != "Zilverlinde" || len(c.retention(t, els).Cases) != 1 {
			t.Errorf("%s: %+v", after, state)
		}
	}
	// Without a record nothing is erased.
	c.exec(t, `ALTER TABLE record ADD CONSTRAINT fails CHECK (event <> 'erase_case') NOT VALID`)
	if err := c.AnswerKeeping(t.Context(), joke, asked, yes); reason(err) != "not_recorded" {
		t.Errorf("without a record: %v", err)
	}
	whole("without a record")
	c.exec(t, `ALTER TABLE record DROP CONSTRAINT fails`)
	// The connection is killed when everything is deleted and nothing is committed.
	blocker, err := c.admin.BeginTx(t.Context(), &sql.TxOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blocker.Exec(`LOCK TABLE record IN EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() { answered <- c.AnswerKeeping(t.Context(), joke, asked, yes) }()
	c.blocked(t, 1)
	if n := one[int](t, c.door, `SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') k`); n != 1 {
		t.Errorf("%d were killed", n)
	}
	if err := <-answered; err == nil {
		t.Error("it said that it was done")
	}
	if err := blocker.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		t.Fatal(err)
	}
	whole("killed in the middle")
	if err := c.AnswerKeeping(t.Context(), joke, asked, yes); err != nil {
		t.Errorf("again: %v", err)
	}
}

// Every node forgets what it had at hand, at once or, when no nudge comes, soon.
func TestNodesForgetAnErasedCase(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, joke := c.keepers(t)
	elsewhere := storetest.Open(t, c.config)
	far := c.node(t, "far", elsewhere)
	if a := far.Do(t.Context(), c.actor("hanneke"), c.id, fresh(), "rename_case", body(t, with{"name": "Zilverlinde anders"})); a.Refusal != nil {
		t.Fatal(a.Refusal)
	}
	c.closedFor(t, 21)
	asked := c.askedErasing(t, els)
	c.state(t, c.id)
	if !slices.Contains(c.store.CasesAtHand(), c.id) || !slices.Contains(elsewhere.CasesAtHand(), c.id) {
		t.Fatal("the nodes have nothing to forget")
	}
	if err := c.AnswerKeeping(t.Context(), joke, asked, app.KeepingAnswer{Yes: true, Typed: string(c.store.CaseCode(c.id))}); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(c.store.CasesAtHand(), c.id) {
		t.Error("this node has its key")
	}
	if err := far.TidyErasedOnce(t.Context()); err != nil || slices.Contains(elsewhere.CasesAtHand(), c.id) {
		t.Errorf("another node has its key: %v", err)
	}
	if a := far.Do(t.Context(), c.actor("hanneke"), c.id, fresh(), "rename_case", body(t, with{"name": "Weer"})); reason(a.Refusal) != "not_found" {
		t.Errorf("a command on another node: %v", a.Refusal)
	}
}
