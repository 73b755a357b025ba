package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// teamPage is the team of a case, as the one who looks may know it.
type teamPage struct {
	base
	faultyField // of the form for an interpreter
	app.Team
	Interpreter string // typed
	Done        string // what was just done, in words
	Lost        string // why something was not
}

// Called is what the page calls the case.
func (p teamPage) Called() string { return p.caseCalled(p.Name) }

func (b base) caseCalled(name string) string {
	if name == "" {
		return b.T("board.case_redacted")
	}
	return name
}

// RoleName is a role in words, with which of the two things a chair does.
func (b base) RoleName(role casework.Role, function casework.ChairFunction) string {
	if role == casework.Chair && function != "" {
		return b.T("team_chair." + string(function))
	}
	return b.T("role." + string(role))
}

// GroundName is a ground in words; one of an operator's own stands for itself.
func (b base) GroundName(code string) string {
	if words := b.optional("team_ground." + code); words != "" {
		return words
	}
	return code
}

// BesideNames are the persons whom somebody stands beside, as far as the reader
// knows them.
func (p teamPage) BesideNames(m app.TeamMember) string {
	var names []string
	for _, person := range p.Family {
		if slices.Contains(m.Beside, person.ID) {
			names = append(names, p.personName(person))
		}
	}
	return p.all(names)
}

func (b base) personName(p app.TeamPerson) string {
	if p.Redacted || p.Name == "" {
		return b.T("family.redacted")
	}
	return p.Name
}

// TooMany says that there are more professionals than was agreed on; empty when
// there are not.
func (p teamPage) TooMany() string { return p.crowd(p.Team, 0) }

// crowd says so for when some more come.
func (b base) crowd(team app.Team, more int) string {
	n := team.Professionals() + more
	if n <= team.Rules.Professionals {
		return ""
	}
	return b.T("team_page.many", "n", strconv.Itoa(n), "most", strconv.Itoa(team.Rules.Professionals))
}

// caseOf is the case that the address names.
func caseOf(r *http.Request) (casework.CaseID, error) {
	id := casework.CaseID(r.PathValue("id"))
	if !casework.ValidID(id) {
		return "", casework.Absent()
	}
	return id, nil
}

// teamOf reads the team of the case that the address names.
func (s *site) teamOf(r *http.Request) (app.Team, error) {
	id, err := caseOf(r)
	if err != nil {
		return app.Team{}, err
	}
	session := sessionIn(r)
	return s.App.TeamOf(r.Context(), session, id)
}

func (s *site) team(w http.ResponseWriter, r *http.Request) error {
	return s.showTeam(w, r, http.StatusOK, teamPage{})
}

// showTeam fills in the page, but for what was typed and what came of it.
func (s *site) showTeam(w http.ResponseWriter, r *http.Request, status int, page teamPage) error {
	team, err := s.teamOf(r)
	if err != nil {
		return err
	}
	page.base, page.Team = s.members(r), team
	page.Done = page.done(r)
	if page.Problem != "" {
		page.Problem = page.T(page.Problem)
	}
	if page.Lost != "" {
		page.Lost = page.T(page.Lost)
	}
	return s.render(w, status, "team", page)
}

// members is the base of the pages about a team.
func (s *site) members(r *http.Request) base {
	b := s.base(r)
	b.Stylesheet = "members.css"
	return b
}

// done is what the address says was just done, if that is one of our words.
func (b base) done(r *http.Request) string {
	code := r.URL.Query().Get("done")
	if code == "" || strings.ContainsFunc(code, func(c rune) bool { return c != '_' && (c < 'a' || c > 'z') }) {
		return ""
	}
	return b.optional("team_done." + code)
}

// toTeam goes back to the team and says what was done.
func toTeam(w http.ResponseWriter, r *http.Request, id casework.CaseID, done string) {
	http.Redirect(w, r, "/cases/"+string(id)+"/team?done="+done, http.StatusSeeOther)
}

// endPlace ends a place at the table.
func (s *site) endPlace(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	user := casework.UserID(r.PathValue("user"))
	if !casework.ValidID(user) {
		return casework.Absent()
	}
	session := sessionIn(r)
	err = s.App.EndPlace(r.Context(), session, id, user)
	switch {
	case err == nil && user == session.Account.ID:
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	case err == nil:
		toTeam(w, r, id, "ended")
		return nil
	case casework.KindOf(err) == casework.Conflict:
		return s.showTeam(w, r, http.StatusConflict, teamPage{Lost: reasonKey(err)})
	}
	return err
}

// withdrawProposal takes back what waits for a yes.
func (s *site) withdrawProposal(w http.ResponseWriter, r *http.Request) error {
	return s.decideProposal(w, r, s.App.WithdrawProposal, "withdrawn")
}

// seatProposal gives the place that the other organisation said yes to.
func (s *site) seatProposal(w http.ResponseWriter, r *http.Request) error {
	return s.decideProposal(w, r, s.App.SeatProposal, "seated")
}

func (s *site) decideProposal(w http.ResponseWriter, r *http.Request, decide func(context.Context, app.Session, casework.CaseID, string) error, done string) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = decide(r.Context(), session, id, r.PathValue("proposal"))
	switch kind := casework.KindOf(err); {
	case err == nil:
		toTeam(w, r, id, done)
		return nil
	case kind == casework.NotFound:
		return s.showTeam(w, r, http.StatusNotFound, teamPage{Lost: "team_page.proposal_gone"})
	case kind == casework.Conflict:
		return s.showTeam(w, r, http.StatusConflict, teamPage{Lost: reasonKey(err)})
	}
	return err
}
