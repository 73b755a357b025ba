package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// caseRecordsPage is "Wie keek in deze casus?": who did what at a table, for who looks
// back at it. As on the page of an organisation's log, what is filtered by is posted.
type caseRecordsPage struct {
	base
	app.CaseRecords
	Rows     []caseRecordRow
	Filter   fields
	Asked    bool // it answers a form
	Filtered bool
	Problem  bool
	Printed  time.Time
}

// caseRecordRow is one line of it in the words of the page.
type caseRecordRow struct {
	base
	app.CaseRecordLine
}

// Called is what the page calls the case.
func (p caseRecordsPage) Called() string { return p.caseCalled(p.Name) }

// Count says how many lines there are here.
func (p caseRecordsPage) Count() string { return p.count("records.lines", len(p.Rows)) }

// What is what was done: of a change which one, of a stay through which eyes.
func (r caseRecordRow) What() string {
	for _, key := range []string{"case_records.do." + r.Command, "case_records.eyes." + r.Eyes} {
		if words := r.optional(key); words != "" {
			return words
		}
	}
	return r.eventName(r.Event)
}

// Span is from when until when somebody stayed, or when something was done.
func (r caseRecordRow) Span() string {
	return r.span(r.Event == "join" && !r.Refused, r.At, r.Left, r.CutOff)
}

// Object is the card or person that it was about; empty: none, or none in sight.
func (r caseRecordRow) Object() string {
	switch {
	case r.Card != "":
		return r.T("case_records.card", "code", r.Card.Code())
	case r.Person.ID != "":
		return r.personName(r.Person)
	}
	return ""
}

// Reason is why a rule refused it, in the language of the page if it has it.
func (r caseRecordRow) Reason() reason { return r.ruleReason(r.Rule, r.Why) }

func (s *site) caseRecords(w http.ResponseWriter, r *http.Request) error {
	return s.showCaseRecords(w, r, url.Values{}, false)
}

func (s *site) filterCaseRecords(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	return s.showCaseRecords(w, r, form, true)
}

func (s *site) showCaseRecords(w http.ResponseWriter, r *http.Request, form url.Values, asked bool) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	filter := app.CaseRecordFilter{Member: casework.UserID(form.Get("person")), Kind: form.Get("kind"), Period: app.Period{From: form.Get("from"), To: form.Get("to")}}
	records, err := s.App.CaseRecords(r.Context(), session, id, filter, form.Get("older"), form.Get("newer"))
	faulty := logFieldOf[reasonOf(err)]
	if err != nil && faulty == "" {
		return err
	}
	page := caseRecordsPage{base: s.account(r), CaseRecords: records, Asked: asked, Filtered: filter != app.CaseRecordFilter{}, Printed: s.Config.Now()}
	page.Filter = caseRecordFields(page.base, records)
	page.Filter.fill(form)
	for _, line := range records.Lines {
		page.Rows = append(page.Rows, caseRecordRow{page.base, line})
	}
	status := http.StatusOK
	if faulty != "" {
		page.Filter.blame(faulty, caseRecordProblem(err))
		page.Problem, status = true, statuses[casework.KindOf(err)]
	}
	return s.render(w, status, "case_records", page)
}

// caseRecordProblem is the key of what is wrong with a filter of the page: its people are
// those of the table, and not of an organisation.
func caseRecordProblem(err error) string {
	if reasonOf(err) == "bad_person" {
		return "case_records.choose_person"
	}
	return reasonKey(err)
}

func caseRecordFields(b base, records app.CaseRecords) fields {
	members, kinds := []choice{{"", b.T("records.everybody")}}, []choice{{"", b.T("records.every")}}
	for _, m := range records.Members {
		members = append(members, choice{string(m.User), isolated(m.Name)})
	}
	for _, kind := range app.CaseRecordKinds {
		kinds = append(kinds, choice{kind, b.T("case_records.kind." + kind)})
	}
	return append(fields{
		{base: b, Name: "person", Label: "records.person", Options: members, Optional: true},
		{base: b, Name: "kind", Label: "records.kind", Options: kinds, Optional: true},
	}, periodFields(b)...)
}

// periodFields are the first and last day of a filter.
func periodFields(b base) fields {
	return fields{
		{base: b, Name: "from", Label: "records.from", Type: "date", Optional: true},
		{base: b, Name: "to", Label: "records.to", Type: "date", Optional: true},
	}
}
