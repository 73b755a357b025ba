package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	// WorkFrom and WorkBefore are the hours of a working day, Monday to Friday: what is
	// done at other hours is after hours.
	WorkFrom, WorkBefore = 7, 20
	// overviewRows is how many rows a table of an overview has at most.
	overviewRows = 50
	// longestOverview is how many days an overview covers at most.
	longestOverview = 400
)

// Overview is what happened in a period to the people and cases of an organisation,
// in numbers: access, and never content. Every number is of lines that its reader
// finds on the page of records.
type Overview struct {
	Period   Period    // as it is written in forms
	From, To time.Time // the first and the last day, each as it begins
	Months   bool      // Spans are months, and not days

	Hours    [7][24]int // accesses, from Monday on
	Accesses int
	People   int // who came
	After    int // of which after hours
	Refused  int

	Cases     []CaseAccess // most accesses first
	MoreCases int          // that are not shown
	Spans     []SpanCount  // every day or month of the period that has begun
	Refusals  []RefusalCount
	Glasses   []GlassLine  // the newest
	Broken    int          // glasses in all
	Exports   []RecordLine // the newest
	Left      int          // exports in all
	Late      []LateAccess // who did something after hours, most first
	Undue     []UndueAccess
	Bare      int // such places in all
}

// CaseAccess is who came to one case, by role.
type CaseAccess struct {
	Case     casework.CaseCode
	Own      bool // of the own organisation
	Accesses int
	Roles    []RoleAccess
}

// RoleAccess is how often people in one role came to a case, and how many places its
// team had for that role.
type RoleAccess struct {
	Role                     casework.Role
	Accesses, People, Places int
}

// SpanCount counts what is rare in a day or a month.
type SpanCount struct {
	From                              time.Time
	Accesses, Refused, Exports, Glass int
}

// RefusalCount is how often one kind of thing was refused by one rule.
type RefusalCount struct {
	Event     audit.Event
	Rule, Why string // of the policy that serves now; empty: it was not a rule that may be told
	Count     int
}

// GlassLine is a glass that somebody broke.
type GlassLine struct {
	RecordLine
	Answered bool // somebody looked back at it
	Judged   store.Judgement
	Reviewer string // empty: nobody, or somebody of another organisation
	Reviewed time.Time
}

// LateAccess is how often somebody came after hours.
type LateAccess struct {
	Who, Organisation string // as in RecordLine
	After, All        int
}

// UndueAccess is somebody who came to an own case from a place at which no task and no
// mandate is written now.
type UndueAccess struct {
	Case              casework.CaseCode
	Role              casework.Role
	Who, Organisation string
	Accesses          int
}

// OverviewOf counts what is on the access log of the organisation of somebody who
// reviews it, over a period; the look is on the record before anything goes out. For
// anybody else there is nothing here: casework.Absent. A period that cannot be is
// casework.Invalid; where it has no bound that of the month serves.
func (a *App) OverviewOf(ctx context.Context, session Session, period Period) (overview Overview, err error) {
	record := a.outsideRecord(ctx, session.Account, "view_overview", audit.Read)
	return a.overview(ctx, session, period, &record, nil, func(counted) error { return nil })
}

// counted is an overview as somebody gets it, under rights that are held.
type counted struct {
	tx       *store.Tx
	by       identity.Account
	never    []casework.CaseID
	over     store.Tallying
	overview *Overview
}

// overview counts for somebody who reviews, does what is done with the numbers, and puts
// that on the record. What also counts, which may be nil, is counted at the same time.
func (a *App) overview(ctx context.Context, session Session, period Period, record *audit.Record, also func(identity.Account, store.Tallying) error, do func(counted) error) (overview Overview, err error) {
	var tally store.Tally
	var rare rareLines
	var over store.Tallying
	// Counting takes long, and whoever holds rights holds up those who withdraw them: it
	// is done before, and stands if the reader may still know the same.
	count := func(by identity.Account, never []casework.CaseID) (err error) {
		if over, overview, err = a.tallying(by, never, period); err == nil {
			tally, err = a.store.Tallies(ctx, by.ID, over)
		}
		if err == nil {
			rare, err = a.rareOf(ctx, by, over.Review, tally)
		}
		if err == nil && also != nil {
			err = also(by, over)
		}
		return err
	}
	if by, never, ok, err := a.reviewerAhead(ctx, session); err != nil {
		return Overview{}, a.fault("review the access log", err)
	} else if ok {
		if err := count(by, never); err != nil && casework.KindOf(err) != casework.Invalid {
			return Overview{}, a.fault("count the access log", err)
		}
	}
	err = a.reviewOn(ctx, session, record, func(tx *store.Tx, by identity.Account, rules *policy.Policy) error {
		never, err := a.ExcludedFrom(ctx, tx, by)
		if err != nil {
			return err
		}
		if over.Organisation != by.Organisation || !sameCases(over.Never, never) {
			if err := count(by, never); err != nil {
				return err
			}
		}
		if err := a.fillOverview(ctx, tx, &overview, by, over, tally, rare, rules); err != nil {
			return err
		}
		return do(counted{tx, by, never, over, &overview})
	})
	if err != nil {
		return Overview{}, err
	}
	return overview, nil
}

// reviewerAhead finds who reviews and what that reader must never learn of, without
// holding any right: it has to be looked at again. False: there is nothing to count.
func (a *App) reviewerAhead(ctx context.Context, session Session) (by identity.Account, never []casework.CaseID, ok bool, err error) {
	err = a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		if by, err = tx.Account(ctx, session.Account.ID); err != nil {
			return err
		}
		never, err = a.ExcludedFrom(ctx, tx, by)
		return err
	})
	return by, never, err == nil && by.Active && a.MayReview(by.Discipline), err
}

func sameCases(one, other []casework.CaseID) bool {
	return slices.Equal(slices.Sorted(slices.Values(one)), slices.Sorted(slices.Values(other)))
}

// tallying makes of a period what is counted.
func (a *App) tallying(by identity.Account, never []casework.CaseID, period Period) (t store.Tallying, o Overview, err error) {
	now := a.moment()
	from, until, err := period.bounds(now)
	switch { // a bound that is not there is that of the month
	case err != nil:
		return t, o, err
	case until.IsZero() && from.IsZero():
		from, until = monthAround(now)
	case until.IsZero():
		_, until = monthAround(from)
	case from.IsZero():
		from, _ = monthAround(until.Add(-1))
	}
	if until.After(from.AddDate(0, 0, longestOverview)) {
		return t, o, casework.Refuse(casework.Invalid, "overview_long")
	}
	last := until.AddDate(0, 0, -1)
	o = Overview{Period: periodOf(from, last), From: from, To: last, Months: until.After(from.AddDate(0, 0, 62))}
	t = store.Tallying{Review: store.Review{Organisation: by.Organisation, Never: never, From: from, Until: until},
		Accesses: audit.Accesses(), Exports: audit.Leaving, Glass: audit.Glass, WorkFrom: WorkFrom, WorkBefore: WorkBefore}
	return t, o, nil
}

// fillOverview puts what was counted into the words of who reviews it.
func (a *App) fillOverview(ctx context.Context, tx *store.Tx, o *Overview, by identity.Account, over store.Tallying, counted store.Tally, rare rareLines, rules *policy.Policy) error {
	places, err := tx.TeamPlaces(ctx, by.Organisation, over.Never, over.From, over.Until)
	if err != nil {
		return err
	}
	var ids []casework.UserID
	for _, t := range counted.Accesses {
		ids = append(ids, t.User)
	}
	people, err := tx.People(ctx, ids)
	if err != nil {
		return err
	}
	named := func(user casework.UserID) (who, organisation string) {
		p := people[user]
		if p.Organisation != by.Organisation {
			organisation = p.OrganisationName
		}
		return p.Name, organisation
	}
	o.Hours = counted.Hours
	o.Cases, o.MoreCases = a.caseAccesses(counted.Accesses, places)
	o.Undue, o.Bare = a.undue(counted.Accesses, places, named)
	o.Late = afterHours(counted.Accesses, named)
	o.Refusals = refusals(counted.Refusals, rules)
	o.span(counted.Days, a.moment())
	came := map[casework.UserID]bool{}
	for _, t := range counted.Accesses {
		came[t.User] = true
		o.Accesses += t.All
		o.After += t.After
	}
	o.People = len(came)
	return a.rareRows(ctx, tx, o, by, rare, rules)
}

// rareLines are the newest lines of what is rare, as they stand on the page of records.
type rareLines struct{ exports, glasses []store.ReviewedRecord }

// rareOf finds them, as far as there are any.
func (a *App) rareOf(ctx context.Context, by identity.Account, review store.Review, counted store.Tally) (rare rareLines, err error) {
	var glasses, exports int
	for _, d := range counted.Days {
		glasses, exports = glasses+d.Glass, exports+d.Exports
	}
	review.Limit, review.Outcome = overviewRows, audit.Done
	if exports > 0 {
		review.Events = audit.Leaving
		if rare.exports, err = a.store.Reviewed(ctx, by.ID, review); err != nil {
			return rare, err
		}
	}
	if glasses > 0 {
		review.Events = []audit.Event{audit.Glass}
		rare.glasses, err = a.store.Reviewed(ctx, by.ID, review)
	}
	return rare, err
}

// rareRows puts them into words.
func (a *App) rareRows(ctx context.Context, tx *store.Tx, o *Overview, by identity.Account, rare rareLines, rules *policy.Policy) (err error) {
	if o.Exports, err = a.recordLines(ctx, tx, by, rare.exports, rules); err != nil || len(rare.glasses) == 0 {
		return err
	}
	lines, err := a.recordLines(ctx, tx, by, rare.glasses, rules)
	if err != nil {
		return err
	}
	ids := make([]string, len(lines))
	for i, r := range rare.glasses {
		ids[i] = r.ID
	}
	answers, err := tx.LookedBack(ctx, ids, rare.glasses[len(ids)-1].At, rare.glasses[0].At)
	if err != nil {
		return err
	}
	var reviewers []casework.UserID
	for _, answer := range answers {
		reviewers = append(reviewers, answer.Reviewer)
	}
	people, err := tx.People(ctx, reviewers)
	for i, line := range lines {
		g := GlassLine{RecordLine: line}
		if answer, ok := answers[ids[i]]; ok {
			g.Answered, g.Judged, g.Reviewed = true, answer.Judged, answer.At.UTC()
			// Who looked back at the table of a case of somebody else is not for this reader.
			if reviewer := people[answer.Reviewer]; reviewer.Organisation == by.Organisation {
				g.Reviewer = reviewer.Name
			}
		}
		o.Glasses = append(o.Glasses, g)
	}
	return err
}
