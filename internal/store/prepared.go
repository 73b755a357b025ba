package store

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jmoiron/sqlx"
)

// prepared keeps the statements of the committer role ready: the texts are
// constants of this package, and each connection parses and plans one once.
type prepared struct {
	mu   sync.Mutex
	text map[string]*sqlx.Stmt // nil: being prepared
}

// ready gives the prepared statement of a text, or nil while there is none: then
// it is prepared on the side, and the caller goes on without. Preparing takes a
// connection of its own; a transaction that waited for one while it holds one
// could wait for ever.
func (s *Store) ready(query string) *sqlx.Stmt {
	s.prepared.mu.Lock()
	defer s.prepared.mu.Unlock()
	stmt, known := s.prepared.text[query]
	if !known {
		if s.prepared.text == nil {
			s.prepared.text = map[string]*sqlx.Stmt{}
		}
		s.prepared.text[query] = nil
		go s.prepare(query)
	}
	return stmt
}

func (s *Store) prepare(query string) {
	stmt, err := s.committer.Preparex(query)
	s.prepared.mu.Lock()
	defer s.prepared.mu.Unlock()
	if err != nil {
		delete(s.prepared.text, query) // the next one tries again
		return
	}
	s.prepared.text[query] = stmt
}

// ExecContext runs a statement of this package.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := tx.store.ready(query); stmt != nil {
		return tx.Tx.StmtxContext(ctx, stmt).ExecContext(ctx, args...)
	}
	return tx.Tx.ExecContext(ctx, query, args...)
}

// QueryxContext implements sqlx.QueryerContext.
func (tx *Tx) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	if stmt := tx.store.ready(query); stmt != nil {
		return tx.Tx.StmtxContext(ctx, stmt).QueryxContext(ctx, args...)
	}
	return tx.Tx.QueryxContext(ctx, query, args...)
}

// SelectContext reads all rows.
func (tx *Tx) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	return sqlx.SelectContext(ctx, tx, dest, query, args...)
}

// GetContext reads one row.
func (tx *Tx) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	if stmt := tx.store.ready(query); stmt != nil {
		return tx.Tx.StmtxContext(ctx, stmt).GetContext(ctx, dest, args...)
	}
	return tx.Tx.GetContext(ctx, dest, query, args...)
}
