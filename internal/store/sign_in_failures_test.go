package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// An attempt waits until it can see the one before it, and attempts from
// elsewhere do not wait for it.
func TestAttemptsOfOneAddressSeeEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	count := func(login, address string, meanwhile func(*store.Tx)) (seen identity.Attempt, err error) {
		keys := h.AttemptKeys(login, address)
		err = h.Transact(context.Background(), func(tx *store.Tx) error {
			seen, err = tx.CountFailures(t.Context(), keys, noon.Add(-time.Minute))
			if err != nil {
				return err
			}
			if meanwhile != nil {
				meanwhile(tx)
			}
			return tx.AddFailure(t.Context(), keys, noon)
		})
		return seen, err
	}
	type result struct {
		seen identity.Attempt
		err  error
	}
	second := make(chan result, 1)
	first, err := count("iris", "192.0.2.7", func(*store.Tx) {
		go func() {
			seen, err := count("iris", "192.0.2.7", nil)
			second <- result{seen, err}
		}()
		until(t, h.super, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7515 AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
		if seen, err := count("iris", "198.51.100.9", nil); err != nil || seen.Login.Count != 0 {
			t.Errorf("from elsewhere: %+v, %v", seen, err)
		}
	})
	if err != nil || first.Pair.Count != 0 {
		t.Errorf("the first: %+v, %v", first, err)
	}
	got := <-second
	if got.err != nil || got.seen.Pair.Count != 1 || got.seen.Address.Count != 1 || got.seen.Login.Count != 2 || !got.seen.Pair.Last.Equal(noon) {
		t.Errorf("the second: %+v, %v", got.seen, got.err)
	}
	if seen, err := count("ruben", "192.0.2.7", nil); err != nil || seen.Pair.Count != 0 || seen.Login.Count != 0 || seen.Address.Count != 2 {
		t.Errorf("another login: %+v, %v", seen, err)
	}
}

// until waits for a count that is not nought, and fails the test after long.
func until(t testing.TB, db sqlx.Queryer, query string) {
	t.Helper()
	for began := time.Now(); one[int](t, db, query) == 0; {
		if time.Since(began) > time.Minute {
			t.Error("in vain waited for", query)
			return
		}
	}
}
