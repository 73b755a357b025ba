package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/casustafel/casustafel/internal/casework"
)

// ErrWrongKey means that the database was sealed under another master key.
var ErrWrongKey = errors.New("the master key does not open this database: use the key file it was made with")

// dataKeys caches the opened key of each case.
type dataKeys struct{ byCase sync.Map } // CaseID -> tink.AEAD

// openRoot reads this database's root secret, or makes it on first use. It also
// proves that the master key is the right one.
func (s *Store) openRoot(ctx context.Context) error {
	wrapped, err := s.keys.master.Encrypt(randomKey(), []byte("root"))
	if err != nil {
		return fmt.Errorf("seal the root secret: %w", err)
	}
	if _, err := s.committer.ExecContext(ctx, `INSERT INTO secret (name, sealed) VALUES ('root', $1) ON CONFLICT DO NOTHING`, wrapped); err != nil {
		return fmt.Errorf("is the schema there (casustafel migrate)? %w", plain(err))
	}
	if err := s.committer.GetContext(ctx, &wrapped, `SELECT sealed FROM secret WHERE name = 'root'`); err != nil {
		return plain(err)
	}
	root, err := s.keys.master.Decrypt(wrapped, []byte("root"))
	if err != nil {
		return ErrWrongKey
	}
	keys := *s.keys
	keys.root = root
	s.keys = &keys
	return nil
}

// newDataKey makes the key of a new case; wrapped is how the database keeps it.
func (s *Store) newDataKey(id casework.CaseID) (wrapped []byte, err error) {
	key := randomKey()
	wrapped, err = s.keys.master.Encrypt(key, []byte("case:"+id))
	if err != nil {
		return nil, fmt.Errorf("wrap a data key: %w", err)
	}
	s.dataKeys.byCase.Store(id, sealer(key))
	return wrapped, nil
}

// sealerOf gives the opened key of a case.
func (s *Store) sealerOf(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (tink.AEAD, error) {
	if a, ok := s.dataKeys.byCase.Load(id); ok {
		return a.(tink.AEAD), nil
	}
	var wrapped []byte
	if err := sqlx.GetContext(ctx, q, &wrapped, `SELECT data_key FROM cases WHERE id = $1`, id); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, casework.Absent()
		}
		return nil, plain(err)
	}
	key, err := s.keys.master.Decrypt(wrapped, []byte("case:"+id))
	if err != nil {
		return nil, ErrWrongKey
	}
	a := sealer(key)
	s.dataKeys.byCase.Store(id, a)
	return a, nil
}

// textAD binds a sealed text to its case and id, so that rows cannot be swapped.
func textAD(id casework.CaseID, text casework.TextID) []byte {
	return []byte(string(id) + "/" + string(text))
}

// Rewrap wraps every key in the database anew under the newest master key of
// to, one transaction for all: after it, older master keys are of no use.
func (s *Store) Rewrap(ctx context.Context, to *Keyring) error {
	return s.Transact(ctx, func(tx *Tx) error {
		rows := []struct {
			ID  string `db:"id"`
			Key []byte `db:"data_key"`
		}{}
		if err := tx.SelectContext(ctx, &rows, `SELECT id, data_key FROM cases ORDER BY id FOR UPDATE`); err != nil {
			return plain(err)
		}
		for _, row := range rows {
			wrapped, err := rewrap(s.keys, to, row.Key, []byte("case:"+row.ID))
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE cases SET data_key = $2 WHERE id = $1`, row.ID, wrapped); err != nil {
				return plain(err)
			}
		}
		var root []byte
		if err := tx.GetContext(ctx, &root, `SELECT sealed FROM secret WHERE name = 'root' FOR UPDATE`); err != nil {
			return plain(err)
		}
		wrapped, err := rewrap(s.keys, to, root, []byte("root"))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE secret SET sealed = $1 WHERE name = 'root'`, wrapped)
		return plain(err)
	})
}

func rewrap(from, to *Keyring, wrapped, ad []byte) ([]byte, error) {
	key, err := from.master.Decrypt(wrapped, ad)
	if err != nil {
		return nil, ErrWrongKey
	}
	return to.master.Encrypt(key, ad)
}
