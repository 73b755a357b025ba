package main

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// memberFlags name a user at the table of a case.
type memberFlags struct {
	databaseFlags
	Case  casework.CaseID `arg:"" name:"case-id" help:"Id of the case, as it stands in the address of its board."`
	Login string          `arg:"" help:"E-mail address of the user."`
}

// withMember runs something of the operator's on the user.
func (m *memberFlags) withMember(ctx context.Context, do func(*app.App, casework.UserID) error) error {
	if !casework.ValidID(m.Case) {
		return casework.Absent()
	}
	return m.withApp(ctx, func(a *app.App, _ *store.Store) error {
		user, err := a.UserByLogin(ctx, m.Login)
		if err != nil {
			return err
		}
		return do(a, user)
	})
}

// memberAddCmd gives a user a role in a case.
type memberAddCmd struct {
	memberFlags
	Role    casework.Role       `required:"" help:"child_worker, ambulant_worker, residential_worker, mental_health, perpetrator_support, chair or expert_by_experience; guest and consult_child_worker see nothing without a grant."`
	Beside  []casework.PersonID `help:"Ids of the persons of the family for whom this member works, with commas." placeholder:"PERSON-ID"`
	Contact bool                `help:"This is the family's one contact person."`
	Ground  string              `help:"On which ground, for the access log." default:"treatment"`
	Until   string              `help:"The last day, in the Netherlands; open-ended without." placeholder:"2026-12-31"`
}

// Run seats the user, from now on.
func (m *memberAddCmd) Run(ctx context.Context) error {
	until, err := app.AfterDay(m.Until, time.Now())
	if err != nil {
		return err
	}
	return m.withMember(ctx, func(a *app.App, user casework.UserID) error {
		return a.SetMember(ctx, app.Operator(), m.Case, store.Membership{Ground: m.Ground, Member: casework.Member{
			User: user, Role: m.Role, Beside: m.Beside, Contact: m.Contact, From: time.Now(), Until: until}})
	})
}

// memberEndCmd ends a membership.
type memberEndCmd struct{ memberFlags }

// Run ends it now, on open boards too.
func (m *memberEndCmd) Run(ctx context.Context) error {
	return m.withMember(ctx, func(a *app.App, user casework.UserID) error {
		return a.EndMember(ctx, app.Operator(), m.Case, user)
	})
}
