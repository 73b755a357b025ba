package web

import (
	"errors"
	"io"
	"net/http"

	"github.com/casustafel/casustafel/internal/casework"
)

// showWitness tells a witness how the log grew (docs/witness.md). Whoever is none is
// answered as everywhere where there is nothing.
func (s *site) showWitness(w http.ResponseWriter, r *http.Request) error {
	asks, err := witnessed(r)
	if err != nil {
		return err
	}
	grown, err := s.App.ShowWitness(r.Context(), asks)
	if err != nil {
		return err
	}
	return plainText(w, http.StatusOK, string(grown))
}

// cosign takes what a witness says of a checkpoint.
func (s *site) cosign(w http.ResponseWriter, r *http.Request) error {
	signed, err := witnessed(r)
	if err != nil {
		return err
	}
	if err := s.App.Cosign(r.Context(), signed); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// witnessed reads what a witness signed. That it is too much to be that tells nobody
// that there are witnesses.
func witnessed(r *http.Request) ([]byte, error) {
	signed, err := io.ReadAll(r.Body)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, casework.Absent()
	}
	return signed, err
}
