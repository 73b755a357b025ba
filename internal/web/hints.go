package web

import (
	"net/http"
)

// start is where a sign-in leads: to the one board of somebody who is new here,
// else to the list of cases.
func (s *site) start(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	first, err := s.App.FirstTable(r.Context(), session.Account.ID)
	if err != nil {
		return err
	}
	to := "/"
	if first != "" {
		to = "/cases/" + string(first)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// hints puts the hints of the form away, or brings all back. The page that asks
// has done so already and looks at nothing but whether it went well.
func (s *site) hints(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if form.Has("again") {
		err = s.App.ShowHintsAgain(r.Context(), session.Account.ID)
	} else {
		err = s.App.PutHintsAway(r.Context(), session.Account.ID, form["seen"]...)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
