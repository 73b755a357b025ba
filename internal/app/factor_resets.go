package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// resetOpen is how long a reset that nobody confirmed can be.
const resetOpen = 7 * 24 * time.Hour

// Reset is a request to take all second factors from a colleague, who lost them.
type Reset struct {
	ID        string
	Name      string // of the colleague
	AskedBy   string // name
	Asked     time.Time
	Due       time.Time // when it takes effect; zero: nobody confirmed it
	MayDecide bool      // whether who asks may confirm it, or call it off
}

// MayAskReset tells whether a discipline asks for the factors of colleagues to go:
// who manages users does.
func (a *App) MayAskReset(discipline casework.Role) bool {
	return a.ofOrganisation(discipline, casework.ActUsers)
}

// MayConfirmReset tells whether a discipline confirms what another asked: who
// manages users does, and who looks after accesses.
func (a *App) MayConfirmReset(discipline casework.Role) bool {
	return a.MayAskReset(discipline) || a.ofOrganisation(discipline, casework.ActAudit)
}

// ofOrganisation tells whether a discipline may do something for its organisation:
// what a chair may do is of a case.
func (a *App) ofOrganisation(discipline casework.Role, act casework.Act) bool {
	request := policy.Request{Role: discipline, Act: act, Grant: casework.NoGrant, Status: casework.Open}
	return outsideCases(discipline) && a.Rules().Decide(request).Allowed
}

// Resets are the open requests about colleagues of who asks, if that is for them
// to see.
func (a *App) Resets(ctx context.Context, s Session) (resets []Reset, err error) {
	if !a.MayConfirmReset(s.Account.Discipline) {
		return nil, a.refuseOutside(ctx, s, "list_factor_resets", audit.Read, casework.Absent())
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		open, err := tx.Resets(ctx, s.Account.Organisation)
		if err != nil {
			return err
		}
		for _, r := range open {
			if a.lapsed(r) {
				continue
			}
			one := Reset{ID: r.ID, Name: r.Name, AskedBy: r.AskedByName, Asked: r.Asked}
			if r.Due != nil {
				one.Due = *r.Due
			}
			one.MayDecide = mayDecide(s, r)
			resets = append(resets, one)
		}
		return tx.Record(ctx, a.outsideRecord(ctx, s.Account, "list_factor_resets", audit.Read))
	})
	if err != nil {
		return nil, a.fault("list resets", err)
	}
	return resets, nil
}

// mayDecide says that who confirms is neither who asked nor whom it is about.
func mayDecide(s Session, r store.FactorReset) bool {
	return s.Account.ID != r.AskedBy && s.Account.ID != r.Account
}

func (a *App) lapsed(r store.FactorReset) bool {
	return r.Due == nil && !a.moment().Before(r.Asked.Add(resetOpen))
}

// AskReset asks that a colleague, by exact login, gets rid of all second factors.
// Who is not there, gone, or of another organisation is casework.Absent.
func (a *App) AskReset(ctx context.Context, s Session, typed string) error {
	if !a.MayAskReset(s.Account.Discipline) {
		return a.refuseOutside(ctx, s, "ask_factor_reset", audit.Execute, casework.Absent())
	}
	if !a.Proven(s) {
		return a.refuseOutside(ctx, s, "ask_factor_reset", audit.Execute, ErrNotProven)
	}
	login, known := identity.CleanLogin(typed)
	if !known {
		login = ""
	}
	var refusal error
	var colleague identity.Account
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		found, err := false, error(nil)
		if colleague, _, found, err = tx.AccountByLogin(ctx, login); err != nil {
			return err
		}
		record := a.accountRecord(ctx, "ask_factor_reset", audit.Done, s.Account, nil)
		switch {
		case !found || !colleague.Active || colleague.Organisation != s.Account.Organisation:
			refusal = casework.Refuse(casework.Invalid, "no_colleague")
		case colleague.ID == s.Account.ID:
			refusal = casework.Refuse(casework.Invalid, "reset_self")
		case colleague.Demo:
			refusal = casework.Refuse(casework.Invalid, "factor_demo")
		default:
			refusal = a.maySecond(s.Account)
		}
		if refusal == nil {
			record.ObjectKind, record.Object = "account", string(colleague.ID)
			if err := a.addReset(ctx, tx, colleague.ID, s.Account.ID); casework.KindOf(err) == casework.Conflict {
				refusal = err
			} else if err != nil {
				return err
			}
		}
		if refusal != nil {
			record.Outcome, record.Detail = audit.Refused, reasonOf(refusal)
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.fault("ask for a reset", err)
	}
	if refusal == nil {
		a.write(ctx, Letter{To: colleague, Kind: ResetAsked, By: s.Account.Name})
	}
	return refusal
}

// addReset takes the place of a request that nobody confirmed in time.
func (a *App) addReset(ctx context.Context, tx *store.Tx, account, by casework.UserID) error {
	if err := tx.HoldFactors(ctx, account); err != nil {
		return err
	}
	if before, open, err := tx.ResetOf(ctx, account); err != nil {
		return err
	} else if open && a.lapsed(before) {
		if _, err := tx.CloseReset(ctx, before.ID, a.moment()); err != nil {
			return err
		}
	}
	added, err := tx.AddReset(ctx, casework.NewID[string](a.random), account, by, a.moment())
	if err == nil && !added {
		err = casework.Refuse(casework.Conflict, "reset_asked")
	}
	return err
}

// ConfirmReset confirms what another asked: it takes effect after the delay.
func (a *App) ConfirmReset(ctx context.Context, s Session, id string) error {
	if !a.Proven(s) {
		return a.refuseOutside(ctx, s, "confirm_factor_reset", audit.Execute, ErrNotProven)
	}
	due := a.moment().Add(a.resetDelay)
	var colleague identity.Account
	err := a.decideReset(ctx, s, "confirm_factor_reset", id, func(tx *store.Tx, r store.FactorReset) (ok bool, err error) {
		if err := a.maySecond(s.Account); err != nil {
			return false, err
		}
		if !r.AskedByActive || !a.MayAskReset(r.AskedByRole) || a.maySecond(identity.Account{CountsFrom: r.AskedByCountsFrom}) != nil {
			return false, nil // who asked has left: of two people one is over
		}
		if colleague, err = tx.Account(ctx, r.Account); err != nil {
			return false, err
		}
		return tx.ConfirmReset(ctx, r.ID, s.Account.ID, due)
	})
	if err == nil {
		a.write(ctx, Letter{To: colleague, Kind: ResetConfirmed, By: s.Account.Name, At: due})
	}
	return err
}

// DeclineReset calls off what another asked.
func (a *App) DeclineReset(ctx context.Context, s Session, id string) error {
	return a.decideReset(ctx, s, "decline_factor_reset", id, func(tx *store.Tx, r store.FactorReset) (bool, error) {
		return tx.CloseReset(ctx, r.ID, a.moment())
	})
}

func (a *App) decideReset(ctx context.Context, s Session, event audit.Event, id string, decide func(*store.Tx, store.FactorReset) (bool, error)) error {
	if !a.MayConfirmReset(s.Account.Discipline) {
		return a.refuseOutside(ctx, s, event, audit.Execute, casework.Absent())
	}
	var refusal error
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		open, err := tx.Resets(ctx, s.Account.Organisation)
		if err != nil {
			return err
		}
		record := a.accountRecord(ctx, event, audit.Done, s.Account, nil)
		i := slices.IndexFunc(open, func(r store.FactorReset) bool { return r.ID == id && !a.lapsed(r) })
		switch {
		case i < 0:
			refusal = casework.Absent()
		case !mayDecide(s, open[i]):
			refusal = casework.Refuse(casework.Denied, "reset_second")
		default:
			done, err := decide(tx, open[i])
			switch {
			case err != nil && casework.KindOf(err) == casework.Denied:
				refusal = err
			case err != nil:
				return err
			case !done:
				refusal = casework.Refuse(casework.Conflict, "reset_decided")
			}
		}
		if i >= 0 {
			record.ObjectKind, record.Object = "account", string(open[i].Account)
		}
		if refusal != nil {
			record.Outcome, record.Detail = audit.Refused, reasonOf(refusal)
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.fault("decide on a reset", err)
	}
	return refusal
}

// KeepFactors calls off the reset of the own factors.
func (a *App) KeepFactors(ctx context.Context, s Session) error {
	return a.withFactors(ctx, s, func(tx *store.Tx, _ []store.Factor) error {
		reset, open, err := tx.ResetOf(ctx, s.Account.ID)
		if err != nil || !open {
			return err
		}
		if _, err := tx.CloseReset(ctx, reset.ID, a.moment()); err != nil {
			return err
		}
		record := a.accountRecord(ctx, "cancel_factor_reset", audit.Done, s.Account, nil)
		record.ObjectKind, record.Object = "account", string(s.Account.ID)
		return tx.Record(ctx, record)
	})
}

// settleReset carries out a reset that is due: all factors go, and with them every
// session that was opened by one.
func (a *App) settleReset(ctx context.Context, tx *store.Tx, s Session) (done bool, err error) {
	reset, open, err := tx.ResetOf(ctx, s.Account.ID)
	if err != nil || !open || reset.Due == nil || a.moment().Before(*reset.Due) {
		return false, err
	}
	// Whoever calls it off at the same moment is first, or too late.
	if done, err = tx.CloseReset(ctx, reset.ID, a.moment()); err != nil || !done {
		return false, err
	}
	if err := tx.RemoveFactors(ctx, s.Account.ID); err != nil {
		return false, err
	}
	kept := s.Hash
	if !s.Second.IsZero() {
		kept = nil
	}
	if _, err := tx.EndSessions(ctx, s.Account.ID, kept, a.moment()); err != nil {
		return false, err
	}
	record := a.accountRecord(ctx, "factor_reset", audit.Done, s.Account, nil)
	record.ObjectKind, record.Object = "account", string(s.Account.ID)
	return done, tx.Record(ctx, record)
}

// factorsGone follows a reset that took effect.
func (a *App) factorsGone(ctx context.Context, account identity.Account) {
	a.nudger.rightsChanged()
	a.write(ctx, Letter{To: account, Kind: FactorsGone})
}

// reasonOf is a refusal as a record has it.
func reasonOf(refusal error) map[string]string {
	var told *casework.Error
	if !errors.As(refusal, &told) {
		return nil
	}
	return map[string]string{"reason": told.Reason}
}
