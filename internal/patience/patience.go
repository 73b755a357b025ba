// Package patience waits in tests for what comes in its own time, as long on every machine.
package patience

import (
	"testing"
	"time"
)

// Within is how long a test waits for something: only a hang takes this long, so that no
// verdict goes by how fast a machine is or how busy.
const Within = time.Minute

// pause is between two looks, which may be questions to a database.
const pause = 5 * time.Millisecond

// Eventually looks until something holds; what says what that is.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for over := time.Now().Add(Within); !holds(); time.Sleep(pause) {
		if time.Now().After(over) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// Next is what comes next; what says what is waited for.
func Next[T any](t testing.TB, what string, from <-chan T) (next T) {
	t.Helper()
	select {
	case next = <-from:
	case <-time.After(Within):
		t.Fatalf("waited in vain: %s", what)
	}
	return next
}
