package casework

import (
	"slices"
	"time"
)

// ChairFunction says which of the two things of a chair somebody does: leading
// the meeting, the process, or both. Empty on every other role, and where it was
// never said.
type ChairFunction string

// Functions of a chair.
const (
	LeadsMeeting ChairFunction = "meeting" // voorzitter
	LeadsProcess ChairFunction = "process" // procesregisseur
	LeadsBoth    ChairFunction = "both"
)

// ChairFunctions lists them.
var ChairFunctions = []ChairFunction{LeadsMeeting, LeadsProcess, LeadsBoth}

// Professional tells whether somebody in this role is one of the professionals
// whom a family has to bear: who leads, advises or visits is not.
func (r Role) Professional() bool {
	return slices.Contains([]Role{ChildWorker, AmbulantWorker, ResidentialWorker, MentalHealth, PerpetratorSupport}, r)
}

// ChairedUntil is the moment from which on a table has no chair, as the team
// stands at now: now itself when there is none already. Forever tells that it
// never comes.
func ChairedUntil(team []Member, now time.Time) (until time.Time, forever bool) {
	until = now
	for {
		next := until
		for _, m := range team {
			if m.Role != Chair || !m.Active || m.From.After(until) {
				continue
			}
			if m.Until.IsZero() {
				return time.Time{}, true
			}
			if m.Until.After(next) {
				next = m.Until
			}
		}
		if next.Equal(until) {
			return until, false
		}
		until = next
	}
}

// LosesChair tells whether a change of the team makes the time shorter for which
// the table has a chair.
func LosesChair(before, after []Member, now time.Time) bool {
	until, forever := ChairedUntil(after, now)
	if forever {
		return false
	}
	was, always := ChairedUntil(before, now)
	return always || until.Before(was)
}
