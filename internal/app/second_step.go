package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Why a second factor was refused: for the record, never for who tried.
const (
	wrongCode    = "wrong_code"
	wrongPasskey = "wrong_passkey"
)

// ErrNotProven means that a second factor has to be shown first: it was too long
// ago for what cannot be undone.
var ErrNotProven = casework.Refuse(casework.Denied, "not_proven")

// errSecondRefused is the one answer to every second factor that is not right.
var errSecondRefused = casework.Refuse(casework.Denied, "second_failed")

// Proven tells whether a second factor was shown under the session just now.
func (a *App) Proven(s Session) bool { return identity.Proven(s.Account, s.Second, a.moment()) }

// SecondWays are the ways in which an account can show a second factor. With none
// of its own, one has to be set up.
type SecondWays struct{ Passkey, TOTP, Recovery bool }

// None tells whether there is no factor yet.
func (w SecondWays) None() bool { return !w.Passkey && !w.TOTP && !w.Recovery }

// SecondWays gives the ways of who asks, at a host of this server.
func (a *App) SecondWays(ctx context.Context, s Session, host string) (ways SecondWays, err error) {
	err = a.withFactors(ctx, s, func(tx *store.Tx, has []store.Factor) error {
		for _, f := range has {
			ways.Passkey = ways.Passkey || f.Kind == identity.Passkey && f.Host == host && a.passkeys.Offered(host)
			ways.TOTP = ways.TOTP || f.Kind == identity.TOTP
		}
		left, err := tx.RecoveryCodesLeft(ctx, s.Account.ID)
		ways.Recovery = left > 0 && len(has) > 0
		return err
	})
	return ways, err
}

// withFactors runs fn on the factors of who asks, which nobody else changes
// meanwhile. A reset that is due has taken effect by then.
func (a *App) withFactors(ctx context.Context, s Session, fn func(*store.Tx, []store.Factor) error) error {
	reset := false
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := tx.HoldFactors(ctx, s.Account.ID); err != nil {
			return err
		}
		var err error
		if reset, err = a.settleReset(ctx, tx, s); err != nil {
			return err
		}
		has, err := tx.Factors(ctx, s.Account.ID)
		if err != nil {
			return err
		}
		if err := fn(tx, has); err != nil || !reset {
			return err
		}
		_, err = tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return a.fault("factors of an account", err)
	}
	if reset {
		a.factorsGone(ctx, s.Account)
	}
	return nil
}

// changeFactors is withFactors for a change, of which a refusal is on record too.
func (a *App) changeFactors(ctx context.Context, s Session, event audit.Event, action audit.Action, fn func(*store.Tx, []store.Factor) error) error {
	return a.orRefused(ctx, s, event, action, a.withFactors(ctx, s, fn))
}

// ProveByCode shows the code of an app or a recovery code under a session, which
// gets a fresh token by it. Whatever is wrong, the answer is the same: a wrong
// code, one that was used before, too many attempts.
func (a *App) ProveByCode(ctx context.Context, s Session, kind identity.FactorKind, typed, from string) (fresh string, err error) {
	address := identity.AddressKey(from)
	leave, err := a.doorway.Enter(ctx, address)
	if err != nil {
		return "", a.fault("wait at the door", err)
	}
	defer leave()
	keys, place := a.store.AttemptKeys("second\x00"+string(kind)+"\x00"+string(s.Account.ID), address), a.store.Place(address)
	return a.prove(ctx, s, kind, place, func(tx *store.Tx, has []store.Factor) (reason string, err error) {
		now := a.moment()
		before, err := tx.CountFailures(ctx, keys, now.Add(-identity.ThrottleWindow))
		if err != nil {
			return "", err
		}
		own, err := tx.ShownAt(ctx, s.Account.ID, place, now.Add(-identity.PlaceLife))
		if err != nil {
			return "", err
		}
		if identity.ThrottledSecond(now, before, own) {
			return throttled, nil
		}
		right, err := a.spendCode(ctx, tx, s.Account.ID, kind, typed, has)
		switch {
		case err != nil:
			return "", err
		case !right:
			return wrongCode, tx.AddFailure(ctx, keys, now)
		}
		return "", tx.ForgetFailures(ctx, keys, now, now.Add(-identity.ThrottleWindow))
	})
}

// spendCode tells whether a code is right, and sees to it that it never is again.
func (a *App) spendCode(ctx context.Context, tx *store.Tx, account casework.UserID, kind identity.FactorKind, typed string, has []store.Factor) (bool, error) {
	if kind == identity.Recovery {
		code, ok := identity.CleanRecoveryCode(typed)
		if !ok || len(has) == 0 {
			return false, nil
		}
		return tx.SpendRecoveryCode(ctx, account, code, a.moment())
	}
	for _, f := range has {
		if f.Kind != identity.TOTP {
			continue
		}
		if step, ok := identity.TOTPStep(string(f.Secret), typed, a.moment(), f.LastStep); ok {
			f.LastStep = step
			return true, tx.UseFactor(ctx, account, f, a.moment())
		}
	}
	return false, nil
}

// prove carries out a second step, with its record: shown gives why it is refused,
// or nothing.
func (a *App) prove(ctx context.Context, s Session, kind identity.FactorKind, place []byte, shown func(*store.Tx, []store.Factor) (reason string, err error)) (fresh string, err error) {
	fresh, hash := identity.NewToken(a.random)
	reason := ""
	err = a.withFactors(ctx, s, func(tx *store.Tx, has []store.Factor) (err error) {
		if reason, err = shown(tx, has); err != nil {
			return err
		}
		outcome, detail := audit.Done, map[string]string{"by": string(kind)}
		if reason != "" {
			outcome, detail["reason"] = audit.Refused, reason
		} else if err := a.proveSession(ctx, tx, s, hash, place); err != nil {
			return err
		}
		record := a.doorRecord(ctx, "second_factor", outcome, s.Account, "by", string(kind))
		record.Detail = detail
		return tx.Record(ctx, record)
	})
	switch {
	case err != nil:
		return "", err
	case reason != "":
		return "", errSecondRefused
	}
	return fresh, nil
}

// proveSession marks a session as proven, under a fresh token; ErrSignedOut when it
// is over meanwhile.
func (a *App) proveSession(ctx context.Context, tx *store.Tx, s Session, fresh, place []byte) error {
	proven, err := tx.ProveSession(ctx, s.Hash, fresh, place, a.moment())
	if err == nil && !proven {
		err = ErrSignedOut
	}
	return err
}
