package app_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// Only a decision of steps alone goes without a record of its own: with whatever else
// that changes, or with nothing at all, it is on the record.
func TestOnlyWritingGoesOn(t *testing.T) {
	t.Parallel()
	step, other := &casework.NoteWritten{}, &casework.CardArchived{}
	for name, c := range map[string]struct {
		changes []casework.Change
		goesOn  bool
	}{
		"a step":                      {[]casework.Change{step}, true},
		"steps":                       {[]casework.Change{step, step}, true},
		"nothing":                     {nil, false},
		"something else":              {[]casework.Change{other}, false},
		"a step and something else":   {[]casework.Change{step, other}, false},
		"something else and a step":   {[]casework.Change{other, step}, false},
		"something else within steps": {[]casework.Change{step, other, step}, false},
	} {
		if app.GoesOn(board.Decision{Changes: c.changes}) != c.goesOn {
			t.Errorf("%s: goes on %v", name, !c.goesOn)
		}
	}
}
