package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/casustafel/casustafel/internal/audit"
)

// certificateCmd verifies a certificate of erasure, without any server.
type certificateCmd struct {
	File string   `arg:"" help:"The signed text, which a manager fetched." type:"path"`
	Key  []string `required:"" help:"Verifier key of the access log, as the operator of that server told you." placeholder:"KEY"`
}

// certificateMost is more than any certificate has.
const certificateMost = 1 << 16

// Run says what the certificate says, if the log that is trusted gave it.
func (c *certificateCmd) Run() error { return c.verify(os.Stdout) }

func (c *certificateCmd) verify(out io.Writer) error {
	trusted, err := audit.Verifiers(c.Key...)
	if err != nil {
		return fmt.Errorf("--key: %w", err)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was read
	signed, err := io.ReadAll(io.LimitReader(file, certificateMost))
	if err != nil {
		return err
	}
	said, err := audit.OpenCertificate(string(signed), trusted)
	var unknown *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unknown):
		return errors.New("none of these keys signed this: it is of another log, or was changed")
	case err != nil:
		return fmt.Errorf("this is no certificate of erasure as a log gave it: %w", err)
	}
	fmt.Fprintf(out, "Sound. Case %s of %q was erased at %s (%s), asked by %q, with the yes of %q; a backup may hold it until %s.\n", said.Case, said.Organisation, //nolint:errcheck // nobody else to tell
		said.Erased.Format(time.RFC3339), said.Ground, said.By, said.With, said.BackupsUntil.Format(time.DateOnly))
	fmt.Fprintf(out, "It is line %d of the log %s, in its tree of %d lines with root %s.\n", said.Line, said.Origin, said.Size, said.Root) //nolint:errcheck // likewise
	return nil
}
