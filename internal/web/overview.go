package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// overviewPage is what happened in a period in an organisation, in pictures with the
// numbers beside them, for who reviews its access log.
type overviewPage struct {
	base
	app.Overview
	Fields     fields
	Overviewed []choice // whole months to choose
	Chosen     string   // the one that is shown; empty: other days
	Asked      bool
	Problem    bool
	Whole      bool // it is read as a whole, also on paper: nothing of it leads on
	Printed    time.Time
	Sole       string // key of that nobody else reviews; empty: somebody does
}

func (s *site) overview(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	kept, err := s.App.FiltersOf(r.Context(), session)
	if err != nil {
		return err
	}
	overview, err := s.App.OverviewOf(r.Context(), session, kept.Overview)
	return s.showOverview(w, r, overview, kept.Overview, err)
}

// chooseOverview keeps of which period the overview is shown, or says beside the field
// what is wrong.
func (s *site) chooseOverview(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	period := app.Period{From: typed(form, "from"), To: typed(form, "to")}
	if first, ok := app.MonthIn(form.Get("month")); ok {
		period = app.DaysOfMonth(first)
	}
	session := sessionIn(r)
	if err := s.App.ShowOverview(r.Context(), session, period); err != nil {
		return s.showOverview(w, r, app.Overview{}, period, err)
	}
	return backTo(w, r, "/overview", "period")
}

func (s *site) showOverview(w http.ResponseWriter, r *http.Request, overview app.Overview, period app.Period, refused error) error {
	faulty := logFieldOf[reasonOf(refused)]
	if refused != nil && faulty == "" {
		return refused
	}
	page := overviewPage{base: s.account(r), Overview: overview, Asked: done(r) == "period", Printed: s.Config.Now()}
	page.Fields = periodFields(page.base)
	page.Fields.fill(url.Values{"from": {period.From}, "to": {period.To}})
	page.months()
	var err error
	if page.Sole, err = s.sole(r); err != nil {
		return err
	}
	status := http.StatusOK
	if faulty != "" {
		page.Fields.blame(faulty, reasonKey(refused))
		page.Problem, status = true, statuses[casework.KindOf(refused)]
	}
	return s.render(w, status, "overview", page)
}

// months are those to choose: the one that it is, and a year back.
func (p *overviewPage) months() {
	for back := range 13 {
		one := p.monthBefore(back)
		if first, _ := app.MonthIn(one.Value); p.Period == app.DaysOfMonth(first) {
			p.Chosen = one.Value
		}
		p.Overviewed = append(p.Overviewed, one)
	}
}

// Reviewed is the month of which the review is offered: the one that is shown, else the
// last that is over.
func (p overviewPage) Reviewed() choice {
	for _, m := range p.Overviewed {
		if m.Value == p.Chosen {
			return m
		}
	}
	return p.LastMonth()
}

// Month is a month in words.
func (b base) Month(at time.Time) string {
	local := at.In(app.Here)
	return strings.Fields(b.T("day.months"))[local.Month()-1] + " " + local.Format("2006")
}

// Called is the period in words.
func (p overviewPage) Called() string {
	for _, m := range p.Overviewed {
		if m.Value == p.Chosen {
			return m.Words
		}
	}
	return p.T("overview.days", "from", p.Day(p.From), "to", p.Day(p.To))
}

// Number is a number as the language of the page writes it.
func (b base) Number(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + b.T("overview.thousands") + digits[at:]
	}
	return digits
}

// Share is what part of all something is, in whole percents.
func (p overviewPage) Share(part, all int) string {
	if all == 0 {
		return "0%"
	}
	return strconv.Itoa((part*100+all/2)/all) + "%"
}

// Span is a day or a month of the period in words.
func (p overviewPage) Span(from time.Time) string {
	if p.Months {
		return p.Month(from)
	}
	return p.Day(from)
}

// Unanswered is how many broken glasses wait for somebody to look back.
func (p overviewPage) Unanswered() (n int) {
	for _, g := range p.Glasses {
		if !g.Answered {
			n++
		}
	}
	return n
}

// UnansweredSay tells that beside how many were broken; empty: none waits, or not all of
// them are at hand to tell.
func (p overviewPage) UnansweredSay() string {
	n := p.Unanswered()
	if n == 0 || len(p.Glasses) < p.Broken {
		return ""
	}
	return p.count("overview.of_which_wait", n)
}

// GlassRows and ExportRows are lines in the words of the page of records.
func (p overviewPage) GlassRows() (rows []glassAnswer) {
	for _, g := range p.Glasses {
		rows = append(rows, glassAnswer{recordRow{p.base, g.RecordLine}, g.Answered, g.Judged, g.Reviewer, g.Reviewed})
	}
	return rows
}

// glassAnswer is a broken glass, and what came of looking back.
type glassAnswer struct {
	recordRow
	Answered bool
	Judged   app.Judgement
	Reviewer string // empty: nobody, or somebody of another organisation
	Reviewed time.Time
}

// ExportRows are what left the program.
func (p overviewPage) ExportRows() (rows []recordRow) {
	for _, line := range p.Exports {
		rows = append(rows, recordRow{p.base, line})
	}
	return rows
}

// RefusalRows are what was refused, in words.
func (p overviewPage) RefusalRows() (rows []refusalRow) {
	for _, r := range p.Refusals {
		row := recordRow{p.base, app.RecordLine{Event: r.Event, Rule: r.Rule, Why: r.Why}}
		rows = append(rows, refusalRow{row, r.Count})
	}
	return rows
}

type refusalRow struct {
	recordRow
	Count int
}

// RefusalsSay, and those after it, say in a sentence what a picture shows.
func (p overviewPage) RefusalsSay() string {
	if p.Refused == 0 {
		return p.T("overview.refused.none")
	}
	most := p.Spans[0]
	for _, s := range p.Spans {
		if s.Refused > most.Refused {
			most = s
		}
	}
	say := "overview.refused.say"
	if p.Months {
		say = "overview.refused.say_month"
	}
	return p.T(say, "n", p.Number(p.Refused), "most", p.Number(most.Refused), "when", p.Span(most.From))
}

// CasesSay tells which case was come to most.
func (p overviewPage) CasesSay() string {
	if len(p.Cases) == 0 {
		return p.T("overview.cases.none")
	}
	return p.T("overview.cases.say", "code", string(p.Cases[0].Case), "n", p.Number(p.Cases[0].Accesses), "all", p.Number(p.Accesses))
}

// LateSay tells how much happened after hours.
func (p overviewPage) LateSay() string {
	return p.T("overview.late.say", "n", p.Number(p.After), "all", p.Number(p.Accesses), "share", p.Share(p.After, p.Accesses))
}

// GlassSay tells how often the glass was broken.
func (p overviewPage) GlassSay() string {
	if p.Broken == 0 {
		return p.T("overview.glass.none")
	}
	say := p.count("overview.glass", p.Broken)
	if len(p.Glasses) < p.Broken {
		return say + " " + p.newest(len(p.Glasses))
	}
	return say + " " + p.count("overview.unanswered", p.Unanswered())
}

// ExportsSay tells how often something left the program.
func (p overviewPage) ExportsSay() string {
	if p.Left == 0 {
		return p.T("overview.exports.none")
	}
	say := p.count("overview.exports", p.Left)
	if len(p.Exports) < p.Left {
		say += " " + p.newest(len(p.Exports))
	}
	return say
}

// newest says how many of what there is stand in the table.
func (p overviewPage) newest(shown int) string { return p.T("overview.newest", "n", p.Number(shown)) }

// UndueSay tells who came without a written task.
func (p overviewPage) UndueSay() string {
	if p.Bare == 0 {
		return p.T("overview.undue.none")
	}
	say := p.count("overview.undue", p.Bare)
	if len(p.Undue) < p.Bare {
		say += " " + p.T("overview.most_of", "n", p.Number(len(p.Undue)))
	}
	return say
}

// WorkFrom and WorkBefore are the hours of a working day.
func (overviewPage) WorkFrom() int { return app.WorkFrom }

// WorkBefore is when it is over.
func (overviewPage) WorkBefore() int { return app.WorkBefore }

// Week are the names of its days.
func (p overviewPage) Week() []string { return strings.Fields(p.T("overview.weekdays")) }

// leadingCase is a case that leads to its lines of a period.
type leadingCase struct {
	Code   casework.CaseCode // empty: there is none
	Period *app.Period       // nil: it leads nowhere
}

// Leads leads to the lines of a case in the period, where they are a press away.
func (p overviewPage) Leads(code casework.CaseCode) leadingCase {
	if p.Whole || code == "" {
		return leadingCase{Code: code}
	}
	return leadingCase{code, &p.Period}
}

// Names is somebody in the words of the page.
func (p overviewPage) Names(who, organisation string) recordRow {
	return recordRow{p.base, app.RecordLine{Who: who, Organisation: organisation}}
}
