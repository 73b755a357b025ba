package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

// Schedule is the server itself, which does at a time what it was set to do.
func Schedule() audit.Actor {
	return audit.Actor{Door: "schedule", Checks: []audit.Check{audit.ByOperator}}
}

// RecordBackup puts on the access log that everything is about to be backed up:
// what leaves the program does so on the record, and the backup holds that too.
func (a *App) RecordBackup(ctx context.Context, actor audit.Actor) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		return tx.Record(ctx, a.databaseRecord(actor, "backup", audit.Read))
	})
	if err != nil {
		return a.fault("record a backup", err)
	}
	return nil
}

// Restored takes a database that came back from a backup into use: nobody comes in
// by what was open then, and it is on the access log.
func (a *App) Restored(ctx context.Context) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := tx.EndWhatWasOpen(ctx, a.moment()); err != nil {
			return err
		}
		if err := tx.Record(ctx, a.databaseRecord(Operator(), "restore", audit.Update)); err != nil {
			return err
		}
		_, err := tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return a.fault("take a restored database into use", err)
	}
	return nil
}

func (a *App) databaseRecord(actor audit.Actor, event audit.Event, action audit.Action) audit.Record {
	record := a.newRecord(actor, event, action, audit.Done)
	record.ObjectKind = "database"
	return record
}
