package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

func (s *site) contactFields(r *http.Request) fields {
	return fields{{base: s.base(r), Name: "contact", Label: "own.contact", Hint: "own.contact_hint", Complete: "tel", Max: board.MaxContact, Optional: true}}
}

// setContact keeps how colleagues reach one.
func (s *site) setContact(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.SetContact(r.Context(), session, form.Get("contact"))
	if kind := casework.KindOf(err); kind == casework.Invalid {
		typed := s.contactFields(r)
		typed.fill(form)
		typed.blame("contact", reasonKey(err))
		return s.showMe(w, r, statuses[kind], mePage{Contact: typed})
	}
	if err != nil {
		return err
	}
	return backTo(w, r, "/me", "contact")
}
