package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// exclusionsPage is the list of who must never come near a case, for its keepers.
type exclusionsPage struct {
	base
	faultyField
	Case          casework.CaseID
	List          []app.Exclusion
	Address, Note string // typed
	Done          string
	Lost          string // why something was not done
}

func (s *site) exclusions(w http.ResponseWriter, r *http.Request) error {
	return s.showExclusions(w, r, http.StatusOK, exclusionsPage{})
}

// showExclusions fills in the page, but for what was typed and what came of it.
func (s *site) showExclusions(w http.ResponseWriter, r *http.Request, status int, page exclusionsPage) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if page.List, err = s.App.ExclusionsOf(r.Context(), session, id); err != nil {
		return err
	}
	page.base, page.Case = s.members(r), id
	page.Done = page.done(r)
	if page.Problem != "" {
		page.Problem = page.T(page.Problem)
	}
	if page.Lost != "" {
		page.Lost = page.T(page.Lost)
	}
	return s.render(w, status, "team_exclusions", page)
}

// toExclusions goes back to the list and says what was done.
func toExclusions(w http.ResponseWriter, r *http.Request, id casework.CaseID, done string) {
	http.Redirect(w, r, "/cases/"+string(id)+"/team/exclusions?done="+done, http.StatusSeeOther)
}

// exclude puts somebody on the list, or says on the same page what was wrong.
func (s *site) exclude(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.Exclude(r.Context(), session, id, form.Get("address"), form.Get("note"))
	if err == nil {
		toExclusions(w, r, id, "excluded")
		return nil
	}
	field := map[string]string{"bad_address": "address", "already_excluded": "address", "excluded_at_table": "address", "limit_exclusions": "address", "bad_note": "note"}[reasonOf(err)]
	if field == "" {
		return err
	}
	return s.showExclusions(w, r, statuses[casework.KindOf(err)], exclusionsPage{faultyField: faultyField{field, reasonKey(err)},
		Address: kept(form.Get("address")), Note: kept(form.Get("note"))})
}

// readmit takes somebody off the list.
func (s *site) readmit(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.Readmit(r.Context(), session, id, r.PathValue("exclusion"))
	switch {
	case err == nil:
		toExclusions(w, r, id, "readmitted")
		return nil
	case casework.KindOf(err) == casework.NotFound: // who does not sit here is told so by the page itself
		return s.showExclusions(w, r, http.StatusNotFound, exclusionsPage{Lost: "team_exclusions.gone"})
	}
	return err
}
