package app

import (
	"context"
	"errors"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// noPassword is why an account that signs in otherwise cannot unlock with a
// password: for the record.
const noPassword = "no_password"

// Lock locks the session of a token, on every node and open socket at once: from
// then on it can only be unlocked or signed out of. A session that was locked
// already, or is over, stays as it is.
func (a *App) Lock(ctx context.Context, token string) error {
	session, err := a.SessionOf(ctx, token)
	if errors.Is(err, ErrSignedOut) || errors.Is(err, ErrSecondFactor) {
		return nil
	}
	// One that locked by itself meanwhile is locked all the same: open sockets
	// are closed at once.
	if err != nil && !errors.Is(err, ErrLocked) {
		return err
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		locked, err := tx.LockSession(ctx, session.Hash, a.moment())
		if err != nil || !locked {
			return err
		}
		if err := tx.Record(ctx, a.accountRecord(ctx, "lock", audit.Done, session.Account, nil)); err != nil {
			return err
		}
		_, err = tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return a.fault("lock a session", err)
	}
	a.nudger.rightsChanged()
	return nil
}

// Unlock opens the session of a token again for who knows the password of its
// account, and gives the session. Attempts count, and are refused, as at
// sign-in, also under a session that is open: whatever is wrong, the answer is
// the same. An account of the demo that has no password needs none. When the
// session is over meanwhile that is ErrSignedOut.
func (a *App) Unlock(ctx context.Context, token, password, from string) (Session, error) {
	session, err := a.SessionOf(ctx, token)
	if err != nil && !errors.Is(err, ErrLocked) {
		return Session{}, err
	}
	address := identity.AddressKey(from)
	leave, err := a.doorway.Enter(ctx, address)
	if err != nil {
		return Session{}, a.fault("wait at the door", err)
	}
	defer leave()
	if session.Account.Demo && !session.Account.HasPassword {
		return session, a.unlock(ctx, session, nil, "press")
	}
	attempt, err := a.beginAttempt(ctx, session.Account.Login, true, address)
	if err != nil {
		return Session{}, a.fault("begin an unlock", err)
	}
	matches, err := a.passwords.Matches(ctx, password, attempt.hash)
	if err != nil {
		return Session{}, a.fault("compare a password", err)
	}
	why := ""
	switch {
	case attempt.throttled:
		why = throttled
	case attempt.hash == "":
		why = noPassword
	case !matches:
		why = wrongPassword
	}
	if why != "" {
		return Session{}, a.recount(ctx, attempt, a.refuseUnlock(ctx, session.Account, why))
	}
	return session, a.forgive(ctx, attempt, a.unlock(ctx, session, &attempt, "password"))
}

// unlock opens the session with its record; one that is open already stays so.
func (a *App) unlock(ctx context.Context, session Session, proven *attempt, by string) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if proven != nil {
			if err := proven.succeeds(ctx, tx); err != nil {
				return err
			}
		}
		unlocked, err := tx.UnlockSession(ctx, session.Hash, a.moment(), a.sessions)
		if err != nil || !unlocked {
			return err
		}
		return tx.Record(ctx, a.doorRecord(ctx, "unlock", audit.Done, session.Account, "by", by))
	})
	if err != nil {
		return a.fault("unlock a session", err)
	}
	return nil
}

// refuseUnlock records why and gives the one answer that says nothing of it.
func (a *App) refuseUnlock(ctx context.Context, account identity.Account, reason string) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		return tx.Record(ctx, a.doorRecord(ctx, "unlock", audit.Refused, account, "reason", reason))
	})
	if err != nil {
		return a.fault("record a refused unlock", err)
	}
	return casework.Refuse(casework.Denied, "unlock_failed")
}
