package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/view"
)

// Why asks whether a member of a team may do an act, and why.
type Why struct {
	Member casework.UserID
	Act    casework.Act
	// Of the card, for an act about one.
	Person casework.PersonID // empty: it speaks from the professionals
	Class  casework.Class
	Owner  casework.Owner
}

// Because is the answer: of the policy, without what was lent or barred, and with
// all that the one who asks may know of the team and the family.
type Because struct {
	policy.Decision
	Beside bool // the member stands beside the person
	Given  bool // something is lent to the member, or shut off, that may change the answer for a card
}

// Explain answers a question of a member of the case. Whom or what that member does
// not know of is casework.Invalid, as is a word that is none.
func (a *App) Explain(ctx context.Context, session Session, id casework.CaseID, q Why) (Team, Because, error) {
	team, err := a.TeamOf(ctx, session, id)
	if err != nil {
		return team, Because{}, err
	}
	request, beside, ok := team.request(q)
	if !ok {
		return team, Because{}, casework.Refuse(casework.Invalid, "bad_why")
	}
	return team, Because{a.Rules().Decide(request), beside, team.changes(q)}, nil
}

// changes tells whether something that the asker knows is given to the member is
// about such a card.
func (t Team) changes(q Why) bool {
	return q.Act == casework.ActRead && slices.ContainsFunc(t.Given, func(g view.Given) bool {
		return g.User == q.Member && (g.Person == "" || g.Person == q.Person)
	})
}

// request puts the question to the policy; false when it is none about this team.
func (t Team) request(q Why) (r policy.Request, beside, ok bool) {
	member, known := t.Member(q.Member)
	r = policy.Request{Role: member.Role, Act: q.Act, Grant: casework.NoGrant, Status: t.Status}
	if member.Role == casework.Guest {
		r.Grant = casework.GrantItem
	}
	switch {
	case !known:
		return r, false, false
	case slices.Contains(casework.CaseActs, q.Act):
		return r, false, true
	case !slices.Contains(casework.CardActs, q.Act), !slices.Contains(casework.Classes, q.Class), !slices.Contains(casework.Owners, q.Owner):
		return r, false, false
	}
	r.Cell = casework.Cell{View: casework.ViewProfessional, Class: q.Class, Owner: q.Owner}
	if q.Person == "" {
		return r, false, true
	}
	i := slices.IndexFunc(t.Family, func(p TeamPerson) bool { return p.ID == q.Person })
	if i < 0 {
		return r, false, false
	}
	r.Cell.View, r.Cell.Beside = t.Family[i].Kind, slices.Contains(member.Beside, q.Person)
	return r, r.Cell.Beside, true
}
