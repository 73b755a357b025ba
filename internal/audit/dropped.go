package audit

import (
	"fmt"
	"maps"
	"strconv"
	"time"
)

// KeptYears is how long every line of the log is kept at least (NEN 7513). The database
// holds the same.
const KeptYears = 5

// Dropped are the lines that came into the tree in a month and went after their period,
// as the record says that is made of it. Their leaves stay.
type Dropped struct {
	Number      int64     // of the leaf of that record
	Month       time.Time // its first moment
	First, Last int64     // numbers of the leaves that may be without their records
	Lines       int64     // how many of them are
}

// MonthForm is how a month is written: on the log, in forms and in addresses.
const MonthForm = "2006-01"

// Detail is what the record says of it.
func (d Dropped) Detail() map[string]string {
	return map[string]string{"month": d.Month.Format(MonthForm), "first": fmt.Sprint(d.First), "last": fmt.Sprint(d.Last), "lines": fmt.Sprint(d.Lines)}
}

// DroppedBy reads a record of a leaf that says so; not ok when it does not.
func DroppedBy(r Record, number int64) (d Dropped, ok bool) {
	d = Dropped{Number: number}
	var errs [4]error
	d.Month, errs[0] = time.Parse(MonthForm, r.Detail["month"])
	for i, to := range []*int64{&d.First, &d.Last, &d.Lines} {
		*to, errs[i+1] = strconv.ParseInt(r.Detail[[]string{"first", "last", "lines"}[i]], 10, 64)
	}
	return d, errs == [4]error{} && r.Event == LogDropped && r.Outcome == Done && r.User == "" && maps.Equal(r.Detail, d.Detail())
}

// Ends is the first moment after the month.
func (d Dropped) Ends() time.Time { return d.Month.AddDate(0, 1, 0) }

// From is from when on its lines may go at the earliest.
func (d Dropped) From() time.Time { return d.Ends().AddDate(KeptYears, 0, 0) }
