package store

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// HoldUsers lets those who change the users of an organisation take turns, until
// the transaction ends.
func (tx *Tx) HoldUsers(ctx context.Context, organisation casework.OrganisationID) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7517, hashtext($1))`, organisation)
	return plain(err)
}

// OrganisationSince is when the first account of an organisation was made.
func (tx *Tx) OrganisationSince(ctx context.Context, organisation casework.OrganisationID) (since time.Time, err error) {
	err = tx.GetContext(ctx, &since, `SELECT min(created_at) FROM account WHERE organisation = $1`, organisation)
	return since.UTC(), plain(err)
}

// UsersOf lists the accounts of an organisation by name, those that were
// deactivated too. Invented colleagues are none.
func (tx *Tx) UsersOf(ctx context.Context, organisation casework.OrganisationID) ([]identity.Account, error) {
	var rows []accountRow
	err := tx.SelectContext(ctx, &rows, `SELECT `+accountColumns+`
		FROM account a JOIN organisation o ON o.id = a.organisation
		WHERE a.organisation = $1 AND NOT a.invented ORDER BY lower(a.name), a.id`, organisation)
	if err != nil {
		return nil, plain(err)
	}
	list := make([]identity.Account, len(rows))
	for i, row := range rows {
		list[i] = row.account()
	}
	return list, nil
}

// Newcomer is since when an account is there, and the name of who asked its person;
// empty: the operator made it.
type Newcomer struct {
	Since time.Time
	By    string
}

// Newcomers are the accounts of an organisation that were made since a moment.
func (tx *Tx) Newcomers(ctx context.Context, organisation casework.OrganisationID, since time.Time) (map[casework.UserID]Newcomer, error) {
	var rows []struct {
		ID    casework.UserID `db:"id"`
		Since time.Time       `db:"created_at"`
		By    string          `db:"name"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT a.id, a.created_at, coalesce(b.name, '') AS name
		FROM account a LEFT JOIN invitation i ON i.account = a.id LEFT JOIN account b ON b.id = i.issuer
		WHERE a.organisation = $1 AND a.created_at > $2 AND NOT a.invented`, organisation, since)
	all := make(map[casework.UserID]Newcomer, len(rows))
	for _, r := range rows {
		all[r.ID] = Newcomer{r.Since.UTC(), r.By}
	}
	return all, plain(err)
}
