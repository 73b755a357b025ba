package web

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// observe gives each request an id and its headers, catches a panic, and logs
// what happened: never a path, a query, an address or anything typed.
func (s *site) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := casework.NewID[string](s.Random)
		r = r.WithContext(app.WithRequest(r.Context(), id))
		answer := &answer{ResponseWriter: w}
		s.secure(w.Header())
		start := s.Now()
		defer func() {
			fault := recover()
			if fault != nil && fault != http.ErrAbortHandler { //nolint:errorlint // compared as net/http does
				// The value of a panic can hold content; its type and the stack do not.
				s.Log.ErrorContext(r.Context(), "panic", "request", id, "type", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
				if answer.status == 0 {
					s.refuse(answer, r, http.StatusInternalServerError, "error.internal")
				}
			}
			s.Log.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelInfo, "request", slog.String("request", id),
				slog.String("method", method(r)), slog.String("route", r.Pattern), slog.Int("status", answer.status),
				slog.Duration("took", s.Now().Sub(start)))
			if fault != nil && answer.status != http.StatusInternalServerError {
				panic(http.ErrAbortHandler) // half an answer is no answer
			}
		}()
		next.ServeHTTP(answer, r)
	})
}

// method is the method of a request when it is one we know: a client may send
// any word.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// answer remembers the status of what was answered; 0 while nothing was.
type answer struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(p)
}

// Hijack implements http.Hijacker, by which the live door takes the connection.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(a.ResponseWriter).Hijack()
	if err == nil {
		a.status = http.StatusSwitchingProtocols
	}
	return conn, buffered, err
}

// Unwrap lets http.ResponseController find the rest.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
