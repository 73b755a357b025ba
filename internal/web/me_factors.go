package web

import (
	"net/http"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// factorRow is one of the own factors on the page.
type factorRow struct {
	base
	identity.Factor
	Last bool // without it there would be none
}

// Named is what kind it is.
func (f factorRow) Named() string { return f.T("factor.kind." + string(f.Kind)) }

// In is the kind of browser that it was made in.
func (f factorRow) In() string { return f.browser(f.Browser) }

// browser is a kind of browser in words: what browsers and systems call themselves.
func (b base) browser(kind string) string {
	brand, system, _ := strings.Cut(kind, " ")
	words := b.optional("browser." + brand)
	if words == "" {
		words = b.T("browser.other")
	}
	if on := b.optional("system." + system); on != "" {
		words += ", " + on
	}
	return words
}

// factors puts the own factors on the page.
func (s *site) factors(r *http.Request, page *mePage) error {
	session := sessionIn(r)
	own, err := s.App.OwnFactors(r.Context(), session)
	if err != nil {
		return err
	}
	page.Own, page.Passkeys = own, s.App.PasskeysAt(hostOf(r))
	for _, f := range own.Factors {
		page.Factors = append(page.Factors, factorRow{page.base, f, len(own.Factors) == 1})
	}
	return nil
}

// removeFactor takes one of the own factors away, but for the last.
func (s *site) removeFactor(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.RemoveFactor(r.Context(), session, form.Get("factor"))
	if reasonKey(err) == "reason.last_factor" {
		return s.showMe(w, r, statuses[casework.Denied], mePage{FactorProblem: reasonKey(err)})
	}
	if err != nil {
		return err
	}
	return backToMe(w, r, "factor_gone")
}

// renewCodes makes new recovery codes, and the old ones worthless.
func (s *site) renewCodes(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	codes, err := s.App.NewRecoveryCodes(r.Context(), session)
	if err != nil {
		return err
	}
	return s.showCodes(w, r, codes, "/me")
}

// keepFactors calls off that the own factors are taken away.
func (s *site) keepFactors(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	if err := s.App.KeepFactors(r.Context(), session); err != nil {
		return err
	}
	return backToMe(w, r, "factors_kept")
}
