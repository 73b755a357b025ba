package casework_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
)

func TestCaseCode(t *testing.T) {
	t.Parallel()
	code := casework.CaseCodeOf([]byte{0, 1, 2, 3, 4, 250, 251, 252, 253, 254})
	for typed, want := range map[string]casework.CaseCode{
		string(code): code, "k7qf2m9x": "K7QF-2M9X", " K7QF 2m9x ": "K7QF-2M9X", "K7QF-2M9": "", "K7QF-2M9XX": "", "": "", "K7QF-2M9O": "", "K7QF-2M9é": "", "----": "", "K7QF_2M9X": "",
	} {
		if got, ok := casework.ReadCaseCode(typed); got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
}
