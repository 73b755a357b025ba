package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
)

// certificatePage is the certificate of an erasing, to be printed.
type certificatePage struct {
	base
	app.Erased
}

func (s *site) certificate(w http.ResponseWriter, r *http.Request) error {
	session, _ := app.SessionIn(r.Context())
	erased, err := s.App.ErasedCase(r.Context(), session, r.PathValue("certificate"))
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "certificate", certificatePage{s.members(r), erased})
}
