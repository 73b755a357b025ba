package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/backup"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

// errOutsideBackup says what to do where the database is somebody else's.
var errOutsideBackup = errors.New("an outside PostgreSQL is backed up by whoever keeps it: with its own backups to a moment (PITR), or pg_dump of the whole database, every table; keep the master key apart, and try it out as docs/backup.md says")

// backupMakeCmd makes one backup.
type backupMakeCmd struct {
	databaseFlags
	To         string   `help:"Directory, or a new file that ends in .age. Default: --backup-to of the settings." type:"path" placeholder:"DIR|FILE"`
	Recipients []string `name:"recipient" help:"Public key that the backup is encrypted to (age1..., of casustafel backup key), or a file of them; may be given more than once. Default: --backup-recipient of the settings." placeholder:"age1..."`
	Keep       int      `help:"How many backups to keep in the directory; 0: all." default:"0"`
	Identity   string   `help:"The key that opens the backup: it is then read into a scratch PostgreSQL and checked at once." type:"path" placeholder:"FILE"`

	BackupTo         string   `hidden:"" type:"path"`
	BackupRecipients []string `name:"backup-recipient" hidden:""`
}

// Run makes the backup and tells of it in numbers.
func (b *backupMakeCmd) Run(ctx context.Context) (err error) {
	if b.DatabaseURL != "" {
		return errOutsideBackup
	}
	if b.To == "" {
		b.To = b.BackupTo
	}
	if len(b.Recipients) == 0 {
		b.Recipients = b.BackupRecipients
	}
	path, err := placeFor(b.To, time.Now())
	if err != nil {
		return err
	}
	recipients, err := backup.ReadRecipients(b.Recipients)
	if err != nil {
		return fmt.Errorf("--recipient: %w", err)
	}
	if b.Identity != "" { // before the work is done
		if _, err := backup.ReadIdentities(b.Identity); err != nil {
			return err
		}
	}
	made, err := b.save(ctx, path, recipients)
	if err != nil {
		return err
	}
	fmt.Printf("%s: as of %s, %d bytes, content under master key %s\n", path, made.Made.UTC().Format(time.RFC3339), made.size, made.MasterKey)
	if b.Keep > 0 {
		if err := backup.Keep(filepath.Dir(path), b.Keep, time.Now()); err != nil {
			return err
		}
	}
	if b.Identity == "" {
		fmt.Println("not verified: casustafel backup verify does it, where the key is that opens it")
		return nil
	}
	return verify(ctx, b.databaseFlags, path, b.Identity)
}

// placeFor is the file that a backup goes to.
func placeFor(to string, at time.Time) (string, error) {
	if to == "" {
		return "", errors.New("say where the backup goes with --to, a directory or a file")
	}
	info, err := os.Stat(to)
	switch {
	case err == nil && info.IsDir():
		return filepath.Join(to, backup.Name(at)), nil
	case err == nil || errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(to, ".age"):
		return to, nil
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no directory %s: make it, or name a file that ends in .age", to)
	}
	return "", fmt.Errorf("where the backup goes: %w", err)
}

// madeBackup is a backup that was written.
type madeBackup struct {
	backup.Header
	size int64
}

// save backs up the private cluster of the data directory, which a program may be
// serving from.
func (f databaseFlags) save(ctx context.Context, path string, recipients backup.Recipients) (made madeBackup, err error) {
	dir, err := f.dir(false)
	if err != nil {
		return made, err
	}
	if err := f.hasCluster(); err != nil {
		return made, err
	}
	db, err := f.openBeside(ctx, slog.Default())
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, db.close(context.WithoutCancel(ctx))) }()
	keys, _, err := f.keyring(ctx, db, false)
	if err != nil {
		return made, err
	}
	if err := ofThisProgram(ctx, db.owner); err != nil {
		return made, err
	}
	tools, err := pgkeeper.FindTools(ctx, pgkeeper.Options{Dir: dir})
	if err != nil {
		return made, err
	}
	// The key is the right one as well: without it the backup would be worth nothing.
	err = useApp(ctx, db, keys, func(a *app.App, _ *store.Store) error {
		if err := a.RecordBackup(ctx, app.Operator()); err != nil {
			return err
		}
		made, err = backUp(ctx, path, backingUp{db.owner, tools, keys, recipients})
		return err
	})
	return made, err
}

// hasCluster refuses a data directory without a cluster: to look for one must not
// make one.
func (f databaseFlags) hasCluster() error {
	dir, err := f.dir(false)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres", "PG_VERSION")); err != nil {
		return fmt.Errorf("there is no private PostgreSQL in %s: give --data-dir: %w", dir, err)
	}
	return nil
}

// ofThisProgram refuses a database of another program's, such as one that is about to
// be brought up to date.
func ofThisProgram(ctx context.Context, owner string) error {
	schema, err := store.SchemaOf(ctx, owner)
	if err != nil {
		return err
	}
	latest, err := store.LatestSchema()
	if err == nil && schema != latest {
		err = fmt.Errorf("this database is of another program (schema %d; this one has %d): use the program that serves it, or casustafel migrate first", schema, latest)
	}
	return err
}

// backingUp is what it takes to make a backup.
type backingUp struct {
	owner      string // DSN
	tools      pgkeeper.Tools
	keys       *store.Keyring
	recipients backup.Recipients
}

// backUp writes the database as it is at one moment to a file, encrypted on the way:
// nothing of it is written down in plain.
func backUp(ctx context.Context, path string, b backingUp) (made madeBackup, err error) {
	err = store.HoldMoment(ctx, b.owner, func(m store.Moment) error {
		sealKey := backup.NewSealKey()
		made.Header = backup.Header{Made: time.Now().UTC(), Program: version, Schema: m.Schema, PostgreSQL: b.tools.Major(),
			MasterKey: b.keys.Fingerprint(), Rows: m.Rows}
		if made.Seal, err = b.keys.WrapSeal(sealKey); err != nil {
			return err
		}
		return backup.Save(path, func(to io.Writer) error {
			counted := &counting{to: to}
			defer func() { made.size = counted.n }()
			return backup.Write(counted, b.recipients, made.Header, sealKey, func(archive io.Writer) error {
				return b.tools.Dump(ctx, b.owner, m.Snapshot, archive)
			})
		})
	})
	return made, err
}

// counting counts what is written.
type counting struct {
	to io.Writer
	n  int64
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}

// backupKeyCmd makes the key that opens backups.
type backupKeyCmd struct {
	File string `arg:"" help:"New file for the key. Keep it where neither the server nor the backups are." type:"path"`
}

// Run makes the file and prints the recipient alone, so that it can be piped on.
func (k *backupKeyCmd) Run() error {
	recipient, err := backup.NewIdentity(k.File, time.Now())
	if err != nil {
		return err
	}
	fmt.Println(recipient)
	return nil
}
