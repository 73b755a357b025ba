package web

import (
	"errors"
	"io"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// lockedPage is all that a locked session gets of any page: the way to unlock
// it, or to sign out.
type lockedPage struct{ base }

// lockedInstead answers a request under a locked session for what it does not
// get.
func (s *site) lockedInstead(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	return s.showLocked(w, r, false)
}

func (s *site) showLocked(w http.ResponseWriter, r *http.Request, failed bool) error {
	page := lockedPage{s.base(r)}
	page.Alone, page.LockFailed = true, failed
	return s.render(w, statuses[casework.Denied], "locked", page)
}

// byScript tells whether the script of a page asks, which only wants to know
// what came of it. Words are on the page already.
func byScript(r *http.Request) bool { return r.Header.Get("Accept") == "text/plain" }

// lock locks the session of who asks; whoever has none has nothing to lock.
func (s *site) lock(w http.ResponseWriter, r *http.Request) error {
	if err := s.App.Lock(r.Context(), token(r)); err != nil {
		return err
	}
	if byScript(r) {
		w.WriteHeader(http.StatusNoContent)
	} else {
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
	return nil
}

// unlock opens the session again for who knows the password. A script is told
// whose session it is: another may have signed in since its page was made.
func (s *site) unlock(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session, err := s.App.Unlock(r.Context(), token(r), form.Get("password"), s.address(r))
	return s.unlocked(w, r, session, err)
}

// unlockByPasskey opens the session again for who shows a passkey of it.
func (s *site) unlockByPasskey(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session, ok := app.LockedIn(r.Context())
	if !ok {
		session, ok = app.SessionIn(r.Context())
	}
	err = app.ErrSignedOut
	if ok {
		err = s.App.UnlockByPasskey(r.Context(), session, hostOf(r), form.Get("question"), form.Get("answer"), s.address(r))
	}
	if err != nil {
		session = app.Session{}
	}
	return s.unlocked(w, r, session, err)
}

// unlocked says what came of it.
func (s *site) unlocked(w http.ResponseWriter, r *http.Request, session app.Session, err error) error {
	over, refused := signedOut(err) || errors.Is(err, app.ErrSecondFactor), casework.KindOf(err) == casework.Denied
	switch {
	case err != nil && !refused:
		return err
	case byScript(r):
		tell(w, session, over, refused)
	case over:
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	case refused:
		return s.showLocked(w, r, true)
	default:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
	return nil
}

// sessionState tells a script whether the session of its browser is open, locked
// or over, and whose it is.
func (s *site) sessionState(w http.ResponseWriter, r *http.Request) error {
	session, open := app.SessionIn(r.Context())
	locked := false
	if !open {
		session, locked = app.LockedIn(r.Context())
	}
	tell(w, session, !open && !locked, locked)
	return nil
}

func tell(w http.ResponseWriter, session app.Session, over, refused bool) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	switch {
	case over:
		w.WriteHeader(http.StatusUnauthorized)
	case refused:
		w.WriteHeader(http.StatusForbidden)
	default:
		w.WriteHeader(http.StatusOK)
	}
	_, _ = io.WriteString(w, string(session.Account.ID)) // the one who asked may have gone
}
