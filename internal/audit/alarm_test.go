package audit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

var alarmStart = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// lines makes n lines, a pause apart, from changes of a refused one of iris.
func lines(n int, pause time.Duration, change func(i int, s *audit.AlarmLine)) []audit.AlarmLine {
	all := make([]audit.AlarmLine, n)
	for i := range all {
		all[i] = audit.AlarmLine{Number: int64(i), At: alarmStart.Add(time.Duration(i) * pause), Event: "command", User: "iris"}
		if change != nil {
			change(i, &all[i])
		}
	}
	return all
}

// Every limit below, at and above; what is not within its time is not counted.
func TestCauses(t *testing.T) {
	t.Parallel()
	cases := func(every int) func(int, *audit.AlarmLine) {
		return func(i int, s *audit.AlarmLine) {
			s.Done, s.Event, s.Case = true, "join", casework.CaseID(fmt.Sprint("case", i%every))
		}
	}
	ended := func(_ int, s *audit.AlarmLine) { s.Ended, s.Case, s.Event = true, "case", "join" }
	for name, test := range map[string]struct {
		lines []audit.AlarmLine
		kind  audit.AlarmKind
		want  []int64 // numbers of the lines that are causes
	}{
		"four refusals":            {lines(4, time.Second, nil), audit.ManyRefusals, nil},
		"five":                     {lines(5, time.Second, nil), audit.ManyRefusals, []int64{4}},
		"six":                      {lines(6, time.Second, nil), audit.ManyRefusals, []int64{4, 5}},
		"five, just within":        {lines(5, 150*time.Second-time.Nanosecond, nil), audit.ManyRefusals, []int64{4}},
		"five, just not within":    {lines(5, 150*time.Second, nil), audit.ManyRefusals, nil},
		"of two people":            {lines(8, time.Second, func(i int, s *audit.AlarmLine) { s.User = []casework.UserID{"iris", "daan"}[i%2] }), audit.ManyRefusals, nil},
		"of nobody":                {lines(8, time.Second, func(_ int, s *audit.AlarmLine) { s.User = "" }), audit.ManyRefusals, nil},
		"not in a row":             {lines(9, time.Second, func(i int, s *audit.AlarmLine) { s.Done = i == 4 }), audit.ManyRefusals, nil},
		"in a row beside a view":   {lines(6, time.Second, func(i int, s *audit.AlarmLine) { s.Done, s.Event = i == 2, "view" }), audit.ManyRefusals, []int64{5}},
		"in two cases":             {lines(8, time.Second, func(i int, s *audit.AlarmLine) { s.Case = []casework.CaseID{"a", "b"}[i%2] }), audit.ManyRefusals, nil},
		"at many doors":            {lines(5, time.Second, func(i int, s *audit.AlarmLine) { s.Door, s.Case = true, casework.CaseID(fmt.Sprint(i)) }), audit.ManyRefusals, []int64{4}},
		"the clock goes backwards": {lines(5, -time.Minute, nil), audit.ManyRefusals, []int64{4}},
		"twenty cases":             {lines(40, time.Second, cases(20)), audit.ManyCases, nil},
		"twenty-one":               {lines(21, time.Second, cases(21)), audit.ManyCases, []int64{20}},
		"twenty-two":               {lines(22, time.Second, cases(22)), audit.ManyCases, []int64{20, 21}},
		"within the hour":          {lines(21, 3*time.Minute-time.Nanosecond, cases(21)), audit.ManyCases, []int64{20}},
		"over the hour":            {lines(21, 3*time.Minute, cases(21)), audit.ManyCases, nil},
		"cases refused":            {lines(21, time.Hour, func(i int, s *audit.AlarmLine) { cases(21)(i, s); s.Done = false }), audit.ManyCases, nil},
		"cases seen by themselves": {lines(21, time.Second, func(i int, s *audit.AlarmLine) { cases(21)(i, s); s.Event = "view" }), audit.ManyCases, nil},
		"after the end":            {lines(2, time.Hour, ended), audit.AfterEnd, []int64{0, 1}},
		"and it was done":          {lines(1, 0, func(i int, s *audit.AlarmLine) { ended(i, s); s.Done = true }), audit.AfterEnd, []int64{0}},
		"leaving after the end":    {lines(1, 0, func(i int, s *audit.AlarmLine) { ended(i, s); s.Done, s.Event = true, "leave" }), audit.AfterEnd, nil},
		"before the end":           {lines(9, time.Hour, func(i int, s *audit.AlarmLine) { ended(i, s); s.Ended = false }), audit.AfterEnd, nil},
	} {
		var got []int64
		for _, c := range audit.DefaultLimits.Causes(test.lines) {
			if c.Kind == test.kind {
				got = append(got, c.Number)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: causes at %v, not %v", name, got, test.want)
		}
	}
}

// One alarm while it goes on: a row that is broken, or a pause, is followed by another.
func TestAlarmGoesOn(t *testing.T) {
	t.Parallel()
	for kind, within := range map[audit.AlarmKind]time.Duration{audit.ManyRefusals: 10 * time.Minute, audit.ManyCases: time.Hour, audit.AfterEnd: time.Hour} {
		c := audit.Cause{Kind: kind, At: alarmStart}
		if !c.GoesOn(alarmStart) || !c.GoesOn(alarmStart.Add(-within+1)) || c.GoesOn(alarmStart.Add(-within)) || !c.GoesOn(alarmStart.Add(time.Second)) {
			t.Errorf("%s goes on for something else than %s", kind, within)
		}
	}
}

// Whatever is looked at in pieces, with the hour before each, has the same causes; and
// who reads fewer cases finds no cause that was not there for who reads all of them.
func TestCausesOfPieces(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 513))
	for range 200 {
		limits := audit.Limits{Refusals: 2 + random.IntN(4), Cases: 2 + random.IntN(4), AfterEnd: 1 + random.IntN(3)}
		at := alarmStart
		all := lines(60, 0, func(_ int, s *audit.AlarmLine) {
			at = at.Add(time.Duration(random.IntN(400)) * time.Second)
			s.At, s.Done, s.Ended = at, random.IntN(3) == 0, random.IntN(6) == 0
			s.User = []casework.UserID{"iris", "daan", ""}[random.IntN(3)]
			s.Case = casework.CaseID([]string{"", "", "a", "b", "c", "d", "e"}[random.IntN(7)])
			s.Event = []audit.Event{"join", "command", "view"}[random.IntN(3)]
			s.Door = !s.Done && s.Case != "" && random.IntN(2) == 0
		})
		want := limits.Causes(all)
		var got []audit.Cause
		for from := 0; from < len(all); {
			until := min(len(all), from+1+random.IntN(9))
			begin := slices.IndexFunc(all, func(s audit.AlarmLine) bool { return s.At.After(all[from].At.Add(-audit.AlarmWindow)) })
			for _, c := range limits.Causes(all[begin:until]) {
				if c.Number >= int64(from) {
					got = append(got, c)
				}
			}
			from = until
		}
		if !slices.Equal(got, want) {
			t.Fatalf("in pieces %v, as a whole %v", got, want)
		}
		less := slices.DeleteFunc(slices.Clone(all), func(s audit.AlarmLine) bool { return s.Case == "a" && !s.Door })
		for i := range less {
			if less[i].Case == "a" {
				less[i].Case = ""
			}
		}
		for _, c := range limits.Causes(less) {
			if !slices.Contains(want, c) {
				t.Fatalf("%v is a cause only for who reads less", c)
			}
		}
	}
}
