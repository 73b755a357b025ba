package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
)

// mePage is somebody's own page. Each section of it is a file here (me_*.go) and
// a template (templates/me.*.html).
type mePage struct {
	base
	Done     string // key of what was just done; empty: nothing
	Contact  fields
	Password fields // none: the account signs in without one

	Proven        bool // a second factor was shown just now, as another password asks for
	Own           app.OwnFactors
	Factors       []factorRow
	FactorProblem string // key of why not; empty: nothing
	Passkeys      bool   // browsers can show passkeys at this host
	Sessions      []sessionRow
}

func (s *site) me(w http.ResponseWriter, r *http.Request) error {
	return s.showMe(w, r, http.StatusOK, mePage{})
}

// showMe shows the page, with the sections that are in it as they are and the
// others as they stand.
func (s *site) showMe(w http.ResponseWriter, r *http.Request, status int, page mePage) error {
	session := sessionIn(r)
	page.base = s.account(r)
	page.Proven = s.App.Proven(session)
	page.Done = page.known("own.done." + done(r))
	if page.Contact == nil {
		page.Contact = s.contactFields(r)
		page.Contact[0].Value = session.Account.Contact
	}
	if page.Password == nil && session.Account.HasPassword {
		page.Password = s.passwordFields(r)
	}
	for _, section := range []func(*http.Request, *mePage) error{s.factors, s.sessions} {
		if err := section(r, &page); err != nil {
			return err
		}
	}
	return s.render(w, status, "me", page)
}

// backToMe leads to the page, which says what was just done.
func backToMe(w http.ResponseWriter, r *http.Request, done string) error {
	return backTo(w, r, "/me", done)
}

// done is what an address says was just done; empty when it says nothing.
func done(r *http.Request) string {
	if r.Method != http.MethodGet {
		return ""
	}
	return r.URL.Query().Get("done")
}

// known is the key itself when there are words for it, else empty: part of it came
// with an address.
func (b base) known(key string) string {
	if b.optional(key) == "" {
		return ""
	}
	return key
}
