package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	dropEvery = 24 * time.Hour // are lines looked for whose period is over
	dropAgain = time.Hour      // after it failed
)

// DropOldRecords drops, until ctx ends, the lines of the access log whose period is
// over.
func (a *App) DropOldRecords(ctx context.Context) {
	for {
		wait := dropEvery
		if err := a.dropOldRecords(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("drop lines of the access log whose period is over", "err", err)
			wait = dropAgain
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// dropOldRecords drops every month that is due.
func (a *App) dropOldRecords(ctx context.Context) error {
	for more := a.signing != nil; more; {
		err := a.whenFree(ctx, func() error {
			return a.store.Transact(ctx, func(tx *store.Tx) (err error) {
				more, err = a.dropDueMonth(ctx, tx)
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dropDueMonth drops one month with the record that says so, if any is due. From a log
// that is held, or of which a stretch was changed, nothing goes: it may be evidence. The
// record has its leaf when the lines are gone: whoever verifies the log at any moment
// finds who says that they went.
func (a *App) dropDueMonth(ctx context.Context, tx *store.Tx) (dropped bool, err error) {
	if held, err := tx.HoldDropping(ctx); err != nil || !held {
		return false, err
	}
	month, due, err := tx.DueMonth(ctx)
	if err != nil || !due {
		return false, err
	}
	if _, err := a.checkpoint(ctx); err != nil { // it is what was signed
		return false, err
	}
	if verdict, err := a.CheckNewest(ctx); err != nil {
		return false, err
	} else if verdict.Status == audit.Tampered {
		return false, held("its newest stretch is not what was signed")
	}
	if health, err := a.store.LogHealth(ctx); err != nil {
		return false, err
	} else if health.Wrong {
		return false, held("a stretch of it is not what was signed")
	}
	record := a.newRecord(Schedule(), audit.LogDropped, audit.Delete, audit.Done)
	record.ObjectKind, record.Detail = "log", month.Detail()
	if err := tx.Record(ctx, record); err != nil {
		return false, err
	}
	for more := true; more; {
		if more, err = a.giveLeavesIn(ctx, tx); err != nil {
			return false, err
		}
	}
	return true, tx.DropMonth(ctx, month, record)
}
