package app

import (
	"context"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// Confirmation is a place at a table for which a colleague's own organisation is
// asked. It names no case and no family.
type Confirmation struct {
	ID           string
	Colleague    string
	Organisation string // that asks
	Role         casework.Role
	Function     casework.ChairFunction
	Contact      bool // the colleague would be the family's one contact person
	Ground       string
	From, Until  time.Time
	Asked        time.Time
}

// MayConfirm tells whether somebody of the discipline answers for the own
// organisation.
func (a *App) MayConfirm(discipline casework.Role) bool { return mayConfirm(a.Rules(), discipline) }

func mayConfirm(rules *policy.Policy, discipline casework.Role) bool {
	return rules.Decide(policy.Request{Role: discipline, Act: casework.ActConfirm, Grant: casework.NoGrant, Status: casework.Open}).Allowed
}

// Confirmations lists what waits for the organisation of the user, and puts the
// look on the record.
func (a *App) Confirmations(ctx context.Context, session Session) (list []Confirmation, err error) {
	var refusal error
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		rules, err := a.policyAt(ctx, tx, epoch)
		if err != nil {
			return err
		}
		record := a.outsideRecord(ctx, session.Account, "list_confirmations", audit.Read)
		if !mayConfirm(rules, session.Account.Discipline) {
			refusal = casework.Absent()
			record.Outcome, record.Detail = audit.Refused, map[string]string{"reason": "not_found"}
			return tx.Record(ctx, record)
		}
		colleagues, keys, err := a.colleagues(ctx, tx, session.Account)
		if err != nil {
			return err
		}
		proposals, err := tx.ProposalsFor(ctx, keys, a.moment().Add(-proposalKept))
		if err != nil {
			return err
		}
		asking := askingTables{}
		for _, p := range proposals {
			asked, err := a.asked(ctx, tx, p, session.Account, colleagues[string(p.Key)], epoch, rules, asking)
			if casework.KindOf(err) == casework.NotFound {
				continue
			}
			if unservable(err) {
				a.log.Error("list a confirmation", "err", err)
				continue
			}
			if err != nil {
				return err
			}
			list = append(list, asked.Confirmation)
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return nil, a.fault("list confirmations", err)
	}
	return list, refusal
}

// colleagues are those of one's own organisation who can have a place at a table,
// by the key of their address.
func (a *App) colleagues(ctx context.Context, tx *store.Tx, of identity.Account) (map[string]identity.Account, []store.AddressKey, error) {
	all, err := tx.Colleagues(ctx, of.Organisation)
	byKey := map[string]identity.Account{}
	var keys []store.AddressKey
	for _, account := range all {
		if seatable(account) != nil {
			continue
		}
		key := a.store.AddressKey(account.Login)
		byKey[string(key)] = account
		keys = append(keys, key)
	}
	return byKey, keys, err
}

// askedFor is a proposal that may be answered, and for whom.
type askedFor struct {
	Confirmation
	account identity.Account
	table   askingTable
	inviter view.Seat // of who asks
}

// asked is what a proposal asks of the user; casework.Absent when it asks nothing:
// who made it may not invite there any more, its time has passed, or its colleague
// or the user must never come near that case.
func (a *App) asked(ctx context.Context, tx *store.Tx, p store.Proposal, user, colleague identity.Account, epoch int64, rules *policy.Policy, asking askingTables) (askedFor, error) {
	now := a.moment()
	if !stillWaits(p, now) || p.Vouched != "" || colleague.ID == "" {
		return askedFor{}, casework.Absent()
	}
	for _, one := range []identity.Account{user, colleague} {
		if excluded, err := a.Excluded(ctx, tx, p.Case, one.Login, one.ID); err != nil {
			return askedFor{}, err
		} else if excluded {
			return askedFor{}, casework.Absent()
		}
	}
	t, err := a.askingTable(ctx, tx, p.Case, epoch, rules, asking)
	if err != nil {
		return askedFor{}, err
	}
	inviter, ok := t.access.Reader(p.InvitedBy, now)
	seat := view.SeatOf(inviter, view.Moment{State: t.state, Access: t.access, At: now})
	if !ok || !mayInvite(seat) {
		return askedFor{}, casework.Absent()
	}
	return askedFor{Confirmation{ID: p.ID, Colleague: colleague.Name, Organisation: inviter.OrganisationName, Role: p.Role, Function: p.Function,
		Ground: p.Ground, From: p.From, Until: p.Until, Contact: p.Contact, Asked: p.Proposed}, colleague, t, seat}, nil
}

// stillWaits tells whether a proposal can come to a place yet.
func stillWaits(p store.Proposal, now time.Time) bool {
	return p.State == store.ProposalWaiting && now.Sub(p.Proposed) < proposalKept && (p.Until.IsZero() || p.Until.After(now))
}

// askingTables are cases that ask for somebody, each read once for one list.
type askingTables map[casework.CaseID]askingTable

type askingTable struct {
	state  *casework.State
	access *casework.Access
	team   []store.Membership
}

func (a *App) askingTable(ctx context.Context, tx *store.Tx, id casework.CaseID, epoch int64, rules *policy.Policy, known askingTables) (askingTable, error) {
	if t, ok := known[id]; ok {
		return t, nil
	}
	teams, err := tx.Team(ctx, []casework.CaseID{id})
	if err != nil {
		return askingTable{}, err
	}
	t := askingTable{team: teams[id]}
	t.access, _ = seatTeam(id, epoch, t.team, rules)
	if t.state, err = a.store.LoadStructure(ctx, tx, id); err != nil {
		return askingTable{}, err
	}
	known[id] = t
	return t, nil
}

// AnswerProposal gives the yes or no of the user's organisation. To a place that is
// changed, a yes does that; to somebody who was asked by address, a chair gives the
// place who sees whom the yes is for (SeatProposal). Whatever is not there to be
// answered, for whatever reason, is casework.Absent.
func (a *App) AnswerProposal(ctx context.Context, session Session, proposal string, yes bool) error {
	event := audit.Event("decline_member")
	if yes {
		event = "confirm_member"
	}
	record := a.outsideRecord(ctx, session.Account, event, audit.Update)
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		p, err := tx.Proposal(ctx, proposal)
		if err != nil {
			return err
		}
		epoch, err := tx.BumpAccess(ctx) // from here on nobody's rights change
		if err != nil {
			return err
		}
		rules, err := a.policyAt(ctx, tx, epoch-1)
		if err != nil {
			return err
		}
		user, err := tx.Account(ctx, session.Account.ID)
		if err != nil {
			return err
		}
		if !user.Active || !mayConfirm(rules, user.Discipline) {
			return casework.Absent()
		}
		colleagues, _, err := a.colleagues(ctx, tx, user)
		if err != nil {
			return err
		}
		asked, err := a.asked(ctx, tx, p, user, colleagues[string(p.Key)], epoch, rules, askingTables{})
		if err != nil {
			return err
		}
		record.Case, record.ObjectKind, record.Object = p.Case, "proposal", p.ID
		if yes {
			record.ObjectKind, record.Object = "member", string(asked.account.ID)
			err = a.vouch(ctx, tx, p, asked, user.ID)
		} else {
			err = tx.AnswerProposal(ctx, p.ID, store.ProposalDeclined, user.ID, a.moment())
		}
		if err != nil {
			return err
		}
		if err := a.notify(ctx, tx, store.Notice{Case: p.Case, Kind: store.NoticePlaceAnswered, Object: p.ID, By: user.ID}, p.InvitedBy); err != nil {
			return err
		}
		return tx.Record(ctx, record)
	})
	var refusal *casework.Error
	if errors.As(err, &refusal) && refusal.Kind != casework.Internal && refusal.Kind != casework.Unavailable {
		record.Case, record.ObjectKind, record.Object = "", "", ""
		record.Outcome, record.Detail = audit.Refused, map[string]string{"reason": "not_found"}
		if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
			return a.fault("record a refusal", err)
		}
		return casework.Absent()
	}
	if err != nil {
		return a.fault("answer a proposal", err)
	}
	a.nudger.rightsChanged()
	return nil
}

// outsideRecord begins a line about somebody who does something outside every case.
func (a *App) outsideRecord(ctx context.Context, by identity.Account, event audit.Event, action audit.Action) audit.Record {
	record := a.newRecord(a.onPage(ctx, by.ID), event, action, audit.Done)
	record.Role, record.Organisation = by.Discipline, by.Organisation
	return record
}
