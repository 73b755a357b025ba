package web

import (
	"net/http"
	"unicode/utf8"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// casesPage lists the cases at whose table one sits, and opens a new one.
type casesPage struct {
	base
	Notices     []noticeRow
	Cases       []caseRow
	MayPractise bool
	Practice    casework.CaseID // the practice case in which the reader has a seat; empty: none
	MayOpen     bool
	Command     casework.CommandID // of the form, so that sending it twice opens one case
	Name        string             // typed before it was refused
	Chosen      string             // the template, before the rest was refused
	Problem     string

	MayConfirm      bool
	MaySecond       bool
	MayReview       bool   // the access log of the own organisation, and glasses that were broken
	Waiting         int    // reviews that wait for an answer of the reader
	MayReset        bool   // sees to the second factors of colleagues
	PracticeProblem string // the key of why not to begin anew now
}

// Templates are the choices of columns for a new case.
func (casesPage) Templates() []app.Template { return app.Templates }

// Searchable tells whether there are more cases than one takes in at a glance.
func (p casesPage) Searchable() bool { return len(p.Cases) > 8 }

// Waits says how many reviews wait.
func (p casesPage) Waits() string { return p.count("alarm.waits", p.Waiting) }

func (s *site) myCases(w http.ResponseWriter, r *http.Request) error {
	return s.showCases(w, r, http.StatusOK, casesPage{}, "")
}

// showCases fills in the page, but for what was typed.
func (s *site) showCases(w http.ResponseWriter, r *http.Request, status int, page casesPage, problem string) error {
	session := sessionIn(r)
	cases, err := s.App.MyCases(r.Context(), session.Account.ID)
	if err != nil {
		return err
	}
	notices, err := s.App.Notices(r.Context(), session)
	if err != nil {
		return err
	}
	page.base, page.MayOpen = s.base(r), s.App.MayOpen(session.Account.Discipline)
	page.Stylesheet, page.Script = "cases.css", "cases.js"
	for _, n := range notices {
		page.Notices = append(page.Notices, noticeRow{page.base, n})
	}
	page.Command = casework.NewID[casework.CommandID](s.Random)
	page.MayConfirm = s.App.MayConfirm(session.Account.Discipline)
	page.MayReview = s.App.MayReview(session.Account.Discipline)
	if page.MayReview {
		if page.Waiting, err = s.App.ReviewsWaiting(r.Context(), session); err != nil {
			return err
		}
	}
	page.MaySecond = s.App.MaySecond(session.Account.Discipline)
	page.MayReset = s.App.MayConfirmReset(session.Account.Discipline)
	page.MayPractise = s.App.MayPractise(session.Account.Discipline)
	for _, c := range cases {
		if c.Practice {
			page.Practice = c.ID
			continue
		}
		page.Cases = append(page.Cases, caseRow{page.base, c})
	}
	if page.Chosen == "" {
		page.Chosen = app.Templates[0].Name
	}
	if problem != "" {
		page.Problem = page.T(problem)
	}
	return s.render(w, status, "cases", page)
}

// openCase opens a case, or says on the same page what was wrong with it.
func (s *site) openCase(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	name, err := textField(form, "name")
	var opened casework.CaseID
	template, unknown := app.TemplateNamed(form.Get("template"))
	if err == nil {
		err = unknown
	}
	if err == nil {
		opened, err = s.App.OpenCase(r.Context(), session, casework.CommandID(form.Get("command")), name, template)
	}
	switch kind := casework.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, "/cases/"+string(opened), http.StatusSeeOther)
		return nil
	case kind == casework.Invalid, kind == casework.Denied, kind == casework.TooMany:
		if !utf8.ValidString(name) || len(name) > 1000 {
			name = ""
		}
		return s.showCases(w, r, statuses[kind], casesPage{Name: name, Chosen: template.Name}, reasonKey(err))
	}
	return err
}
