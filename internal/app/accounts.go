package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// NewUser is an account to make.
type NewUser struct {
	Login        string
	Name         string
	Discipline   casework.Role
	Organisation string // its name; made when it is new
	Language     string // "nl" (when empty) or "en"
	Password     string // may be empty for a demo account alone, which signs in by link
	Demo         bool
}

// AddUser makes an account, and its organisation when that is new. What is
// wrong with the input is casework.Invalid, a login that is taken Conflict.
func (a *App) AddUser(ctx context.Context, n NewUser) (casework.UserID, error) {
	login, ok := identity.CleanLogin(n.Login)
	if !ok {
		return "", casework.Refuse(casework.Invalid, "bad_login")
	}
	for _, name := range []*string{&n.Name, &n.Organisation} {
		var err error
		if *name, err = board.Name(*name); err != nil {
			return "", err
		}
	}
	if !slices.Contains(casework.Roles, n.Discipline) || n.Discipline == casework.NoRole {
		return "", casework.Refuse(casework.Invalid, "bad_role")
	}
	if n.Language == "" {
		n.Language = "nl"
	}
	if n.Language != "nl" && n.Language != "en" {
		return "", casework.Refuse(casework.Invalid, "bad_language")
	}
	hash := ""
	if n.Password != "" || !n.Demo {
		if err := identity.CheckPassword(n.Password, identity.Account{Login: login, Name: n.Name, OrganisationName: n.Organisation}); err != nil {
			return "", err
		}
		var err error
		if hash, err = a.passwords.Hash(ctx, n.Password); err != nil {
			return "", err
		}
	}
	account := identity.Account{ID: casework.NewID[casework.UserID](a.random), Login: login, Name: n.Name, Discipline: n.Discipline,
		Language: n.Language, Active: true, Demo: n.Demo}
	return account.ID, a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		account.Organisation, err = tx.Organisation(ctx, n.Organisation, casework.NewID[casework.OrganisationID](a.random))
		if err != nil {
			return err
		}
		if err := tx.AddAccount(ctx, account, hash, a.moment()); err != nil {
			return err
		}
		return tx.Record(ctx, a.operatorRecord("add_user", audit.Create, account.ID))
	})
}

// Deactivate takes every way to sign in from a user and ends all sessions, on
// every node and open socket. It is casework.Absent for nobody's id.
func (a *App) Deactivate(ctx context.Context, user casework.UserID) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		account, err := tx.Account(ctx, user)
		if err != nil {
			return err
		}
		if err := tx.HoldUsers(ctx, account.Organisation); err != nil {
			return err
		}
		if err := tx.Deactivate(ctx, user, a.moment()); err != nil {
			return err
		}
		if err := tx.Record(ctx, a.operatorRecord("deactivate_user", audit.Update, user)); err != nil {
			return err
		}
		_, err = tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return a.fault("deactivate a user", err)
	}
	a.nudger.rightsChanged()
	return nil
}

// UserByLogin finds the id of a login, for commands of the operator;
// casework.Absent when there is none.
func (a *App) UserByLogin(ctx context.Context, login string) (user casework.UserID, err error) {
	login, known := identity.CleanLogin(login)
	if !known {
		return "", casework.Absent()
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		account, _, found, err := tx.AccountByLogin(ctx, login)
		if err == nil && !found {
			err = casework.Absent()
		}
		user = account.ID
		return err
	})
	return user, err
}

// SetLanguage changes the language that a user reads in, "nl" or "en".
func (a *App) SetLanguage(ctx context.Context, user casework.UserID, language string) error {
	if language != "nl" && language != "en" {
		return casework.Refuse(casework.Invalid, "bad_language")
	}
	if err := a.store.SetLanguage(ctx, user, language); err != nil {
		return a.fault("set a language", err)
	}
	return nil
}

// Operator is who works on the command line of the server.
func Operator() audit.Actor {
	return audit.Actor{Door: "command line", Checks: []audit.Check{audit.ByOperator}}
}

// operatorRecord is a record of what the operator of the server did to an
// account.
func (a *App) operatorRecord(event audit.Event, action audit.Action, account casework.UserID) audit.Record {
	record := a.newRecord(Operator(), event, action, audit.Done)
	record.ObjectKind, record.Object = "account", string(account)
	return record
}
