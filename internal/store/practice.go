package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// HoldPractice lets those who make the practice case of an organisation take
// turns, until the transaction ends.
func (tx *Tx) HoldPractice(ctx context.Context, organisation casework.OrganisationID) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7515, hashtext($1))`, organisation)
	return plain(err)
}

// PracticeOf finds the practice case of an organisation and when it began; empty
// when there is none.
func (tx *Tx) PracticeOf(ctx context.Context, organisation casework.OrganisationID) (id casework.CaseID, began time.Time, err error) {
	err = tx.QueryRowContext(ctx, `SELECT c.id, c.opened_at FROM practice p JOIN cases c ON c.id = p.case_id WHERE p.organisation = $1`,
		organisation).Scan(&id, &began)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return id, began.UTC(), plain(err)
}

// SetPractice makes a case the one in which the organisation practises.
func (tx *Tx) SetPractice(ctx context.Context, organisation casework.OrganisationID, id casework.CaseID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO practice (organisation, case_id) VALUES ($1, $2)
		ON CONFLICT (organisation) DO UPDATE SET case_id = excluded.case_id`, organisation, id)
	return plain(err)
}

// InventedColleagues are the invented accounts of an organisation, by discipline.
func (tx *Tx) InventedColleagues(ctx context.Context, organisation casework.OrganisationID) (map[casework.Role]identity.Account, error) {
	var rows []accountRow
	err := tx.SelectContext(ctx, &rows, `SELECT `+accountColumns+`
		FROM account a JOIN organisation o ON o.id = a.organisation WHERE a.organisation = $1 AND a.invented`, organisation)
	colleagues := map[casework.Role]identity.Account{}
	for _, r := range rows {
		colleagues[r.Discipline] = r.account()
	}
	return colleagues, plain(err)
}

// InventColleague makes an account that nobody can ever sign in to, and that is
// found by no login.
func (tx *Tx) InventColleague(ctx context.Context, a identity.Account, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO account (id, login, name, discipline, organisation, active, demo, invented, created_at)
		VALUES ($1, 'invented-' || lower($1), $2, $3, $4, true, false, true, $5)`, a.ID, a.Name, a.Discipline, a.Organisation, at)
	return plain(err)
}
