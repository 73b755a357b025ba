package store_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/store"
)

// Nodes check the older leaves at once: none that found them right, by what was there when
// it began, hides what another found wrong, and what is found wrong is gone back to.
func TestWrongOlderLeavesStayWrong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	health := func() store.LogHealth {
		t.Helper()
		is, err := h.LogHealth(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	finds := func(began store.LogHealth, place int64, wrong bool, wantPlace int64, wantWrong bool) {
		t.Helper()
		h.transact(t, func(tx *store.Tx) error { return tx.SetOlderChecked(t.Context(), began, place, wrong) })
		if is := health(); is.Place != wantPlace || is.Wrong != wantWrong {
			t.Errorf("%d, %v after %d, %v: it is at %d, %v", began.Place, began.Wrong, place, wrong, is.Place, is.Wrong)
		}
	}
	first := health()
	finds(first, 7, false, 7, false)
	finds(first, 7, false, 7, false)
	finds(first, 0, true, 0, true) // another had gone on
	finds(first, 7, false, 0, true)
	finds(health(), 7, false, 7, false)
}
