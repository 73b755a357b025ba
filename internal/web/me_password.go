package web

import (
	"errors"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

func (s *site) passwordFields(r *http.Request) fields {
	return fields{
		{base: s.base(r), Name: "current", Label: "own.password.current", Type: "password", Complete: "current-password"},
		{base: s.base(r), Name: "fresh", Label: "own.password.fresh", Hint: "password.rule", Type: "password", Complete: "new-password"},
	}
}

// changePassword gives the account another password, and says beside its field
// what is wrong.
func (s *site) changePassword(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.ChangePassword(r.Context(), session, form.Get("current"), form.Get("fresh"), s.address(r))
	if errors.Is(err, app.ErrNotProven) {
		return err
	}
	wrong := map[casework.ErrorKind]string{casework.Denied: "current", casework.Invalid: "fresh"}
	if kind := casework.KindOf(err); err != nil && wrong[kind] != "" {
		typed := s.passwordFields(r)
		typed.blame(wrong[kind], reasonKey(err))
		if !session.Account.HasPassword {
			return err
		}
		return s.showMe(w, r, statuses[kind], mePage{Password: typed})
	}
	if err != nil {
		return err
	}
	return backTo(w, r, "/me", "password")
}
