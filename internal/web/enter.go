package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/casework"
)

// enterPage is where a sign-in link leads. The link's token is in the fragment,
// which no server or log sees; the page's script posts it, so that a program
// that only follows links spends nothing.
type enterPage struct {
	base
	Failed bool
}

func (s *site) enterPage(w http.ResponseWriter, r *http.Request) error {
	page := enterPage{base: s.base(r)}
	page.Script = "enter.js"
	return s.render(w, http.StatusOK, "enter", page)
}

func (s *site) enter(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	fresh, err := s.App.SignInByLink(r.Context(), form.Get("token"), s.address(r))
	if casework.KindOf(err) == casework.Denied {
		return s.render(w, statuses[casework.Denied], "enter", enterPage{base: s.base(r), Failed: true})
	}
	if err != nil {
		return err
	}
	return s.enterAs(w, r, fresh)
}
