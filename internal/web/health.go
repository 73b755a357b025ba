package web

import (
	"io"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
)

// healthy says that the process answers.
func (s *site) healthy(w http.ResponseWriter, _ *http.Request) error {
	return plainText(w, http.StatusOK, "ok\n")
}

// ready says whether this node can serve now; why not is in the log alone.
func (s *site) ready(w http.ResponseWriter, r *http.Request) error {
	if err := s.Ready(r.Context()); err != nil {
		s.Log.WarnContext(r.Context(), "not ready", "request", app.RequestIn(r.Context()), "error", err)
		return plainText(w, http.StatusServiceUnavailable, "not ready\n")
	}
	if s.Warned != nil && s.Warned() {
		return plainText(w, http.StatusOK, "ready, but look in the log of this server\n")
	}
	return plainText(w, http.StatusOK, "ready\n")
}

func plainText(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the one who asked may have gone
	return nil
}
