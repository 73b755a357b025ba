package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// firstYear is before anything can be on record.
const firstYear = 2000

// MonthReview is what somebody who reviews the access log of an organisation reads of a
// month of it, and who of that organisation read it.
type MonthReview struct {
	Month    string    // as audit.MonthForm has it
	From     time.Time // its first moment
	Over     bool      // it can be signed, unless it is of before
	Before   bool      // the organisation was not there yet, and nothing of it is on the log
	Overview Overview
	Alarms   []AlarmCount // by kind, of what began in the month
	Raised   []Alarm      // these, oldest first
	Unshown  int          // of these
	Signing  MonthSigning

	WaitingAlarms  []Alarm // that began before the month was over
	WaitingGlasses []Glass

	Numbers []MonthNumber // what is signed
	Digest  string        // of them
	Signed  []MonthSignature
	Own     bool // the reader is among them

	never []casework.CaseID // what its reader was to learn nothing of
}

// AlarmCount is how many alarms of a kind there were, and what came of them.
type AlarmCount struct {
	Kind    audit.AlarmKind
	All     int
	Judged  map[AlarmJudgement]int
	Open    int
	Longest time.Duration // until an answer
}

// MonthNumber is one number of a month, by its name.
type MonthNumber struct {
	Name string
	N    int
}

// shrinking are the names of the numbers of which there can be fewer later, whatever may be
// known: an answer was given, or it was written what a place is for.
var shrinking = []string{"undue", "waits"}

// MonthSignature is that somebody read the review of a month.
type MonthSignature struct {
	Who, Remark string
	At          time.Time
	Own         bool
	// Changed are the numbers that are no longer as the reader was told then. Of others
	// they are not told: whoever may know of more cases reads other numbers. Nor is it told
	// of the reader that a number went down that otherwise only grows: that would say that
	// a case is kept from the reader since.
	Changed []MonthChange
}

// MonthChange is a number then and now.
type MonthChange struct {
	Name      string
	Then, Now int
}

// MonthReviewOf shows the review of a month, as audit.MonthForm has it, to somebody who
// reviews the access log of an organisation. The look is on the record before anything
// goes out. For anybody else, and of a month that has not begun, there is nothing here:
// casework.Absent.
func (a *App) MonthReviewOf(ctx context.Context, session Session, month string) (MonthReview, error) {
	record := a.outsideRecord(ctx, session.Account, "view_month", audit.Read)
	return a.monthReview(ctx, session, month, &record, func(counted, MonthReview) error { return nil })
}

// SignMonth says that somebody read the review of a month that is over, once, with a
// remark of one's own. Numbers that are no longer those that were read are a
// casework.Conflict: nobody signs for what was not read. What has to be read or typed
// again is on the record as a look, and not as a refusal.
func (a *App) SignMonth(ctx context.Context, session Session, month, digest, remark string) error {
	record := a.outsideRecord(ctx, session.Account, "review_month", audit.Update)
	var again error
	_, err := a.monthReview(ctx, session, month, &record, func(c counted, m MonthReview) error {
		remark, err := board.Remark(remark)
		again, record.Event, record.Action = nil, "review_month", audit.Update // it may be tried a second time
		switch {
		case err != nil:
			again = err
		case m.Before:
			return casework.Absent()
		case !m.Over:
			again = casework.Refuse(casework.Conflict, "month_runs")
		case m.Own:
			again = casework.Refuse(casework.Conflict, "month_signed")
		case m.Digest != digest:
			again = casework.Refuse(casework.Conflict, "month_changed")
		}
		if again != nil {
			record.Event, record.Action = "view_month", audit.Read
			return nil
		}
		words := store.MonthWords{Remark: remark, Numbers: map[string]int{}}
		for _, number := range m.Numbers {
			words.Numbers[number.Name] = number.N
		}
		first, err := c.tx.SignMonth(ctx, store.MonthSignature{Organisation: c.by.Organisation, Month: m.From, By: c.by.ID, At: a.moment()}, words)
		if err == nil && !first { // at the same time, in another window
			again = casework.Refuse(casework.Conflict, "month_signed")
			record.Event, record.Action = "view_month", audit.Read
		}
		return err
	})
	if err == nil {
		err = again
	}
	return err
}

// monthReview makes the review of a month, does what is done with it, and puts that on
// the record.
func (a *App) monthReview(ctx context.Context, session Session, month string, record *audit.Record, do func(counted, MonthReview) error) (m MonthReview, err error) {
	now := a.moment()
	from, ok := MonthIn(month)
	if !ok || from.Year() < firstYear || from.After(now) {
		return m, a.notReviewed(ctx, session, *record, casework.Absent())
	}
	record.ObjectKind, record.Object = "month", month
	until := from.AddDate(0, 1, 0)
	var waited store.Waited
	count := func(by identity.Account, over store.Tallying) (err error) {
		waited, err = a.store.WaitedFor(ctx, by.ID, over.Review, signedWithin, now)
		return err
	}
	_, err = a.overview(ctx, session, DaysOfMonth(from), record, count, func(c counted) error {
		m = MonthReview{Month: month, From: from, Over: !now.Before(until), Overview: *c.overview, never: c.never}
		if err := a.monthAlarms(ctx, c, &m, until); err != nil {
			return err
		}
		glasses, err := a.openGlasses(ctx, c.tx, c.by, c.never)
		if err != nil {
			return err
		}
		for _, g := range glasses {
			if g.From.Before(until) {
				m.WaitingGlasses = append(m.WaitingGlasses, g)
			}
		}
		m.Signing = MonthSigning{Longest: waited.Longest, Waits: waited.Since}
		if m.Before, err = before(ctx, c, until); err != nil {
			return err
		}
		m.number()
		if err := a.signatures(ctx, c.tx, c.by, &m); err != nil {
			return err
		}
		return do(c, m)
	})
	if err != nil {
		return MonthReview{}, err
	}
	return m, nil
}

// before tells whether all of a period was over when the organisation came: when it had
// no account, and its reader finds no line of then.
func before(ctx context.Context, c counted, until time.Time) (bool, error) {
	since, err := c.tx.OrganisationSince(ctx, c.by.Organisation)
	if err != nil || since.Before(until) {
		return false, err
	}
	oldest, err := c.tx.OldestLine(ctx, c.by.Organisation, c.never)
	return oldest.IsZero() || !oldest.Before(until), err
}

// number takes the numbers of a month together.
func (m *MonthReview) number() {
	o, alarms := m.Overview, 0
	for _, kind := range m.Alarms {
		alarms += kind.All
	}
	m.Numbers = []MonthNumber{{"accesses", o.Accesses}, {"people", o.People}, {"late", o.After}, {"undue", o.Bare}, {"refused", o.Refused}, {"glass", o.Broken},
		{"exports", o.Left}, {"alarms", alarms}, {"waits", len(m.WaitingAlarms) + len(m.WaitingGlasses)}}
	sum := sha256.Sum256(fmt.Append(nil, m.Month, m.Numbers))
	m.Digest = hex.EncodeToString(sum[:8])
}

// signatures lists who of the organisation read the review.
func (a *App) signatures(ctx context.Context, tx *store.Tx, by identity.Account, m *MonthReview) error {
	kept, err := tx.MonthSignatures(ctx, by.Organisation, m.From)
	if err != nil {
		return err
	}
	var ids []casework.UserID
	for _, one := range kept {
		ids = append(ids, one.By)
	}
	people, err := tx.People(ctx, ids)
	if err != nil {
		return err
	}
	for _, one := range kept {
		words, err := a.store.MonthWords(one)
		if err != nil {
			return err
		}
		s := MonthSignature{Who: people[one.By].Name, Remark: words.Remark, At: one.At.UTC(), Own: one.By == by.ID}
		if s.Own {
			m.Own = true
			for _, number := range m.Numbers {
				if then, ok := words.Numbers[number.Name]; ok && (number.N > then || number.N < then && slices.Contains(shrinking, number.Name)) {
					s.Changed = append(s.Changed, MonthChange{number.Name, then, number.N})
				}
			}
		}
		m.Signed = append(m.Signed, s)
	}
	return nil
}
