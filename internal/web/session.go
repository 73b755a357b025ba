package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
)

// cookieName binds the cookie to this host and to encrypted connections.
// Browsers take it on a loopback address without TLS too.
const cookieName = "__Host-casustafel"

// session finds who asks; app.ErrSignedOut when it is nobody, app.ErrLocked and
// app.ErrSecondFactor with a session that is locked, or lacks its second factor.
func (s *site) session(r *http.Request) (app.Session, error) {
	return s.App.SessionOf(r.Context(), token(r))
}

// token is the session token that the browser sent; empty when it sent none.
func token(r *http.Request) string {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// sessionIn is the session of who is signed in, on a way that is open to nobody else.
func sessionIn(r *http.Request) app.Session {
	session, _ := app.SessionIn(r.Context())
	return session
}

// whoever is the session of who is signed in, if only by half.
func whoever(r *http.Request) app.Session {
	session, ok := app.SessionIn(r.Context())
	if !ok {
		session, _ = app.HalfIn(r.Context())
	}
	return session
}

// enterAs hands a new session to the browser and ends the one that it had, so
// that nobody goes on under a session that somebody else may know.
func (s *site) enterAs(w http.ResponseWriter, r *http.Request, fresh string) error {
	if old := token(r); old != "" {
		if err := s.App.SignOut(r.Context(), old); err != nil {
			return err
		}
	}
	http.SetCookie(w, cookie(fresh))
	http.Redirect(w, r, "/start", http.StatusSeeOther)
	return nil
}

// cookie holds a session token; an empty one takes the cookie away. SameSite is
// Strict: a sign-in link works all the same, as the page that it leads to
// spends it by a request of its own site.
func cookie(token string) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}
