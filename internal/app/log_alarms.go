package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// prolongEvery is how often it is kept that an alarm about the log goes on.
const prolongEvery = time.Minute

// LookAtLog looks whether the access log itself is as it has to be, and raises an
// alarm with every organisation when it is not: it is the log of each of them. The
// alarm says that and since when, and nothing of whose lines there are or how many.
func (a *App) LookAtLog(ctx context.Context) error {
	if a.signing == nil {
		return nil
	}
	health, err := a.store.LogHealth(ctx)
	if err != nil {
		return err
	}
	a.logWatch.health.Store(&health)
	if waits := a.unsignedFor(); waits > 0 {
		if err := a.tellOfLog(ctx, audit.CheckpointOld, waits); err != nil {
			return err
		}
	}
	if health.Changed() || a.LogState().Held != "" {
		return a.tellOfLog(ctx, audit.VerifyFailed, 0)
	}
	return nil
}

// tellOfLog raises alarms about what is found at this moment, unless another node
// looks through the log: then the next look does.
func (a *App) tellOfLog(ctx context.Context, kind audit.AlarmKind, waits time.Duration) error {
	var letters []Letter
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		_, held, err := tx.HoldAlarms(ctx)
		if err == nil && held {
			letters, err = a.raiseLogAlarms(ctx, tx, kind, a.moment().Truncate(time.Minute), waits)
		}
		return err
	})
	if err == nil {
		a.write(ctx, letters...)
	}
	return err
}

// raiseLogAlarms raises an alarm about the log with every organisation that has none
// that goes on, and gives the letters about them.
func (a *App) raiseLogAlarms(ctx context.Context, tx *store.Tx, kind audit.AlarmKind, at time.Time, waits time.Duration) (letters []Letter, err error) {
	all, err := tx.LogAlarms(ctx, kind)
	if err != nil {
		return nil, err
	}
	for _, latest := range all {
		limits := audit.Limits{Checkpoint: latest.Checkpoint}
		if kind == audit.CheckpointOld && !limits.Overdue(waits, a.checkpointEvery) {
			continue
		}
		if kind != audit.LogRestored && latest.ID != nil && audit.LogGoesOn(at, *latest.Last, latest.Answered) {
			if at.Sub(*latest.Last) >= prolongEvery {
				err = tx.ProlongAlarm(ctx, *latest.ID, at)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		alarm := store.Alarm{ID: casework.NewID[string](a.random), Organisation: latest.Organisation, Kind: kind, Limit: limits.Of(kind), Since: at, Last: at}
		if err := tx.RaiseAlarm(ctx, alarm); err != nil {
			return nil, err
		}
		told, err := a.lettersToReviewers(ctx, tx, latest.Organisation)
		if err != nil {
			return nil, err
		}
		letters = append(letters, told...)
	}
	return letters, nil
}

// lettersToReviewers go to everybody who reviews the log for an organisation.
func (a *App) lettersToReviewers(ctx context.Context, tx *store.Tx, organisation casework.OrganisationID) (letters []Letter, err error) {
	managers, err := a.managersAt(ctx, tx, organisation, casework.ActAudit)
	for _, id := range managers {
		account, err := tx.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		letters = append(letters, Letter{To: account, Kind: AlarmRaised})
	}
	return letters, err
}
