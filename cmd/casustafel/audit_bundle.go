package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
)

// bundleFlags say which bundle is verified and who is trusted with it.
type bundleFlags struct {
	Bundle  string   `help:"Verify this file, which a manager took out of the log, without any server." type:"path" placeholder:"FILE"`
	Witness []string `help:"Verifier key of a witness that must have seen every line (casustafel witness key prints it)." placeholder:"KEY"`
}

// verifyBundle verifies the file with the keys of the log that are trusted. What it
// finds is printed, and is the status that the program ends with.
func (f bundleFlags) verifyBundle(keys []string) error {
	if len(keys) == 0 {
		return errors.New("--bundle is verified with the key of its log: give --key, as the operator of that server told you (casustafel audit key prints it)")
	}
	if _, err := audit.Verifiers(keys...); err != nil {
		return fmt.Errorf("--key: %w", err)
	}
	trusted := audit.Trusted{Log: keys}
	var err error
	if trusted.Witnesses, err = readWitnesses(f.Witness); err != nil {
		return err
	}
	file, err := os.Open(f.Bundle)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	verdict, m := audit.VerifyBundle(file, info.Size(), trusted)
	fmt.Println(verdict)
	if verdict.Status == audit.Tampered {
		return exitWith{int(verdict.Status), errors.New("this bundle is not what the log gave")}
	}
	if m.Origin != "" {
		fmt.Printf("For organisation %q, by %q at %s, reason %q, filtered by %q, from %s until %s.\n", m.Organisation, m.By, m.At.Format(time.RFC3339), m.Reason, m.Filters, bound(m.From), bound(m.Until))
	}
	if verdict.Status != audit.Sound {
		return exitWith{int(verdict.Status), errors.New("not everything could be verified")}
	}
	fmt.Println("Each line is in the log as that stands signed. That the server left out none that belongs here, no bundle can prove.")
	return nil
}

func bound(at time.Time) string {
	if at.IsZero() {
		return "any time"
	}
	return at.Format(time.RFC3339)
}

// witnessFlags say which partners may see how the access log grows.
type witnessFlags struct {
	Witness []string `help:"Verifier key of a partner's witness (docs/witness.md), which may see how the access log grows. None: nobody may." placeholder:"KEY"`
}

// readWitnesses reads the keys of witnesses.
func readWitnesses(keys []string) (list []*audit.CosignVerifier, err error) {
	for _, key := range keys {
		w, err := audit.NewCosignVerifier(strings.TrimSpace(key))
		if err != nil {
			return nil, fmt.Errorf("--witness: %w", err)
		}
		list = append(list, w)
	}
	return list, nil
}
