package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// ownerGround is the ground on which whoever opened a case is a member of it.
const ownerGround = "owner"

// MayOpen tells whether somebody of the discipline may open a case.
func (a *App) MayOpen(discipline casework.Role) bool { return mayOpen(a.Rules(), discipline).Allowed }

func mayOpen(rules *policy.Policy, discipline casework.Role) policy.Decision {
	return rules.Decide(policy.Request{Role: discipline, Act: casework.ActOpen, Grant: casework.NoGrant, Status: casework.Open})
}

// OpenCase opens a case with its owner and the columns of a template: whoever
// opens it is its chair, so that no case is ever without one. A command that was carried out before, or is
// being carried out at this moment, gives the same case.
func (a *App) OpenCase(ctx context.Context, session Session, command casework.CommandID, name string, template Template) (casework.CaseID, error) {
	if !casework.ValidID(command) {
		return "", casework.Refuse(casework.Invalid, "bad_id")
	}
	name, err := board.Name(name)
	if err != nil {
		return "", err
	}
	actor := a.onPage(ctx, session.Account.ID)
	actor.Request = string(command)
	key := store.CommandKey{User: session.Account.ID, ID: command}
	var id casework.CaseID
	var refusal *casework.Error
	open := func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		done, err := tx.DoneCommands(ctx, []store.CommandKey{key})
		if err != nil {
			return err
		}
		if made, ok := done[key]; ok {
			id = casework.CaseID(made)
			return nil
		}
		rules, err := a.policyAt(ctx, tx, epoch)
		if err != nil {
			return err
		}
		decision := mayOpen(rules, session.Account.Discipline)
		record := a.newRecord(actor, "open_case", audit.Create, audit.Done)
		record.Role, record.Organisation, record.PolicyRule = session.Account.Discipline, session.Account.Organisation, decision.Rule
		if !decision.Allowed {
			refusal = &casework.Error{Kind: casework.Denied, Reason: "not_allowed", Act: casework.ActOpen}
			record.Outcome, record.Detail = audit.Refused, map[string]string{"reason": refusal.Reason}
			return tx.Record(ctx, record)
		}
		id = casework.NewID[casework.CaseID](a.random)
		record.Case, record.ObjectKind, record.Object, record.Ground = id, "case", string(id), ownerGround
		if err := a.createCase(ctx, tx, id, session, command, epoch, name, template); err != nil {
			return err
		}
		if err := tx.SaveCommands(ctx, map[store.CommandKey]string{key: string(id)}); err != nil {
			return err
		}
		return tx.Record(ctx, record)
	}
	if err = a.store.Transact(ctx, open); store.DoneMeanwhile(err) {
		err = a.store.Transact(ctx, open)
	}
	if err != nil {
		return "", a.fault("open a case", err)
	}
	if refusal != nil {
		return "", refusal
	}
	return id, nil
}

// createCase needs no new access epoch: nobody can hold rights to a case that
// was not there.
func (a *App) createCase(ctx context.Context, tx *store.Tx, id casework.CaseID, session Session, command casework.CommandID, epoch int64, name string, template Template) error {
	now := a.moment()
	if err := tx.CreateCase(ctx, id, session.Account.ID, now); err != nil {
		return err
	}
	opened := &casework.CaseOpened{Name: text(name, a.random)}
	changes := append([]casework.Change{opened}, template.changes(session.Account.Language, a.random)...)
	events := casework.NewState(id).Follow(casework.Event{Epoch: epoch, Actor: session.Account.ID, At: now, Command: command}, changes...)
	if err := tx.AppendEvents(ctx, []store.Append{{Case: id, Events: events}}); err != nil {
		return err
	}
	return tx.PutMember(ctx, id, store.Membership{Ground: ownerGround, Member: casework.Member{
		User: session.Account.ID, Role: casework.Chair, From: now}})
}

// SetMember gives a user a role in a case, or replaces the one it had, without
// asking anybody: for the operator, and where a case is made. It is not held back
// for a last chair, as the operator may have to end a place that nobody else can;
// who must never come near the case, and a manager or admin, is refused all the
// same. On every node it holds before the next card is delivered. A case or user
// that is not there is casework.Absent.
func (a *App) SetMember(ctx context.Context, actor audit.Actor, id casework.CaseID, m store.Membership) error {
	if !slices.Contains(casework.CaseRoles, m.Role) {
		return casework.Refuse(casework.Invalid, "bad_role")
	}
	var account identity.Account
	look := func(tx *store.Tx) error {
		state, err := a.store.LoadStructure(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case state.Seq == 0:
			return casework.Absent()
		}
		for _, person := range m.Beside {
			if state.Persons[person] == nil {
				return casework.Refuse(casework.NotFound, "person_gone")
			}
		}
		if account, err = tx.Account(ctx, m.User); err != nil {
			return err
		}
		return seatable(account)
	}
	return a.changeRights(ctx, actor, id, m.User, "member", look, func(tx *store.Tx) error {
		if excluded, err := a.Excluded(ctx, tx, id, account.Login, account.ID); err != nil {
			return err
		} else if excluded {
			return casework.Refuse(casework.Denied, "excluded")
		}
		return tx.PutMember(ctx, id, m)
	})
}

// EndMember ends a membership now; it is casework.Absent when there is none, or
// none any more.
func (a *App) EndMember(ctx context.Context, actor audit.Actor, id casework.CaseID, user casework.UserID) error {
	look := func(*store.Tx) error { return nil }
	return a.changeRights(ctx, actor, id, user, "member_ended", look, func(tx *store.Tx) error { return tx.EndMember(ctx, id, user, a.moment()) })
}

// changeRights looks at what the change needs, and makes it when nobody's rights
// can change any more: what it then goes by still holds when it is committed.
func (a *App) changeRights(ctx context.Context, actor audit.Actor, id casework.CaseID, member casework.UserID, event audit.Event, look, change func(*store.Tx) error) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := look(tx); err != nil {
			return err
		}
		if _, err := tx.BumpAccess(ctx); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		record := a.newRecord(actor, event, audit.Update, audit.Done)
		record.Case, record.ObjectKind, record.Object = id, "member", string(member)
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.fault("change a membership", err)
	}
	a.nudger.rightsChanged()
	return nil
}
