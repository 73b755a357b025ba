package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/jmoiron/sqlx"
)

// prepared keeps the statements of the committer role ready: the texts are
// constants of this package, and each connection parses and plans one once.
type prepared struct {
	mu   sync.Mutex
	text map[string]*sqlx.Stmt
}

func (s *Store) prepare(ctx context.Context, query string) (*sqlx.Stmt, error) {
	s.prepared.mu.Lock()
	defer s.prepared.mu.Unlock()
	if stmt, ok := s.prepared.text[query]; ok {
		return stmt, nil
	}
	stmt, err := s.committer.PreparexContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare a statement: %w", err)
	}
	if s.prepared.text == nil {
		s.prepared.text = map[string]*sqlx.Stmt{}
	}
	s.prepared.text[query] = stmt
	return stmt, nil
}

// ExecContext runs a statement of this package.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := tx.store.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return tx.Tx.StmtxContext(ctx, stmt).ExecContext(ctx, args...)
}

// QueryxContext implements sqlx.QueryerContext.
func (tx *Tx) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	stmt, err := tx.store.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return tx.Tx.StmtxContext(ctx, stmt).QueryxContext(ctx, args...)
}

// SelectContext reads all rows.
func (tx *Tx) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	return sqlx.SelectContext(ctx, tx, dest, query, args...)
}

// GetContext reads one row.
func (tx *Tx) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	stmt, err := tx.store.prepare(ctx, query)
	if err != nil {
		return err
	}
	return tx.Tx.StmtxContext(ctx, stmt).GetContext(ctx, dest, args...)
}
