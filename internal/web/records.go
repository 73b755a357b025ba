package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// recordsPage is the access log of an organisation, for who reviews it. What is
// filtered by is kept with the session: it stands in no address and in no history of a
// browser. Where in the log one is stands there, sealed.
type recordsPage struct {
	base
	Lines        []recordRow
	Filter       fields
	Older, Newer string
	Asked        bool // it answers a form
	Filtered     bool
	Stays        bool   // by one person or one case, whose stays can be drawn
	Newest       bool   // nothing newer is there: what comes can be followed
	Tail         string // where following begins
	Problem      bool
	Printed      time.Time
}

// recordRow is one line of it in the words of the page.
type recordRow struct {
	base
	app.RecordLine
}

// What is what was done.
func (r recordRow) What() string { return r.eventName(r.Event) }

// eventName is an event of the access log in words; one of another version of the
// program is told as something else.
func (b base) eventName(event audit.Event) string {
	if words := b.optional("access." + string(event)); words != "" {
		return words
	}
	return b.T("access.other")
}

// Reason is why a rule refused it, in the language of the page if it has it.
func (r recordRow) Reason() reason { return r.ruleReason(r.Rule, r.Why) }

// Clock is a moment of a day in the Netherlands, to the second.
func (base) Clock(at time.Time) string { return at.In(app.Here).Format("15:04:05") }

// way is one of the pages about access of an organisation.
type way struct {
	At, Words string
	Here      bool // it is this one
}

// logWays lead from one of them to the others, and back to one's own cases.
type logWays struct {
	base
	Ways []way
}

// LogWays are those from the page at an address.
func (b base) LogWays(here string) logWays {
	w := logWays{base: b}
	for _, one := range []struct{ at, title string }{{"/overview", "overview.title"}, {"/records", "records.title"}, {"/reviews", "glass.reviews"}, {"/hats", "hats.title"}} {
		w.Ways = append(w.Ways, way{one.at, b.T(one.title), one.at == here})
	}
	return w
}

// Count says how many lines there are here.
func (p recordsPage) Count() string { return p.count("records.lines", len(p.Lines)) }

// span is from when until when somebody stayed, as far as that is known, or when
// something else was done: by the clock of the Netherlands, as the day beside it.
func (b base) span(stay bool, at, left time.Time, cutOff bool) string {
	const minute = "15:04"
	begin, end := at.In(app.Here).Format(minute), left.In(app.Here).Format(minute)
	switch {
	case !stay:
		return begin
	case left.IsZero():
		return b.T("records.since", "from", begin)
	case !app.DayOf(left).Equal(app.DayOf(at)):
		end = b.Moment(left)
	}
	if cutOff {
		return b.T("records.span_latest", "from", begin, "to", end)
	}
	return b.T("records.span", "from", begin, "to", end)
}

func (s *site) records(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	kept, err := s.App.FiltersOf(r.Context(), session)
	if err != nil {
		return err
	}
	older, ok := s.App.OpenRecordPlace(r.URL.Query().Get("older"))
	newer, fits := s.App.OpenRecordPlace(r.URL.Query().Get("newer"))
	if !ok || !fits {
		return casework.Absent()
	}
	list, err := s.App.RecordsOf(r.Context(), session, kept.Records, older, newer)
	if casework.KindOf(err) == casework.Invalid { // it could be when it was kept
		return s.showRecords(w, r, list, formOf(kept.Records), err)
	}
	if err != nil {
		return err
	}
	return s.showRecords(w, r, list, formOf(kept.Records), nil)
}

// filterRecords keeps by what the log is looked through, or says beside the field what
// is wrong.
func (s *site) filterRecords(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	if form.Has("clear") {
		form = url.Values{}
	}
	session := sessionIn(r)
	list, err := s.App.FilterRecords(r.Context(), session, recordFilter(form))
	if err == nil {
		return backTo(w, r, "/records", "filtered")
	}
	return s.showRecords(w, r, list, form, err)
}

func recordFilter(form url.Values) app.RecordFilter {
	return app.RecordFilter{Person: casework.UserID(form.Get("person")), Case: form.Get("case"), Kind: audit.Kind(form.Get("kind")),
		Outcome: audit.Outcome(form.Get("outcome")), Period: app.Period{From: form.Get("from"), To: form.Get("to")}}
}

func formOf(f app.RecordFilter) url.Values {
	return url.Values{"person": {string(f.Person)}, "case": {f.Case}, "kind": {string(f.Kind)}, "outcome": {string(f.Outcome)}, "from": {f.From}, "to": {f.To}}
}

// logFieldOf is the field that a refusal is about, of a form that asks for a part of the
// log.
var logFieldOf = map[string]string{"bad_person": "person", "bad_case_code": "case", "bad_kind": "kind", "bad_outcome": "outcome",
	"bad_from": "from", "bad_to": "to", "to_before_from": "to", "overview_long": "to", "report_to": "to", "report_long": "from"}

func (s *site) showRecords(w http.ResponseWriter, r *http.Request, records app.Records, form url.Values, refused error) error {
	faulty := logFieldOf[reasonOf(refused)]
	if refused != nil && faulty == "" {
		return refused
	}
	filter := recordFilter(form)
	page := recordsPage{base: s.account(r), Older: s.App.SealRecordPlace(records.Older), Newer: s.App.SealRecordPlace(records.Newer), Asked: done(r) == "filtered",
		Filtered: filter != app.RecordFilter{}, Printed: s.Config.Now()}
	over := filter.To != "" && filter.To < s.Config.Now().In(app.Here).Format(time.DateOnly) // nothing new comes
	page.Newest, page.Tail = records.Newer == "" && r.URL.Query().Get("older") == "" && !over, s.App.SealRecordPlace(s.App.TailPlace(records.Newest, filter))
	page.Stays = drawn(filter)
	page.Filter = s.recordFields(page.base, records)
	page.Filter.fill(form)
	for _, line := range records.Lines {
		page.Lines = append(page.Lines, recordRow{page.base, line})
	}
	status := http.StatusOK
	if faulty != "" {
		page.Filter.blame(faulty, reasonKey(refused))
		page.Problem, status = true, statuses[casework.KindOf(refused)]
	}
	return s.render(w, status, "records", page)
}

func (s *site) recordFields(b base, records app.Records) fields {
	every := choice{"", b.T("records.every")}
	people, kinds := []choice{{"", b.T("records.everybody")}}, []choice{every}
	for _, p := range records.People {
		people = append(people, choice{string(p.ID), isolated(p.Name)})
	}
	for _, k := range audit.Kinds {
		kinds = append(kinds, choice{string(k), b.T("records.kind." + string(k))})
	}
	outcomes := []choice{every, {string(audit.Done), b.T("records.done")}, {string(audit.Refused), b.T("records.refused")}}
	return append(fields{
		{base: b, Name: "person", Label: "records.person", Options: people, Optional: true},
		{base: b, Name: "case", Label: "records.case", Hint: "records.case_hint", Max: 12, Optional: true},
		{base: b, Name: "kind", Label: "records.kind", Options: kinds, Optional: true},
		{base: b, Name: "outcome", Label: "records.outcome", Options: outcomes, Optional: true},
	}, periodFields(b)...)
}
