package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// PublishedPolicy is a policy as every node serves it.
type PublishedPolicy struct {
	Number int64  `db:"number"`
	Model  string `db:"model"`
	Lines  string `db:"lines"`
	Source string `db:"source"` // builtin or file
}

// CurrentPolicy is the policy published last; false when there is none yet.
func (s *Store) CurrentPolicy(ctx context.Context, q sqlx.QueryerContext) (p PublishedPolicy, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &p, `SELECT number, model, lines, source FROM policy ORDER BY number DESC LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, plain(err)
}

// EverPublished tells whether a policy with this model and these lines is, or
// was, the one that serves.
func (tx *Tx) EverPublished(ctx context.Context, p PublishedPolicy) (ever bool, err error) {
	err = tx.GetContext(ctx, &ever, `SELECT EXISTS (SELECT FROM policy WHERE model = $1 AND lines = $2)`, p.Model, p.Lines)
	return ever, plain(err)
}

// LockPolicies keeps others from publishing a policy until the transaction ends,
// so that what is published follows what was current.
func (tx *Tx) LockPolicies(ctx context.Context) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7516, 0)`)
	return plain(err)
}

// PublishPolicy makes the policy the one that serves. The caller locks
// the policies before and bumps the access epoch after it.
func (tx *Tx) PublishPolicy(ctx context.Context, p PublishedPolicy, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO policy (number, model, lines, source, published_at)
		SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4 FROM policy`, p.Model, p.Lines, p.Source, at)
	return plain(err)
}
