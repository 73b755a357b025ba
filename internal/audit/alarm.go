package audit

import (
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// AlarmKind is what somebody has to look at.
type AlarmKind string

// Kinds of alarms.
const (
	ManyRefusals AlarmKind = "refusals"   // one person is refused again and again
	ManyCases    AlarmKind = "many_cases" // one person goes through many cases
	AfterEnd     AlarmKind = "after_end"  // somebody tries a case after the end of the own place there

	// About the log itself, and about nobody.
	CheckpointOld AlarmKind = "checkpoint_old" // lines wait to be signed
	VerifyFailed  AlarmKind = "verify_failed"  // it is not what was signed
	LogRestored   AlarmKind = "log_restored"   // it was gone on with from an older backup
)

// AlarmKinds lists them, in the order in which they are told of.
var AlarmKinds = []AlarmKind{ManyRefusals, ManyCases, AfterEnd, CheckpointOld, VerifyFailed, LogRestored}

// OfLog tells of an alarm about the log itself: about nobody, and about no case.
func (k AlarmKind) OfLog() bool {
	return k == CheckpointOld || k == VerifyFailed || k == LogRestored
}

// In how much time what an alarm counts has to happen.
const (
	refusalsWithin = 10 * time.Minute
	casesWithin    = time.Hour
	endedWithin    = time.Hour
)

// AlarmWindow is how far back a rule looks at most.
const AlarmWindow = time.Hour

// Limits are from where on an organisation wants to be told.
type Limits struct {
	Refusals int // so many in a row, in one place
	Cases    int // more than so many different ones
	AfterEnd int // so many tries

	Checkpoint int // so many minutes in which something waits to be signed
}

// DefaultLimits hold for an organisation that chose none.
var DefaultLimits = Limits{Refusals: 5, Cases: 20, AfterEnd: 1, Checkpoint: 5}

// Of is the limit of a kind.
func (l Limits) Of(kind AlarmKind) int {
	switch kind {
	case ManyRefusals:
		return l.Refusals
	case ManyCases:
		return l.Cases
	case AfterEnd:
		return l.AfterEnd
	case CheckpointOld:
		return l.Checkpoint
	}
	return 0
}

// AlarmLine is what the rules of alarms look at of a line of the access log, as those who
// review it for one organisation read it.
type AlarmLine struct {
	Number int64 // of its leaf
	At     time.Time
	Event  Event
	Done   bool // and not refused
	Typo   bool // it was refused for what was typed alone
	User   casework.UserID
	Case   casework.CaseID // that may be known there; empty: none
	Door   bool            // it was refused to who had no place in the case
	Ended  bool            // that place was over
}

// Cause is that at a line there is something to look at.
type Cause struct {
	Kind   AlarmKind
	User   casework.UserID
	Case   casework.CaseID // empty: it is not about one case
	Number int64           // of the line
	At     time.Time
}

// Causes finds where there is something to look at in lines that stand in the order of
// the tree. What leaves lines out leaves causes out and brings no other in that its
// reader could not find in the lines that are left: a row of refusals is one at the table of a
// case, or one outside of every case and at their doors.
func (l Limits) Causes(lines []AlarmLine) (causes []Cause) {
	people := map[casework.UserID]*habits{}
	for _, line := range lines {
		if line.User == "" {
			continue
		}
		h := people[line.User]
		if h == nil {
			h = &habits{refusals: map[casework.CaseID][]time.Time{}, cases: map[casework.CaseID]time.Time{}, ended: map[casework.CaseID][]time.Time{}}
			people[line.User] = h
		}
		for _, kind := range AlarmKinds {
			if id, found := h.sees(kind, line, l); found {
				causes = append(causes, Cause{kind, line.User, id, line.Number, line.At})
			}
		}
	}
	return causes
}

// habits are what one person did lately.
type habits struct {
	refusals map[casework.CaseID][]time.Time // in a row
	cases    map[casework.CaseID]time.Time   // looked into, when last
	ended    map[casework.CaseID][]time.Time // tried after the end
}

// sees takes a line into account for one kind of alarm and tells whether it is a cause.
func (h *habits) sees(kind AlarmKind, line AlarmLine, l Limits) (id casework.CaseID, found bool) {
	switch kind {
	case ManyRefusals:
		if line.Typo {
			return "", false
		}
		if line.Done {
			if !line.Event.byItself() {
				delete(h.refusals, line.Case)
			}
			return "", false
		}
		place := line.Case
		if line.Door {
			place = "" // tries at many doors are one row
		}
		row := lately(append(h.refusals[place], line.At), line.At, refusalsWithin)
		h.refusals[place] = row
		return place, len(row) >= l.Refusals
	case ManyCases:
		if !line.Done || line.Case == "" || line.Event.byItself() {
			return "", false
		}
		h.cases[line.Case] = line.At
		for other, at := range h.cases {
			if line.At.Sub(at) >= casesWithin {
				delete(h.cases, other)
			}
		}
		return "", len(h.cases) > l.Cases
	case AfterEnd:
		if !line.Ended || line.Case == "" || line.Event.byItself() {
			return "", false
		}
		tries := lately(append(h.ended[line.Case], line.At), line.At, endedWithin)
		h.ended[line.Case] = tries
		return line.Case, len(tries) >= l.AfterEnd
	}
	return "", false
}

// byItself tells of an event that nobody did just then: it is neither a try nor does it
// end a row of refusals.
func (e Event) byItself() bool {
	return e == "view" || e == "leave" || e == "list_notices" || e == "list_cases" || e == "count_reviews"
}

// Typos are the reasons of refusals that are what stood in a field of a form, and no more:
// who typed it was let in, and sees the form again. A reason that is not named here counts
// for alarms; internal/reasons_test.go wants each that could be one to be placed.
var Typos = []string{"alarm_judged", "alarm_words", "glass_judged", "glass_words", "overview_long", "report_long", "report_to", "to_before_from",
	"bad_address", "bad_alarm_after_end", "bad_alarm_cases", "bad_alarm_checkpoint", "bad_alarm_refusals", "bad_answer", "bad_case_code", "bad_case_years",
	"bad_changes", "bad_class", "bad_command", "bad_date", "bad_domain", "bad_for", "bad_from", "bad_ground", "bad_grounds", "bad_hint", "bad_id", "bad_kind",
	"bad_language", "bad_log_format", "bad_log_reason", "bad_log_years", "bad_login", "bad_mandate", "bad_named", "bad_note", "bad_outcome", "bad_person",
	"bad_professionals", "bad_reason", "bad_role", "bad_second", "bad_seen", "bad_sharing", "bad_task", "bad_template", "bad_text", "bad_to", "bad_until", "bad_why"}

// Typo tells whether the reason of a refusal is one of them.
func Typo(reason string) bool { return slices.Contains(Typos, reason) }

// lately are the moments that are within a time before now; one that a clock puts
// after it is.
func lately(moments []time.Time, now time.Time, within time.Duration) (rest []time.Time) {
	for _, at := range moments {
		if now.Sub(at) < within {
			rest = append(rest, at)
		}
	}
	return rest
}

// GoesOn tells whether a cause is that of an alarm that was raised for the same at a
// moment, or that went on until then: it raises no other.
func (c Cause) GoesOn(last time.Time) bool {
	return c.At.Sub(last) < c.Kind.within()
}

func (k AlarmKind) within() time.Duration {
	switch k {
	case ManyRefusals:
		return refusalsWithin
	case ManyCases:
		return casesWithin
	}
	return endedWithin
}
