package casework

import (
	"testing"
	"time"
)

// A table keeps its chair: whatever is changed, the time for which it has one
// does not get shorter.
func TestLosesChair(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	chair := func(from, until time.Time) Member {
		return Member{Role: Chair, Active: true, From: from, Until: until}
	}
	never := time.Time{}
	other := Member{Role: ChildWorker, Active: true, From: now}
	away := chair(now, never)
	away.Active = false
	for name, c := range map[string]struct {
		before, after []Member
		loses         bool
	}{
		"the last one goes":                   {[]Member{chair(now, never), other}, []Member{chair(now, now), other}, true},
		"the last one becomes another":        {[]Member{chair(now, never)}, []Member{other}, true},
		"the last one ends later":             {[]Member{chair(now, never)}, []Member{chair(now, day(9))}, true},
		"one of two goes":                     {[]Member{chair(now, never), chair(now, never)}, []Member{chair(now, now), chair(now, never)}, false},
		"the other may not sign in":           {[]Member{chair(now, never), away}, []Member{chair(now, now), away}, true},
		"the other ends before":               {[]Member{chair(now, never), chair(now, day(5))}, []Member{chair(now, day(9)), chair(now, day(5))}, true},
		"the other goes beyond":               {[]Member{chair(now, never), chair(now, never)}, []Member{chair(now, day(9)), chair(now, never)}, false},
		"the other begins in time":            {[]Member{chair(now, never), chair(day(5), never)}, []Member{chair(now, day(5)), chair(day(5), never)}, false},
		"the other begins too late":           {[]Member{chair(now, never), chair(day(5), never)}, []Member{chair(now, day(4)), chair(day(5), never)}, true},
		"three after one another":             {[]Member{chair(now, never), chair(day(2), day(6)), chair(day(6), never)}, []Member{chair(now, day(2)), chair(day(2), day(6)), chair(day(6), never)}, false},
		"an end is put off":                   {[]Member{chair(now, day(3))}, []Member{chair(now, day(9))}, false},
		"an end comes sooner":                 {[]Member{chair(now, day(9))}, []Member{chair(now, day(3))}, true},
		"there was none":                      {[]Member{other}, []Member{other, other}, false},
		"somebody who is no chair may always": {[]Member{chair(now, day(3)), other}, []Member{chair(now, day(3))}, false},
	} {
		if got := LosesChair(c.before, c.after, now); got != c.loses {
			t.Errorf("%s: %v", name, got)
		}
	}
}
