package audit

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// droppings holds what is said to have been dropped to what was signed. That lines went
// counts only when the tree says so, in a record that came into it five years after
// their month was over, and of leaves that were in it when that month ended: both follow
// from when checkpoints were signed, which nobody writes who has the database alone.
type droppings struct {
	now  time.Time
	list []dropping // in the order of their leaves
	past int        // those of which every leaf was read
	held int        // those that no further checkpoint says anything of
	size int64      // of the tree at the checkpoint before
}

// dropping is what was found so far of what one record says.
type dropping struct {
	Dropped
	missing int64 // leaves without their record
	first   int64 // the number of the first of these
	came    bool  // all of them were signed
	said    bool  // its record says so
	signed  bool  // and was signed itself

	ahead time.Time // when it says that it was made, which has not come yet; zero: it has
}

// begin takes what is said, which is to be proven. What can be said by no log is bad.
func (d *droppings) begin(log Log) *Verdict {
	d.now = log.Now
	for i, one := range log.Dropped {
		d.list = append(d.list, dropping{Dropped: one})
		if one.First < 0 || one.Last < one.First || one.Number <= one.Last || i > 0 && (one.First <= log.Dropped[i-1].Last || one.Month.Before(log.Dropped[i-1].Month)) {
			return bad(BadLeaf(one.Number, "it does not say which lines were dropped after their period, and something else is said of it"))
		}
	}
	return nil
}

// missing counts a leaf without its record; false when nothing says that it was dropped.
func (d *droppings) missing(number int64) bool {
	for d.past < len(d.list) && d.list[d.past].Last < number {
		d.past++
	}
	if d.past == len(d.list) || number < d.list[d.past].First {
		return false
	}
	one := &d.list[d.past]
	if one.missing == 0 {
		one.first = number
	}
	one.missing++
	return true
}

// leaf holds the record of a leaf to what is said of it.
func (d *droppings) leaf(l Leaf) *Verdict {
	if l.Record.Event != LogDropped {
		return nil
	}
	for i := range d.list {
		one := &d.list[i]
		if one.Number != l.Number {
			continue
		}
		says, ok := DroppedBy(l.Record, l.Number)
		if !ok || says != one.Dropped {
			return bad(BadLeaf(l.Number, "it does not say which lines were dropped after their period, and something else is said of it"))
		}
		soon := d.now.Add(patience)
		if l.Record.At.Before(one.From()) || one.From().After(soon) {
			return one.early()
		}
		if one.said = true; l.Record.At.After(soon) {
			one.ahead = l.Record.At
		}
	}
	return nil
}

// checkpoint holds what is said to when the tree had some size: the first that holds all
// lines of a month was signed before it ended, and the first that holds what says that
// they went, when they had been kept for long enough. One that does not say when it was
// signed says nothing.
func (d *droppings) checkpoint(c Checkpoint) *Verdict {
	before := d.size
	d.size = c.Size
	for d.held < len(d.list) && d.list[d.held].signed {
		d.held++
	}
	for i := d.held; i < len(d.list); i++ {
		one := &d.list[i]
		if c.Size > one.Last && !one.came {
			if one.came = true; !c.At.IsZero() && !c.At.Before(one.Ends()) {
				return bad(BadLeaf(max(before, one.names()), fmt.Sprintf("number %d says that it was dropped with the lines of %s, and it came into the tree later", one.Number, one.Month.Format(MonthForm))))
			}
		}
		if c.Size > one.Number && !one.signed {
			if one.signed = true; !c.At.IsZero() && c.At.Before(one.From()) {
				return one.early()
			}
		}
	}
	return nil
}

// names is the number that is named when what is said cannot be: of the first line that
// is gone.
func (d *dropping) names() int64 {
	if d.missing > 0 {
		return d.first
	}
	return d.Number
}

// early is that lines went before their time.
func (d *dropping) early() *Verdict {
	return bad(BadLeaf(d.names(), fmt.Sprintf("number %d says that the lines of %s were dropped, less than %d years after", d.Number, d.Month.Format(MonthForm), KeptYears)))
}

// ahead says that lines went, which they may, by a record of a time that has not come: a
// clock is wrong, of who made it or of who verifies, and which cannot be told from the
// log. Empty: none did.
func (d *droppings) ahead() string {
	for _, one := range d.list {
		if !one.ahead.IsZero() {
			return fmt.Sprintf("number %d says that the lines of %s were dropped at %s, which has not come yet: a clock is wrong, of the server that wrote it or here", one.Number, one.Month.Format(MonthForm), one.ahead.UTC().Format(time.RFC3339))
		}
	}
	return ""
}

// end tells how many lines went, when every leaf was read.
func (d *droppings) end() (lines int64, v *Verdict) {
	for _, one := range d.list {
		switch {
		case one.missing > 0 && !one.said:
			return 0, bad(BadLeaf(one.first, missingRecord))
		case !one.said:
			return 0, bad(BadLeaf(one.Number, "it is said to tell which lines were dropped, and it is not there"))
		case one.missing != one.Lines:
			return 0, bad(BadBetween(one.First, one.Last+1, fmt.Sprintf("%d lines were dropped after their period as number %d says, and %d are not there", one.Lines, one.Number, one.missing)))
		}
		lines += one.missing
	}
	return lines, nil
}

const missingRecord = "its record is not there, or cannot be read"

// goOn is the leaf that a record had that is gone, as far as the tree holds it.
func goOn(l Leaf) tlog.Hash {
	if len(l.Hashes) == 0 {
		return tlog.Hash{}
	}
	return l.Hashes[0]
}
