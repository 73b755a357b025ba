package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// OwnFactors are what somebody has as second factors.
type OwnFactors struct {
	Factors   []identity.Factor
	CodesLeft int        // recovery codes that are not used up
	ResetDue  *time.Time // when all of them go, as was asked and confirmed; nil: not
	ResetID   string     // of what was asked, confirmed or not; empty: nothing
}

// OwnFactors gives the factors of who asks.
func (a *App) OwnFactors(ctx context.Context, s Session) (own OwnFactors, err error) {
	err = a.withFactors(ctx, s, func(tx *store.Tx, has []store.Factor) (err error) {
		for _, f := range has {
			own.Factors = append(own.Factors, f.Factor)
		}
		if own.CodesLeft, err = tx.RecoveryCodesLeft(ctx, s.Account.ID); err != nil {
			return err
		}
		reset, open, err := tx.ResetOf(ctx, s.Account.ID)
		if open {
			own.ResetID, own.ResetDue = reset.ID, reset.Due
		}
		return err
	})
	return own, err
}

// Added is what comes of a new factor.
type Added struct {
	Fresh string   // the session's token from now on; empty: as it was
	Codes []string // recovery codes, shown this once; empty: there were some already
}

// TOTPSetUp is the secret of an app that makes codes, until a code shows that the
// app has it. Token brings it back: nothing is kept of it here.
type TOTPSetUp struct{ Secret, Address, Token string }

type setUp struct {
	ID, Secret string
	Session    []byte
	Until      time.Time
}

// NewTOTP draws a secret for who asks.
func (a *App) NewTOTP(s Session) (TOTPSetUp, error) {
	secret := identity.NewTOTPSecret(a.random)
	sealed, err := json.Marshal(setUp{casework.NewID[string](a.random), secret, s.Hash, a.moment().Add(identity.SecretLife)})
	if err != nil {
		return TOTPSetUp{}, a.fault("set up a totp", err)
	}
	return a.totpSetUp(s, secret, a.store.Tokens("totp_set_up").Seal(string(sealed))), nil
}

func (a *App) totpSetUp(s Session, secret, token string) TOTPSetUp {
	return TOTPSetUp{Secret: secret, Address: identity.TOTPAddress(secret, s.Account.Login), Token: token}
}

// TOTPAgain is what a token of NewTOTP was made for; false when it does not hold
// under this session, or no longer.
func (a *App) TOTPAgain(s Session, token string) (TOTPSetUp, bool) {
	set, ok := a.openSetUp(s, token)
	return a.totpSetUp(s, set.Secret, token), ok
}

func (a *App) openSetUp(s Session, token string) (set setUp, ok bool) {
	sealed, ok := a.store.Tokens("totp_set_up").Open(token)
	ok = ok && json.Unmarshal([]byte(sealed), &set) == nil && string(set.Session) == string(s.Hash) && a.moment().Before(set.Until)
	return set, ok
}

// AddTOTP takes the app that shows this code of a secret of NewTOTP.
func (a *App) AddTOTP(ctx context.Context, s Session, token, code, from string) (Added, error) {
	set, ok := a.openSetUp(s, token)
	if !ok {
		return Added{}, a.orRefused(ctx, s, "add_factor", audit.Create, casework.Refuse(casework.Invalid, "setup_over"))
	}
	step, ok := identity.TOTPStep(set.Secret, code, a.moment(), 0)
	if !ok {
		return Added{}, a.orRefused(ctx, s, "add_factor", audit.Create, casework.Refuse(casework.Invalid, wrongCode))
	}
	return a.addFactor(ctx, s, from, func(tx *store.Tx, has []store.Factor) (store.Factor, []byte, error) {
		if slices.ContainsFunc(has, func(f store.Factor) bool { return f.ID == set.ID }) {
			return store.Factor{}, nil, casework.Refuse(casework.Invalid, "setup_over") // the form came twice
		}
		return store.Factor{Factor: identity.Factor{ID: set.ID, Kind: identity.TOTP}, Secret: []byte(set.Secret), LastStep: step}, nil, nil
	})
}

// AskNewPasskey asks the browser of who is signed in to make a passkey.
func (a *App) AskNewPasskey(ctx context.Context, s Session, host string) (question PasskeyQuestion, err error) {
	err = a.changeFactors(ctx, s, "add_factor", audit.Create, func(tx *store.Tx, has []store.Factor) error {
		if err := a.mayAdd(s, has); err != nil {
			return err
		}
		q, err := a.passkeys.AskNew(host, s.Account, secretsAt(host, has))
		if err != nil {
			return err
		}
		question, err = a.keepQuestion(ctx, tx, asked{"new", host, s.Hash, q.Kept}, q.Options, nil)
		return err
	})
	return question, err
}

// AddPasskey takes the passkey that the browser made.
func (a *App) AddPasskey(ctx context.Context, s Session, host, token, answer, from string) (Added, error) {
	return a.addFactor(ctx, s, from, func(tx *store.Tx, has []store.Factor) (store.Factor, []byte, error) {
		kept, ok, err := a.spendQuestion(ctx, tx, asked{For: "new", Host: host, Session: s.Hash}, token)
		if err != nil {
			return store.Factor{}, nil, err
		}
		made := identity.Credential{}
		if ok {
			made, err = a.passkeys.Take(host, s.Account, kept, []byte(answer))
		}
		if !ok || err != nil {
			return store.Factor{}, nil, casework.Refuse(casework.Invalid, "passkey_failed")
		}
		return store.Factor{Factor: identity.Factor{ID: casework.NewID[string](a.random), Kind: identity.Passkey, Host: host}, Secret: made.Kept}, made.ID, nil
	})
}

// mayAdd says who adds a factor: who has none yet and comes in with it, and who
// just showed one.
func (a *App) mayAdd(s Session, has []store.Factor) error {
	switch {
	case s.Account.Demo:
		return casework.Refuse(casework.Denied, "factor_demo")
	case len(has) == 0 && s.Second.IsZero():
		return nil
	case !a.Proven(s):
		return ErrNotProven
	case len(has) >= identity.FactorsAtMost:
		return casework.Refuse(casework.TooMany, "too_many_factors")
	}
	return nil
}

// addFactor gives who asks the factor that is made, with its record. The first
// one opens the session, and comes with recovery codes.
func (a *App) addFactor(ctx context.Context, s Session, from string, made func(*store.Tx, []store.Factor) (store.Factor, []byte, error)) (added Added, err error) {
	fresh, hash := identity.NewToken(a.random)
	err = a.changeFactors(ctx, s, "add_factor", audit.Create, func(tx *store.Tx, has []store.Factor) error {
		if err := a.mayAdd(s, has); err != nil {
			return err
		}
		f, credential, err := made(tx, has)
		if err != nil {
			return err
		}
		f.Added, f.Browser = a.moment(), BrowserIn(ctx)
		if err := tx.AddFactor(ctx, s.Account.ID, f, credential); err != nil {
			return err
		}
		if err := a.recordFactor(ctx, tx, s, "add_factor", audit.Create, f.Factor); err != nil {
			return err
		}
		if s.Second.IsZero() {
			added.Fresh = fresh
			if err := a.proveSession(ctx, tx, s, hash, a.store.Place(identity.AddressKey(from))); err != nil {
				return err
			}
		}
		left, err := tx.RecoveryCodesLeft(ctx, s.Account.ID)
		if err != nil || left > 0 {
			return err
		}
		added.Codes, err = a.freshCodes(ctx, tx, s)
		return err
	})
	if err != nil {
		return Added{}, err
	}
	a.write(ctx, Letter{To: s.Account, Kind: FactorAdded})
	return added, nil
}

// RemoveFactor takes a factor from who asks and just showed one, but for the last
// that can be shown. One that is not theirs is casework.Absent.
func (a *App) RemoveFactor(ctx context.Context, s Session, id string) error {
	return a.changeFactors(ctx, s, "remove_factor", audit.Delete, func(tx *store.Tx, has []store.Factor) error {
		if !a.Proven(s) {
			return ErrNotProven
		}
		i := slices.IndexFunc(has, func(f store.Factor) bool { return f.ID == id })
		if i < 0 {
			return casework.Absent()
		}
		goes := has[i].Factor
		usable := func(f store.Factor) bool {
			return f.ID != id && (f.Kind == identity.TOTP || a.passkeys.Offered(f.Host))
		}
		if !slices.ContainsFunc(has, usable) {
			return casework.Refuse(casework.Denied, "last_factor")
		}
		if _, err := tx.RemoveFactor(ctx, s.Account.ID, id); err != nil {
			return err
		}
		return a.recordFactor(ctx, tx, s, "remove_factor", audit.Delete, goes)
	})
}

// NewRecoveryCodes replaces the recovery codes of who asks and just showed a
// factor. They are shown this once.
func (a *App) NewRecoveryCodes(ctx context.Context, s Session) (codes []string, err error) {
	err = a.changeFactors(ctx, s, "renew_recovery_codes", audit.Execute, func(tx *store.Tx, has []store.Factor) (err error) {
		switch {
		case !a.Proven(s):
			return ErrNotProven
		case len(has) == 0:
			return casework.Refuse(casework.Denied, "factor_demo")
		}
		codes, err = a.freshCodes(ctx, tx, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

func (a *App) freshCodes(ctx context.Context, tx *store.Tx, s Session) ([]string, error) {
	codes := identity.NewRecoveryCodes(a.random)
	clean := make([]string, len(codes))
	for i, code := range codes {
		clean[i], _ = identity.CleanRecoveryCode(code)
	}
	if err := tx.SetRecoveryCodes(ctx, s.Account.ID, clean); err != nil {
		return nil, err
	}
	return codes, tx.Record(ctx, a.accountRecord(ctx, "renew_recovery_codes", audit.Done, s.Account, nil))
}

func (a *App) recordFactor(ctx context.Context, tx *store.Tx, s Session, event audit.Event, action audit.Action, f identity.Factor) error {
	record := a.accountRecord(ctx, event, audit.Done, s.Account, map[string]string{"kind": string(f.Kind)})
	record.Action, record.ObjectKind, record.Object = action, "factor", f.ID
	return tx.Record(ctx, record)
}
