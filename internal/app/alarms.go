package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	alarmsTick   = 2 * time.Second // between looks for alarms
	alarmLines   = 500             // looked at in one transaction
	alarmsWithin = 20 * time.Second
)

// WatchLog looks through the access log for what somebody has to look at, until ctx
// ends. One node at a time does so; nobody waits for it, and what fails is tried again.
func (a *App) WatchLog(ctx context.Context) {
	var told time.Time
	for {
		err := a.watchOnce(ctx)
		if ctx.Err() == nil {
			a.logWatch.unraised.Store(err != nil)
		}
		if found := a.LogTroubles(); ctx.Err() == nil && (err != nil || len(found) > 0) && time.Since(told) > tellEvery {
			told = time.Now()
			a.log.Error("somebody has to look at the access log: see docs/audit.md", "found", found, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(alarmsTick):
		}
	}
}

func (a *App) watchOnce(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = a.panicked("looking for alarms")
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, alarmsWithin)
	defer cancel()
	return errors.Join(a.LookForAlarms(ctx), a.LookAtLog(ctx))
}

// LookForAlarms looks at every line of the access log that has its leaf and was not
// looked at yet, in the order of the tree.
func (a *App) LookForAlarms(ctx context.Context) error {
	for more := true; more; {
		var letters []Letter
		err := a.store.Transact(ctx, func(tx *store.Tx) (err error) {
			letters, more, err = a.lookOn(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		a.write(ctx, letters...)
	}
	return nil
}

// lookOn looks at the next lines, and tells whether there may be more.
func (a *App) lookOn(ctx context.Context, tx *store.Tx) (letters []Letter, more bool, err error) {
	from, held, err := tx.HoldAlarms(ctx)
	if err != nil || !held {
		return nil, false, err
	}
	lines, next, err := tx.LoggedLines(ctx, from, alarmLines)
	if err != nil || next == from {
		return nil, false, err
	}
	if len(lines) > 0 {
		before, err := a.linesBefore(ctx, tx, lines, from)
		if err != nil {
			return nil, false, err
		}
		lines = append(before, lines...)
	}
	for _, l := range lines {
		if l.Event != logRestored || l.Number < from {
			continue
		}
		raised, err := a.raiseLogAlarms(ctx, tx, audit.LogRestored, l.At.UTC(), 0)
		if err != nil {
			return nil, false, err
		}
		letters = append(letters, raised...)
	}
	for _, organisation := range organisationsIn(lines) {
		raised, err := a.raiseAlarms(ctx, tx, organisation, lines, from)
		if err != nil {
			return nil, false, err
		}
		letters = append(letters, raised...)
	}
	return letters, next-from == alarmLines, tx.SetAlarmsSeen(ctx, next)
}

// linesBefore are those of the same people in what the rules look back at.
func (a *App) linesBefore(ctx context.Context, tx *store.Tx, lines []store.LoggedLine, from int64) ([]store.LoggedLine, error) {
	var people []casework.UserID
	since, until := lines[0].At, lines[0].At
	for _, l := range lines {
		people = append(people, l.User)
		if l.At.Before(since) {
			since = l.At
		}
		if l.At.After(until) {
			until = l.At
		}
	}
	slices.Sort(people)
	return tx.LoggedLinesOf(ctx, slices.Compact(people), since.Add(-audit.AlarmWindow), until, from)
}

// organisationsIn are those in whose logs lines stand.
func organisationsIn(lines []store.LoggedLine) (all []casework.OrganisationID) {
	for _, l := range lines {
		for _, one := range []casework.OrganisationID{l.Actor, l.Of} {
			if one != "" && !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all
}

// causesFor are those that somebody who reviews the log of an organisation may find
// in lines.
func causesFor(limits audit.Limits, lines []store.LoggedLine, organisation casework.OrganisationID, never []casework.CaseID) []audit.Cause {
	var seen []audit.AlarmLine
	for _, l := range lines {
		if line, ok := l.For(organisation, never); ok {
			seen = append(seen, line)
		}
	}
	return limits.Causes(seen)
}

// raiseAlarms raises an alarm for every cause from a leaf on that is of none that goes
// on, and gives the letters about them.
func (a *App) raiseAlarms(ctx context.Context, tx *store.Tx, organisation casework.OrganisationID, lines []store.LoggedLine, from int64) (letters []Letter, err error) {
	limits, err := tx.AlarmLimits(ctx, organisation)
	if err != nil {
		return nil, err
	}
	var raised []audit.Cause
	for _, cause := range causesFor(limits, lines, organisation, nil) {
		if cause.Number < from {
			continue
		}
		open, err := tx.OpenAlarm(ctx, organisation, cause)
		if err != nil {
			return nil, err
		}
		if open.ID != "" && cause.GoesOn(open.Last) {
			if err := tx.ProlongAlarm(ctx, open.ID, cause.At); err != nil {
				return nil, err
			}
			continue
		}
		raised = append(raised, cause)
		if err := tx.RaiseAlarm(ctx, store.Alarm{ID: casework.NewID[string](a.random), Organisation: organisation, Kind: cause.Kind, User: cause.User, Case: cause.Case,
			Limit: limits.Of(cause.Kind), Since: cause.At, Last: cause.At}); err != nil {
			return nil, err
		}
	}
	if len(raised) == 0 {
		return nil, nil
	}
	return a.lettersOfAlarms(ctx, tx, organisation, limits, lines, raised)
}

// lettersOfAlarms go to who reviews the log and finds one of the causes in what may be
// known to that very reader; nobody is written to about oneself.
func (a *App) lettersOfAlarms(ctx context.Context, tx *store.Tx, organisation casework.OrganisationID, limits audit.Limits, lines []store.LoggedLine, raised []audit.Cause) (letters []Letter, err error) {
	managers, err := a.managersAt(ctx, tx, organisation, casework.ActAudit)
	if err != nil {
		return nil, err
	}
	for _, id := range managers {
		account, err := tx.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		never, err := a.ExcludedFrom(ctx, tx, account)
		if err != nil {
			return nil, err
		}
		found := causesFor(limits, lines, organisation, never)
		if slices.ContainsFunc(raised, func(c audit.Cause) bool { return c.User != id && slices.Contains(found, c) }) {
			letters = append(letters, Letter{To: account, Kind: AlarmRaised})
		}
	}
	return letters, nil
}
