package store

import (
	"context"
	"database/sql"
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
	Left    sql.NullTime    `db:"left_at"` // when a stay ended
}

// OwnReview is which of the own lines are asked for. Zero times leave nothing out.
type OwnReview struct {
	From, Until time.Time // from a moment on, before another
	After       RecordPlace
	Limit       int
}

// leftAt is when the stay that a line begins ended: with the same connection, and long
// before a week is over.
const leftAt = `CASE WHEN r.event = 'join' AND r.outcome = 'done' THEN (SELECT l.at FROM record l WHERE l.account = r.account AND l.at >= r.at
	AND l.at < r.at + interval '7 days' AND l.event = 'leave' AND l.request = r.request AND l.case_id = r.case_id ORDER BY l.at LIMIT 1) END`

// OwnRecords lists what the user did itself, newest first, read in the user's own
// name. A stay is one line. That its view of a case changed is not what it did, and
// when that happened may tell of what others did.
func (s *Store) OwnRecords(ctx context.Context, user casework.UserID, v OwnReview) (list []OwnRecord, err error) {
	err = s.ReadAs(ctx, user, func(tx *sqlx.Tx) error {
		return plain(tx.SelectContext(ctx, &list, `SELECT r.id, r.at, r.event, r.outcome, r.case_id, `+leftAt+` AS left_at FROM record r
			WHERE r.account = $1 AND r.event <> 'view' AND r.event <> 'leave' AND ($4 OR (r.at, r.id) < ($2, $3))
			AND ($6 OR r.at >= $5) AND ($8 OR r.at < $7) ORDER BY r.at DESC, r.id DESC LIMIT $9`,
			user, v.After.At, v.After.ID, v.After.At.IsZero(), v.From, v.From.IsZero(), v.Until, v.Until.IsZero(), v.Limit))
	})
	return list, err
}
