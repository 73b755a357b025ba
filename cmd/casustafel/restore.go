package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

// restoreCmd makes a private cluster of a backup.
type restoreCmd struct {
	databaseFlags
	auditFlags
	From     string `required:"" help:"The backup." type:"path" placeholder:"FILE"`
	Identity string `required:"" help:"The key that opens it." type:"path" placeholder:"FILE"`
}

// Run restores into an empty data directory. Until all was checked nothing is in its
// place there.
func (r *restoreCmd) Run(ctx context.Context) error {
	if r.DatabaseURL != "" {
		return errors.New("a backup is restored into a private PostgreSQL: give --data-dir, not --database-url (docs/backup.md says how to move it to another)")
	}
	dir, err := r.dir(false)
	if err != nil {
		return err
	}
	if err := pgkeeper.CheckEmpty(dir); err != nil {
		return err
	}
	in, err := openBackup(r.databaseFlags, r.From, r.Identity)
	if err != nil {
		return err
	}
	defer in.close() //nolint:errcheck // it was only read
	var found store.Checked
	err = pgkeeper.Build(ctx, pgkeeper.Options{Dir: dir}, func(c *pgkeeper.Cluster) error {
		found, err = in.readInto(ctx, dir, private(c.DSN, nil), func(a *app.App) error { return a.Restored(ctx) })
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf(`restored into %s as of %s: %s

What came after that moment is not there, and what ended since is back: memberships,
accounts and lends that ended, texts that were erased. Everybody is signed out and
open invitations are withdrawn. Before anybody works again (docs/backup.md says how):
 1. keep the master key (%s) where the program looks for it, not in the data directory;
 2. do over what was withdrawn or erased after that moment;
 3. %s.
`, dir, in.Made.UTC().Format(time.RFC3339), report(found), in.MasterKey, r.signedSince(found.Leaves))
	return nil
}

// signedSince says whether the access log is shorter than one that was signed, as it
// is after an older backup came back.
func (r *restoreCmd) signedSince(leaves int64) string {
	elsewhere := fmt.Sprintf("hold the access log, a tree of %d leaves, against the newest checkpoint that was kept elsewhere", leaves)
	files, err := r.signingFiles(r.databaseFlags, false)
	if err != nil {
		return elsewhere
	}
	kept, err := files.Newest()
	if err != nil || kept == "" {
		return fmt.Sprintf("%s: there is none at %s", elsewhere, files.Checkpoint)
	}
	keys, err := files.Keys()
	if err != nil {
		return fmt.Sprintf("%s: the one at %s cannot be read without its key (%v)", elsewhere, files.Checkpoint, err)
	}
	signed, err := keys.Open(kept)
	switch {
	case err != nil:
		return fmt.Sprintf("%s: the one at %s is not signed by the key beside it", elsewhere, files.Checkpoint)
	case signed.Size > leaves:
		return fmt.Sprintf("THE ACCESS LOG IS OLDER than what was signed: it has %d leaves, and %d were signed. Nothing more is signed until somebody answers for it", leaves, signed.Size)
	}
	return fmt.Sprintf("the access log, a tree of %d leaves, reaches as far as the %d that were signed; the server and casustafel audit verify hold it to what was signed", leaves, signed.Size)
}
