package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// signInPage asks who it is. It never shows again what was typed: people type
// passwords into the wrong field.
type signInPage struct {
	base
	Failed string // that it did not work: the same words whatever was wrong
	Over   bool   // there was a session, and it is over
	Demo   bool   // people have links instead of passwords

	Passkeys bool // browsers can show passkeys at this host
}

func (s *site) signInPage(w http.ResponseWriter, r *http.Request) error {
	_, open := app.SessionIn(r.Context())
	_, locked := app.LockedIn(r.Context())
	_, half := app.HalfIn(r.Context())
	if open || locked || half {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	page := s.newSignIn(r)
	if token(r) != "" { // of a session that is over: said once
		page.Over = true
		http.SetCookie(w, cookie(""))
	}
	return s.render(w, http.StatusOK, "sign_in", page)
}

func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	fresh, err := s.App.SignIn(r.Context(), form.Get("login"), form.Get("password"), s.address(r))
	if casework.KindOf(err) == casework.Denied {
		return s.signInFailed(w, r, err)
	}
	if err != nil {
		return err
	}
	return s.enterAs(w, r, fresh)
}

// signInFailed says on the page that it did not work, whichever way was tried.
func (s *site) signInFailed(w http.ResponseWriter, r *http.Request, err error) error {
	page := s.newSignIn(r)
	page.Failed = page.T(reasonKey(err))
	return s.render(w, statuses[casework.Denied], "sign_in", page)
}

func (s *site) newSignIn(r *http.Request) signInPage {
	page := signInPage{base: s.base(r), Demo: s.Demo, Passkeys: !s.Demo && s.App.PasskeysAt(hostOf(r))}
	if page.Passkeys {
		page.Script = "factor.js"
	}
	return page
}

// signOut ends the session and clears what the browser kept. It leaves other
// cookies of the domain alone ("cookies" would take those of its neighbours).
func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.App.SignOut(r.Context(), token(r)); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.SetCookie(w, cookie(""))
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
