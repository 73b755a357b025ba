package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// logExportPage is where whoever reviews the access log of an organisation takes lines
// of it out, as a file.
type logExportPage struct {
	base
	Filter         fields
	Reason, Format chosenOf
	Proven         bool
}

// chosenOf is a question with a few answers to choose from.
type chosenOf struct {
	base
	Name    string
	Label   string // key of its words
	Answers []choice
	Value   string
	Problem string // key of what is wrong; empty: nothing
	Focus   bool
}

// logExport shows the page with the filter by which its reader looked through the log.
func (s *site) logExport(w http.ResponseWriter, r *http.Request) error {
	kept, err := s.App.FiltersOf(r.Context(), sessionIn(r))
	if err != nil {
		return err
	}
	return s.showLogExport(w, r, formOf(kept.Records), nil)
}

// showLogExport shows the page as it was typed, with what is wrong of it.
func (s *site) showLogExport(w http.ResponseWriter, r *http.Request, form url.Values, refused error) error {
	session := sessionIn(r)
	records, err := s.App.LogExportPage(r.Context(), session)
	if err != nil {
		return err
	}
	page := logExportPage{base: s.account(r), Proven: s.App.Proven(session)}
	page.Filter = s.recordFields(page.base, records)
	page.Filter.fill(form)
	page.Reason = chosenOf{base: page.base, Name: "reason", Label: "log_export.reason", Value: form.Get("reason")}
	for _, reason := range app.LogReasons {
		page.Reason.Answers = append(page.Reason.Answers, choice{reason, page.T("log_export.reason." + reason)})
	}
	page.Format = chosenOf{base: page.base, Name: "format", Label: "log_export.format", Value: form.Get("format")}
	for _, format := range app.LogFormats {
		page.Format.Answers = append(page.Format.Answers, choice{string(format), page.T("log_export.format." + string(format))})
	}
	status := http.StatusOK
	if refused != nil {
		status = statuses[casework.KindOf(refused)]
		switch reason, problem := reasonOf(refused), reasonKey(refused); reason {
		case "bad_log_reason":
			page.Reason.Problem, page.Reason.Focus = problem, true
		case "bad_log_format":
			page.Format.Problem, page.Format.Focus = problem, true
		default:
			page.Filter.blame(logFieldOf[reason], problem)
		}
	}
	return s.render(w, status, "log_export", page)
}

// exportLog hands the file over, as it is read.
func (s *site) exportLog(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	asked := app.LogAsked{Filter: recordFilter(form), Format: app.LogFormat(form.Get("format")), Reason: form.Get("reason")}
	file := &download{w: w}
	if asked.Format == app.Bundle {
		file.kind, file.name = "application/zip", "casustafel.zip"
		err = s.App.Bundle(r.Context(), sessionIn(r), asked.Filter, asked.Reason, file)
	} else {
		err = s.App.ExportLog(r.Context(), sessionIn(r), asked, s.logFile(s.base(r), asked.Format, file))
	}
	switch {
	case err != nil && file.begun:
		panic(http.ErrAbortHandler) // the browser is to see that the file is not whole
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, "/records/export")
		return nil
	case casework.KindOf(err) == casework.Invalid:
		return s.showLogExport(w, r, form, err)
	}
	return err
}

// logFile is the file of a format, in the words of a page.
func (s *site) logFile(b base, format app.LogFormat, to *download) app.LogFile {
	if format == app.FHIR {
		to.kind, to.name = "application/fhir+ndjson", "casustafel.ndjson"
		return logWords{b, audit.NewFHIR(to, b.optional, b.Language)}
	}
	to.kind, to.name = "text/csv; charset=utf-8", "casustafel.csv"
	return logWords{b, audit.NewCSV(to, b.optional, app.Here)}
}

// logWords gives the reasons of rules in the words of a page.
type logWords struct {
	base
	app.LogFile
}

// Write implements app.LogFile.
func (f logWords) Write(lines []audit.Line) error {
	for i, l := range lines {
		if l.Rule != "" {
			lines[i].Why, _ = f.why(l.Rule, l.Why)
		}
	}
	return f.LogFile.Write(lines)
}

// download is an answer that a browser keeps as a file, of whatever length: who goes
// on taking it is not cut off. Until the first byte it can still become a page.
type download struct {
	w          http.ResponseWriter
	kind, name string
	begun      bool
}

// takenWithin is how long a browser may take for a part of a file.
const takenWithin = time.Minute

// Write implements io.Writer.
func (d *download) Write(p []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.w.Header().Set("Content-Type", d.kind)
		d.w.Header().Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	}
	err := http.NewResponseController(d.w).SetWriteDeadline(time.Now().Add(takenWithin))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return d.w.Write(p)
}
