package app

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// LogReasons are what lines of the access log can be taken out for: codes, in the
// order in which they are offered. What is written of it stays for years, and says
// nothing of a family.
var LogReasons = []string{"review", "client", "incident", "supervision", "other"}

// LogFormat is what kind of file is made of lines of the access log.
type LogFormat string

// Formats.
const (
	CSV    LogFormat = "csv"    // for a spreadsheet
	FHIR   LogFormat = "fhir"   // for another program
	Bundle LogFormat = "bundle" // with its proof: App.Bundle
)

// LogFormats are all there are, in the order in which they are offered.
var LogFormats = []LogFormat{CSV, FHIR, Bundle}

// LogAsked is which lines of the access log are taken out, as what, and what for.
type LogAsked struct {
	Filter RecordFilter
	Format LogFormat
	Reason string
}

// LogFile is what lines are written to, a good many at a time, newest first. End
// closes a file that is whole with the line of the export itself; a file without it
// is not whole.
type LogFile interface {
	Write([]audit.Line) error
	End(audit.Line, int) error
}

// exportPage is how many lines are read and written at a time.
const exportPage = 1000

// LogExportPage gives whoever reviews the access log of its organisation what there is
// to choose from before lines are taken out: the people. The look is on the record.
func (a *App) LogExportPage(ctx context.Context, session Session) (page Records, err error) {
	err = a.review(ctx, session, "view_log_export", nil, func(tx *store.Tx, by identity.Account, _ *policy.Policy) (err error) {
		page.People, err = tx.UsersOf(ctx, by.Organisation)
		return err
	})
	return page, err
}

// ExportLog writes the lines that RecordsOf shows somebody who reviews the access log
// of its organisation to a file, all of them, for a reason and after a second factor
// (ErrNotProven). That it begins is on the record before anything goes out, and in the
// end with how many lines, whole or not. Between them every page of lines is read
// under rights and a session that hold at that moment: when one of them ends, the file
// breaks off.
func (a *App) ExportLog(ctx context.Context, session Session, asked LogAsked, file LogFile) error {
	if _, err := a.beginLogExport(ctx, session, asked); err != nil {
		return err
	}
	e := logExport{App: a, session: session, filter: asked.Filter}
	stopped := e.writeTo(ctx, file)
	record, err := a.endLogExport(ctx, session, asked.Format, e.lines, stopped)
	if err := errors.Join(stopped, err); err != nil {
		return a.fault("export the access log", err)
	}
	return file.End(e.line(store.ReviewedRecord{ID: record.ID, At: record.At, Event: record.Event, Action: record.Action, Outcome: record.Outcome, User: e.by.ID,
		Role: record.Role, Policy: record.Policy, AccessPoint: record.AccessPoint, Source: record.Source}, RecordLine{At: record.At, Who: e.by.Name, Event: record.Event, Role: record.Role}), e.lines)
}

// beginLogExport puts on the record that lines of the access log begin to go out, or
// why they do not.
func (a *App) beginLogExport(ctx context.Context, session Session, asked LogAsked) (audit.Record, error) {
	record := a.outsideRecord(ctx, session.Account, "export_log", audit.Execute)
	record.Detail = asked.Filter.used()
	record.Detail["format"], record.Detail["reason"] = string(asked.Format), asked.Reason
	err := a.reviewing(ctx, session, func(tx *store.Tx, by identity.Account, _ *policy.Policy, rule string) error {
		if !slices.Contains(LogReasons, asked.Reason) {
			return casework.Refuse(casework.Invalid, "bad_log_reason")
		}
		if !slices.Contains(LogFormats, asked.Format) {
			return casework.Refuse(casework.Invalid, "bad_log_format")
		}
		users, err := tx.UsersOf(ctx, by.Organisation)
		if err != nil {
			return err
		}
		if _, err := a.reviewBy(ctx, tx, by, users, asked.Filter); err != nil {
			return err
		}
		if !a.Proven(session) {
			return ErrNotProven
		}
		record.PolicyRule = rule
		return tx.Record(ctx, record)
	})
	return record, a.notReviewed(ctx, session, record, err)
}

// endLogExport puts on the record how many lines went out, and whether those were all
// that were asked for.
func (a *App) endLogExport(ctx context.Context, session Session, format LogFormat, lines int, stopped error) (audit.Record, error) {
	record := a.outsideRecord(ctx, session.Account, "export_log_ended", audit.Execute)
	record.Detail = map[string]string{"format": string(format), "lines": strconv.Itoa(lines), "whole": strconv.FormatBool(stopped == nil)}
	ctx = context.WithoutCancel(ctx) // who asked may have gone
	return record, a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) })
}

// logExport is an export that is under way.
type logExport struct {
	*App
	session Session
	filter  RecordFilter
	by      identity.Account
	lines   int // so far
}

// writeTo reads and writes page after page.
func (e *logExport) writeTo(ctx context.Context, file LogFile) error {
	var after store.RecordPlace
	for {
		lines, err := e.next(ctx, &after)
		if err != nil {
			return err
		}
		if err := file.Write(lines); err != nil {
			return &casework.Error{Kind: casework.Unavailable, Reason: "unavailable", Err: err} // who asked has gone
		}
		if e.lines += len(lines); len(lines) < exportPage {
			return nil
		}
	}
}

// next reads the lines after a place, and moves it on.
func (e *logExport) next(ctx context.Context, after *store.RecordPlace) (lines []audit.Line, err error) {
	err = e.read(ctx, after, func(list []store.ReviewedRecord, shown []RecordLine) error {
		for i, r := range list {
			lines = append(lines, e.line(r, shown[i]))
		}
		return nil
	})
	return lines, err
}

// read reads records after a place, as they are kept and as they are shown, under
// rights and a session that hold now, and moves the place on.
func (e *logExport) read(ctx context.Context, after *store.RecordPlace, take func([]store.ReviewedRecord, []RecordLine) error) error {
	if err := e.stillOpen(ctx, e.session); err != nil {
		return err
	}
	return e.reviewing(ctx, e.session, func(tx *store.Tx, by identity.Account, rules *policy.Policy, _ string) error {
		e.by = by
		users, err := tx.UsersOf(ctx, by.Organisation)
		if err != nil {
			return err
		}
		review, err := e.reviewBy(ctx, tx, by, users, e.filter)
		if err != nil {
			return err
		}
		review.After, review.Limit = *after, exportPage
		list, err := e.store.Reviewed(ctx, by.ID, review)
		if err != nil || len(list) == 0 {
			return err
		}
		shown, err := e.recordLines(ctx, tx, by, list, rules)
		if err != nil {
			return err
		}
		last := list[len(list)-1]
		*after = store.RecordPlace{At: last.At, ID: last.ID}
		return take(list, shown)
	})
}

// stillOpen is ErrSignedOut for a session that is over or locked meanwhile.
func (a *App) stillOpen(ctx context.Context, session Session) error {
	states, err := a.LiveSessions(ctx, [][]byte{session.Hash})
	if err == nil && states[string(session.Hash)] != casework.SessionOpen {
		err = ErrSignedOut
	}
	return err
}

// line is a line of a page as a file has it. Of a change of who may see what a file
// says no more than the page: in what way and through which door it was done would
// tell a lend from a bar, or one that ended by the clock.
func (e *logExport) line(r store.ReviewedRecord, shown RecordLine) audit.Line {
	line := audit.Line{ID: r.ID, At: r.At.UTC(), Event: shown.Event, Action: r.Action, Refused: shown.Refused, User: r.User, Name: shown.Who, Organisation: shown.Organisation,
		Role: shown.Role, Relation: r.Relation, Ground: shown.Ground, Case: shown.Case, Rule: shown.Rule, Why: shown.Why, Policy: r.Policy, AccessPoint: r.AccessPoint, Source: r.Source}
	if line.Organisation == "" && line.Name != "" {
		line.Organisation = e.by.OrganisationName
	}
	if line.Event == audit.SightChanged {
		line.Action, line.Relation, line.AccessPoint = audit.Update, "", ""
	}
	return line
}
