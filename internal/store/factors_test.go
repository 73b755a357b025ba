package store_test

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/store"
)

// However often somebody has a question asked without signing in, what is kept of it
// stays small, and pushes out nobody else's.
func TestQuestionsOfOnePlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	name := func(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
	ask := func(n int, place []byte) {
		h.transact(t, func(tx *store.Tx) error {
			return tx.AddQuestion(t.Context(), name(n), []byte("kept"), place, noon, noon.Add(time.Hour+time.Duration(n)*time.Second))
		})
	}
	there := func(n int) (ok bool) {
		h.transact(t, func(tx *store.Tx) (err error) {
			_, ok, err = tx.SpendQuestion(t.Context(), name(n), noon)
			return err
		})
		return ok
	}
	guesser := h.Place("198.51.100.1")
	ask(0, nil)
	ask(1, h.Place("192.0.2.1"))
	for n := range 202 {
		ask(10+n, guesser)
	}
	for n, want := range map[int]bool{0: true, 1: true, 10: false, 11: false, 12: true, 211: true} {
		if there(n) != want {
			t.Errorf("question %d is there: %v", n, !want)
		}
	}
}
