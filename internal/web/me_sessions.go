package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// sessionRow is one place where somebody is signed in.
type sessionRow struct {
	base
	app.OwnSession
}

// In is the kind of browser.
func (s sessionRow) In() string { return s.browser(s.Browser) }

// sessions puts on the page where who asks is signed in.
func (s *site) sessions(r *http.Request, page *mePage) error {
	session := sessionIn(r)
	own, err := s.App.OwnSessions(r.Context(), session)
	for _, one := range own {
		page.Sessions = append(page.Sessions, sessionRow{page.base, one})
	}
	return err
}

// endSession ends another of the own sessions, or all others. One that is over
// meanwhile is what was wanted.
func (s *site) endSession(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if form.Get("session") == "others" {
		err = s.App.SignOutElsewhere(r.Context(), session)
	} else if err = s.App.SignOutThere(r.Context(), session, form.Get("session")); casework.KindOf(err) == casework.NotFound {
		err = nil
	}
	if err != nil {
		return err
	}
	return backToMe(w, r, "sessions")
}
