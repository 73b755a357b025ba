package web

import (
	"errors"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// organisationPage is where an administrator manages the users of the own
// organisation. For anybody else it is not there.
type organisationPage struct {
	base
	Done    string // key of what was just done; empty: nothing
	Problem string // key of why something was not done
	Users   []userRow
	Invited []invitedRow
	Invite  fields
	Link    string // of an invitation, shown this once; empty: none
	For     string // whom it is for
	Mailed  bool   // so that there is no link to show
	Lost    string // how many tables have no chair, in words; empty: none
	Sole    string // key of that one person alone reviews the access log, or nobody; empty: more do
	Proven  bool   // a second factor was shown just now
}

// userRow is a user in the words of the page.
type userRow struct {
	base
	identity.Account
	Self   bool
	Since  string // the day since which somebody who can be one of two people is there, if that is news
	By     string // name of who asked that person; empty: the operator
	Counts string // the day from which the account is one of two people; empty: it is
}

// invitedRow is an invitation that waits.
type invitedRow struct {
	base
	identity.Invitation
	Late bool // it can be accepted no more
}

func (s *site) organisation(w http.ResponseWriter, r *http.Request) error {
	page := organisationPage{}
	page.Done = s.base(r).known("org.done." + done(r))
	return s.showOrganisation(w, r, http.StatusOK, page)
}

// showOrganisation fills in the page, but for what was typed and what came of it.
func (s *site) showOrganisation(w http.ResponseWriter, r *http.Request, status int, page organisationPage) error {
	session := sessionIn(r)
	organisation, err := s.App.OrganisationOf(r.Context(), session)
	if err != nil {
		return err
	}
	page.base = s.account(r)
	for _, user := range organisation.Users {
		row := userRow{base: page.base, Account: user, Self: user.ID == session.Account.ID}
		if n, recent := organisation.New[user.ID]; recent {
			row.Since, row.By = page.Day(n.Since), n.By
		}
		if user.CountsFrom.After(s.Config.Now()) {
			row.Counts = page.Day(user.CountsFrom)
		}
		page.Users = append(page.Users, row)
	}
	page.Proven = s.App.Proven(session)
	if page.Sole, err = s.fewReviewers(r, "reviewers.none", "reviewers.one"); err != nil {
		return err
	}
	if organisation.Chairless > 0 {
		page.Lost = page.count("org.chairless", organisation.Chairless)
	}
	for _, i := range organisation.Invited {
		page.Invited = append(page.Invited, invitedRow{page.base, i, i.Expired(s.Config.Now())})
	}
	if page.Invite == nil {
		page.Invite = s.inviteFields(r)
	}
	return s.render(w, status, "organisation", page)
}

func (s *site) inviteFields(r *http.Request) fields {
	b := s.base(r)
	var disciplines, read []choice
	for _, d := range app.Disciplines {
		disciplines = append(disciplines, choice{string(d), b.T("role." + string(d))})
	}
	for _, l := range languages {
		read = append(read, choice{l, b.T("language." + l)})
	}
	return fields{
		{base: b, Name: "login", Label: "invite.login", Hint: "invite.login_hint", Type: "email", Max: 100},
		{base: b, Name: "name", Label: "own.name", Max: board.MaxName},
		{base: b, Name: "discipline", Label: "own.discipline", Options: disciplines},
		{base: b, Name: "language", Label: "invite.language", Options: read},
	}
}

// inviteUser asks somebody to have an account, or says beside its field what is wrong.
func (s *site) inviteUser(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	i, token, err := s.App.InviteUser(r.Context(), session, app.Invitee{Login: form.Get("login"), Name: form.Get("name"),
		Discipline: casework.Role(form.Get("discipline")), Language: form.Get("language")})
	if kind := casework.KindOf(err); err != nil && (kind == casework.Invalid || kind == casework.Conflict) {
		typed := s.inviteFields(r)
		typed.fill(form)
		typed.blame(fieldOfReason(err), reasonKey(err))
		return s.showOrganisation(w, r, statuses[kind], organisationPage{Invite: typed})
	}
	return s.handOut(w, r, i, token, err)
}

// fieldOfReason is the field of an invitation that a refusal is about.
func fieldOfReason(err error) string {
	switch reasonKey(err) {
	case "reason.bad_role":
		return "discipline"
	case "reason.bad_language":
		return "language"
	case "reason.name_empty", "reason.name_too_long", "reason.bad_text":
		return "name"
	}
	return "login"
}

// inviteUserAgain hands an invitation out anew.
func (s *site) inviteUserAgain(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	i, token, err := s.App.InviteUserAgain(r.Context(), session, identity.InvitationID(form.Get("invitation")))
	return s.handOut(w, r, i, token, err)
}

// handOut mails an invitation, or shows its link, this once, where there is no
// mail server or it did not take the letter. The token stands behind the #, which
// no server or log sees.
func (s *site) handOut(w http.ResponseWriter, r *http.Request, i identity.Invitation, token string, err error) error {
	if errors.Is(err, app.ErrNotProven) {
		toProve(w, r, "/organisation")
		return nil
	}
	if err != nil {
		return err
	}
	link := s.Origins[0] + "/invitation#" + token
	page := organisationPage{For: i.Login}
	switch err := s.mailInvitation(r, i, link); {
	case err == nil && s.Mail != nil:
		page.Mailed = true
	case err != nil:
		s.Log.WarnContext(r.Context(), "an invitation was not mailed", "request", app.RequestIn(r.Context()), "err", err)
		page.Problem, page.Link = "invite.not_mailed", link
	default:
		page.Link = link
	}
	return s.showOrganisation(w, r, http.StatusOK, page)
}

// mailInvitation writes to who is invited, in that person's language. It names
// nobody but who invites.
func (s *site) mailInvitation(r *http.Request, i identity.Invitation, link string) error {
	if s.Mail == nil {
		return nil
	}
	b := base{Language: i.Language}
	return s.Mail.Send(r.Context(), i.Login, b.T("invite.mail_subject"),
		b.T("invite.mail_text", "name", i.IssuerName, "organisation", i.OrganisationName, "link", link))
}

// withdrawInvitation takes back an invitation that nobody accepted.
func (s *site) withdrawInvitation(w http.ResponseWriter, r *http.Request) error {
	return s.manageOne(w, r, "invitation", "withdrawn", func(session app.Session, id string) error {
		return s.App.WithdrawInvitation(r.Context(), session, identity.InvitationID(id))
	})
}

// deactivateUser takes every way to sign in from a colleague.
func (s *site) deactivateUser(w http.ResponseWriter, r *http.Request) error {
	return s.manageOne(w, r, "user", "deactivated", func(session app.Session, id string) error {
		return s.App.DeactivateUser(r.Context(), session, casework.UserID(id))
	})
}

func (s *site) manageOne(w http.ResponseWriter, r *http.Request, field, done string, do func(app.Session, string) error) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	switch err := do(session, form.Get(field)); {
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, "/organisation")
		return nil
	case err != nil && casework.KindOf(err) == casework.Denied:
		return s.showOrganisation(w, r, statuses[casework.Denied], organisationPage{Problem: reasonKey(err)})
	case err != nil:
		return err
	}
	return backTo(w, r, "/organisation", done)
}
