package audit_test

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
)

// The limit of an old checkpoint is one that is waited for, on top of how often there
// is one.
func TestOverdue(t *testing.T) {
	t.Parallel()
	for _, minutes := range []int{2, 5, 60} {
		for _, every := range []time.Duration{0, 10 * time.Second, time.Hour} {
			limit := time.Duration(minutes)*time.Minute + every
			l := audit.Limits{Checkpoint: minutes}
			if l.Overdue(-limit, every) || l.Overdue(0, every) || l.Overdue(limit, every) || !l.Overdue(limit+1, every) {
				t.Errorf("a limit of %d minutes and %s", minutes, every)
			}
		}
	}
}

// An alarm about the log goes on for an hour without news of it, and an answer to it
// stands for a day.
func TestLogGoesOn(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) *time.Time { at := alarmStart.Add(-d); return &at }
	for _, test := range []struct {
		last     time.Duration // ago
		answered *time.Time
		goesOn   bool
	}{
		{0, nil, true}, {time.Hour - 1, nil, true}, {time.Hour, nil, false}, {-time.Minute, nil, true},
		{time.Minute, ago(0), true}, {time.Minute, ago(24*time.Hour - 1), true}, {time.Minute, ago(24 * time.Hour), false}, {time.Hour, ago(0), false},
	} {
		if got := audit.LogGoesOn(alarmStart, alarmStart.Add(-test.last), test.answered); got != test.goesOn {
			t.Errorf("last %s ago, answered %v: %v", test.last, test.answered, got)
		}
	}
}

// What was typed wrong is neither a refusal in a row nor the end of one; that somebody
// was turned away is no mistake in typing.
func TestTypo(t *testing.T) {
	t.Parallel()
	typo := func(i int, s *audit.AlarmLine) { s.Typo = i%2 == 0 }
	if got := audit.DefaultLimits.Causes(lines(8, time.Second, typo)); len(got) != 0 {
		t.Errorf("four refusals and four mistakes: %v", got)
	}
	if got := audit.DefaultLimits.Causes(lines(10, time.Second, typo)); len(got) != 1 || got[0].Number != 9 {
		t.Errorf("five refusals and five mistakes: %v", got)
	}
	for reason, want := range map[string]bool{"bad_alarm_cases": true, "bad_reason": true, "alarm_words": true, "glass_judged": true, "to_before_from": true,
		"bad_faith": false, "not_found": false, "": false, "alarm_answered": false, "excluded": false, "wrong_code": false} {
		if audit.Typo(reason) != want {
			t.Errorf("%q is a mistake in typing: %v", reason, !want)
		}
	}
}
