package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

// signedWithin is how soon a line of the log is signed as a rule.
const signedWithin = time.Minute

// MonthSigning is how lines of a month waited for a checkpoint, as far as their reader
// knows of them. How many checkpoints there were follows from what happened in the whole
// server, other organisations and cases that are kept from the reader included: it is
// told to nobody.
type MonthSigning struct {
	Longest time.Duration // that a line waited, in whole minutes; zero: none waited longer than one
	Waits   time.Time     // since when a line waits that long and is not signed yet; zero: none does
}

// monthAlarms finds the alarms of a month that a reader may know of. Those that are shown
// have been seen.
func (a *App) monthAlarms(ctx context.Context, c counted, m *MonthReview, until time.Time) error {
	kept, err := c.tx.AlarmsOfMonth(ctx, c.by.Organisation, m.From, until)
	if err != nil {
		return err
	}
	for _, kind := range audit.AlarmKinds {
		m.Alarms = append(m.Alarms, AlarmCount{Kind: kind, Judged: map[AlarmJudgement]int{}})
	}
	for _, one := range kept {
		if known, err := a.knowsAlarm(ctx, c.tx, one, c.by, c.never); err != nil {
			return err
		} else if !known {
			continue
		}
		within := !one.Since.Before(m.From)
		if within {
			m.countAlarm(one)
		}
		if one.Judged != "" && len(m.Raised) == overviewRows {
			m.Unshown++
			continue
		}
		if err := c.tx.SeeAlarm(ctx, one.ID, c.by.ID, a.moment()); err != nil {
			return err
		}
		told, err := a.toldAlarm(ctx, c.tx, one, c.by)
		if err != nil {
			return err
		}
		if one.Judged == "" {
			m.WaitingAlarms = append(m.WaitingAlarms, told)
		}
		switch {
		case within && len(m.Raised) < overviewRows:
			m.Raised = append(m.Raised, told)
		case within:
			m.Unshown++
		}
	}
	return nil
}

func (m *MonthReview) countAlarm(one store.Alarm) {
	at := slices.IndexFunc(m.Alarms, func(c AlarmCount) bool { return c.Kind == one.Kind })
	if at < 0 { // of a later version of the program
		at = len(m.Alarms)
		m.Alarms = append(m.Alarms, AlarmCount{Kind: one.Kind, Judged: map[AlarmJudgement]int{}})
	}
	count := &m.Alarms[at]
	count.All++
	if one.Judged == "" {
		count.Open++
		return
	}
	count.Judged[one.Judged]++
	if one.Reviewed != nil {
		count.Longest = max(count.Longest, one.Reviewed.Sub(one.Since))
	}
}
