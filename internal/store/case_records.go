package store

import (
	"context"
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
	Limit       int
}

// CaseRecords lists lines about a case.
func (tx *Tx) CaseRecords(ctx context.Context, v CaseReview) ([]CaseRecord, error) {
	args := arguments{v.Case, pq.Array(v.Events), v.Limit}
	where := []string{`r.case_id = $1`, `r.event = ANY($2)`}
	if v.User != "" {
		where = append(where, `r.account = `+args.add(v.User))
	}
	if v.Outcome != "" {
		where = append(where, `r.outcome = `+args.add(v.Outcome))
	}
	if !v.From.IsZero() {
		where = append(where, `r.at >= `+args.add(v.From))
	}
	if !v.Until.IsZero() {
		where = append(where, `r.at < `+args.add(v.Until))
	}
	comes, order := "<", "r.at DESC, r.id DESC"
	if v.Newer {
		comes, order = ">", "r.at, r.id"
	}
	if !v.After.At.IsZero() {
		where = append(where, fmt.Sprintf(`(r.at, r.id) %s (%s, %s)`, comes, args.add(v.After.At), args.add(v.After.ID)))
	}
	rows := []struct {
		CaseRecord
		Detail []byte `db:"detail"`
	}{}
	err := tx.SelectContext(ctx, &rows, fmt.Sprintf(`SELECT r.id, r.at, r.event, r.outcome, r.account, r.role, r.policy_rule, r.object_kind, r.object,
		r.request, coalesce(r.detail, '{}') AS detail FROM record r WHERE %s ORDER BY %s LIMIT $3`, strings.Join(where, " AND "), order), args...)
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

// StayEnd is when a stay ended, or until when it lasted at the latest.
type StayEnd struct {
	At     time.Time
	CutOff bool
}

// StaysEnded tells when stays that records of a case begin ended, by the id of the
// record: with the same connection, and long before a week is over. A stay that goes on
// is not among them.
func (tx *Tx) StaysEnded(ctx context.Context, id casework.CaseID, joins []CaseRecord) (map[string]StayEnd, error) {
	left := map[string]StayEnd{}
	if len(joins) == 0 {
		return left, nil
	}
	first, last := joins[0].At, joins[0].At
	ids := map[string]string{}
	var requests []string
	for _, r := range joins {
		requests, ids[r.Request+string(r.User)] = append(requests, r.Request), r.ID
		if r.At.Before(first) {
			first = r.At
		}
		if r.At.After(last) {
			last = r.At
		}
	}
	var rows []struct {
		Request string          `db:"request"`
		User    casework.UserID `db:"account"`
		At      time.Time       `db:"at"`
		CutOff  bool            `db:"cut_off"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT l.request, l.account, l.at, `+cutOff+` AS cut_off FROM record l WHERE l.case_id = $1 AND l.event = 'leave'
		AND l.request = ANY($2) AND l.at >= $3 AND l.at < $4`, id, pq.Array(requests), first, last.AddDate(0, 0, 7))
	for _, r := range rows {
		if join := ids[r.Request+string(r.User)]; join != "" {
			left[join] = StayEnd{r.At.UTC(), r.CutOff}
		}
	}
	return left, plain(err)
}
