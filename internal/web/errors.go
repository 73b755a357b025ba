package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// statuses is how each kind of error is answered.
var statuses = map[casework.ErrorKind]int{
	casework.Invalid:     http.StatusBadRequest,
	casework.NotFound:    http.StatusNotFound,
	casework.Denied:      http.StatusForbidden,
	casework.Conflict:    http.StatusConflict,
	casework.TooMany:     http.StatusTooManyRequests,
	casework.Unavailable: http.StatusServiceUnavailable,
	casework.Internal:    http.StatusInternalServerError,
}

// errorPage says that something did not work and what one can do.
type errorPage struct {
	base
	Message string
	Hint    string
	Number  string // the request's id, to tell an administrator
}

// fail answers an error of a page.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, app.ErrNotProven) {
		toProve(w, r, "")
		return
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		s.refuse(w, r, http.StatusRequestEntityTooLarge, "error.too_large")
		return
	}
	kind := casework.KindOf(err)
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		kind = casework.Unavailable // the one who asked has gone
	}
	if kind == casework.Internal {
		s.Log.ErrorContext(r.Context(), "request failed", "request", app.RequestIn(r.Context()), "error", err)
	}
	switch kind {
	case casework.NotFound:
		s.refuse(w, r, statuses[kind], "error.not_found")
	case casework.Unavailable:
		key := "error.unavailable"
		if reasonOf(err) == casework.NotRecorded {
			key = "error.not_recorded"
		}
		s.refuse(w, r, statuses[kind], key)
	case casework.Internal:
		s.refuse(w, r, statuses[kind], "error.internal")
	default:
		s.refuse(w, r, statuses[kind], reasonKey(err))
	}
}

// refuse answers with the words of a key and, when there is one, its hint.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, status int, key string) {
	page := errorPage{base: s.base(r)}
	page.Message, page.Hint = page.T(key), page.optional(key+"_hint")
	if status == http.StatusInternalServerError {
		page.Number = app.RequestIn(r.Context())
	}
	if err := s.render(w, status, "error", page); err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "request", app.RequestIn(r.Context()), "error", err)
		http.Error(w, http.StatusText(status), status)
	}
}

// reasonKey is the key of the words for an error that is meant for people.
func reasonKey(err error) string { return "reason." + reasonOf(err) }

// reasonOf is the reason of an error, "internal" for one that is not meant for
// people.
func reasonOf(err error) string {
	var e *casework.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return "internal"
}
