package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/backup"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

// backupVerifyCmd tries a backup out.
type backupVerifyCmd struct {
	databaseFlags
	From     string `required:"" help:"The backup." type:"path" placeholder:"FILE"`
	Identity string `required:"" help:"The key that opens it." type:"path" placeholder:"FILE"`
}

// Run reads the backup into a scratch cluster and tells in numbers what is in it.
func (v *backupVerifyCmd) Run(ctx context.Context) error {
	return verify(ctx, v.databaseFlags, v.From, v.Identity)
}

func verify(ctx context.Context, f databaseFlags, from, identity string) (err error) {
	in, err := openBackup(f, from, identity)
	if err != nil {
		return err
	}
	defer in.close() //nolint:errcheck // it was only read
	dir, err := os.MkdirTemp("", "casustafel-verify-")
	if err != nil {
		return fmt.Errorf("a place for a scratch PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var found store.Checked
	err = pgkeeper.Use(ctx, pgkeeper.Options{Dir: dir, NoSync: true}, func(c *pgkeeper.Cluster) error {
		found, err = in.readInto(ctx, dir, private(c.DSN, nil), nil)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("verified: as of %s: %s\n", in.Made.UTC().Format(time.RFC3339), report(found))
	return nil
}

// backupCheckCmd checks a database where it is.
type backupCheckCmd struct{ databaseFlags }

// Run goes through the whole database and changes nothing.
func (c *backupCheckCmd) Run(ctx context.Context) (err error) {
	if c.DatabaseURL == "" {
		if err := c.hasCluster(); err != nil {
			return err
		}
	}
	keys, err := c.presentKeyring()
	if err != nil {
		return err
	}
	db, err := c.openBeside(ctx, slog.Default())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(context.WithoutCancel(ctx))) }()
	if err := ofThisProgram(ctx, db.owner); err != nil {
		return err
	}
	return useApp(ctx, db, keys, func(_ *app.App, s *store.Store) error {
		found, err := s.Check(ctx)
		if err == nil {
			fmt.Printf("sound: %s\n", report(found))
		}
		return err
	})
}

// incoming is a backup that was looked through: it is whole, and was made by who has
// the master key.
type incoming struct {
	backup.Header
	file       *os.File
	identities backup.Identities
	keys       *store.Keyring
	sealKey    []byte
}

// openBackup opens a backup and reads all of it once, so that nothing is let in or
// made before it is known to be sound.
func openBackup(f databaseFlags, from, identity string) (in *incoming, err error) {
	in = &incoming{}
	if in.identities, err = backup.ReadIdentities(identity); err != nil {
		return nil, err
	}
	if in.keys, err = f.presentKeyring(); err != nil {
		return nil, err
	}
	if in.file, err = os.Open(from); err != nil {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	if err := in.lookThrough(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", from, err), in.close())
	}
	return in, nil
}

func (in *incoming) close() error { return in.file.Close() }

func (in *incoming) lookThrough() error {
	archive, err := in.archive()
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, archive)
	return err
}

// archive reads the backup from its beginning.
func (in *incoming) archive() (io.Reader, error) {
	if _, err := in.file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	contents, err := backup.Open(in.file, in.identities)
	if err != nil {
		return nil, err
	}
	in.Header = contents.Header
	latest, err := store.LatestSchema()
	if err != nil {
		return nil, err
	}
	if in.Schema > latest {
		return nil, fmt.Errorf("the backup was made by a newer program (%s, schema %d; this one knows %d): use that one", in.Program, in.Schema, latest)
	}
	if in.sealKey, err = in.keys.UnwrapSeal(in.Header.Seal); err != nil {
		return nil, fmt.Errorf("its content is under master key %s, and the one given is %s: give the key file of that time with --master-key-file", in.MasterKey, in.keys.Fingerprint())
	}
	return contents.Archive(in.sealKey), nil
}

// presentKeyring is the master key, which has to be there.
func (f databaseFlags) presentKeyring() (*store.Keyring, error) {
	if f.MasterKey != "" {
		return store.ReadKeyring(bytes.NewReader([]byte(f.MasterKey)))
	}
	path, err := f.keyFile(false)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("the master key, without which a backup is worth nothing: %w; put its file back first, or give --master-key-file", err)
	}
	return store.OpenKeyFile(path)
}

// readInto reads the backup into the empty database of a cluster, brings it to this
// program's schema and checks all of it; last does what is left to be done with it.
func (in *incoming) readInto(ctx context.Context, dir string, db *database, last func(*app.App) error) (found store.Checked, err error) {
	tools, err := pgkeeper.FindTools(ctx, pgkeeper.Options{Dir: dir})
	if err != nil {
		return found, err
	}
	if in.PostgreSQL > tools.Major() {
		return found, fmt.Errorf("the backup was made by PostgreSQL %d, and here is %d: install PostgreSQL %d or newer", in.PostgreSQL, tools.Major(), in.PostgreSQL)
	}
	if err := store.Prepare(ctx, db.owner); err != nil {
		return found, err
	}
	archive, err := in.archive()
	if err != nil {
		return found, err
	}
	if err := tools.Load(ctx, db.owner, archive); err != nil {
		return found, fmt.Errorf("read the backup into PostgreSQL: %w", err)
	}
	if _, err := io.Copy(io.Discard, archive); err != nil { // up to the seal
		return found, err
	}
	if err := store.CompareRows(ctx, db.owner, in.Schema, in.Rows); err != nil {
		return found, fmt.Errorf("the backup did not come in whole: %w", err)
	}
	if err := store.Migrate(ctx, db.owner); err != nil {
		return found, err
	}
	err = useApp(ctx, db, in.keys, func(a *app.App, s *store.Store) error {
		if found, err = s.Check(ctx); err != nil || last == nil {
			return err
		}
		return last(a)
	})
	return found, err
}

// report says what was found, in numbers.
func report(found store.Checked) string {
	return fmt.Sprintf("%d cases with %d events and %d texts, %d snapshots, %d accounts, %d lines of the access log in a tree of %d; every case folds, every text opens, every leaf is that of its line",
		found.Cases, found.Events, found.Texts, found.Snapshots, found.Accounts, found.Records, found.Leaves)
}
