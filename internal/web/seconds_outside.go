package web

import (
	"errors"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
)

// secondsOutsidePage lists what the cases of one's organisation ask of a second
// person, for who can be one without a place at the table. It names no case.
type secondsOutsidePage struct {
	base
	Rows    []secondRow
	Done    string // key of what was just done; empty: nothing
	Problem string // key of why something was not done
}

func (s *site) secondsOutside(w http.ResponseWriter, r *http.Request) error {
	page := secondsOutsidePage{}
	page.Done = s.base(r).known("second.done." + done(r))
	return s.showSecondsOutside(w, r, http.StatusOK, page)
}

func (s *site) showSecondsOutside(w http.ResponseWriter, r *http.Request, status int, page secondsOutsidePage) error {
	session := sessionIn(r)
	list, err := s.App.Seconds(r.Context(), session)
	if err != nil {
		return err
	}
	page.base = s.members(r)
	page.Rows = page.secondRows(list, "/seconds")
	return s.render(w, status, "seconds_outside", page)
}

// answerOutside says yes or no from outside a case.
func (s *site) answerOutside(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	done, err := s.answer(r, form.Get("second"), form.Get("answer"))
	switch {
	case err == nil:
		return backTo(w, r, "/seconds", done)
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, "/seconds")
		return nil
	}
	return s.secondGone(err, func(status int, problem string) error {
		return s.showSecondsOutside(w, r, status, secondsOutsidePage{Problem: problem})
	})
}
