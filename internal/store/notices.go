package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// NoticeKind says what somebody is told.
type NoticeKind string

// Kinds of notices.
const (
	NoticeLent           NoticeKind = "lent"            // one's card was lent to somebody
	NoticeShared         NoticeKind = "shared"          // one's card was opened by somebody else
	NoticeExported       NoticeKind = "exported"        // cards of one's own left in an export
	NoticeGlass          NoticeKind = "glass"           // somebody broke the glass
	NoticeGlassAnswered  NoticeKind = "glass_answered"  // somebody looked back at the glass that one broke
	NoticeSecondAsked    NoticeKind = "second_asked"    // a second person is asked for
	NoticeSecondAnswered NoticeKind = "second_answered" // a second person answered
	NoticePlaceAnswered  NoticeKind = "place_answered"  // an organisation answered about a place that one asked for
	NoticeHeld           NoticeKind = "held"            // nothing of a case goes until the hold is lifted
	NoticeErasingAsked   NoticeKind = "erasing_asked"   // a second person is asked for, to erase a case
	NoticeLiftAsked      NoticeKind = "lift_asked"      // likewise, to lift a hold

	NoticeKeepingAnswered NoticeKind = "keeping_answered" // a second person answered about either
)

// NoticeKinds lists them.
var NoticeKinds = []NoticeKind{NoticeLent, NoticeShared, NoticeExported, NoticeGlass, NoticeGlassAnswered, NoticeSecondAsked, NoticeSecondAnswered, NoticePlaceAnswered,
	NoticeHeld, NoticeErasingAsked, NoticeLiftAsked, NoticeKeepingAnswered}

// Notice is something that somebody is told outside the board. It holds no content.
type Notice struct {
	ID     string          `db:"id"`
	To     casework.UserID `db:"account"`
	Case   casework.CaseID `db:"case_id"`
	Kind   NoticeKind      `db:"kind"`
	Object string          `db:"object"` // a card, or what else it is about; empty: the case
	By     casework.UserID `db:"by"`     // who did what it tells
	At     time.Time       `db:"at"`
}

// AddNotices keeps what somebody is told.
func (tx *Tx) AddNotices(ctx context.Context, list ...Notice) error {
	for _, n := range list {
		_, err := tx.ExecContext(ctx, `INSERT INTO notice (id, account, case_id, kind, object, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			n.ID, n.To, n.Case, n.Kind, n.Object, n.By, n.At)
		if err != nil {
			return plain(err)
		}
	}
	return nil
}

// Outside is what somebody is told of cases without a place there.
type Outside struct {
	Kinds []NoticeKind
	Never []casework.CaseID // but of these nothing
}

// UnreadNotices lists what the user was told and did not yet put away, newest first,
// of the cases that the user is a member of now and of others what outside says,
// read in the user's own name. Whatever else there is takes no place in the list.
func (s *Store) UnreadNotices(ctx context.Context, user casework.UserID, outside Outside, limit int) (list []Notice, err error) {
	err = s.ReadAs(ctx, user, func(tx *sqlx.Tx) error {
		return plain(tx.SelectContext(ctx, &list, `SELECT n.id, n.account, n.case_id, n.kind, n.object, n.by, n.at FROM notice n
			WHERE n.account = $1 AND n.read_at IS NULL
			  AND (EXISTS (SELECT FROM cases c WHERE c.id = n.case_id) OR n.kind = ANY($2) AND n.case_id <> ALL($3))
			ORDER BY n.at DESC, n.id DESC LIMIT $4`,
			user, pq.Array(outside.Kinds), pq.Array(append([]casework.CaseID{}, outside.Never...)), limit)) // an array of none is not no array
	})
	return list, err
}

// PutNoticesAway marks those of the user's notices as read that are not yet; any
// other is left as it is.
func (tx *Tx) PutNoticesAway(ctx context.Context, user casework.UserID, ids []string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE notice SET read_at = $3 WHERE account = $1 AND id = ANY($2) AND read_at IS NULL`, user, pq.Array(ids), at)
	return plain(err)
}
