package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/casework"
)

// Look is when a user last looked at a case, and what it saw then as view.Look
// wrote it.
type Look struct {
	At   time.Time
	Seen []byte
}

type lookRow struct {
	Case casework.CaseID `db:"case_id"`
	At   time.Time       `db:"at"`
	Seen []byte          `db:"seen"`
}

// lookAD binds a sealed look to its case and user, so that rows cannot be swapped.
func lookAD(id casework.CaseID, user casework.UserID) []byte {
	return []byte(string(id) + "/look/" + string(user))
}

// SaveLook keeps a look instead of an older one. One that comes late changes
// nothing.
func (s *Store) SaveLook(ctx context.Context, id casework.CaseID, user casework.UserID, look Look) error {
	seal, err := s.sealerOf(ctx, s.committer, id)
	if err != nil {
		return err
	}
	sealed, err := seal.Encrypt(look.Seen, lookAD(id, user))
	if err != nil {
		return fmt.Errorf("seal a look: %w", err)
	}
	_, err = s.committer.ExecContext(ctx, `INSERT INTO look (case_id, account, at, seen) VALUES ($1, $2, $3, $4)
		ON CONFLICT (case_id, account) DO UPDATE SET at = excluded.at, seen = excluded.seen WHERE look.at < excluded.at`,
		id, user, look.At, sealed)
	return plain(err)
}

// LooksOf gives the user's last look at each case that it ever looked at, read
// in the user's own name. They are sealed: OpenLook opens one.
func (s *Store) LooksOf(ctx context.Context, user casework.UserID) (map[casework.CaseID]Look, error) {
	return s.looks(ctx, user, `SELECT case_id, at, seen FROM look`)
}

// LookOf gives the user's last look at one case in the same way; a zero Look when
// there was none.
func (s *Store) LookOf(ctx context.Context, user casework.UserID, id casework.CaseID) (Look, error) {
	looks, err := s.looks(ctx, user, `SELECT case_id, at, seen FROM look WHERE case_id = $1`, id)
	return looks[id], err
}

func (s *Store) looks(ctx context.Context, user casework.UserID, query string, args ...any) (map[casework.CaseID]Look, error) {
	var rows []lookRow
	err := s.ReadAs(ctx, user, func(tx *sqlx.Tx) error {
		return plain(tx.SelectContext(ctx, &rows, query, args...))
	})
	looks := make(map[casework.CaseID]Look, len(rows))
	for _, r := range rows {
		looks[r.Case] = Look{At: r.At.UTC(), Seen: r.Seen}
	}
	return looks, err
}

// OpenLook opens a look that LooksOf gave.
func (s *Store) OpenLook(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, user casework.UserID, sealed Look) (Look, error) {
	seal, err := s.sealerOf(ctx, q, id)
	if err != nil {
		return Look{}, err
	}
	seen, err := seal.Decrypt(sealed.Seen, lookAD(id, user))
	if err != nil {
		return Look{}, fmt.Errorf("a look does not open: %w", ErrWrongKey)
	}
	return Look{At: sealed.At, Seen: seen}, nil
}
