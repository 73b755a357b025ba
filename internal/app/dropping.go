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

// dropOldRecords drops every month that is due, each with the record that says so. From
// a log that is held, or of which the newest stretch was changed, nothing goes: it may be
// evidence.
func (a *App) dropOldRecords(ctx context.Context) error {
	for more := a.signing != nil; more; {
		err := a.store.Transact(ctx, func(tx *store.Tx) (err error) {
			more = false
			if held, err := tx.HoldDropping(ctx); err != nil || !held {
				return err
			}
			month, due, err := tx.DueMonth(ctx)
			if err != nil || !due {
				return err
			}
			if _, err := a.checkpoint(ctx); err != nil { // it is what was signed
				return err
			}
			if verdict, err := a.CheckNewest(ctx); err != nil {
				return err
			} else if verdict.Status == audit.Tampered {
				return held("its newest stretch is not what was signed")
			}
			record := a.newRecord(Schedule(), audit.LogDropped, audit.Delete, audit.Done)
			record.ObjectKind, record.Detail = "log", month.Detail()
			if err := tx.Record(ctx, record); err != nil {
				return err
			}
			more = true
			return tx.DropMonth(ctx, month, record)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
