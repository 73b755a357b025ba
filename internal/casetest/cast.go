package casetest

import (
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
)

// Start is when every played case begins.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Case is the id of every played case.
const Case casework.CaseID = "CASECASECASECASE"

// Organisations of the cast.
const (
	Shelter   casework.OrganisationID = "SHELTERSHELTER22"
	Elsewhere casework.OrganisationID = "ELSEWHEREELSE222"
)

// Cast is a team for random histories: every discipline, peers in one
// organisation and in two, and somebody who is not at the table yet.
func Cast() []casework.Member {
	member := func(user casework.UserID, role casework.Role, org casework.OrganisationID) casework.Member {
		return casework.Member{User: user, Name: string(user[:4]), Role: role, Organisation: org,
			OrganisationName: string(org[:4]), From: Start, Active: true}
	}
	team := []casework.Member{
		member("CHAR222222222222", casework.Chair, Shelter),
		member("CHLA222222222222", casework.ChildWorker, Shelter),
		member("CHLB222222222222", casework.ChildWorker, Shelter),
		member("CHLC222222222222", casework.ChildWorker, Elsewhere),
		member("AMBU222222222222", casework.AmbulantWorker, Shelter),
		member("MENT222222222222", casework.MentalHealth, Elsewhere),
		member("PERP222222222222", casework.PerpetratorSupport, Elsewhere),
		member("EXPR222222222222", casework.ExpertByExperience, Elsewhere),
	}
	team[len(team)-1].From = Start.Add(9 * time.Minute)
	return team
}

// Users lists the users of the members.
func Users(team []casework.Member) []casework.UserID {
	users := make([]casework.UserID, len(team))
	for i, m := range team {
		users[i] = m.User
	}
	return users
}

// NewTable opens the case of random histories.
func NewTable(p *policy.Policy) Table {
	team := Cast()
	return Open(p, Case, Canary(0), team[0].User, Start, team...)
}
