package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// askPasskey tells a script what to ask a passkey. The answer comes with a form.
func (s *site) askPasskey(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := whoever(r)
	if locked, ok := app.LockedIn(r.Context()); ok {
		session = locked
	}
	var question app.PasskeyQuestion
	switch signedIn := session.Account.ID != ""; {
	case form.Get("for") == "sign_in":
		question, err = s.App.AskAnyPasskey(r.Context(), hostOf(r), s.address(r))
	case form.Get("for") == "new" && signedIn && !isLocked(r):
		question, err = s.App.AskNewPasskey(r.Context(), session, hostOf(r))
	case form.Get("for") == "proof" && signedIn:
		question, err = s.App.AskPasskey(r.Context(), session, hostOf(r))
	default:
		err = casework.Absent()
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(question)
}

func isLocked(r *http.Request) bool {
	_, locked := app.LockedIn(r.Context())
	return locked
}

// proveByPasskey takes the passkey of who is signed in, if only by half.
func (s *site) proveByPasskey(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	fresh, err := s.App.ProveByPasskey(r.Context(), whoever(r), hostOf(r), form.Get("question"), form.Get("answer"), s.address(r))
	to := ownPath(form.Get("to"))
	if casework.KindOf(err) == casework.Denied && !signedOut(err) {
		return s.showProve(w, r, statuses[casework.Denied], provePage{To: to, Failed: "factor.passkey_refused"})
	}
	if err != nil {
		return s.orSignIn(w, r, err)
	}
	return s.proven(w, r, fresh, to)
}

// signInByPasskey signs in who shows a passkey, without name and password.
func (s *site) signInByPasskey(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	fresh, err := s.App.SignInByPasskey(r.Context(), hostOf(r), form.Get("question"), form.Get("answer"), s.address(r))
	if casework.KindOf(err) == casework.Denied {
		return s.signInFailed(w, r, err)
	}
	if err != nil {
		return err
	}
	return s.enterAs(w, r, fresh)
}

// addPasskey takes a new passkey.
func (s *site) addPasskey(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	added, err := s.App.AddPasskey(r.Context(), whoever(r), hostOf(r), form.Get("question"), form.Get("answer"), s.address(r))
	if kind := casework.KindOf(err); err != nil && (kind == casework.Invalid || kind == casework.Conflict || kind == casework.TooMany) {
		if _, half := app.HalfIn(r.Context()); half {
			return s.showProve(w, r, statuses[kind], provePage{Failed: reasonKey(err)})
		}
		return s.showMe(w, r, statuses[kind], mePage{FactorProblem: reasonKey(err)})
	}
	if err != nil {
		return s.orSignIn(w, r, err)
	}
	return s.added(w, r, added)
}

// signedOut tells whether an error says that the session is over.
func signedOut(err error) bool { return errors.Is(err, app.ErrSignedOut) }
