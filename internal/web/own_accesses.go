package web

import (
	"net/http"
	"net/url"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// accessesPage is what somebody did, as that person looks back at it.
type accessesPage struct {
	base
	Accesses []accessRow
	Filter   fields
	Next     string // where the list goes on; empty: nowhere
	Later    bool   // it is not the beginning of the list
	Asked    bool   // it answers a form
	Filtered bool
	Problem  bool
}

// accessRow is one access in the words of the page.
type accessRow struct {
	base
	app.OwnAccess
}

// What is what was done.
func (a accessRow) What() string { return a.eventName(a.Event) }

// Span is from when until when one stayed at a table, or when something was done.
func (a accessRow) Span() string {
	return a.span(a.Event == "join" && !a.Refused, a.At, a.Left, a.CutOff)
}

// Count says how many lines there are here.
func (p accessesPage) Count() string { return p.count("records.lines", len(p.Accesses)) }

func (s *site) ownAccesses(w http.ResponseWriter, r *http.Request) error {
	return s.showAccesses(w, r, url.Values{"older": {r.URL.Query().Get("from")}}, false)
}

// filterAccesses shows those of some days, which stand in no address.
func (s *site) filterAccesses(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	return s.showAccesses(w, r, form, true)
}

func (s *site) showAccesses(w http.ResponseWriter, r *http.Request, form url.Values, asked bool) error {
	session := sessionIn(r)
	period, from := app.Period{From: form.Get("from"), To: form.Get("to")}, form.Get("older")
	list, next, err := s.App.OwnAccesses(r.Context(), session, period, from)
	faulty := logFieldOf[reasonOf(err)]
	if err != nil && faulty == "" {
		return err
	}
	page := accessesPage{base: s.account(r), Next: next, Later: from != "", Asked: asked, Filtered: period != app.Period{}}
	page.Filter = periodFields(page.base)
	page.Filter.fill(form)
	for _, a := range list {
		page.Accesses = append(page.Accesses, accessRow{page.base, a})
	}
	status := http.StatusOK
	if faulty != "" {
		page.Filter.blame(faulty, reasonKey(err))
		page.Problem, status = true, statuses[casework.KindOf(err)]
	}
	return s.render(w, status, "accesses", page)
}
