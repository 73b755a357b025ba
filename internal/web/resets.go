package web

import (
	"errors"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// resetsPage is where two people of an organisation let a colleague who lost all
// second factors begin anew. For anybody else it is not there.
type resetsPage struct {
	base
	Done    string // key of what was just done; empty: nothing
	Problem string // key of why something was not done
	MayAsk  bool
	Ask     fields
	Open    []app.Reset
}

func (s *site) resets(w http.ResponseWriter, r *http.Request) error {
	page := resetsPage{}
	page.Done = s.base(r).known("reset.done." + done(r))
	return s.showResets(w, r, http.StatusOK, page)
}

func (s *site) showResets(w http.ResponseWriter, r *http.Request, status int, page resetsPage) (err error) {
	session := sessionIn(r)
	if page.Open, err = s.App.Resets(r.Context(), session); err != nil {
		return err
	}
	page.base, page.MayAsk = s.account(r), s.App.MayAskReset(session.Account.Discipline)
	if page.Ask == nil {
		page.Ask = s.resetField(r)
	}
	return s.render(w, status, "resets", page)
}

func (s *site) resetField(r *http.Request) fields {
	return fields{{base: s.base(r), Name: "login", Label: "reset.login", Hint: "reset.login_hint", Max: 100}}
}

// askReset asks it for a colleague by exact address.
func (s *site) askReset(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.AskReset(r.Context(), session, form.Get("login"))
	switch kind := casework.KindOf(err); {
	case err == nil:
		return backToResets(w, r, "asked")
	case kind == casework.Denied && !errors.Is(err, app.ErrNotProven):
		return s.showResets(w, r, statuses[kind], resetsPage{Problem: reasonKey(err)})
	case kind == casework.Invalid, kind == casework.Conflict:
		page := resetsPage{Ask: s.resetField(r)}
		page.Ask.fill(form)
		page.Ask.blame("login", reasonKey(err))
		return s.showResets(w, r, statuses[kind], page)
	}
	return resetsOrProve(w, r, err)
}

// decideReset confirms what another asked, or calls it off.
func (s *site) decideReset(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	decide, done := s.App.DeclineReset, "decline"
	if form.Get("what") == "confirm" {
		decide, done = s.App.ConfirmReset, "confirm"
	}
	err = decide(r.Context(), session, form.Get("reset"))
	switch kind := casework.KindOf(err); {
	case err == nil:
		return backToResets(w, r, done)
	case kind == casework.Conflict, kind == casework.Denied && !errors.Is(err, app.ErrNotProven):
		return s.showResets(w, r, statuses[kind], resetsPage{Problem: reasonKey(err)})
	}
	return resetsOrProve(w, r, err)
}

func backToResets(w http.ResponseWriter, r *http.Request, done string) error {
	return backTo(w, r, "/resets", done)
}

func resetsOrProve(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, app.ErrNotProven) {
		return err
	}
	toProve(w, r, "/resets")
	return nil
}
