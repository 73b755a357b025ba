package casetest_test

import (
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
)

// What the tests of all promises look for in messages is found there, wherever it
// stands, and nothing else.
func TestCanariesIn(t *testing.T) {
	t.Parallel()
	message := `kkanarie7x kanarie12nkanarie3n "born":"` + casetest.Birth(0) + `" 1969-12-31 kanarie kanarie5 kanariex 1939-01-01 1950-1-01 11955-07-08 kanarie9`
	want := []string{"kanarie7x", "kanarie12n", "kanarie3n", "1940-01-01", "1969-12-31", "1955-07-08"}
	if got := casetest.CanariesIn([]byte(message)); !slices.Equal(got, want) {
		t.Errorf("found %q", got)
	}
	for n := range 10_000 {
		if !slices.Equal(casetest.CanariesIn([]byte(casetest.Birth(n))), []string{casetest.Birth(n)}) || !slices.Equal(casetest.CanariesIn([]byte(casetest.NoteCanary(n))), []string{casetest.NoteCanary(n)}) {
			t.Fatal("not found: ", n)
		}
	}
}
