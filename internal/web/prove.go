package web

import (
	"net"
	"net/http"
	"net/url"
	"regexp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// provePage asks for the second factor: at sign-in, and again before what cannot
// be undone. Who has none yet sets one up here.
type provePage struct {
	base
	Ways     app.SecondWays
	Passkeys bool   // browsers can show passkeys at this host
	To       string // where it leads; empty: to the cases
	Failed   string // key of why not; empty: nothing failed
	Code     fields
	Recovery fields
}

func (s *site) provePage(w http.ResponseWriter, r *http.Request) error {
	return s.showProve(w, r, http.StatusOK, provePage{To: ownPath(r.URL.Query().Get("to"))})
}

// showProve shows the page with what failed of it.
func (s *site) showProve(w http.ResponseWriter, r *http.Request, status int, page provePage) error {
	ways, err := s.App.SecondWays(r.Context(), whoever(r), hostOf(r))
	if err != nil {
		return err
	}
	page.base, page.Ways, page.Passkeys = s.base(r), ways, s.App.PasskeysAt(hostOf(r))
	if page.Account != nil && ways.None() { // nothing to show, and nothing that asks for it
		http.Redirect(w, r, "/me", http.StatusSeeOther)
		return nil
	}
	page.Stylesheet, page.Script = "factor.css", "factor.js"
	if page.Code == nil {
		page.Code = s.codeField(r)
	}
	if page.Recovery == nil {
		page.Recovery = s.recoveryField(r)
	}
	return s.render(w, status, "prove", page)
}

func (s *site) codeField(r *http.Request) fields {
	return fields{{base: s.base(r), Name: "code", Label: "factor.code", Hint: "factor.code_hint", Complete: "one-time-code", Mode: "numeric", Max: 20}}
}

func (s *site) recoveryField(r *http.Request) fields {
	return fields{{base: s.base(r), Name: "recovery", Label: "factor.recovery_code", Hint: "factor.recovery_hint", Max: 30}}
}

// proveByCode takes the code of an app, or a recovery code.
func (s *site) proveByCode(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	kind, typed := identity.TOTP, form.Get("code")
	if form.Has("recovery") {
		kind, typed = identity.Recovery, form.Get("recovery")
	}
	fresh, err := s.App.ProveByCode(r.Context(), whoever(r), kind, typed, s.address(r))
	to := ownPath(form.Get("to"))
	if casework.KindOf(err) == casework.Denied && !signedOut(err) {
		page := provePage{To: to, Code: s.codeField(r), Recovery: s.recoveryField(r)}
		page.Code.blame(string(kindField[kind]), reasonKey(err))
		page.Recovery.blame(string(kindField[kind]), reasonKey(err))
		return s.showProve(w, r, statuses[casework.Denied], page)
	}
	if err != nil {
		return s.orSignIn(w, r, err)
	}
	return s.proven(w, r, fresh, to)
}

var kindField = map[identity.FactorKind]string{identity.TOTP: "code", identity.Recovery: "recovery"}

// proven hands the fresh token of a session to the browser and leads on. Somebody
// wants to take the factors away: who just showed one hears of it first.
func (s *site) proven(w http.ResponseWriter, r *http.Request, fresh, to string) error {
	_, half := app.HalfIn(r.Context())
	own, err := s.App.OwnFactors(r.Context(), whoever(r))
	if err != nil {
		return err
	}
	switch {
	case half && own.ResetID != "":
		to = "/me"
	case to == "":
		to = "/start"
	}
	http.SetCookie(w, cookie(fresh))
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// toProve asks for the second factor before a page that needs it at hand, to which
// it leads back; empty: the page that was asked for, if it can be asked for again.
func toProve(w http.ResponseWriter, r *http.Request, to string) {
	if to == "" && r.Method == http.MethodGet {
		to = r.URL.Path
	}
	if to == "" {
		to = "/me"
	}
	http.Redirect(w, r, "/prove?to="+url.QueryEscape(to), http.StatusSeeOther)
}

// provenFor tells whether a second factor was shown just now; else it asks for it,
// and leads to a page of ours after that.
func (s *site) provenFor(w http.ResponseWriter, r *http.Request, to string) bool {
	if s.App.Proven(whoever(r)) {
		return true
	}
	toProve(w, r, to)
	return false
}

var ownPathForm = regexp.MustCompile(`^(/[A-Za-z0-9][A-Za-z0-9-]*)+$`)

// ownPath is a path of ours, else empty: it came with an address or a form.
func ownPath(typed string) string {
	if len(typed) > 200 || !ownPathForm.MatchString(typed) {
		return ""
	}
	return typed
}

// hostOf is the host that the browser has for this server, without a port.
func hostOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.Host); err == nil {
		return host
	}
	return r.Host
}

// orSignIn leads to the sign-in page when it is the session that is over.
func (s *site) orSignIn(w http.ResponseWriter, r *http.Request, err error) error {
	if !signedOut(err) {
		return err
	}
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
