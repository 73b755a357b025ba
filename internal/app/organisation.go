package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// Disciplines are those that an account can have, in the order in which they are
// offered. Who is only consulted has a discipline of its own.
var Disciplines = slices.DeleteFunc(slices.Clone(casework.Roles), func(r casework.Role) bool {
	return r == casework.NoRole || r == casework.ConsultChildWorker
})

// newFor is how long an account is news.
const newFor = 30 * 24 * time.Hour

// Organisation is who works for one, as its administrator sees it.
type Organisation struct {
	Users   []identity.Account    // by name, those who left too
	Invited []identity.Invitation // open, newest first; some are expired
	// Chairless is how many open tables of the organisation, or of colleagues who left,
	// have no chair.
	Chairless int

	New map[casework.UserID]store.Newcomer // of those who can be one of two people
}

// MayManageUsers tells whether somebody of the discipline manages the users of
// its own organisation.
func (a *App) MayManageUsers(discipline casework.Role) bool {
	return mayManage(a.Rules(), discipline).Allowed
}

func mayManage(rules *policy.Policy, discipline casework.Role) policy.Decision {
	return rules.Decide(policy.Request{Role: discipline, Act: casework.ActUsers, Grant: casework.NoGrant, Status: casework.Open})
}

// OrganisationOf lists the users of the own organisation of somebody who manages
// them; casework.Absent for anybody else.
func (a *App) OrganisationOf(ctx context.Context, session Session) (organisation Organisation, err error) {
	return organisation, a.manage(ctx, session, userDeed{event: "list_users", action: audit.Read, kind: "organisation", object: string(session.Account.Organisation)},
		func(tx *store.Tx, by identity.Account) error {
			if organisation.Users, err = tx.UsersOf(ctx, by.Organisation); err != nil {
				return err
			}
			if organisation.New, err = tx.Newcomers(ctx, by.Organisation, a.moment().Add(-newFor)); err != nil {
				return err
			}
			maps.DeleteFunc(organisation.New, func(user casework.UserID, _ store.Newcomer) bool {
				return !slices.ContainsFunc(organisation.Users, func(u identity.Account) bool { return u.ID == user && outsideCases(u.Discipline) })
			})
			if organisation.Chairless, err = a.chairless(ctx, tx, by); err != nil {
				return err
			}
			organisation.Invited, err = tx.InvitationsOf(ctx, by.Organisation)
			return err
		})
}

// chairless counts the open tables without a chair that concern the organisation of
// somebody who manages users, but for those that this person must never come near.
func (a *App) chairless(ctx context.Context, tx *store.Tx, by identity.Account) (n int, err error) {
	tables, err := tx.Chairless(ctx, by.Organisation, a.moment())
	if err != nil {
		return 0, err
	}
	for _, id := range tables {
		excluded, err := a.Excluded(ctx, tx, id, by.Login, by.ID)
		if err != nil {
			return 0, err
		}
		if !excluded {
			n++
		}
	}
	return n, nil
}

// DeactivateUser takes every way to sign in from a user of the own organisation,
// as Deactivate does. Nobody deactivates itself, and somebody who manages users
// always stays. A user of another organisation is as one that never was.
func (a *App) DeactivateUser(ctx context.Context, session Session, user casework.UserID) error {
	err := a.manage(ctx, session, userDeed{event: "deactivate_user", action: audit.Update, kind: "account", object: string(user)},
		func(tx *store.Tx, by identity.Account) error {
			if !a.Proven(session) {
				return ErrNotProven
			}
			users, err := tx.UsersOf(ctx, by.Organisation)
			if err != nil {
				return err
			}
			managers, there := 0, false
			for _, u := range users {
				if u.Active && a.MayManageUsers(u.Discipline) && u.ID != user {
					managers++
				}
				there = there || u.ID == user && u.Active
			}
			switch {
			case !there:
				return casework.Absent()
			case managers == 0:
				return casework.Refuse(casework.Denied, "last_admin")
			case user == by.ID:
				return casework.Refuse(casework.Denied, "not_oneself")
			}
			if err := tx.Deactivate(ctx, user, a.moment()); err != nil {
				return err
			}
			_, err = tx.BumpAccess(ctx)
			return err
		})
	if err != nil {
		return err
	}
	a.nudger.rightsChanged()
	return nil
}

// userDeed is what somebody who manages users does, for the record.
type userDeed struct {
	event  audit.Event
	action audit.Action
	kind   string // of the object
	object string // its id; it may be anything typed, and is left out of a refusal
	detail map[string]string
}

// manage does something to the users of an organisation in the name of somebody
// who manages them, as that person is at this moment, with its record. Those who
// do so take turns. For anybody else there is nothing here: casework.Absent. A
// refusal is on the record as well.
func (a *App) manage(ctx context.Context, session Session, d userDeed, do func(*store.Tx, identity.Account) error) error {
	by := session.Account
	record := a.newRecord(a.onPage(ctx, by.ID), d.event, d.action, audit.Done)
	record.Detail = d.detail
	err := a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		if err = tx.HoldUsers(ctx, by.Organisation); err != nil {
			return err
		}
		if by, err = tx.Account(ctx, by.ID); err != nil {
			return err
		}
		decision := mayManage(a.Rules(), by.Discipline)
		record.Role, record.Organisation, record.PolicyRule = by.Discipline, by.Organisation, decision.Rule
		if !decision.Allowed || !by.Active || !casework.ValidID(d.object) {
			return casework.Absent()
		}
		record.ObjectKind, record.Object = d.kind, d.object
		// First, as what is done may end by letting go of all rights.
		if err = tx.Record(ctx, record); err != nil {
			return err
		}
		return do(tx, by)
	})
	var refusal *casework.Error
	if errors.As(err, &refusal) && refusal.Kind != casework.Internal && refusal.Kind != casework.Unavailable {
		record.Outcome, record.ObjectKind, record.Object, record.Detail = audit.Refused, "", "", map[string]string{"reason": refusal.Reason}
		if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
			return a.fault("record a refusal", err)
		}
		return refusal
	}
	if err != nil {
		return a.fault("manage users", err)
	}
	return nil
}
