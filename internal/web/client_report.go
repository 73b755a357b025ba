package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// reportForm is where somebody of the team chooses of whom, and over which days, to
// make the report "Wie keek in mijn dossier?".
type reportForm struct {
	base
	app.Team
	Fields fields
}

// Called is what the page calls the case.
func (p reportForm) Called() string { return p.caseCalled(p.Name) }

// reportPage is the report, in plain language, to be read on paper.
type reportPage struct {
	base
	app.ClientReport
}

// Name is what the person is called.
func (p reportPage) Name() string { return p.personName(p.Person) }

// Period is over which days it goes.
func (p reportPage) Period() string {
	return p.T("report.period", "from", p.Day(p.From), "to", p.Day(p.To))
}

// RoleOf is a role, and what somebody in that role does, in plain words.
func (p reportPage) RoleOf(l app.ReportLooker) string {
	if words := p.optional("report.guarded_role." + string(l.Role)); words != "" && p.Guarded {
		return words
	}
	if words := p.optional("report.role." + string(l.Role)); words != "" {
		return words
	}
	return p.T("report.role.other")
}

// reportDays are the days on which somebody looked.
type reportDays struct {
	Words string
	Days  []string
}

// On says on which days somebody looked, and how often, where that is told.
func (p reportPage) On(l app.ReportLooker) reportDays {
	on := reportDays{Words: p.T("report.on_day")}
	if len(l.Days) > 1 {
		on.Words = p.T("report.on_days")
	}
	for _, d := range l.Days {
		words := p.Day(d.Day)
		if d.Times > 1 {
			words = p.T("report.times", "day", words, "n", strconv.Itoa(d.Times))
		}
		on.Days = append(on.Days, words)
	}
	return on
}

// Sentences are the lines of some words, each a paragraph of its own.
func (p reportPage) Sentences(key string) []string { return strings.Split(p.T(key), "\n") }

func (s *site) reportForm(w http.ResponseWriter, r *http.Request) error {
	now := s.Config.Now()
	begin := url.Values{"from": {now.AddDate(0, -3, 0).In(app.Here).Format(time.DateOnly)}, "to": {now.In(app.Here).Format(time.DateOnly)}, "language": {s.base(r).Language}}
	return s.showReportForm(w, r, http.StatusOK, begin, "", "")
}

func (s *site) showReportForm(w http.ResponseWriter, r *http.Request, status int, typed url.Values, faulty, problem string) error {
	team, err := s.teamOf(r)
	if err != nil {
		return err
	}
	if len(team.Reports) == 0 {
		return casework.Absent()
	}
	page := reportForm{base: s.account(r), Team: team}
	persons := []choice{{"", page.T("report.choose")}}
	for _, p := range team.Reports {
		persons = append(persons, choice{string(p.ID), isolated(page.personName(p)) + ", " + page.T("view."+string(p.Kind))})
	}
	page.Fields = fields{
		{base: page.base, Name: "person", Label: "report.person", Options: persons},
		{base: page.base, Name: "from", Label: "records.from", Type: "date"},
		{base: page.base, Name: "to", Label: "records.to", Type: "date"},
		{base: page.base, Name: "holds", Label: "report.form_holds", Options: []choice{{"names", page.T("report.form_names")}, {"roles", page.T("report.form_roles")}}},
		{base: page.base, Name: "language", Label: "report.language", Options: []choice{{"nl", "Nederlands"}, {"en", "English"}}},
	}
	page.Fields.fill(typed)
	page.Fields.blame(faulty, problem)
	return s.render(w, status, "report_form", page)
}

// makeReport shows the report, once: it is kept nowhere, and stands in no address.
func (s *site) makeReport(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if form.Get("person") == "" {
		return s.showReportForm(w, r, http.StatusBadRequest, form, "person", "report.choose_person")
	}
	wish := app.ReportWish{Person: casework.PersonID(form.Get("person")), Period: app.Period{From: form.Get("from"), To: form.Get("to")}, Guarded: form.Get("holds") != "names"}
	report, err := s.App.ClientReport(r.Context(), session, id, wish)
	if faulty := logFieldOf[reasonOf(err)]; err != nil && faulty != "" {
		return s.showReportForm(w, r, statuses[casework.KindOf(err)], form, faulty, reasonKey(err))
	}
	if err != nil {
		return err
	}
	page := reportPage{base: s.account(r), ClientReport: report}
	if chosen := form.Get("language"); slices.Contains(languages, chosen) {
		page.Language = chosen
	}
	return s.render(w, http.StatusOK, "report", page)
}
