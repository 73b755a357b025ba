package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// Checkpoint is a signed checkpoint as it is kept.
type Checkpoint struct {
	Size int64     `db:"size"`
	At   time.Time `db:"at"`
	Note string    `db:"note"` // as it was signed
}

// NewestCheckpoint gives the one of the largest tree; the zero value when there is none.
func NewestCheckpoint(ctx context.Context, q sqlx.QueryerContext) (c Checkpoint, err error) {
	err = sqlx.GetContext(ctx, q, &c, `SELECT size, at, note FROM checkpoint ORDER BY size DESC LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkpoint{}, nil
	}
	return c, plain(err)
}

// PutCheckpoint keeps a signed checkpoint.
func (tx *Tx) PutCheckpoint(ctx context.Context, c Checkpoint) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO checkpoint (size, at, note) VALUES ($1, $2, $3)`, c.Size, c.At, c.Note)
	return plain(err)
}

// LogState is how far the tree has come.
type LogState struct {
	Waiting    int64      // records without a leaf; at most 100,000 are counted
	Oldest     *time.Time // of these; nil for none
	Size       int64
	Checkpoint *time.Time // when the newest was signed; nil for none
}

// LogState reads how far the tree has come.
func (s *Store) LogState(ctx context.Context) (state LogState, err error) {
	err = s.committer.QueryRowxContext(ctx, `SELECT (SELECT count(*) FROM (SELECT FROM record_waiting LIMIT 100000) w), (SELECT min(at) FROM record_waiting),
		(SELECT coalesce(max(number) + 1, 0) FROM leaf), (SELECT at FROM checkpoint ORDER BY size DESC LIMIT 1)`).
		Scan(&state.Waiting, &state.Oldest, &state.Size, &state.Checkpoint)
	return state, plain(err)
}

// Signed tells whether the log of the database that dsn reaches was signed before.
func Signed(ctx context.Context, dsn string) (signed bool, err error) {
	db, err := connect(ctx, dsn)
	if err != nil {
		return false, err
	}
	defer db.Close() //nolint:errcheck // nothing to save
	if err := db.GetContext(ctx, &signed, `SELECT to_regclass('checkpoint') IS NOT NULL`); err != nil || !signed {
		return false, plain(err)
	}
	err = db.GetContext(ctx, &signed, `SELECT EXISTS (SELECT FROM checkpoint)`)
	return signed, plain(err)
}
