package app

import (
	"context"
	"errors"
	"strconv"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

// logRestored is on the record when a log is gone on with that is older than what was
// signed of it.
const logRestored audit.Event = "log_restored"

// RecordKeyRotated records that the log is signed with another key from now on.
func (a *App) RecordKeyRotated(ctx context.Context) error {
	return a.recordKeys(ctx, "key_rotated", audit.Update)
}

// RecordMasterKeyRotated records that everything is wrapped under another master key
// from now on.
func (a *App) RecordMasterKeyRotated(ctx context.Context) error {
	return a.recordKeys(ctx, "master_key_rotated", audit.Update)
}

// RecordMasterKeysForgotten records that older master keys go.
func (a *App) RecordMasterKeysForgotten(ctx context.Context) error {
	return a.recordKeys(ctx, "master_keys_forgotten", audit.Delete)
}

// recordKeys is before what it tells of: no record, no change.
func (a *App) recordKeys(ctx context.Context, event audit.Event, action audit.Action) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		return tx.Record(ctx, a.newRecord(Operator(), event, action, audit.Done))
	})
	if err != nil {
		return a.fault("record a change of keys", err)
	}
	return nil
}

// AcceptRestored goes on with a log that is older than what was signed of it, for a
// reason that is recorded. The newest checkpoint in the database becomes the newest
// there is; the one outside is set aside as evidence, in a file that is named. A log
// that does not agree with its own newest checkpoint is not gone on with.
func (a *App) AcceptRestored(ctx context.Context, signing *store.Signing, reason string) (aside string, err error) {
	kept, err := signing.Newest()
	if err != nil {
		return "", err
	}
	if kept == "" {
		return "", errors.New("there is nothing to accept: no checkpoint is kept outside the database")
	}
	b := &App{signing: signing} // compares by itself
	var newest store.Checkpoint
	err = a.whenFree(ctx, func() error {
		return a.store.Transact(ctx, func(tx *store.Tx) error {
			if err := holdTree(ctx, tx); err != nil {
				return err
			}
			size, err := store.TreeSize(ctx, tx)
			if err != nil {
				return err
			}
			s, err := b.stand(ctx, tx, size)
			if err == nil {
				return errors.New("there is nothing to accept: the log is what was signed")
			}
			if whyHeld(err) == "" {
				return err
			}
			newest, s.kept = s.newest, ""
			if err := b.holdTo(ctx, tx, s, size); err != nil {
				return err
			}
			record := a.newRecord(Operator(), logRestored, audit.Update, audit.Done)
			record.Detail = map[string]string{"reason": reason, "leaves": strconv.FormatInt(size, 10)}
			if outside, err := s.keys.Open(kept); err == nil {
				record.Detail["signed"] = strconv.FormatInt(outside.Size, 10)
			}
			return tx.Record(ctx, record)
		})
	})
	if err != nil {
		return "", err
	}
	return signing.SetAside(newest.Note)
}
