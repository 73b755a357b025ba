package app

import (
	"context"
	"errors"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// TeamRules are what an organisation asks of the teams that its people make.
type TeamRules = store.TeamRules

// maySetTeamRules tells whether somebody of the discipline sets those of the own
// organisation.
func (a *App) maySetTeamRules(discipline casework.Role) bool {
	return a.Rules().Decide(policy.Request{Role: discipline, Act: casework.ActUsers, Grant: casework.NoGrant, Status: casework.Open}).Allowed
}

// TeamRulesOf reads those of the user's organisation, for who sets them.
func (a *App) TeamRulesOf(ctx context.Context, session Session) (rules TeamRules, err error) {
	if !a.maySetTeamRules(session.Account.Discipline) {
		return rules, a.refuseOutside(ctx, session, "view_team_rules", audit.Read, casework.Absent())
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if rules, err = tx.TeamRules(ctx, session.Account.Organisation); err != nil {
			return err
		}
		record := a.outsideRecord(ctx, session.Account, "view_team_rules", audit.Read)
		record.ObjectKind, record.Object = "organisation", string(session.Account.Organisation)
		return tx.Record(ctx, record)
	})
	if err != nil {
		return rules, a.fault("read the rules of teams", err)
	}
	return rules, nil
}

// SetTeamRules replaces them. They hold for what is asked from then on.
func (a *App) SetTeamRules(ctx context.Context, session Session, rules TeamRules) error {
	if !a.maySetTeamRules(session.Account.Discipline) {
		return a.refuseOutside(ctx, session, "team_rules", audit.Update, casework.Absent())
	}
	if rules.Professionals < 1 || rules.Professionals > 99 {
		return a.refuseOutside(ctx, session, "team_rules", audit.Update, casework.Refuse(casework.Invalid, "bad_professionals"))
	}
	known := slices.DeleteFunc(slices.Clone(Grounds), func(ground string) bool { return !slices.Contains(rules.Grounds, ground) })
	if len(known) == 0 || len(known) != len(rules.Grounds) {
		return a.refuseOutside(ctx, session, "team_rules", audit.Update, casework.Refuse(casework.Invalid, "bad_grounds"))
	}
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := tx.SetTeamRules(ctx, session.Account.Organisation, TeamRules{Professionals: rules.Professionals, Grounds: known}); err != nil {
			return err
		}
		record := a.outsideRecord(ctx, session.Account, "team_rules", audit.Update)
		record.ObjectKind, record.Object = "organisation", string(session.Account.Organisation)
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.fault("set the rules of teams", err)
	}
	return nil
}

// refuseOutside records that something outside every case was refused.
func (a *App) refuseOutside(ctx context.Context, session Session, event audit.Event, action audit.Action, refusal *casework.Error) error {
	record := a.outsideRecord(ctx, session.Account, event, action)
	record.Outcome, record.Detail = audit.Refused, map[string]string{"reason": refusal.Reason}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refusal", err)
	}
	return refusal
}

// orRefused gives an error of something outside every case, and puts it on record when
// it is a refusal: neither a fault of ours nor that the session is over.
func (a *App) orRefused(ctx context.Context, session Session, event audit.Event, action audit.Action, err error) error {
	var refusal *casework.Error
	if !errors.As(err, &refusal) || refusal == ErrSignedOut || refusal.Kind == casework.Unavailable || refusal.Kind == casework.Internal {
		return err
	}
	return a.refuseOutside(ctx, session, event, action, refusal)
}
