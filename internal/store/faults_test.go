package store_test

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"testing"

	"github.com/casustafel/casustafel/internal/store"
)

func TestWhatPasses(t *testing.T) {
	t.Parallel()
	for _, err := range []error{context.DeadlineExceeded, driver.ErrBadConn, io.ErrUnexpectedEOF, store.ErrUnknownOutcome,
		&store.DBError{Code: "55P03"}, &store.DBError{Code: "57014"}, &store.DBError{Code: "57P01"}, &store.DBError{Code: "40P01"},
		&store.DBError{Code: "08006"}, &store.DBError{Code: "25P03"}, &store.DBError{Code: "53300"}} {
		if !store.Passing(fmt.Errorf("carry out: %w", err)) {
			t.Errorf("never again: %v", err)
		}
	}
	for _, err := range []error{&store.DBError{Code: "22021"}, &store.DBError{Code: "23505"}, &store.DBError{Code: "42501"},
		&store.DBError{Code: "P0001"}, &store.DBError{}, store.ErrWrongKey} {
		if store.Passing(fmt.Errorf("carry out: %w", err)) {
			t.Errorf("try again: %v", err)
		}
	}
	// What the server says itself: a lock that somebody else holds, and a text that no retry mends.
	h := newHouse(t)
	holder, err := h.super.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback() //nolint:errcheck // it only holds
	if _, err := holder.Exec(`SELECT pg_advisory_xact_lock(7516, 0)`); err != nil {
		t.Fatal(err)
	}
	locked := h.Transact(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Exec(`SET LOCAL lock_timeout = 1`); err != nil {
			return err
		}
		return tx.LockPolicies(t.Context())
	})
	if locked == nil || !store.Passing(locked) {
		t.Errorf("locked: %v", locked)
	}
	refused := h.Transact(t.Context(), func(tx *store.Tx) error {
		_, _, _, err := tx.AccountByLogin(t.Context(), "\x00")
		return err
	})
	if refused == nil || store.Passing(refused) {
		t.Errorf("refused: %v", refused)
	}
}
