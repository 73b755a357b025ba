package casetest

import (
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// OnScreen and AlongWith name viewers who look through other eyes than their
// own, wherever a user can be named that only looks.
func OnScreen(user casework.UserID) casework.UserID { return user + " " + onScreen }

// AlongWith names the viewer that looks as somebody else and itself together.
func AlongWith(user, as casework.UserID) casework.UserID { return user + " " + as }

const onScreen = "screen"

// eyesOf takes a viewer apart.
func eyesOf(viewer casework.UserID) (casework.UserID, view.Eyes) {
	user, as, joint := strings.Cut(string(viewer), " ")
	switch {
	case !joint:
		return viewer, view.Eyes{}
	case as == onScreen:
		return casework.UserID(user), view.Eyes{Screen: true}
	}
	return casework.UserID(user), view.Eyes{As: casework.UserID(as)}
}

// Timeless is the table as if everybody of the team were at it now, with all that
// they had.
func (t Table) Timeless() Table {
	t = t.withGiven(endless)
	access := *t.Access
	access.Team = nil
	for _, r := range t.Access.Team {
		r.From, r.Active = Start, true
		r.Until = time.Time{}
		access.Team = append(access.Team, r)
	}
	t.Access = &access
	return t
}

// everyone tells, by the plain rule, whether everybody who looks may know of
// something: the member, and either the one it looks as, or everybody in the
// meeting room, where nothing lent counts. It is false when nothing is shown there.
func (t Table) everyone(r casework.Reader, may func(Table, casework.Reader) bool) bool {
	if r.Joint.Screen {
		t = t.withoutMore()
	}
	looking := []casework.UserID{r.User}
	switch {
	case !r.Joint.Screen && len(r.Joint.Eyes) == 2:
		looking = append(looking, r.Joint.Eyes[1].User)
	case !r.Joint.Screen || !t.State.Screen || len(t.State.Attends)+len(t.State.Guests) == 0:
		return false
	default:
		looking = append(looking, t.State.Attends...)
	}
	for _, user := range looking {
		one, ok := t.member(user)
		if !ok || !may(t, one) {
			return false
		}
	}
	guest := casework.Reader{Member: casework.Member{User: "nobody", Role: casework.Guest}, Rights: t.policy.Rights(casework.Guest, casework.GrantItem)}
	return len(t.State.Guests) == 0 || !r.Joint.Screen || may(t, guest)
}

// member finds somebody who is at the table now and may enter the case.
func (t Table) member(user casework.UserID) (casework.Reader, bool) {
	for _, m := range t.Access.Team {
		if m.User == user {
			masks := m.Rights.Open
			if t.State.Status != casework.Open {
				masks = m.Rights.Closed
			}
			late := !m.Until.IsZero() && !t.At.Before(m.Until)
			return m, m.Active && !t.At.Before(m.From) && !late && masks[casework.ActJoin].Has(casework.NoCell)
		}
	}
	return casework.Reader{}, false
}
