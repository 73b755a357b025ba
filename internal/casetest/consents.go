package casetest

import "github.com/casustafel/casustafel/internal/casework"

// sharing is one that is spoken of, and of few, so that the same is answered by
// several people and more than once.
func (a *author) sharing() casework.Sharing {
	switch r := a.IntN(100); {
	case r < 45:
		return casework.SharingTable
	case r < 75:
		return casework.Sharing(casework.PerpetratorSupport)
	case r < 85:
		return casework.SharingOutside
	case r < 97:
		return casework.Sharing(pick(a, casework.CaseRoles))
	}
	return "everybody"
}

// consent names what is mostly a record of the user's own, sometimes another's.
func (a *author) consent(user casework.UserID) (casework.PersonID, casework.Sharing) {
	var own []casework.Consent
	for _, c := range a.table.State.Consents {
		if c.Author.User == user || a.chance(10) {
			own = append(own, c)
		}
	}
	if len(own) == 0 || a.chance(10) {
		return a.person(user, false), a.sharing()
	}
	c := pick(a, own)
	return c.Person, c.Sharing
}

// custody is mostly of a child by somebody who is none, and one that is there
// already now and then.
func (a *author) custody(user casework.UserID) (child, holder casework.PersonID) {
	if all := a.table.State.Custody; len(all) > 0 && a.chance(30) {
		c := pick(a, all)
		return c.Child, c.Person
	}
	var children, others []casework.PersonID
	for _, id := range a.table.State.Family {
		if a.table.State.Persons[id].Kind == casework.ViewChild {
			children = append(children, id)
		} else {
			others = append(others, id)
		}
	}
	if len(children) == 0 || len(others) == 0 || a.chance(10) {
		return a.person(user, false), a.person(user, false)
	}
	return pick(a, children), pick(a, others)
}
