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
	CutOff  bool            `db:"cut_off"` // at the latest
}

// OwnReview is which of the own lines are asked for. Zero times leave nothing out.
type OwnReview struct {
	From, Until time.Time // from a moment on, before another
	After       RecordPlace
	Limit       int
}

// cutOff tells of a line l whether it is the end of a stay that nobody told of: then it
// says until when the stay lasted at the latest.
const cutOff = `coalesce(l.detail ? '` + audit.CutOff + `', false)`

// itsEnd is the end of the stay that a line r begins: with the same connection, and long
// before a week is over.
const itsEnd = `SELECT l.at AS left_at, ` + cutOff + ` AS cut_off FROM record l WHERE r.event = 'join' AND r.outcome = 'done' AND l.account = r.account AND l.at >= r.at
	AND l.at < r.at + interval '7 days' AND l.event = 'leave' AND l.request = r.request AND l.case_id = r.case_id ORDER BY l.at LIMIT 1`

// OwnRecords lists what the user did itself, newest first, read in the user's own
// name. A stay is one line. That its view of a case changed is not what it did, and
// when that happened may tell of what others did.
func (s *Store) OwnRecords(ctx context.Context, user casework.UserID, v OwnReview) (list []OwnRecord, err error) {
	err = s.ReadAs(ctx, user, func(tx *sqlx.Tx) error {
		return plain(tx.SelectContext(ctx, &list, `SELECT r.id, r.at, r.event, r.outcome, r.case_id, e.left_at, coalesce(e.cut_off, false) AS cut_off FROM (SELECT * FROM record r
			WHERE r.account = $1 AND r.event <> 'view' AND r.event <> 'leave' AND ($4 OR (r.at, r.id) < ($2, $3))
			AND ($6 OR r.at >= $5) AND ($8 OR r.at < $7) ORDER BY r.at DESC, r.id DESC LIMIT $9) r
			LEFT JOIN LATERAL (`+itsEnd+`) e ON true ORDER BY r.at DESC, r.id DESC`,
			user, v.After.At, v.After.ID, v.After.At.IsZero(), v.From, v.From.IsZero(), v.Until, v.Until.IsZero(), v.Limit))
	})
	return list, err
}
