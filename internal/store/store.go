// Package store holds all SQL and all sealing. One file a noun; one door to a
// transaction. Nothing outside it knows a table or a key.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// Config says where the database is and with which keys it is sealed.
type Config struct {
	Committer string // lib/pq DSN of the role that appends
	Reader    string // lib/pq DSN of the role that reads for one person
	Keys      *Keyring
}

// Store is the door to PostgreSQL.
type Store struct {
	committer, reader *sqlx.DB
	keys              *Keyring
	dataKeys          dataKeys
	dsn               string
	prepared          prepared
	recorded          chan struct{} // of length 1: a commit brought records
	owners            owners
}

// Open connects both roles and checks that the schema is there.
func Open(ctx context.Context, c Config) (*Store, error) {
	committer, err := connect(ctx, c.Committer)
	if err != nil {
		return nil, err
	}
	reader, err := connect(ctx, c.Reader)
	if err != nil {
		return nil, errors.Join(err, committer.Close())
	}
	s := &Store{committer: committer, reader: reader, keys: c.Keys, dsn: c.Committer, recorded: make(chan struct{}, 1)}
	if err := s.openRoot(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(ctx context.Context, dsn string) (*sqlx.DB, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, badAddress(err)
	}
	if config.Runtime == nil {
		config.Runtime = map[string]string{}
	}
	maps.Copy(config.Runtime, timeouts)
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, badAddress(err)
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	db.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(refusedByServer(err), db.Close())
	}
	return db, nil
}

// Close ends all connections.
func (s *Store) Close() error { return errors.Join(s.committer.Close(), s.reader.Close()) }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return plain(s.committer.PingContext(ctx)) }

// Tx is a transaction of the committer role.
type Tx struct {
	*sqlx.Tx
	store    *Store
	recorded bool // it brings records
	found    map[owned]casework.OrganisationID
}

// timeouts, in milliseconds: a lock or a forgotten transaction never holds
// others up for long.
var timeouts = map[string]string{"lock_timeout": "2000", "idle_in_transaction_session_timeout": "10000", "statement_timeout": "20000"}

// Transact runs fn in one transaction: committed when fn gives nil, else rolled
// back. When the connection is lost during COMMIT that is ErrUnknownOutcome.
func (s *Store) Transact(ctx context.Context, fn func(*Tx) error) error {
	tx, err := s.committer.BeginTxx(ctx, nil)
	if err != nil {
		return plain(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	t := &Tx{Tx: tx, store: s}
	if err := fn(t); err != nil {
		return plain(err)
	}
	if err := tx.Commit(); err != nil {
		if rolledBack(err) {
			return plain(err)
		}
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, plain(err))
	}
	s.owners.keep(t.found)
	if t.recorded {
		select {
		case s.recorded <- struct{}{}:
		default:
		}
	}
	return nil
}

// AtOneMoment runs fn in a transaction that only reads, and reads everything as of
// one moment.
func (s *Store) AtOneMoment(ctx context.Context, fn func(Queryer) error) error {
	tx, err := s.committer.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return plain(err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	return fn(&Tx{Tx: tx, store: s})
}

// ReadAs runs fn in a read-only transaction of the reader role that sees only
// what is user's own, and all of it as of one moment.
func (s *Store) ReadAs(ctx context.Context, user casework.UserID, fn func(*sqlx.Tx) error) error {
	tx, err := s.reader.BeginTxx(ctx, nil)
	if err != nil {
		return plain(err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	if _, err := tx.ExecContext(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`); err != nil {
		return plain(err)
	}
	if _, err := tx.ExecContext(ctx, `SELECT set_config('casustafel.user', $1, true)`, string(user)); err != nil {
		return plain(err)
	}
	return plain(fn(tx))
}

// ErrUnknownOutcome means that the connection was lost during COMMIT: it may or
// may not have happened. The command ids tell.
var ErrUnknownOutcome = errors.New("outcome of the commit is unknown")
