package room

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/casustafel/casustafel/internal/casework"
)

// Whoever asks for one history after the other holds up nobody but itself: its
// second is refused while the first is told, and others get their turn.
func TestHistoriesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{Limits: Limits{Histories: 2}})
		iris, daan, ruben := &userLimits{}, &userLimits{}, &userLimits{}
		turn := func(user *userLimits) func() {
			t.Helper()
			leave, err := h.lookBack(t.Context(), user)
			if err != nil {
				t.Fatal(err)
			}
			return leave
		}
		irisLeaves := turn(iris)
		if _, err := h.lookBack(t.Context(), iris); casework.KindOf(err) != casework.TooMany {
			t.Errorf("a second one of the same user: %v", err)
		}
		daanLeaves := turn(daan)
		impatient, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := h.lookBack(impatient, ruben); casework.KindOf(err) != casework.TooMany {
			t.Errorf("a third one has its turn: %v", err)
		}
		var told bool
		go func() {
			turn(ruben)()
			told = true
		}()
		if synctest.Wait(); told {
			t.Error("three are told at a time")
		}
		irisLeaves()
		if synctest.Wait(); !told {
			t.Error("who waits gets no turn when one ends")
		}
		daanLeaves()
		turn(iris)()
	})
}
