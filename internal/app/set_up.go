package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// ErrSetUpOver is the one answer to a set-up link that makes nothing: expired,
// used, made for a database that has accounts by now, or none at all.
var ErrSetUpOver = casework.Refuse(casework.Denied, "set_up_over")

// NewSetUpLink makes the token of a link that makes the first organisation and its
// administrator, once, within identity.SetUpLife; empty when there is an account.
func (a *App) NewSetUpLink(ctx context.Context) (token string, err error) {
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		none, err := tx.HoldSetUp(ctx)
		if err != nil || !none {
			return err
		}
		var hash []byte
		token, hash = identity.NewToken(a.random)
		now := a.moment()
		if err := tx.AddSetUpLink(ctx, hash, now, now.Add(identity.SetUpLife)); err != nil {
			return err
		}
		return tx.Record(ctx, a.newRecord(Operator(), "set_up_link", audit.Create, audit.Done))
	})
	if err != nil {
		return "", a.fault("make a set-up link", err)
	}
	return token, nil
}

// LookAtSetUp tells whether a set-up link can be used now; ErrSetUpOver when not.
// It spends nothing.
func (a *App) LookAtSetUp(ctx context.Context, token, from string) error {
	leave, err := a.doorway.Enter(ctx, identity.AddressKey(from))
	if err != nil {
		return a.fault("wait at the door", err)
	}
	defer leave()
	holds := false
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		holds, err = a.setUpHolds(ctx, tx, token)
		return err
	})
	switch {
	case err != nil:
		return a.fault("look at a set-up link", err)
	case !holds:
		return a.refuseSetUp(ctx)
	}
	return nil
}

// SetUp makes the first organisation and its administrator, and signs that one
// in. What is wrong with the input is casework.Invalid.
func (a *App) SetUp(ctx context.Context, token string, n NewUser, from string) (session string, err error) {
	if err := a.LookAtSetUp(ctx, token, from); err != nil {
		return "", err
	}
	account := identity.Account{ID: casework.NewID[casework.UserID](a.random), Discipline: casework.Admin, Language: n.Language, Active: true}
	organisation, err := board.Name(n.Organisation)
	if err != nil {
		return "", &casework.Error{Kind: casework.Invalid, Reason: "organisation_name", Err: err}
	}
	account.OrganisationName = organisation
	if account.Name, err = board.Name(n.Name); err != nil {
		return "", err
	}
	var ok bool
	if account.Login, ok = identity.CleanAddress(n.Login); !ok {
		return "", casework.Refuse(casework.Invalid, "bad_address")
	}
	if err := identity.CheckPassword(n.Password, account); err != nil {
		return "", err
	}
	hash, err := a.passwords.Hash(ctx, n.Password)
	if err != nil {
		return "", a.fault("hash a password", err)
	}
	over := false
	session, err = a.beginSession(ctx, "set_up", func(tx *store.Tx) (casework.UserID, error) {
		holds, err := a.setUpHolds(ctx, tx, token)
		if err != nil {
			return "", err
		}
		if over = !holds; over {
			return "", ErrSetUpOver
		}
		if account.Organisation, err = tx.Organisation(ctx, organisation, casework.NewID[casework.OrganisationID](a.random)); err != nil {
			return "", err
		}
		if err := tx.AddAccount(ctx, account, hash, a.moment()); err != nil {
			return "", err
		}
		record := a.accountRecord(ctx, "set_up", audit.Done, account, nil)
		record.Checks = []audit.Check{audit.ByToken}
		record.Action, record.ObjectKind, record.Object = audit.Create, "organisation", string(account.Organisation)
		if err := tx.Record(ctx, record); err != nil {
			return "", err
		}
		return account.ID, tx.DropSetUpLinks(ctx)
	})
	if over {
		return "", a.refuseSetUp(ctx)
	}
	return session, err
}

func (a *App) setUpHolds(ctx context.Context, tx *store.Tx, token string) (bool, error) {
	hash, ok := identity.HashToken(token)
	if !ok {
		return false, nil
	}
	if none, err := tx.HoldSetUp(ctx); err != nil || !none {
		return false, err
	}
	return tx.HasSetUpLink(ctx, hash, a.moment())
}

func (a *App) refuseSetUp(ctx context.Context) error {
	record := a.accountRecord(ctx, "set_up", audit.Refused, identity.Account{}, map[string]string{"reason": "no_set_up"})
	record.Checks = []audit.Check{audit.ByToken}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refused set-up", err)
	}
	return ErrSetUpOver
}
