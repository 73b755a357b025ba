package store

import (
	"context"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// HoldUsers lets those who change the users of an organisation take turns, until
// the transaction ends.
func (tx *Tx) HoldUsers(ctx context.Context, organisation casework.OrganisationID) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7517, hashtext($1))`, organisation)
	return plain(err)
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
