package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/casework"
)

// practise leads to the practice case of one's organisation, which is made when
// it is not there, or when the one that the form names is to be left behind.
func (s *site) practise(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	id, err := s.App.Practise(r.Context(), session, casework.CaseID(form.Get("over")))
	switch {
	case casework.KindOf(err) == casework.TooMany:
		return s.showCases(w, r, http.StatusTooManyRequests, casesPage{PracticeProblem: reasonKey(err)}, "")
	case err != nil:
		return err
	}
	http.Redirect(w, r, "/cases/"+string(id), http.StatusSeeOther)
	return nil
}
