package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"

	"github.com/casustafel/casustafel/migrations"
)

// Fingerprint names the master key that wraps, and tells nothing of it: everything
// that it wrapped begins with it.
func (k *Keyring) Fingerprint() string {
	return fmt.Sprintf("%08x", k.handle.KeysetInfo().GetPrimaryKeyId())
}

// sealOfBackup binds a wrapped key to what it is for.
const sealOfBackup = "backup"

// WrapSeal wraps the key of a backup's seal.
func (k *Keyring) WrapSeal(key []byte) ([]byte, error) {
	wrapped, err := k.master.Encrypt(key, []byte(sealOfBackup))
	if err != nil {
		return nil, fmt.Errorf("wrap the key of a backup: %w", err)
	}
	return wrapped, nil
}

// UnwrapSeal gives the key of a backup's seal, ErrWrongKey when another master key
// wrapped it.
func (k *Keyring) UnwrapSeal(wrapped []byte) ([]byte, error) {
	key, err := k.master.Decrypt(wrapped, []byte(sealOfBackup))
	if err != nil {
		return nil, ErrWrongKey
	}
	return key, nil
}

// ErrBackingUp means that a backup of this database is being made by somebody else.
var ErrBackingUp = errors.New("another backup of this database is being made")

// Moment is a database as it is at one moment, for as long as it is held.
type Moment struct {
	Snapshot string           // for PostgreSQL's own tools
	Schema   int64            // the last migration
	Rows     map[string]int64 // by table
}

// HoldMoment runs fn while the database that its owner reaches at dsn can be read as
// it is now, for one at a time: of two nodes one makes the backup.
func HoldMoment(ctx context.Context, dsn string, fn func(Moment) error) error {
	return asOwner(dsn, func(db *sql.DB) error {
		tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err != nil {
			return refusedByServer(err)
		}
		defer tx.Rollback() //nolint:errcheck // it only read
		// A large database takes its time.
		if _, err := tx.ExecContext(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0`); err != nil {
			return plain(err)
		}
		var alone bool
		if err := tx.QueryRowContext(ctx, `SELECT pg_try_advisory_xact_lock(7516, 0)`).Scan(&alone); err != nil {
			return plain(err)
		}
		if !alone {
			return ErrBackingUp
		}
		var m Moment
		if err := tx.QueryRowContext(ctx, `SELECT pg_export_snapshot()`).Scan(&m.Snapshot); err != nil {
			return plain(err)
		}
		if m.Schema, m.Rows, err = measure(ctx, tx); err != nil {
			return err
		}
		return fn(m)
	})
}

// asOwner runs fn with a connection of the owner's.
func asOwner(dsn string, fn func(*sql.DB) error) error {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return badAddress(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close() //nolint:errcheck // nothing to save
	db.SetMaxOpenConns(1)
	return fn(db)
}

// queryer is a connection or a transaction.
type queryer interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

func schemaOf(ctx context.Context, q queryer) (int64, error) {
	schema, err := column[int64](ctx, q, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`)
	if err != nil {
		return 0, fmt.Errorf("is the schema there (casustafel migrate)? %w", err)
	}
	return schema[0], nil
}

// measure tells which migration was the last and how many rows each table has.
func measure(ctx context.Context, q queryer) (schema int64, rows map[string]int64, err error) {
	if schema, err = schemaOf(ctx, q); err != nil {
		return 0, nil, err
	}
	tables, err := column[string](ctx, q, `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public' AND relkind = 'r'`)
	if err != nil {
		return 0, nil, err
	}
	rows = map[string]int64{}
	for _, table := range tables {
		count, err := column[int64](ctx, q, `SELECT count(*) FROM public.`+pq.QuoteIdentifier(table))
		if err != nil {
			return 0, nil, err
		}
		rows[table] = count[0]
	}
	return schema, rows, nil
}

// column reads one value of each row.
func column[T any](ctx context.Context, q queryer, query string) (values []T, err error) {
	found, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, plain(err)
	}
	defer found.Close()
	for found.Next() {
		var value T
		if err := found.Scan(&value); err != nil {
			return nil, plain(err)
		}
		values = append(values, value)
	}
	return values, plain(found.Err())
}

// SchemaOf tells which migration of a database was the last.
func SchemaOf(ctx context.Context, dsn string) (schema int64, err error) {
	err = asOwner(dsn, func(db *sql.DB) error {
		schema, err = schemaOf(ctx, db)
		return err
	})
	return schema, err
}

// LatestSchema is the last migration that this program knows.
func LatestSchema() (int64, error) {
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		return 0, err
	}
	var latest int64
	for _, name := range files {
		number, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("read the migrations: %w", err)
		}
		latest = max(latest, number)
	}
	return latest, nil
}

// Prepare makes of an empty database one into which an archive can be read: it has
// the roles, and what is granted on the database itself, but nothing else.
func Prepare(ctx context.Context, dsn string) error {
	if err := Migrate(ctx, dsn); err != nil {
		return err
	}
	return asOwner(dsn, func(db *sql.DB) error {
		// As initdb makes it.
		_, err := db.ExecContext(ctx, `DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC;
			COMMENT ON SCHEMA public IS 'standard public schema'`)
		return plain(err)
	})
}

// CompareRows holds the number of rows of each table of a database against those of
// the moment of a backup.
func CompareRows(ctx context.Context, dsn string, schema int64, rows map[string]int64) error {
	return asOwner(dsn, func(db *sql.DB) error {
		gotSchema, got, err := measure(ctx, db)
		if err != nil {
			return err
		}
		if gotSchema != schema {
			return fmt.Errorf("the schema is %d, and the backup says %d", gotSchema, schema)
		}
		for table, want := range rows {
			if got[table] != want {
				return fmt.Errorf("table %s has %d rows, and the backup says %d", table, got[table], want)
			}
		}
		if len(got) != len(rows) {
			return fmt.Errorf("there are %d tables, and the backup says %d", len(got), len(rows))
		}
		return nil
	})
}

// Unused refuses a database that somebody else is connected to.
func Unused(ctx context.Context, dsn string) error {
	return asOwner(dsn, func(db *sql.DB) error {
		others, err := column[int](ctx, db, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`)
		if err == nil && others[0] > 0 {
			err = errors.New("somebody is connected to the database: stop every node first")
		}
		return err
	})
}

// EndWhatWasOpen ends, in a database that came back from a backup, every session and
// everything else that lets somebody in by a token: some of it had ended since, and
// nobody can tell which.
func (tx *Tx) EndWhatWasOpen(ctx context.Context, at time.Time) error {
	for _, statement := range []string{
		`UPDATE session SET ended_at = $1 WHERE ended_at IS NULL`,
		`UPDATE invitation SET withdrawn_at = $1 WHERE account IS NULL AND withdrawn_at IS NULL`,
	} {
		if _, err := tx.ExecContext(ctx, statement, at); err != nil {
			return plain(err)
		}
	}
	for _, table := range []string{"sign_in_link", "set_up_link", "passkey_question"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
			return plain(err)
		}
	}
	return nil
}
