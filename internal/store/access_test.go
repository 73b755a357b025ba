package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/store"
)

// waiting is how many transactions wait for the lock on the access epoch.
func (h house) waiting(t *testing.T, n int) {
	t.Helper()
	patience.Eventually(t, fmt.Sprint("waiting are ", n), func() bool {
		return one[int](t, h.super, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7513 AND objid = 1 AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`) == n
	})
}

// holder holds the epoch in a transaction until it is let go.
type holder struct {
	epoch chan int64 // told as soon as it holds
	let   chan struct{}
	ended chan error
}

func (h house) holder(ctx context.Context) holder {
	a := holder{make(chan int64, 1), make(chan struct{}), make(chan error, 1)}
	go func() {
		a.ended <- h.Transact(ctx, func(tx *store.Tx) error {
			epoch, err := tx.HoldAccess(ctx)
			if err != nil {
				return err
			}
			a.epoch <- epoch
			<-a.let
			return nil
		})
	}()
	return a
}

// A change of rights waits for those who read under the old ones, and whoever
// comes after it waits for it: neither does the change starve, nor does anybody
// read under rights that are gone.
func TestChangeOfRightsDoesNotStarve(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.holder(t.Context()), h.holder(t.Context())
	if a, b := next(t, first.epoch), next(t, second.epoch); a != 1 || b != 1 {
		t.Fatalf("they hold %d and %d, at one time", a, b)
	}
	bumped := make(chan int64, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- h.Transact(t.Context(), func(tx *store.Tx) error {
			epoch, err := tx.BumpAccess(t.Context())
			bumped <- epoch
			return err
		})
	}()
	h.waiting(t, 1)
	later := h.holder(t.Context())
	h.waiting(t, 2) // behind the change, though the lock is held in a way it could share
	close(first.let)
	if err := next(t, first.ended); err != nil {
		t.Fatal(err)
	}
	h.waiting(t, 2) // the second still reads
	if epoch, err := store.Epoch(t.Context(), h.Reader()); err != nil || epoch != 1 {
		t.Errorf("meanwhile the epoch is %d, %v", epoch, err)
	}
	close(second.let)
	if epoch := next(t, bumped); epoch != 2 {
		t.Errorf("the change made it %d", epoch)
	}
	if err := next(t, ended); err != nil {
		t.Fatal(err)
	}
	if epoch := next(t, later.epoch); epoch != 2 {
		t.Errorf("who came after it reads under %d", epoch)
	}
	close(later.let)
	if err := next(t, later.ended); err != nil {
		t.Fatal(err)
	}
}

// The epoch of a change that was rolled back never was.
func TestRolledBackChangeIsNoEpoch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if err := h.Transact(t.Context(), func(tx *store.Tx) error {
		if epoch, err := tx.BumpAccess(t.Context()); err != nil || epoch != 2 {
			t.Errorf("bumped to %d, %v", epoch, err)
		}
		return context.Canceled
	}); err != context.Canceled { //nolint:errorlint // it has to come back as it is
		t.Fatal(err)
	}
	if epoch, err := store.Epoch(t.Context(), h.Reader()); err != nil || epoch != 1 {
		t.Errorf("the epoch is %d, %v", epoch, err)
	}
}

// Many committers and changes at one time: every change has an epoch of its own
// and nobody holds one that is past.
func TestHoldersAndChangesMixed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for range 20 {
				err := h.Transact(t.Context(), func(tx *store.Tx) error {
					held, err := tx.HoldAccess(t.Context())
					if err != nil {
						return err
					}
					now, err := store.Epoch(t.Context(), tx)
					if err == nil && now != held {
						t.Errorf("held %d while it is %d", held, now)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		all.Go(func() {
			for range 10 {
				if err := h.Transact(t.Context(), func(tx *store.Tx) error { _, err := tx.BumpAccess(t.Context()); return err }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if epoch, err := store.Epoch(t.Context(), h.Reader()); err != nil || epoch != 21 {
		t.Errorf("after twenty changes the epoch is %d, %v", epoch, err)
	}
}
