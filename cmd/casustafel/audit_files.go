package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/casustafel/casustafel/internal/store"
)

// auditFlags say what the access log is signed with.
type auditFlags struct {
	AuditKeyFile        string `help:"File with the key that signs the access log, 0600; made for a log that was never signed. Default: audit.key beside the master key." type:"path" placeholder:"FILE"`
	AuditCheckpointFile string `help:"File for the newest signed checkpoint of the access log, outside the database. Default: beside the audit key." type:"path" placeholder:"FILE"`
}

// signingFiles says where the files are.
func (f auditFlags) signingFiles(db databaseFlags, demo bool) (*store.Signing, error) {
	path := f.AuditKeyFile
	if path == "" {
		master, err := db.keyFile(demo)
		if err != nil {
			return nil, fmt.Errorf("where to keep the audit key: give --audit-key-file: %w", err)
		}
		name := "audit.key"
		if demo {
			name = "demo-audit.key"
		}
		path = filepath.Join(filepath.Dir(master), name)
	}
	signing := store.SigningBeside(path)
	if f.AuditCheckpointFile != "" {
		signing.Checkpoint = f.AuditCheckpointFile
	}
	return signing, nil
}

// openSigning finds the key. One is made only for a log that was never signed: who
// lost the key must not go on under another as if nothing had happened.
func (f auditFlags) openSigning(ctx context.Context, flags databaseFlags, db *database, demo bool) (*store.Signing, error) {
	signing, err := f.signingFiles(flags, demo)
	if err != nil {
		return nil, err
	}
	signed, err := store.Signed(ctx, db.owner)
	if err != nil {
		return nil, err
	}
	if signed {
		_, err := signing.Keys()
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no audit key at %s, and the access log of this database was signed with one: give its file with --audit-key-file", signing.Key)
		}
		return signing, err
	}
	if demo { // a demo that begins anew is nobody's older backup
		if err := os.Remove(signing.Checkpoint); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("begin the demo anew: %w", err)
		}
	}
	return signing, signing.Make()
}
