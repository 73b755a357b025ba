package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
)

// waitingPolicy is the policy that a second person may publish, in the words of
// the page.
type waitingPolicy struct {
	base
	*app.PolicyProposal
}

// Version names the policy that waits.
func (p waitingPolicy) Version() string { return p.Policy.Version() }

// roleShift is what would change for one role.
type roleShift struct {
	Role  string
	Cases string // in how many open cases somebody has it; empty for a role of no case
	Gains []string
	Loses []string
}

// ByRole tells who would gain and who would lose what.
func (p waitingPolicy) ByRole() []roleShift {
	var all []roleShift
	for _, role := range casework.Roles {
		one := roleShift{Role: p.T("role." + string(role))}
		if n := p.Cases[role]; n > 0 || role.InCase() {
			one.Cases = p.count("policy.cases", n)
		}
		for _, s := range p.Shifts {
			if s.Role == role {
				one.Gains = append(one.Gains, p.phrases(s, s.Gained)...)
				one.Loses = append(one.Loses, p.phrases(s, s.Lost)...)
			}
		}
		if len(one.Gains)+len(one.Loses) > 0 {
			all = append(all, one)
		}
	}
	return all
}

// phrases say with which cards the acts of a shift become possible, or no longer
// are.
func (p waitingPolicy) phrases(s policy.Shift, cells casework.Mask) []string {
	acts := make([]string, len(s.Acts))
	for i, act := range s.Acts {
		acts[i] = string(act)
	}
	stem := p.listed("policy.act.", acts)
	var told []string
	if cells.Has(casework.NoCell) {
		told = append(told, stem+p.when(s))
	}
	for _, e := range policy.Extents(cells) {
		told = append(told, stem+": "+p.extent(e)+p.when(s))
	}
	return told
}

// when adds with which grant and in which cases, if that is not always.
func (p waitingPolicy) when(s policy.Shift) string {
	words := ""
	if s.Grant != casework.NoGrant {
		words += ", " + p.T("policy.grant."+string(s.Grant))
	}
	if len(s.Statuses) < len(casework.Statuses) {
		words += ", " + p.T("policy.about.status."+string(s.Statuses[0]))
	}
	return words
}

func (p waitingPolicy) extent(e policy.Extent) string {
	parts := []string{p.listed("class.", plain(e.Classes)), p.T("policy.about.views", "list", p.listed("view.", plain(e.Views))),
		p.listed("policy.owner.", plain(e.Owners))}
	switch e.Beside {
	case policy.OnlyYes:
		parts = append(parts, p.T("policy.about.beside.yes"))
	case policy.OnlyNo:
		parts = append(parts, p.T("policy.about.beside.no"))
	}
	return strings.Join(parts, ", ")
}

func plain[W ~string](words []W) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return all
}

// newPolicyPage is where lines are changed before they wait for a second person.
type newPolicyPage struct {
	base
	Lines   string
	Problem string
	Fault   *policy.Error // what is wrong with the lines; nil: nothing, or something else
}

func (s *site) newPolicy(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	lines, err := s.App.PolicyLines(r.Context(), session)
	if err != nil {
		return err
	}
	return s.showNewPolicy(w, r, http.StatusOK, newPolicyPage{Lines: lines})
}

func (s *site) showNewPolicy(w http.ResponseWriter, r *http.Request, status int, page newPolicyPage) error {
	page.base = s.base(r)
	page.Stylesheet = "account.css"
	return s.render(w, status, "policy_new", page)
}

// proposePolicy compares lines with those that serve and lets them wait, or says
// beside them what is wrong; what was typed stays.
func (s *site) proposePolicy(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	lines, err := textField(form, "lines")
	if err != nil {
		return err
	}
	lines = strings.ReplaceAll(lines, "\r\n", "\n") // as forms send it
	session := sessionIn(r)
	err = s.App.ProposePolicy(r.Context(), session, []byte(lines))
	var fault *policy.Error
	switch kind := casework.KindOf(err); {
	case err == nil:
		return s.decided(w, r, "proposed", nil)
	case errors.As(err, &fault):
		return s.showNewPolicy(w, r, http.StatusBadRequest, newPolicyPage{Lines: lines, Fault: fault})
	case kind == casework.Invalid, kind == casework.Conflict, kind == casework.Denied:
		return s.showNewPolicy(w, r, statuses[kind], newPolicyPage{Lines: lines, Problem: reasonKey(err)})
	}
	return err
}

func (s *site) publishPolicy(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	return s.decided(w, r, "published", s.App.PublishProposedPolicy(r.Context(), session, r.PathValue("id"), form.Get("serving")))
}

func (s *site) withdrawPolicy(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	return s.decided(w, r, "withdrawn", s.App.WithdrawPolicy(r.Context(), session, r.PathValue("id")))
}

// decided goes back to the policy, or says there why nothing was done.
func (s *site) decided(w http.ResponseWriter, r *http.Request, what string, err error) error {
	switch kind := casework.KindOf(err); {
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, "/policy")
		return nil
	case err == nil:
		return backTo(w, r, "/policy", what)
	case kind == casework.Conflict, kind == casework.Denied:
		return s.showPolicy(w, r, statuses[kind], reasonKey(err))
	}
	return err
}
