package store_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
)

// Who waits to make a month holds nothing of the log meanwhile, so that no two wait for
// each other.
func TestMonthsAreMadeOneByOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reading, err := h.super.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Rollback() //nolint:errcheck // it only read
	must(t, reading, `LOCK TABLE ONLY record IN ACCESS SHARE MODE`)
	made := make(chan error)
	go func() { made <- h.MakeRecordMonths(t.Context(), noon) }()
	const locks = `SELECT count(*) FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid() AND `
	patience.Eventually(t, "making months waits for the log", func() bool { return one[int](t, reading, locks+`relation = 'record'::regclass AND NOT granted`) > 0 })
	if held := one[int](t, reading, locks+`relation = 'record_rest'::regclass`); held != 0 {
		t.Error("it waits for the log, and holds a part of it")
	}
	if err := reading.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-made; err != nil || !one[bool](t, h.super, `SELECT to_regclass('record_2026_03') IS NOT NULL`) {
		t.Error("the month is not there", err)
	}
}
