package store

import (
	"context"
	"time"
)

// HoldSetUp lets those who make the first account take turns, until the
// transaction ends, and tells whether there is still none.
func (tx *Tx) HoldSetUp(ctx context.Context) (none bool, err error) {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7518, 0)`); err != nil {
		return false, plain(err)
	}
	err = tx.GetContext(ctx, &none, `SELECT NOT EXISTS (SELECT FROM account)`)
	return none, plain(err)
}

// AddSetUpLink keeps a set-up link until it expires, and forgets those that did.
func (tx *Tx) AddSetUpLink(ctx context.Context, hash []byte, at, expires time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM set_up_link WHERE expires_at <= $1`, at); err != nil {
		return plain(err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO set_up_link (token_hash, expires_at) VALUES ($1, $2)`, hash, expires)
	return plain(err)
}

// HasSetUpLink tells whether a set-up link can be used at now.
func (tx *Tx) HasSetUpLink(ctx context.Context, hash []byte, now time.Time) (there bool, err error) {
	err = tx.GetContext(ctx, &there, `SELECT EXISTS (SELECT FROM set_up_link WHERE token_hash = $1 AND expires_at > $2)`, hash, now)
	return there, plain(err)
}

// DropSetUpLinks takes every set-up link away.
func (tx *Tx) DropSetUpLinks(ctx context.Context) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM set_up_link`)
	return plain(err)
}
