package web

import (
	"net/http"
	"net/url"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// invitationPage is where an invitation leads. Its token is in the fragment; the
// page's script posts it, which shows the form and spends nothing yet: programs
// that look into mail follow links too.
type invitationPage struct {
	base
	Failed     bool
	Invitation *identity.Invitation // nil: the token was not handed over yet
	Token      string
	Fields     fields
}

func (s *site) invitationPage(w http.ResponseWriter, r *http.Request) error {
	return s.showInvitation(w, r, http.StatusOK, invitationPage{})
}

func (s *site) showInvitation(w http.ResponseWriter, r *http.Request, status int, page invitationPage) error {
	page.base = s.account(r)
	if page.Invitation != nil {
		page.Language = page.Invitation.Language
		for _, f := range page.Fields {
			f.Language = page.Language
		}
	}
	return s.render(w, status, "invitation", page)
}

// openInvitation shows what an invitation is to, with the form that accepts it.
func (s *site) openInvitation(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	return s.askToJoin(w, r, http.StatusOK, form, nil)
}

// askToJoin shows the form for an invitation that holds, with what was wrong with
// the answers to it; nil when there were none.
func (s *site) askToJoin(w http.ResponseWriter, r *http.Request, status int, form url.Values, refusal error) error {
	i, err := s.App.LookAtInvitation(r.Context(), form.Get("token"), s.address(r))
	if casework.KindOf(err) == casework.Denied {
		return s.showInvitation(w, r, statuses[casework.Denied], invitationPage{Failed: true})
	}
	if err != nil {
		return err
	}
	asked := s.joinFields(r)
	asked[0].Value = i.Name
	if refusal != nil {
		asked.fill(form)
		wrong := "password"
		if fieldOfReason(refusal) == "name" {
			wrong = "name"
		}
		asked.blame(wrong, reasonKey(refusal))
	}
	return s.showInvitation(w, r, status, invitationPage{Invitation: &i, Token: form.Get("token"), Fields: asked})
}

func (s *site) joinFields(r *http.Request) fields {
	b := s.base(r)
	return fields{
		{base: b, Name: "name", Label: "own.name", Hint: "invite.name_hint", Complete: "name", Max: board.MaxName},
		{base: b, Name: "password", Label: "signin.password", Hint: "password.rule", Type: "password", Complete: "new-password"},
	}
}

// acceptInvitation makes the account, and signs it in.
func (s *site) acceptInvitation(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	fresh, err := s.App.Join(r.Context(), form.Get("token"), form.Get("name"), form.Get("password"), s.address(r))
	switch kind := casework.KindOf(err); {
	case err == nil:
		return s.enterAs(w, r, fresh)
	case kind == casework.Invalid:
		return s.askToJoin(w, r, statuses[kind], form, err)
	case kind == casework.Denied:
		return s.showInvitation(w, r, statuses[kind], invitationPage{Failed: true})
	}
	return err
}
