package audit

import "fmt"

// Status is what a verification came to, as a program exits with it.
type Status int

// Statuses.
const (
	Sound      Status = iota
	Tampered          // something was changed, taken away or put in
	Incomplete        // nothing bad was found, but not everything could be checked
)

// Verdict says how a log, or a part of one, was found.
type Verdict struct {
	Status   Status
	Number   *int64 // of the first bad leaf, where that can be said
	From, To int64  // else after which size of the tree it went wrong, and at which size that shows: (From, To]
	Why      string
}

// BadLeaf is the verdict that the leaf with a number is no longer what it was.
func BadLeaf(number int64, why string) Verdict {
	return Verdict{Status: Tampered, Number: &number, Why: why}
}

// BadBetween is the verdict that something is wrong between two sizes of the tree.
func BadBetween(from, to int64, why string) Verdict {
	return Verdict{Status: Tampered, From: from, To: to, Why: why}
}

// String says it on one line.
func (v Verdict) String() string {
	switch {
	case v.Status == Sound:
		return "sound: " + v.Why
	case v.Status == Incomplete:
		return "incomplete: " + v.Why
	case v.Number != nil:
		return fmt.Sprintf("TAMPERED at number %d: %s", *v.Number, v.Why)
	}
	return fmt.Sprintf("TAMPERED in (%d, %d]: %s", v.From, v.To, v.Why)
}
