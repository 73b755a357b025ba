package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
)

// whyPage is "Waarom?": whether somebody of the team may do something, by which
// rule, and for what reason.
type whyPage struct {
	base
	app.Team
	Asked   app.Why
	Answer  *app.Because // nil: nothing was asked, or not well
	Problem string
}

// Called is what the page calls the case.
func (p whyPage) Called() string { return p.caseCalled(p.Name) }

// PersonName is a person of the family, in words.
func (p whyPage) PersonName(one app.TeamPerson) string { return p.personName(one) }

// Acts, Classes and Owners are there to choose from.
func (whyPage) Acts() []casework.Act { return policy.Acts() }

// Classes are there to choose from.
func (whyPage) Classes() []casework.Class { return casework.Classes }

// Owners are there to choose from.
func (whyPage) Owners() []casework.Owner { return casework.Owners }

// Who is whom the question is about.
func (p whyPage) Who() app.TeamMember {
	member, _ := p.Member(p.Asked.Member)
	return member
}

// Reason is that of the rule which answered, or that none speaks of it.
func (p whyPage) Reason() reason {
	if p.Answer.Rule == "" {
		return reason{p.T("why_page.unruled"), p.Language}
	}
	return p.ruleReason(p.Answer.Rule, p.Answer.Why)
}

type reason struct{ Words, Language string }

// ruleReason is why a rule says what it says, in the language of the page if it has it.
func (b base) ruleReason(id, why string) reason {
	words, translated := b.why(id, why)
	if !translated {
		return reason{words, "en"}
	}
	return reason{words, b.Language}
}

func (s *site) whyPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.teamOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	first := app.Why{Member: session.Account.ID, Act: casework.ActRead, Class: casework.Confidential, Owner: casework.OwnerOther}
	return s.showWhy(w, r, http.StatusOK, whyPage{Team: team, Asked: first})
}

func (s *site) showWhy(w http.ResponseWriter, r *http.Request, status int, page whyPage) error {
	page.base = s.members(r)
	return s.render(w, status, "team_why", page)
}

// askWhy answers on the same page; the question stands in no address.
func (s *site) askWhy(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	page := whyPage{Asked: app.Why{Member: casework.UserID(form.Get("member")), Act: casework.Act(form.Get("act")), Person: casework.PersonID(form.Get("person")),
		Class: casework.Class(form.Get("class")), Owner: casework.Owner(form.Get("owner"))}}
	team, answer, err := s.App.Explain(r.Context(), session, id, page.Asked)
	page.Team = team
	switch {
	case casework.KindOf(err) == casework.Invalid:
		page.Problem = reasonKey(err)
		return s.showWhy(w, r, http.StatusBadRequest, page)
	case err != nil:
		return err
	}
	page.Answer = &answer
	return s.showWhy(w, r, http.StatusOK, page)
}
