package app_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/view"
)

// A month that nobody made keeps nobody out: its lines go with the rest, are read from
// there, and get their leaves.
func TestMonthThatIsMissing(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.exec(t, `DO $$ DECLARE month text; BEGIN
		FOR month IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'record'::regclass AND inhrelid <> 'record_rest'::regclass LOOP
			EXECUTE 'INSERT INTO record_rest SELECT * FROM ' || month;
			EXECUTE 'DROP TABLE ' || month;
		END LOOP;
	END $$`)
	before := one[int](t, c.door, `SELECT count(*) FROM record_rest`)
	c.made(t, "hanneke", "rename_case", with{"name": "Anders"})
	if _, err := c.Enter(t.Context(), c.actor("iris"), c.id, view.Eyes{}, nil); err != nil {
		t.Error("a look:", err)
	}
	if answer := c.ask(t, "iris", "close_case", with{}); answer.Refusal == nil || answer.Refusal.Reason != "not_allowed" {
		t.Error("a refusal:", answer.Refusal)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record_rest`) - before; n != 3 {
		t.Errorf("%d lines went with the rest", n)
	}
	if list, _, err := c.OwnAccesses(t.Context(), c.as(t, "iris"), app.Period{}, ""); err != nil || len(list) < 2 {
		t.Errorf("%d lines are read from there, %v", len(list), err)
	}
	if err := c.GiveLeaves(t.Context()); err != nil {
		t.Error(err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record_waiting`); n != 0 {
		t.Errorf("%d lines wait for a leaf", n)
	}
}
