package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

// The roles of migrations/, and the database in a private cluster.
const (
	committerRole = "casustafel_committer"
	readerRole    = "casustafel_reader"
	databaseName  = "postgres"
)

// databaseFlags say where everything is kept and under which key.
type databaseFlags struct {
	DatabaseURL   string `help:"PostgreSQL server to use, as postgres://user@host/database?sslmode=verify-full. Without it the program keeps a private one." placeholder:"URL"`
	DataDir       string `help:"Where the private PostgreSQL lives. Default: /var/lib/casustafel for root, else below the home directory." type:"path" placeholder:"DIR"`
	MasterKeyFile string `help:"File with the master key, 0600; made for a new database. Default: below /etc or the configuration directory." type:"path" placeholder:"FILE"`
	MasterKey     string `help:"The content of the key file itself, for the environment." placeholder:"KEY"`
}

// database is PostgreSQL as the program reaches it.
type database struct {
	owner, committer, reader string // DSN of each role
	keeping                  *keeping
}

// dir is the data directory, demo apart from real data.
func (f databaseFlags) dir(demo bool) (string, error) {
	dir := f.DataDir
	if dir == "" {
		dir = "/var/lib/casustafel"
		if os.Getuid() != 0 {
			base := os.Getenv("XDG_DATA_HOME")
			if base == "" {
				home, err := os.UserHomeDir()
				if err != nil {
					return "", fmt.Errorf("where to keep data: give --data-dir: %w", err)
				}
				base = filepath.Join(home, ".local", "share")
			}
			dir = filepath.Join(base, "casustafel")
		}
	}
	if demo {
		dir = filepath.Join(dir, "demo")
	}
	return dir, nil
}

// keyring opens the master key, which never lies in the cluster's directory. A
// key is made only for a database that was never sealed under one: a mistyped
// path must not leave a file that looks like the key.
func (f databaseFlags) keyring(ctx context.Context, db *database, demo bool) (*store.Keyring, string, error) {
	if f.MasterKey != "" {
		keys, err := store.ReadKeyring(bytes.NewReader([]byte(f.MasterKey)))
		return keys, "", err
	}
	path, err := f.keyFile(demo)
	if err != nil {
		return nil, "", err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		sealed, err := store.Sealed(ctx, db.owner)
		if err != nil {
			return nil, "", err
		}
		if sealed {
			return nil, "", fmt.Errorf("there is no master key at %s, and this database was sealed under one: give its file with --master-key-file", path)
		}
	}
	keys, err := store.OpenKeyFile(path)
	return keys, path, err
}

// keyFile is where the master key is, or will be.
func (f databaseFlags) keyFile(demo bool) (string, error) {
	if f.MasterKeyFile != "" {
		return f.MasterKeyFile, nil
	}
	base := "/etc"
	if os.Getuid() != 0 {
		var err error
		if base, err = os.UserConfigDir(); err != nil {
			return "", fmt.Errorf("where to keep the master key: give --master-key-file: %w", err)
		}
	}
	name := "master.key"
	if demo {
		name = "demo.key"
	}
	return filepath.Join(base, "casustafel", name), nil
}

// open starts the private cluster or checks the address of an outside server.
func (f databaseFlags) open(ctx context.Context, demo bool, log *slog.Logger) (*database, error) {
	if f.DatabaseURL != "" {
		return outside(f.DatabaseURL)
	}
	dir, err := f.dir(demo)
	if err != nil {
		return nil, err
	}
	k, err := keep(ctx, pgkeeper.Options{Dir: dir, Log: log}, startWithin)
	if err != nil {
		return nil, err
	}
	return private(k.dsn, k), nil
}

// openBeside is open for the operator's commands: a private cluster that a
// serving program keeps is used where it is.
func (f databaseFlags) openBeside(ctx context.Context, log *slog.Logger) (*database, error) {
	db, err := f.open(ctx, false, log)
	if !errors.Is(err, pgkeeper.ErrInUse) {
		return db, err
	}
	dir, err := f.dir(false)
	if err != nil {
		return nil, err
	}
	dsn, err := pgkeeper.Beside(dir)
	if err != nil {
		return nil, err
	}
	return private(dsn, nil), nil
}

func private(dsn func(role, database string) string, k *keeping) *database {
	return &database{owner: dsn(pgkeeper.SuperRole, databaseName), committer: dsn(committerRole, databaseName),
		reader: dsn(readerRole, databaseName), keeping: k}
}

// outside is a server of somebody else's: one address, whose role is owner and
// takes on the other two per connection.
func outside(address string) (*database, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" && !u.Query().Has("host") {
		return nil, errors.New("--database-url: expected postgres://user@host/database?sslmode=verify-full")
	}
	if !u.Query().Has("sslmode") {
		return nil, errors.New("--database-url: write sslmode in the address: verify-full, or disable for a server on this machine")
	}
	as := func(role string) string {
		q := u.Query()
		q.Set("role", role)
		c := *u
		c.RawQuery = q.Encode()
		return c.String()
	}
	return &database{owner: address, committer: as(committerRole), reader: as(readerRole)}, nil
}

// failed tells when the private cluster ended and could not be brought back.
func (d *database) failed() <-chan error {
	if d.keeping == nil {
		return nil
	}
	return d.keeping.failed
}

func (d *database) close(ctx context.Context) error {
	if d.keeping == nil {
		return nil
	}
	return d.keeping.stop(ctx)
}
