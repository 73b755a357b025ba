package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/store"
)

// listen hears until the test ends; the channels carry what was heard and lost.
func listen(t *testing.T, s *store.Store) (heard chan string, lost chan bool) {
	heard, lost = make(chan string, 100), make(chan bool, 100)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Listen(ctx, func(p string) { heard <- p }, func() { lost <- true }) }()
	t.Cleanup(func() {
		stop()
		if err := next(t, done); err != nil {
			t.Error(err)
		}
	})
	return heard, lost
}

// next waits for what has to come.
func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	return patience.Next(t, "what has to come", from)
}

// listeners of this database, as soon as there are n.
func (h house) listeners(t *testing.T, n int) {
	t.Helper()
	patience.Eventually(t, fmt.Sprint("listeners are ", n), func() bool {
		return one[int](t, h.super, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`) == n
	})
}

func TestNudges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	heard, lost := listen(t, h.Store)
	h.listeners(t, 1)
	longest := strings.Repeat("x", store.MaxNudge)
	for _, payload := range []string{"case A", longest} {
		if err := h.Nudge(t.Context(), payload); err != nil {
			t.Fatal(err)
		}
		if got := next(t, heard); got != payload {
			t.Errorf("heard %.20q", got)
		}
	}
	for round := range 2 {
		must(t, h.super, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
		next(t, lost)
		// Whoever was told that nudges were missed hears the next one.
		if err := h.Nudge(t.Context(), "again"); err != nil {
			t.Fatal(err)
		}
		if got := next(t, heard); got != "again" {
			t.Errorf("round %d: heard %q", round, got)
		}
	}
}

// A node that stops while the database is away is not held up by it.
func TestListenStopsWithoutADatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	must(t, h.super, `UPDATE pg_database SET datallowconn = false WHERE datname = current_database()`)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- h.Listen(ctx, func(string) { t.Error("heard something") }, func() { t.Error("lost what it never had") })
	}()
	stop()
	if err := next(t, done); err != nil {
		t.Error(err)
	}
}
