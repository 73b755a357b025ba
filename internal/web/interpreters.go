package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/casework"
)

// addInterpreter lists an interpreter, or says on the page of the team what was
// wrong.
func (s *site) addInterpreter(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.AddInterpreter(r.Context(), session, id, form.Get("name"), form.Has("signed"))
	if err == nil {
		toTeam(w, r, id, "interpreter")
		return nil
	}
	field := map[string]string{"name_empty": "name", "name_too_long": "name", "bad_text": "name", "limit_interpreters": "name", "unsigned": "signed"}[reasonOf(err)]
	if field == "" {
		return err
	}
	return s.showTeam(w, r, statuses[casework.KindOf(err)], teamPage{faultyField: faultyField{field, reasonKey(err)}, Interpreter: kept(form.Get("name"))})
}

// removeInterpreter takes one off the list.
func (s *site) removeInterpreter(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.RemoveInterpreter(r.Context(), session, id, r.PathValue("interpreter"))
	if err != nil && casework.KindOf(err) == casework.NotFound {
		return s.showTeam(w, r, http.StatusNotFound, teamPage{Lost: "team_page.interpreter_gone"})
	}
	if err != nil {
		return err
	}
	toTeam(w, r, id, "interpreter_gone")
	return nil
}
