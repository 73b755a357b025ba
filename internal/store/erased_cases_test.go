package store_test

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// dueCase is a case that may be erased: closed long ago, asked long ago.
func dueCase(t *testing.T, h house) (c casework.CaseID, asker, other casework.UserID) {
	t.Helper()
	asker, other = h.account(t, "els"), h.account(t, "joke")
	c = h.open(t, "CASE", asker)
	h.append(t, c, asker, &casework.CaseClosed{})
	h.transact(t, func(tx *store.Tx) error {
		_, err := tx.AskKeeping(t.Context(), store.KeepingQuestion{ID: "QUESTION", Case: c, Act: store.EraseAct, Ground: "period_over", By: asker, At: time.Now().AddDate(0, 0, -31)})
		return err
	})
	must(t, h.super, `UPDATE event SET at = now() - interval '21 years' WHERE type = 'case_closed'; UPDATE case_closing SET entered_at = now() - interval '21 years'; UPDATE keeping_question SET entered_at = asked_at`)
	return c, asker, other
}

// The database itself erases nothing but what two people decided on, whatever the
// program asks of it.
func TestOnlyADueCaseIsErased(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, asker, other := dueCase(t, h)
	erase := func(yes casework.UserID) string {
		return codeOf(h.Transact(t.Context(), func(tx *store.Tx) error { return tx.EraseCase(t.Context(), "QUESTION", "CERTIFICATE", yes, noon) }))
	}
	if code := erase(asker); code != forbidden {
		t.Errorf("by one: %q", code)
	}
	if code := erase("nobody"); code != forbidden {
		t.Errorf("with the yes of nobody: %q", code)
	}
	for what, ways := range map[string][2]string{
		"open again":          {`INSERT INTO event SELECT case_id, seq + 1, epoch, actor, now(), 'R', '', 'case_reopened', '{}' FROM event WHERE type = 'case_closed'`, `DELETE FROM event WHERE type = 'case_reopened'`},
		"early":               {`UPDATE event SET at = at + interval '2 years' WHERE type = 'case_closed'`, `UPDATE event SET at = at - interval '2 years' WHERE type = 'case_closed'`},
		"closed as of before": {`UPDATE case_closing SET entered_at = now()`, `UPDATE case_closing SET entered_at = now() - interval '21 years'`},
		"kept longer":         {`INSERT INTO kept_longer SELECT 'K', case_id, now() + interval '1 day', 'court', asked_by, now() FROM keeping_question`, `DELETE FROM kept_longer`},
		"held":                {`INSERT INTO legal_hold SELECT 'H', case_id, 'court', asked_by, now() FROM keeping_question`, `DELETE FROM legal_hold`},
		"just asked":          {`UPDATE keeping_question SET asked_at = now()`, `UPDATE keeping_question SET asked_at = now() - interval '31 days'`},
		"asked as of before":  {`UPDATE keeping_question SET entered_at = now()`, `UPDATE keeping_question SET entered_at = asked_at`},
		"asked before":        {`UPDATE keeping_question SET asked_at = asked_at - interval '22 years'`, `UPDATE keeping_question SET asked_at = asked_at + interval '22 years'`},
		"taken back":          {`UPDATE keeping_question SET state = 'withdrawn'`, `ALTER TABLE keeping_question DISABLE TRIGGER USER; UPDATE keeping_question SET state = 'waiting'; ALTER TABLE keeping_question ENABLE TRIGGER USER`},
		"another act":         {`UPDATE keeping_question SET act = 'lift'`, `UPDATE keeping_question SET act = 'erase'`},
		"only practice":       {`UPDATE membership SET ground = 'practice'`, `UPDATE membership SET ground = 'owner'`},
		"who left":            {`UPDATE account SET active = false`, `UPDATE account SET active = true`},
	} {
		must(t, h.super, ways[0])
		if code := erase(other); code != forbidden {
			t.Errorf("%s: %q", what, code)
		}
		must(t, h.super, ways[1])
	}
	// Nor is a hold lifted by one, even if somebody asks the database for it.
	must(t, h.super, `INSERT INTO legal_hold SELECT 'H', case_id, 'court', asked_by, now() FROM keeping_question`)
	if err := h.Transact(t.Context(), func(tx *store.Tx) error { return tx.LiftHold(t.Context(), c, asker, asker, noon) }); codeOf(err) != "23514" {
		t.Errorf("lifted by one: %v", err)
	}
	h.transact(t, func(tx *store.Tx) error { return tx.LiftHold(t.Context(), c, asker, other, noon) })
	if code := erase(other); code != "" {
		t.Errorf("due, and by two: %q", code)
	}
	if _, err := h.LoadState(t.Context(), h.Reader(), c); err != nil {
		t.Error(err)
	}
	if code := erase(other); code != forbidden {
		t.Errorf("twice: %q", code)
	}
}

// The lines of the log about an erased case lose their details, each when the tree
// holds it, and the tree is as it was: every leaf follows from what is left.
func TestErasedDetailsLeaveTheTree(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, asker, other := dueCase(t, h)
	record := func(name string, of casework.CaseID, event audit.Event) {
		h.transact(t, func(tx *store.Tx) error {
			return tx.Record(t.Context(), audit.Record{ID: id[string](name), At: noon, Event: event, Action: audit.Read, Outcome: audit.Done, User: asker, Case: of,
				Question: "vraag", Detail: map[string]string{"persons": name}})
		})
	}
	leaves := func() { h.grow(t, 100) }
	sound := func() {
		t.Helper()
		all, err := store.Leaves(t.Context(), h.Reader(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			if l.Missing || audit.LeafHash(l.Record.Leaf(l.Salts, l.DetailHash)) != l.Hashes[0] {
				t.Errorf("leaf %d does not follow from its record any more", l.Number)
			}
		}
	}
	details := func(name string) bool {
		return one[bool](t, h.super, `SELECT detail IS NOT NULL AND detail_salt IS NOT NULL AND question <> '' FROM record WHERE id = $1`, id[string](name))
	}
	neighbour := h.open(t, "OTHER", asker)
	record("THIS", c, "join")
	record("OTHER", neighbour, "join")
	leaves()
	record("WAITS", c, "join")
	h.transact(t, func(tx *store.Tx) error { return tx.EraseCase(t.Context(), "QUESTION", "CERTIFICATE", other, noon) })
	record("ERASED", c, "erase_case")
	if details("THIS") || !details("OTHER") || !details("WAITS") {
		t.Errorf("this %t, another case %t, not in the tree %t", details("THIS"), details("OTHER"), details("WAITS"))
	}
	leaves()
	if left, err := h.EraseDetails(t.Context()); err != nil || left != 1 {
		t.Errorf("%d are looked after, %v", left, err)
	}
	if details("WAITS") || !details("ERASED") || !details("OTHER") {
		t.Errorf("in the tree since %t, that it was erased %t, another case %t", details("WAITS"), details("ERASED"), details("OTHER"))
	}
	sound()
	must(t, h.super, `UPDATE erased_case SET erased_at = now() - interval '2 hours'`)
	if left, err := h.EraseDetails(t.Context()); err != nil || left != 0 {
		t.Errorf("%d are looked after when all is done, %v", left, err)
	}
	// A certificate is made once.
	for _, note := range []string{"note", "another"} {
		h.transact(t, func(tx *store.Tx) error { return tx.Certify(t.Context(), "CERTIFICATE", note) })
	}
	if note := one[string](t, h.super, `SELECT certificate FROM erased_case`); note != "note" {
		t.Error(note)
	}
}
