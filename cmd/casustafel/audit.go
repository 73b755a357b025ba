package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"golang.org/x/mod/sumdb/note"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

// verifyLog verifies the whole log of a database, as of one moment. It needs no key but
// those that verify: those given, or those in the audit key file.
func verifyLog(ctx context.Context, flags databaseFlags, files auditFlags, trusted, witnessKeys []string) (err error) {
	witnesses, err := readWitnesses(witnessKeys)
	if err != nil {
		return err
	}
	signing, err := files.signingFiles(flags, false)
	if err != nil {
		return err
	}
	if len(trusted) == 0 {
		keys, err := signing.Keys()
		if err != nil {
			return fmt.Errorf("which key to trust: give --key or --audit-key-file: %w", err)
		}
		trusted = keys.Verifiers()
	}
	verifiers, err := audit.Verifiers(trusted...)
	if err != nil {
		return err
	}
	db, err := flags.openBeside(ctx, slog.Default())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(context.WithoutCancel(ctx))) }()
	verdict, err := verdictOf(ctx, db, signing, verifiers, witnesses)
	if err != nil {
		return err
	}
	fmt.Println(verdict)
	if verdict.Status != audit.Sound {
		return exitWith{int(verdict.Status), errors.New("the access log is not found sound: see docs/audit.md for what to do")}
	}
	return nil
}

// auditKeyCmd prints what others check the signatures of the log with.
type auditKeyCmd struct {
	databaseFlags
	auditFlags
}

// Run prints the verifier keys, the newest first.
func (c *auditKeyCmd) Run() error {
	signing, err := c.signingFiles(c.databaseFlags, false)
	if err != nil {
		return err
	}
	keys, err := signing.Keys()
	if err != nil {
		return err
	}
	for _, verifier := range keys.Verifiers() {
		fmt.Println(verifier)
	}
	return nil
}

// auditRotateCmd puts a fresh audit key in front.
type auditRotateCmd struct {
	databaseFlags
	auditFlags
}

// Run records that the key is rotated, and does it. The next checkpoint is signed by
// both keys, and those after it by the new one.
func (c *auditRotateCmd) Run(ctx context.Context) error {
	signing, err := c.signingFiles(c.databaseFlags, false)
	if err != nil {
		return err
	}
	if _, err := signing.Keys(); err != nil {
		return err
	}
	return c.withApp(ctx, func(a *app.App, _ *store.Store) error {
		if err := a.RecordKeyRotated(ctx); err != nil {
			return err
		}
		keys, err := signing.Rotate()
		if err != nil {
			return err
		}
		fmt.Println("the log is signed with a new key from now on; whoever verifies it needs", keys.Verifiers()[0])
		fmt.Println("every node uses it when it shares the file; else give the file to every node")
		return nil
	})
}

// auditAcceptCmd goes on with a log that was restored from an older backup.
type auditAcceptCmd struct {
	databaseFlags
	auditFlags
	Reason string `required:"" help:"Why the log is shorter than what was signed, for the record."`
}

// Run records it, and begins with the newest checkpoint of the database. The one
// outside it is kept as evidence.
func (c *auditAcceptCmd) Run(ctx context.Context) error {
	signing, err := c.signingFiles(c.databaseFlags, false)
	if err != nil {
		return err
	}
	return c.withApp(ctx, func(a *app.App, _ *store.Store) error {
		aside, err := a.AcceptRestored(ctx, signing, c.Reason)
		if err != nil {
			return err
		}
		fmt.Println("the log is gone on with; what was signed before is kept as evidence in", aside)
		fmt.Println("a witness will refuse this log from now on: tell the partner why, and let it begin anew")
		return nil
	})
}

// verdictOf verifies the log of a database that is reached.
func verdictOf(ctx context.Context, db *database, signing *store.Signing, verifiers note.Verifiers, witnesses []*audit.CosignVerifier) (verdict audit.Verdict, err error) {
	// Read before the log: what is signed meanwhile is no cause for suspicion.
	outside, err := signing.Newest()
	if err != nil {
		return verdict, err
	}
	err = store.ReadLog(ctx, db.committer, func(log audit.Log) (err error) {
		log.Outside = outside
		verdict, err = audit.Verify(log, verifiers, witnesses...)
		return err
	})
	return verdict, err
}
