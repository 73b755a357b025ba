package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// OwnRecord is a line of the access log as far as its own person is shown it.
type OwnRecord struct {
	ID      string          `db:"id"`
	At      time.Time       `db:"at"`
	Event   audit.Event     `db:"event"`
	Outcome audit.Outcome   `db:"outcome"`
	Case    casework.CaseID `db:"case_id"`
}

// OwnRecords lists what the user did itself, newest first, read in the user's own
// name: at most so many before a line, or from the newest on where at is zero.
// That its view of a case changed is not what it did, and when that happened may
// tell of what others did.
func (s *Store) OwnRecords(ctx context.Context, user casework.UserID, at time.Time, id string, limit int) (list []OwnRecord, err error) {
	err = s.ReadAs(ctx, user, func(tx *sqlx.Tx) error {
		return plain(tx.SelectContext(ctx, &list, `SELECT id, at, event, outcome, case_id FROM record
			WHERE account = $1 AND event <> 'view' AND ($4 OR (at, id) < ($2, $3)) ORDER BY at DESC, id DESC LIMIT $5`,
			user, at, id, at.IsZero(), limit))
	})
	return list, err
}
