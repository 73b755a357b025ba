package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// HoldAccess keeps every right as it is until the transaction ends, and gives
// the access epoch that this is.
func (tx *Tx) HoldAccess(ctx context.Context) (epoch int64, err error) {
	err = tx.GetContext(ctx, &epoch, `SELECT hold_access()`)
	return epoch, plain(err)
}

// BumpAccess begins a new access epoch. It comes as late as it can in a transaction
// that changes a membership, session, account or policy, as it waits for everybody
// who holds the old one, and everybody waits for it; what decides about the change
// is read after it, as nothing of it can change then.
func (tx *Tx) BumpAccess(ctx context.Context) (epoch int64, err error) {
	err = tx.GetContext(ctx, &epoch, `SELECT bump_access()`)
	return epoch, plain(err)
}

// Epoch reads the access epoch without holding it.
func Epoch(ctx context.Context, q sqlx.QueryerContext) (epoch int64, err error) {
	err = sqlx.GetContext(ctx, q, &epoch, `SELECT epoch FROM access_epoch`)
	return epoch, plain(err)
}

// Team lists everybody who is or was a member of each case.
func (tx *Tx) Team(ctx context.Context, ids []casework.CaseID) (map[casework.CaseID][]Membership, error) {
	return team(ctx, tx, ids)
}

// Membership is a member with the ground on which, and what its team knows of it
// beyond that.
type Membership struct {
	casework.Member
	Ground     string
	Discipline casework.Role    // of the account
	InvitedBy  casework.UserID  // empty: the operator, or who opened the case
	Duty       SealedDuty       // as Team reads it; SetDuty writes it
	Given      []casework.Given // as Team reads it, without rights; Give writes it
}

func team(ctx context.Context, q sqlx.QueryerContext, ids []casework.CaseID) (map[casework.CaseID][]Membership, error) {
	rows := []struct {
		Case             casework.CaseID         `db:"case_id"`
		User             casework.UserID         `db:"account"`
		Name             string                  `db:"name"`
		Active           bool                    `db:"active"`
		Role             casework.Role           `db:"role"`
		Organisation     casework.OrganisationID `db:"organisation"`
		OrganisationName string                  `db:"organisation_name"`
		Beside           pq.StringArray          `db:"beside"`
		Contact          bool                    `db:"contact"`
		Ground           string                  `db:"ground"`
		From             time.Time               `db:"valid_from"`
		Until            *time.Time              `db:"valid_until"`
		Function         casework.ChairFunction  `db:"chair_function"`
		Discipline       casework.Role           `db:"discipline"`
		InvitedBy        casework.UserID         `db:"invited_by"`
		Duty             []byte                  `db:"duty"`
	}{}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT m.case_id, m.account, a.name, a.active, m.role, a.organisation, o.name AS organisation_name, m.beside, m.contact,
		       m.ground, m.valid_from, m.valid_until, m.chair_function, a.discipline, m.invited_by, m.duty
		FROM membership m JOIN account a ON a.id = m.account JOIN organisation o ON o.id = a.organisation
		WHERE m.case_id = ANY($1) ORDER BY a.name, a.id`, pq.Array(ids))
	if err != nil {
		return nil, plain(err)
	}
	gifts, err := given(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	teams := make(map[casework.CaseID][]Membership, len(ids))
	for _, r := range rows {
		m := Membership{Ground: r.Ground, Discipline: r.Discipline, InvitedBy: r.InvitedBy, Duty: r.Duty, Given: gifts[r.Case][r.User], Member: casework.Member{User: r.User, Name: r.Name, Role: r.Role, Function: r.Function, Organisation: r.Organisation,
			OrganisationName: r.OrganisationName, Contact: r.Contact, From: r.From.UTC(), Active: r.Active}}
		for _, person := range r.Beside {
			m.Beside = append(m.Beside, casework.PersonID(person))
		}
		if r.Until != nil {
			m.Until = r.Until.UTC()
		}
		teams[r.Case] = append(teams[r.Case], m)
	}
	return teams, nil
}

// PutMember gives a user a role in a case, or replaces the one it had, but for its
// duty. A case has one contact person: naming another takes it from the one
// before. The caller bumps the access epoch unless the case is new in this
// transaction.
func (tx *Tx) PutMember(ctx context.Context, id casework.CaseID, m Membership) error {
	beside := make([]string, len(m.Beside))
	for i, p := range m.Beside {
		beside[i] = string(p)
	}
	var until *time.Time
	if !m.Until.IsZero() {
		until = &m.Until
	}
	if m.Contact {
		_, err := tx.ExecContext(ctx, `UPDATE membership SET contact = false WHERE case_id = $1 AND account <> $2 AND contact`, id, m.User)
		if err != nil {
			return plain(err)
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO membership (case_id, account, role, beside, contact, ground, valid_from, valid_until, chair_function, invited_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (case_id, account) DO UPDATE SET role = excluded.role, beside = excluded.beside, contact = excluded.contact,
			ground = excluded.ground, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
			chair_function = excluded.chair_function, invited_by = excluded.invited_by`,
		id, m.User, m.Role, pq.Array(beside), m.Contact, m.Ground, m.From, until, m.Function, m.InvitedBy)
	return plain(err)
}

// EndMember ends at a moment a membership that would last longer; it is
// casework.Absent when there is none. The caller bumps the access epoch.
func (tx *Tx) EndMember(ctx context.Context, id casework.CaseID, user casework.UserID, at time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE membership SET valid_until = $3
		WHERE case_id = $1 AND account = $2 AND (valid_until IS NULL OR valid_until > $3)`, id, user, at)
	if err != nil {
		return plain(err)
	}
	switch ended, err := result.RowsAffected(); {
	case err != nil:
		return plain(err)
	case ended == 0:
		return casework.Absent()
	}
	return nil
}
