package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// teamRulesPage sets what an organisation asks of the teams that its people make.
type teamRulesPage struct {
	base
	faultyField
	Professionals string // as it stands, or as it was typed
	Chosen        []string
	Done          string
}

// Grounds are all that there are, and which of them the organisation has.
func (p teamRulesPage) Grounds() (all []chosen) {
	for _, code := range app.Grounds {
		all = append(all, chosen{code, p.GroundName(code), slices.Contains(p.Chosen, code)})
	}
	return all
}

func (s *site) teamRules(w http.ResponseWriter, r *http.Request) error {
	return s.showTeamRules(w, r, http.StatusOK, teamRulesPage{})
}

// showTeamRules fills in the page, but for what was typed.
func (s *site) showTeamRules(w http.ResponseWriter, r *http.Request, status int, page teamRulesPage) error {
	session := sessionIn(r)
	rules, err := s.App.TeamRulesOf(r.Context(), session)
	if err != nil {
		return err
	}
	page.base = s.members(r)
	page.Done = page.done(r)
	if page.Faulty == "" {
		page.Professionals, page.Chosen = strconv.Itoa(rules.Professionals), rules.Grounds
	} else {
		page.Problem = page.T(page.Problem)
	}
	return s.render(w, status, "team_rules", page)
}

// setTeamRules keeps them, or says on the same page what was wrong.
func (s *site) setTeamRules(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	most, _ := strconv.Atoi(form.Get("professionals")) // what is no number is 0, and refused as that
	err = s.App.SetTeamRules(r.Context(), session, app.TeamRules{Professionals: most, Grounds: form["ground"]})
	if err == nil {
		return backTo(w, r, "/organisation/team", "rules")
	}
	field := map[string]string{"bad_professionals": "professionals", "bad_grounds": "grounds"}[reasonOf(err)]
	if field == "" {
		return err
	}
	return s.showTeamRules(w, r, statuses[casework.KindOf(err)], teamRulesPage{faultyField: faultyField{field, reasonKey(err)},
		Professionals: kept(form.Get("professionals")), Chosen: form["ground"]})
}
