package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// SetContact keeps how colleagues reach the person of a session; empty when it
// does not want to say. What is wrong with it is casework.Invalid.
func (a *App) SetContact(ctx context.Context, session Session, contact string) error {
	contact, err := board.Contact(contact)
	if err != nil {
		return err
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := tx.SetContact(ctx, session.Account.ID, contact); err != nil {
			return err
		}
		record := a.accountRecord(ctx, "contact", audit.Done, session.Account, nil)
		record.Action, record.ObjectKind, record.Object = audit.Update, "account", string(session.Account.ID)
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.fault("keep a contact", err)
	}
	return nil
}

// ChangePassword gives the account of a session another password, for who knows
// the one of now, and ends its other sessions on every node. A wrong one counts,
// and is refused, as at sign-in: too many attempts have the same answer. A new
// one that is not good enough is casework.Invalid.
func (a *App) ChangePassword(ctx context.Context, session Session, current, fresh, from string) error {
	if !a.Proven(session) {
		return a.refuseOutside(ctx, session, "change_password", audit.Update, ErrNotProven)
	}
	if !session.Account.HasPassword {
		return a.refusePassword(ctx, session.Account, noPassword)
	}
	if err := identity.CheckPassword(fresh, session.Account); err != nil {
		return a.orRefused(ctx, session, "change_password", audit.Update, err)
	}
	address := identity.AddressKey(from)
	leave, err := a.doorway.Enter(ctx, address)
	if err != nil {
		return a.fault("wait at the door", err)
	}
	defer leave()
	attempt, err := a.beginAttempt(ctx, session.Account.Login, true, address)
	if err != nil {
		return a.fault("begin a change of password", err)
	}
	matches, err := a.passwords.Matches(ctx, current, attempt.hash)
	if err != nil {
		return a.fault("compare a password", err)
	}
	switch {
	case attempt.throttled:
		return a.recount(ctx, attempt, a.refusePassword(ctx, session.Account, throttled))
	case !matches:
		return a.recount(ctx, attempt, a.refusePassword(ctx, session.Account, wrongPassword))
	}
	hash, err := a.passwords.Hash(ctx, fresh)
	if err != nil {
		return a.fault("hash a password", err)
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := attempt.succeeds(ctx, tx); err != nil {
			return err
		}
		if err := tx.SetPasswordHash(ctx, session.Account.ID, hash); err != nil {
			return err
		}
		if err := tx.EndOtherSessions(ctx, session.Account.ID, session.Hash, a.moment()); err != nil {
			return err
		}
		record := a.accountRecord(ctx, "change_password", audit.Done, session.Account, nil)
		record.Action = audit.Update
		if err := tx.Record(ctx, record); err != nil {
			return err
		}
		_, err := tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return a.forgive(ctx, attempt, a.fault("change a password", err))
	}
	a.nudger.rightsChanged()
	return nil
}

// refusePassword records why and gives the one answer that says nothing of it.
func (a *App) refusePassword(ctx context.Context, account identity.Account, reason string) error {
	record := a.accountRecord(ctx, "change_password", audit.Refused, account, map[string]string{"reason": reason})
	record.Action = audit.Update
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refused change of password", err)
	}
	return casework.Refuse(casework.Denied, "current_password")
}
