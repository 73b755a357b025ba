package main

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// seat is a participant's place: in which room, as which author, in which role,
// and signed in as whom.
type seat struct {
	room    string // casework.CaseID
	place   int
	role    casework.Role
	session string
}

// roles sit down in turn: four kinds of viewers and the chair, each discipline
// of one organisation and beside the same persons.
var roles = [...]casework.Role{casework.ChildWorker, casework.AmbulantWorker, casework.MentalHealth, casework.PerpetratorSupport, casework.Chair}

func roleAt(place int) casework.Role { return roles[place%len(roles)] }

// about is from whom the cards of a role speak; the chair's speak as professional.
var about = map[casework.Role]casework.View{
	casework.ChildWorker:        casework.ViewChild,
	casework.AmbulantWorker:     casework.ViewParent,
	casework.MentalHealth:       casework.ViewParent,
	casework.PerpetratorSupport: casework.ViewPartner,
}

// confidants are who reads what somebody of a role writes in confidence, as
// policies/policy.csv has it. They are written down again here: the count of a
// run must not rest on what the server says.
var confidants = map[casework.Role][]casework.Role{
	casework.ChildWorker:        {casework.ChildWorker, casework.Chair},
	casework.AmbulantWorker:     {casework.AmbulantWorker, casework.MentalHealth, casework.Chair},
	casework.MentalHealth:       {casework.AmbulantWorker, casework.MentalHealth, casework.Chair},
	casework.PerpetratorSupport: {casework.PerpetratorSupport, casework.Chair},
	casework.Chair:              {casework.Chair, casework.MentalHealth},
}

// readsInConfidence tells whether a reader gets the confidential edits of an
// author.
func readsInConfidence(reader, author casework.Role) bool {
	return slices.Contains(confidants[author], reader)
}
