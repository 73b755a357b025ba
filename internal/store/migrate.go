package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"

	"github.com/casustafel/casustafel/migrations"
)

// Migrate brings the schema up to date, as the owner that dsn signs in as. Two
// programs that start together take turns.
func Migrate(ctx context.Context, dsn string) error {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return badAddress(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close() //nolint:errcheck // nothing to save
	db.SetMaxOpenConns(2)
	lock, err := db.Conn(ctx)
	if err != nil {
		return refusedByServer(err)
	}
	defer lock.Close() //nolint:errcheck // ends the lock too
	if _, err := lock.ExecContext(ctx, `SELECT pg_advisory_lock(7513, 0)`); err != nil {
		return plain(err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// Sealed tells whether the database that dsn reaches was sealed under a master
// key before; one without our schema was not.
func Sealed(ctx context.Context, dsn string) (sealed bool, err error) {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return false, badAddress(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close() //nolint:errcheck // nothing to save
	if err := db.QueryRowContext(ctx, `SELECT to_regclass('secret') IS NOT NULL`).Scan(&sealed); err != nil {
		return false, refusedByServer(err)
	}
	if !sealed {
		return false, nil
	}
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM secret)`).Scan(&sealed)
	return sealed, plain(err)
}
