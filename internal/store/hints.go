package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// HintsSeen lists the hints that an account has put away; none for nobody's id.
func (s *Store) HintsSeen(ctx context.Context, user casework.UserID) ([]string, error) {
	var seen pq.StringArray
	err := s.committer.GetContext(ctx, &seen, `SELECT hints_seen FROM account WHERE id = $1`, user)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return seen, plain(err)
}

// AddHintsSeen keeps that an account has put hints away, each once.
func (s *Store) AddHintsSeen(ctx context.Context, user casework.UserID, hints []string) error {
	_, err := s.committer.ExecContext(ctx, `UPDATE account SET hints_seen = ARRAY(SELECT DISTINCT unnest(hints_seen || $2::text[])) WHERE id = $1`,
		user, pq.Array(hints))
	return plain(err)
}

// ForgetHintsSeen makes it as if the account had put none away.
func (s *Store) ForgetHintsSeen(ctx context.Context, user casework.UserID) error {
	_, err := s.committer.ExecContext(ctx, `UPDATE account SET hints_seen = '{}' WHERE id = $1`, user)
	return plain(err)
}
