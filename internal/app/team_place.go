package app

import (
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// Grounds are those that an organisation can have somebody at a table on, in the
// order that they are offered. A word is for ever: records hold it.
var Grounds = []string{"treatment", "consent", "legal_duty", "vital_interest", "public_task"}

// Duty is what somebody is at a table for.
type Duty = store.Duty

// Place is a place at a table as somebody asks for it on a form.
type Place struct {
	Role     casework.Role
	Function casework.ChairFunction // of a chair, and of nobody else
	Beside   []casework.PersonID
	Contact  bool
	Ground   string
	From     string // the first day, 2006-01-02; empty: now
	Until    string // the last day; empty: open-ended
	Duty     Duty
}

// membership is the place as it can be kept, from the seat of who asks; old is the
// one that it replaces, if any.
func (p Place) membership(seat view.Seat, rules store.TeamRules, old store.Membership, now time.Time) (store.Membership, store.Duty, error) {
	m := store.Membership{Ground: p.Ground, Member: casework.Member{Role: p.Role, Function: p.Function, Contact: p.Contact}}
	if !slices.Contains(casework.CaseRoles, p.Role) {
		return m, store.Duty{}, casework.Refuse(casework.Invalid, "bad_role")
	}
	if (p.Role == casework.Chair) != slices.Contains(casework.ChairFunctions, p.Function) {
		return m, store.Duty{}, casework.Refuse(casework.Invalid, "bad_role")
	}
	if !slices.Contains(rules.Grounds, p.Ground) && (p.Ground == "" || p.Ground != old.Ground) {
		return m, store.Duty{}, casework.Refuse(casework.Invalid, "bad_ground")
	}
	var err error
	if m.Beside, err = p.beside(seat, old.Beside); err != nil {
		return m, store.Duty{}, err
	}
	if m.From, m.Until, err = p.term(old, now); err != nil {
		return m, store.Duty{}, err
	}
	var duty store.Duty
	if duty.Task, err = board.Sentence(p.Duty.Task); err != nil {
		return m, duty, casework.Refuse(casework.Invalid, "bad_task")
	}
	if duty.Mandate, err = board.Sentence(p.Duty.Mandate); err != nil {
		return m, duty, casework.Refuse(casework.Invalid, "bad_mandate")
	}
	return m, duty, nil
}

// beside are the chosen persons, each of whom the chooser sees, and those who were
// beside already and whom it does not see.
func (p Place) beside(seat view.Seat, old []casework.PersonID) (all []casework.PersonID, err error) {
	for _, person := range p.Beside {
		if _, sees := seat.Person(person); !sees {
			return nil, casework.Refuse(casework.NotFound, "person_gone")
		}
		if !slices.Contains(all, person) {
			all = append(all, person)
		}
	}
	for _, person := range old {
		if _, sees := seat.Person(person); !sees {
			all = append(all, person)
		}
	}
	return all, nil
}

// term is from when until when the place is held. A guest is there for one day.
func (p Place) term(old store.Membership, now time.Time) (from, until time.Time, err error) {
	if from = now; p.From != "" {
		begin, err := beginOf(p.From, now)
		if err != nil {
			return from, until, err
		}
		switch {
		case begin.After(now):
			from = begin
		case dayAfter(begin).Before(now):
			return from, until, casework.Refuse(casework.Invalid, "from_past")
		}
	} else if old.Current(now) {
		from = old.From
	}
	if until, err = AfterDay(p.Until, now); err != nil {
		return from, until, err
	}
	if !until.IsZero() && !until.After(from) {
		return from, until, casework.Refuse(casework.Invalid, "until_past")
	}
	if p.Role == casework.Guest && (until.IsZero() || until.After(dayAfter(later(from, now)))) {
		return from, until, casework.Refuse(casework.Invalid, "guest_one_day")
	}
	return from.UTC(), until, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// asksMore tells whether a place is more than somebody's own organisation said yes
// to: another role, function or ground, being the contact person, or a longer stay.
// Of the family it is told nothing, so whom somebody stands beside is for the table.
func asksMore(old, asked store.Membership, now time.Time) bool {
	if !old.Until.IsZero() && !now.Before(old.Until) {
		return true // it is over
	}
	longer := !old.Until.IsZero() && (asked.Until.IsZero() || asked.Until.After(old.Until))
	if old.Function != asked.Function || asked.Contact && !old.Contact {
		return true
	}
	return old.Role != asked.Role || old.Ground != asked.Ground || longer || asked.From.Before(old.From)
}
