package web

import (
	"io"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// certificatePage is the certificate of an erasing, to be printed.
type certificatePage struct {
	base
	app.Erased
}

func (s *site) certificate(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	erased, err := s.App.ErasedCase(r.Context(), session, r.PathValue("certificate"))
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "certificate", certificatePage{s.members(r), erased})
}

// certificateFile is the signed text of one, for others to check.
func (s *site) certificateFile(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	erased, err := s.App.ErasedCase(r.Context(), session, r.PathValue("certificate"))
	if err == nil && erased.Certificate == "" {
		err = casework.Absent()
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="certificate.txt"`)
	_, err = io.WriteString(w, erased.Certificate)
	return err
}
