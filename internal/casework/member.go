package casework

import (
	"slices"
	"time"
)

// Member is a user with a role in one case.
type Member struct {
	User             UserID
	Name             string
	Role             Role
	Organisation     OrganisationID
	OrganisationName string
	Beside           []PersonID // the persons this member works for
	Contact          bool       // the family's one contact person
	Function         ChairFunction
	From             time.Time
	Until            time.Time // zero: open-ended
	Active           bool      // the account may sign in
}

// Current tells whether the membership holds at now. Until is the first moment
// at which it no longer does.
func (m Member) Current(now time.Time) bool {
	return m.Active && !now.Before(m.From) && (m.Until.IsZero() || now.Before(m.Until))
}

// Author is the stamp this member leaves on what it writes.
func (m Member) Author() Author {
	return Author{User: m.User, Discipline: m.Role, Organisation: m.Organisation}
}

// Reader is a member together with what the policy lets it do.
type Reader struct {
	Member
	Rights Rights
	// Given are what this member holds beyond, or short of, the rights of its role.
	// They are about reading alone.
	Given []Given
	// Joint is set while the member does not look alone.
	Joint *Joint
}

// Cell is the kind of card that something of this author, about this person
// (nil: professional), in this class is to the reader.
func (r Reader) Cell(about *Person, class Class, author Author, named []UserID) Cell {
	cell := Cell{View: ViewProfessional, Class: class, Owner: r.owner(author, named)}
	if about != nil {
		cell.View, cell.Beside = about.Kind, slices.Contains(r.Beside, about.ID)
	}
	return cell
}

func (r Reader) owner(author Author, named []UserID) Owner {
	switch {
	case author.User == r.User:
		return OwnerSelf
	case slices.Contains(named, r.User):
		return OwnerNamed
	case author.Discipline == r.Role && author.Organisation == r.Organisation:
		return OwnerPeer
	}
	return OwnerOther
}

// Access is everybody who is or was a member of one case, at one access epoch.
// It is never changed after it is made.
type Access struct {
	Case   CaseID
	Epoch  int64
	Policy string   // version of the policy that gave the rights
	Team   []Reader // ordered by name, each with everything given to it, in force or not: see Holding
	Guest  Rights   // of a guest without an account who is on the attendance list
}

// Reader finds the member as it stands at now, with what it was given that is in
// force; false when there is no valid membership.
func (a *Access) Reader(user UserID, now time.Time) (Reader, bool) {
	for _, r := range a.Team {
		if r.User == user && r.Current(now) {
			return r.Holding(now), true
		}
	}
	return Reader{}, false
}

// NextExpiry is the first moment after now at which a membership, or something
// given to a member, begins or ends by itself; zero when none does.
func (a *Access) NextExpiry(now time.Time) time.Time {
	var next time.Time
	sooner := func(times ...time.Time) {
		for _, at := range times {
			if at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	for _, r := range a.Team {
		sooner(r.From, r.Until)
		for _, g := range r.Given {
			sooner(g.From, g.Until)
		}
	}
	return next
}
