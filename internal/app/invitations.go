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

// Invitee is somebody who is asked to have an account.
type Invitee struct {
	Login      string // an e-mail address
	Name       string
	Discipline casework.Role
	Language   string
}

// ErrInvitationOver is the one answer to a token that makes no account: expired,
// used, withdrawn, for a login that is taken meanwhile, or none at all.
var ErrInvitationOver = casework.Refuse(casework.Denied, "invitation_over")

// InviteUser asks somebody to have an account with the own organisation, and gives
// the token with which that person makes it, once. Whether another organisation
// knows the address changes nothing about the answer.
func (a *App) InviteUser(ctx context.Context, session Session, n Invitee) (i identity.Invitation, token string, err error) {
	if i, err = a.cleanInvitee(n); err != nil {
		return i, "", err
	}
	i.ID = casework.NewID[identity.InvitationID](a.random)
	var others []identity.Account // who manage users too
	token, hash := identity.NewToken(a.random)
	err = a.manage(ctx, session, userDeed{event: "invite", action: audit.Create, kind: "invitation", object: string(i.ID), detail: map[string]string{"discipline": string(i.Discipline)}},
		func(tx *store.Tx, by identity.Account) error {
			if outsideCases(i.Discipline) && !a.Proven(session) {
				return ErrNotProven
			}
			users, err := tx.UsersOf(ctx, by.Organisation)
			if err != nil {
				return err
			}
			others = slices.DeleteFunc(slices.Clone(users), func(u identity.Account) bool { return u.ID == by.ID || !a.MayManageUsers(u.Discipline) })
			if slices.ContainsFunc(users, func(u identity.Account) bool { return u.Login == i.Login }) {
				return casework.Refuse(casework.Conflict, "login_here")
			}
			i = a.issued(i, by)
			return tx.AddInvitation(ctx, i, hash)
		})
	if err == nil && outsideCases(i.Discipline) {
		a.tellOfInvitation(ctx, i, others)
	}
	return i, token, err
}

// outsideCases tells whether a discipline has no place at any table, but looks after
// accounts, accesses or policies: who has it can be one of two people.
func outsideCases(discipline casework.Role) bool {
	return !slices.Contains(casework.CaseRoles, discipline)
}

// tellOfInvitation writes to everybody else who manages users that one of them asks
// for somebody who would be a second person beside them.
func (a *App) tellOfInvitation(ctx context.Context, i identity.Invitation, others []identity.Account) {
	letters := make([]Letter, len(others))
	for n, other := range others {
		letters[n] = Letter{To: other, Kind: UserInvited, By: i.IssuerName, Name: i.Name}
	}
	a.write(ctx, letters...)
}

// InviteUserAgain hands an open invitation of the own organisation out anew, with a token
// of its own; the one of before makes no account any more.
func (a *App) InviteUserAgain(ctx context.Context, session Session, id identity.InvitationID) (i identity.Invitation, token string, err error) {
	token, hash := identity.NewToken(a.random)
	err = a.manage(ctx, session, userDeed{event: "invite_again", action: audit.Update, kind: "invitation", object: string(id)},
		func(tx *store.Tx, by identity.Account) error {
			if i, err = tx.Invitation(ctx, by.Organisation, id); err != nil {
				return err
			}
			if outsideCases(i.Discipline) && !a.Proven(session) {
				return ErrNotProven
			}
			i = a.issued(i, by)
			return tx.RenewInvitation(ctx, i, hash)
		})
	return i, token, err
}

// WithdrawInvitation takes back an open invitation of the own organisation.
func (a *App) WithdrawInvitation(ctx context.Context, session Session, id identity.InvitationID) error {
	return a.manage(ctx, session, userDeed{event: "withdraw_invitation", action: audit.Update, kind: "invitation", object: string(id)},
		func(tx *store.Tx, by identity.Account) error {
			if _, err := tx.Invitation(ctx, by.Organisation, id); err != nil {
				return err
			}
			return tx.WithdrawInvitation(ctx, id, a.moment())
		})
}

// issued is an invitation as somebody hands it out now.
func (a *App) issued(i identity.Invitation, by identity.Account) identity.Invitation {
	i.Organisation, i.OrganisationName, i.Issuer, i.IssuerName = by.Organisation, by.OrganisationName, by.ID, by.Name
	i.Sent = a.moment()
	i.Expires = i.Sent.Add(identity.InvitationLife)
	return i
}

func (a *App) cleanInvitee(n Invitee) (i identity.Invitation, err error) {
	var ok bool
	if i.Login, ok = identity.CleanAddress(n.Login); !ok {
		return i, casework.Refuse(casework.Invalid, "bad_address")
	}
	if i.Name, err = board.Name(n.Name); err != nil {
		return i, err
	}
	if i.Discipline = n.Discipline; !slices.Contains(Disciplines, i.Discipline) {
		return i, casework.Refuse(casework.Invalid, "bad_role")
	}
	if i.Language = n.Language; i.Language != "nl" && i.Language != "en" {
		return i, casework.Refuse(casework.Invalid, "bad_language")
	}
	return i, nil
}

// LookAtInvitation tells whose invitation a token is of. It spends nothing.
func (a *App) LookAtInvitation(ctx context.Context, token, from string) (i identity.Invitation, err error) {
	leave, err := a.doorway.Enter(ctx, identity.AddressKey(from))
	if err != nil {
		return i, a.fault("wait at the door", err)
	}
	defer leave()
	refused := ""
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if i, refused, err = a.invitationOf(ctx, tx, token); err != nil || refused != "" {
			return err
		}
		return tx.Record(ctx, a.invitationRecord(ctx, "open_invitation", audit.Read, i))
	})
	switch {
	case err != nil:
		return identity.Invitation{}, a.fault("look at an invitation", err)
	case refused != "":
		return identity.Invitation{}, a.refuseInvitation(ctx, "open_invitation", refused)
	}
	return i, nil
}

// Join makes the account of an invitation, with the name and password of who
// accepts it, and signs it in. What is wrong with either is casework.Invalid; a
// token that makes no account is ErrInvitationOver, whatever is the matter.
func (a *App) Join(ctx context.Context, token, name, password, from string) (session string, err error) {
	i, err := a.LookAtInvitation(ctx, token, from)
	if err != nil {
		return "", err
	}
	account := identity.Account{ID: casework.NewID[casework.UserID](a.random), Login: i.Login, Discipline: i.Discipline,
		Organisation: i.Organisation, OrganisationName: i.OrganisationName, Language: i.Language, Active: true, CountsFrom: a.moment().Add(identity.CountsAfter)}
	if account.Name, err = board.Name(name); err != nil {
		return "", err
	}
	if err := identity.CheckPassword(password, account); err != nil {
		return "", err
	}
	hash, err := a.passwords.Hash(ctx, password)
	if err != nil {
		return "", a.fault("hash a password", err)
	}
	refused := ""
	session, err = a.beginSession(ctx, "invitation", func(tx *store.Tx) (casework.UserID, error) {
		var err error
		if i, refused, err = a.invitationOf(ctx, tx, token); err != nil {
			return "", err
		}
		if refused != "" {
			return "", ErrInvitationOver
		}
		if err := tx.AddAccount(ctx, account, hash, a.moment()); err != nil {
			return "", err
		}
		if err := tx.AcceptInvitation(ctx, i.ID, account.ID); err != nil {
			return "", err
		}
		record := a.accountRecord(ctx, "join_organisation", audit.Done, account, nil)
		record.Checks, record.Action, record.ObjectKind, record.Object = []audit.Check{audit.ByToken}, audit.Create, "invitation", string(i.ID)
		return account.ID, tx.Record(ctx, record)
	})
	switch kind := casework.KindOf(err); {
	case kind == casework.Conflict:
		return "", a.refuseInvitation(ctx, "join_organisation", "login_taken")
	case refused != "":
		return "", a.refuseInvitation(ctx, "join_organisation", refused)
	}
	return session, err
}

// Why an invitation was refused: for the record, never for who tried.
const (
	noInvitation      = "no_invitation"
	expiredInvitation = "expired"
	issuerGone        = "issuer_gone"
)

// invitationOf finds the invitation of a token and holds it, or says why there is
// none that makes an account now.
func (a *App) invitationOf(ctx context.Context, tx *store.Tx, token string) (i identity.Invitation, refused string, err error) {
	hash, ok := identity.HashToken(token)
	if !ok {
		return i, noInvitation, nil
	}
	i, err = tx.InvitationByToken(ctx, hash)
	if casework.KindOf(err) == casework.NotFound {
		return i, noInvitation, nil
	}
	if err != nil {
		return i, "", err
	}
	if i.Expired(a.moment()) {
		return i, expiredInvitation, nil
	}
	issuer, err := tx.Account(ctx, i.Issuer)
	if err != nil {
		return i, "", err
	}
	if !issuer.Active || issuer.Organisation != i.Organisation || !a.MayManageUsers(issuer.Discipline) {
		return i, issuerGone, nil
	}
	return i, "", nil
}

func (a *App) refuseInvitation(ctx context.Context, event audit.Event, reason string) error {
	record := a.accountRecord(ctx, event, audit.Refused, identity.Account{}, map[string]string{"reason": reason})
	record.Checks = []audit.Check{audit.ByToken}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refused invitation", err)
	}
	return ErrInvitationOver
}

func (a *App) invitationRecord(ctx context.Context, event audit.Event, action audit.Action, i identity.Invitation) audit.Record {
	record := a.newRecord(a.onPage(ctx, ""), event, action, audit.Done)
	record.Checks, record.Organisation, record.ObjectKind, record.Object = []audit.Check{audit.ByToken}, i.Organisation, "invitation", string(i.ID)
	return record
}
