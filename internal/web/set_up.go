package web

import (
	"net/http"
	"net/url"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// setUpPage is where the link of the first start leads: it makes the first
// organisation and its administrator. Its token goes the way of an invitation's.
type setUpPage struct {
	base
	Failed bool
	Token  string
	Fields fields // none: the token was not handed over yet
}

func (s *site) setUpPage(w http.ResponseWriter, r *http.Request) error {
	return s.showSetUp(w, r, http.StatusOK, setUpPage{})
}

func (s *site) showSetUp(w http.ResponseWriter, r *http.Request, status int, page setUpPage) error {
	page.base = s.account(r)
	return s.render(w, status, "set_up", page)
}

func (s *site) openSetUp(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	return s.askToSetUp(w, r, http.StatusOK, form, nil)
}

// askToSetUp shows the form of a link that holds, with what was wrong with the
// answers to it; nil when there were none.
func (s *site) askToSetUp(w http.ResponseWriter, r *http.Request, status int, form url.Values, refusal error) error {
	err := s.App.LookAtSetUp(r.Context(), form.Get("token"), s.address(r))
	if err != nil && casework.KindOf(err) == casework.Denied {
		return s.showSetUp(w, r, statuses[casework.Denied], setUpPage{Failed: true})
	}
	if err != nil {
		return err
	}
	b := s.base(r)
	asked := fields{
		{base: b, Name: "organisation", Label: "setup.organisation", Complete: "organization", Max: board.MaxName},
		{base: b, Name: "name", Label: "setup.name", Hint: "invite.name_hint", Complete: "name", Max: board.MaxName},
		{base: b, Name: "login", Label: "invite.login", Hint: "setup.login_hint", Type: "email", Complete: "username", Max: 100},
		{base: b, Name: "password", Label: "signin.password", Hint: "password.rule", Type: "password", Complete: "new-password"},
	}
	if refusal != nil {
		asked.fill(form)
		asked.blame(fieldOfSetUp(refusal), reasonKey(refusal))
	}
	return s.showSetUp(w, r, status, setUpPage{Token: form.Get("token"), Fields: asked})
}

// fieldOfSetUp is the field that a refusal is about.
func fieldOfSetUp(refusal error) string {
	switch reasonKey(refusal) {
	case "reason.organisation_name":
		return "organisation"
	case "reason.name_empty", "reason.name_too_long", "reason.bad_text":
		return "name"
	case "reason.bad_address":
		return "login"
	}
	return "password"
}

// setUp makes the organisation and its administrator, and signs that one in.
func (s *site) setUp(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	fresh, err := s.App.SetUp(r.Context(), form.Get("token"), app.NewUser{Organisation: form.Get("organisation"), Name: form.Get("name"),
		Login: form.Get("login"), Password: form.Get("password"), Language: s.base(r).Language}, s.address(r))
	switch kind := casework.KindOf(err); {
	case err == nil:
		return s.enterAs(w, r, fresh)
	case kind == casework.Invalid:
		return s.askToSetUp(w, r, statuses[kind], form, err)
	case kind == casework.Denied:
		return s.showSetUp(w, r, statuses[kind], setUpPage{Failed: true})
	}
	return err
}
