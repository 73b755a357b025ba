package app

import (
	"time"
	_ "time/tzdata" // a machine may know no zones; a day at a table is a day in the Netherlands

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// Here is the zone in which a day at a table begins and ends.
var Here = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("app: " + err.Error()) // it is in the program
	}
	return zone
}()

// farthest is how far ahead a day may lie: what is farther is a slip of the pen.
const farthest = 10 // years

// beginOf is the first moment of a day as forms write it, 2006-01-02.
func beginOf(day string, now time.Time) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, day, Here)
	if err != nil || at.After(now.AddDate(farthest, 0, 0)) {
		return time.Time{}, casework.Refuse(casework.Invalid, "bad_date")
	}
	return at, nil
}

// DayOf is the first moment of the day in which a moment is.
func DayOf(at time.Time) time.Time {
	y, m, d := at.In(Here).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Here)
}

// dayAfter is the first moment of the next day.
func dayAfter(at time.Time) time.Time { return DayOf(at).AddDate(0, 0, 1) }

// monthAround is from when and until when the month of a moment lasts.
func monthAround(at time.Time) (begin, end time.Time) {
	y, m, _ := at.In(Here).Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, Here), time.Date(y, m+1, 1, 0, 0, 0, 0, Here)
}

// MonthIn reads a month as audit.MonthForm has it: its first moment. False: it is none.
func MonthIn(text string) (begin time.Time, ok bool) {
	begin, err := time.ParseInLocation(audit.MonthForm, text, Here)
	return begin, err == nil
}

// DaysOfMonth are the days of the month of a moment.
func DaysOfMonth(at time.Time) Period {
	begin, end := monthAround(at)
	return periodOf(begin, end.AddDate(0, 0, -1))
}

// Period is a number of days, as forms have it: 2006-01-02, both of them within. An
// empty one is no bound.
type Period struct{ From, To string }

// periodOf is from one day to another.
func periodOf(first, last time.Time) Period {
	return Period{first.Format(time.DateOnly), last.Format(time.DateOnly)}
}

// bounds are the moments from which and until which a period lasts; zero: no bound.
func (p Period) bounds(now time.Time) (begin, end time.Time, err error) {
	if p.From != "" {
		if begin, err = beginOf(p.From, now); err != nil {
			return begin, end, casework.Refuse(casework.Invalid, "bad_from")
		}
	}
	if p.To != "" {
		last, err := beginOf(p.To, now)
		if err != nil {
			return begin, end, casework.Refuse(casework.Invalid, "bad_to")
		}
		if end = dayAfter(last); !end.After(begin) {
			return begin, end, casework.Refuse(casework.Invalid, "to_before_from")
		}
	}
	return begin, end, nil
}

// AfterDay is the end of a stay that lasts until and including a day; zero, open-ended,
// for an empty one. A day that has passed is none to stay until.
func AfterDay(last string, now time.Time) (time.Time, error) {
	if last == "" {
		return time.Time{}, nil
	}
	begin, err := beginOf(last, now)
	if err != nil {
		return time.Time{}, casework.Refuse(casework.Invalid, "bad_until")
	}
	until := dayAfter(begin).UTC()
	if !until.After(now) {
		return time.Time{}, casework.Refuse(casework.Invalid, "until_past")
	}
	return until, nil
}

// LastDay is the last day of a stay that ends at a moment, as forms write it;
// empty for an open-ended one.
func LastDay(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return until.Add(-time.Microsecond).In(Here).Format(time.DateOnly)
}
