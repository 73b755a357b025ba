package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// confirmationsPage lists what waits for the yes of one's own organisation.
type confirmationsPage struct {
	base
	Waiting []app.Confirmation
	Done    string
	Problem string
}

func (s *site) confirmations(w http.ResponseWriter, r *http.Request) error {
	return s.showConfirmations(w, r, http.StatusOK, "")
}

func (s *site) showConfirmations(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	session := sessionIn(r)
	waiting, err := s.App.Confirmations(r.Context(), session)
	if err != nil {
		return err
	}
	page := confirmationsPage{base: s.members(r), Waiting: waiting}
	page.Done = page.done(r)
	if problem != "" {
		page.Problem = page.T(problem)
	}
	return s.render(w, status, "confirmations", page)
}

// answerProposal gives the yes or no of one's organisation.
func (s *site) answerProposal(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	answers := map[string]string{"yes": "confirmed", "no": "declined"}
	proposal, done := form.Get("proposal"), answers[form.Get("answer")]
	if done == "" || !casework.ValidID(proposal) {
		return s.showConfirmations(w, r, http.StatusNotFound, "confirm.gone")
	}
	err = s.App.AnswerProposal(r.Context(), session, proposal, done == "confirmed")
	switch {
	case err == nil:
		return backTo(w, r, "/confirmations", done)
	case casework.KindOf(err) == casework.NotFound:
		return s.showConfirmations(w, r, http.StatusNotFound, "confirm.gone")
	}
	return err
}
