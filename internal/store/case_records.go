package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// CaseRecord is a line of the access log about a case, for who looks back at its
// table. Which of them that person may be shown is not decided here.
type CaseRecord struct {
	ID      string            `db:"id"`
	At      time.Time         `db:"at"`
	Event   audit.Event       `db:"event"`
	Outcome audit.Outcome     `db:"outcome"`
	User    casework.UserID   `db:"account"` // empty: the operator, or nobody
	Role    casework.Role     `db:"role"`
	Rule    string            `db:"policy_rule"`
	Kind    string            `db:"object_kind"`
	Object  string            `db:"object"`
	Request string            `db:"request"`
	Left    sql.NullTime      `db:"left_at"` // when a stay ended
	Detail  map[string]string `db:"-"`
}

// CaseReview is which lines about a case are asked for. Events are all that are; any
// other field may be empty: then it leaves nothing out.
type CaseReview struct {
	Case        casework.CaseID
	Events      []audit.Event
	User        casework.UserID
	Outcome     audit.Outcome
	From, Until time.Time // from a moment on, before another
	After       RecordPlace
	Newer       bool // what is newer than After, oldest first; else what is older, newest first
	Ends        bool // when stays ended is asked too
	Limit       int
}

// leftAt is when the stay that a line begins ended: with the same connection, and long
// before a week is over.
const leftAt = `CASE WHEN r.event = 'join' AND r.outcome = 'done' THEN (SELECT l.at FROM record l WHERE l.case_id = r.case_id AND l.at >= r.at
	AND l.at < r.at + interval '7 days' AND l.event = 'leave' AND l.request = r.request AND l.account = r.account ORDER BY l.at LIMIT 1) END`

// CaseRecords lists lines about a case.
func (tx *Tx) CaseRecords(ctx context.Context, v CaseReview) ([]CaseRecord, error) {
	args := []any{v.Case, pq.Array(v.Events), v.Limit}
	where := []string{`r.case_id = $1`, `r.event = ANY($2)`}
	filter := func(condition string, values ...any) {
		for _, value := range values {
			args = append(args, value)
			condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(args)), 1)
		}
		where = append(where, condition)
	}
	if v.User != "" {
		filter(`r.account = ?`, v.User)
	}
	if v.Outcome != "" {
		filter(`r.outcome = ?`, v.Outcome)
	}
	if !v.From.IsZero() {
		filter(`r.at >= ?`, v.From)
	}
	if !v.Until.IsZero() {
		filter(`r.at < ?`, v.Until)
	}
	comes, order := "<", "r.at DESC, r.id DESC"
	if v.Newer {
		comes, order = ">", "r.at, r.id"
	}
	if !v.After.At.IsZero() {
		filter(`(r.at, r.id) `+comes+` (?, ?)`, v.After.At, v.After.ID)
	}
	left := `NULL::timestamptz`
	if v.Ends {
		left = leftAt
	}
	rows := []struct {
		CaseRecord
		Detail []byte `db:"detail"`
	}{}
	err := tx.SelectContext(ctx, &rows, fmt.Sprintf(`SELECT r.id, r.at, r.event, r.outcome, r.account, r.role, r.policy_rule, r.object_kind, r.object,
		r.request, coalesce(r.detail, '{}') AS detail, %s AS left_at FROM record r WHERE %s ORDER BY %s LIMIT $3`, left, strings.Join(where, " AND "), order), args...)
	if err != nil {
		return nil, plain(err)
	}
	list := make([]CaseRecord, len(rows))
	for i, row := range rows {
		list[i] = row.CaseRecord
		if err := json.Unmarshal(row.Detail, &list[i].Detail); err != nil {
			return nil, fmt.Errorf("read a record: %w", err)
		}
	}
	return list, nil
}
