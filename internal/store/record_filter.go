package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// filterKept is how long a filter outlives the last use of a session that nobody ended.
const filterKept = 24 * time.Hour

// RecordFilter is by what somebody looks through the access log under a session;
// empty: nothing is kept.
func (s *Store) RecordFilter(ctx context.Context, session []byte) (filter string, err error) {
	var sealed []byte
	err = s.committer.GetContext(ctx, &sealed, `SELECT record_filter FROM session s WHERE `+named+` = $1 AND record_filter IS NOT NULL`, session)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", plain(err)
	}
	opened, err := sealer(s.keys.derive("record_filter")).Decrypt(sealed, session)
	if err != nil {
		return "", fmt.Errorf("a filter does not open: %w", ErrWrongKey)
	}
	return string(opened), nil
}

// KeepRecordFilter keeps one in place of what was kept, until the session ends, and
// forgets those of sessions that nobody used for long. An empty one is forgotten.
func (tx *Tx) KeepRecordFilter(ctx context.Context, session []byte, filter string, now time.Time) (err error) {
	var sealed []byte
	if filter != "" {
		if sealed, err = sealer(tx.store.keys.derive("record_filter")).Encrypt([]byte(filter), session); err != nil {
			return fmt.Errorf("seal a filter: %w", err)
		}
	}
	if _, err = tx.ExecContext(ctx, `UPDATE session s SET record_filter = $2 WHERE `+named+` = $1 AND ended_at IS NULL`, session, sealed); err != nil {
		return plain(err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE session SET record_filter = NULL WHERE record_filter IS NOT NULL AND seen_at < $1`, now.Add(-filterKept))
	return plain(err)
}
