package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// FactorReset is a request to take all factors from an account.
type FactorReset struct {
	ID          string          `db:"id"`
	Account     casework.UserID `db:"account"`
	Name        string          `db:"name"` // of the account
	AskedBy     casework.UserID `db:"asked_by"`
	AskedByName string          `db:"asked_by_name"`
	Asked       time.Time       `db:"asked_at"`
	Due         *time.Time      `db:"due_at"` // nil: nobody confirmed it

	AskedByActive bool          `db:"asked_by_active"`
	AskedByRole   casework.Role `db:"asked_by_role"`

	AskedByCountsFrom time.Time `db:"asked_by_counts_from"`
}

const resetQuery = `SELECT r.id, r.account, a.name, r.asked_by, b.name AS asked_by_name, r.asked_at, r.due_at,
		b.active AS asked_by_active, b.discipline AS asked_by_role, b.counts_from AS asked_by_counts_from
	FROM factor_reset r JOIN account a ON a.id = r.account JOIN account b ON b.id = r.asked_by WHERE r.closed_at IS NULL AND `

// AddReset asks for the factors of an account to go; false when that is asked
// already.
func (tx *Tx) AddReset(ctx context.Context, id string, account, by casework.UserID, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `INSERT INTO factor_reset (id, account, asked_by, asked_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account) WHERE closed_at IS NULL DO NOTHING`, id, account, by, at))
}

// ResetOf is the open request about an account; false when there is none.
func (tx *Tx) ResetOf(ctx context.Context, account casework.UserID) (reset FactorReset, ok bool, err error) {
	err = tx.GetContext(ctx, &reset, resetQuery+`r.account = $1`, account)
	if errors.Is(err, sql.ErrNoRows) {
		return FactorReset{}, false, nil
	}
	return reset, err == nil, plain(err)
}

// Resets are the open requests about the people of an organisation, the oldest
// first.
func (tx *Tx) Resets(ctx context.Context, organisation casework.OrganisationID) (resets []FactorReset, err error) {
	err = tx.SelectContext(ctx, &resets, resetQuery+`a.organisation = $1 ORDER BY r.asked_at, r.id`, organisation)
	return resets, plain(err)
}

// ConfirmReset makes an open request take effect at a moment; false when somebody
// was first, or it was called off.
func (tx *Tx) ConfirmReset(ctx context.Context, id string, by casework.UserID, due time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE factor_reset SET confirmed_by = $2, due_at = $3
		WHERE id = $1 AND confirmed_by IS NULL AND closed_at IS NULL`, id, by, due))
}

// CloseReset ends a request, done or called off; false when it was over already.
func (tx *Tx) CloseReset(ctx context.Context, id string, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE factor_reset SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL`, id, at))
}
