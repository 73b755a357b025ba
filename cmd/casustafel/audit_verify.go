package main

import (
	"context"
	"errors"
)

// unverified is the status that the program ends with when it could not verify at all.
// It is none of a verdict: 1 always means that something was found.
const unverified = 3

// auditVerifyCmd verifies the access log, or a part of it that was taken out.
type auditVerifyCmd struct {
	databaseFlags
	auditFlags
	bundleFlags
	Key []string `help:"Verifier key of the log that is trusted." placeholder:"KEY"`
}

// Run verifies. The program ends with 0 for sound, 1 for tampered, 2 for incomplete, and
// with 3 when there is no verdict.
func (c *auditVerifyCmd) Run(ctx context.Context) error {
	if c.Bundle != "" {
		return orUnverified(c.verifyBundle(c.Key))
	}
	return orUnverified(verifyLog(ctx, c.databaseFlags, c.auditFlags, c.Key, c.Witness))
}

// orUnverified tells what kept a verification from its verdict apart from a verdict.
func orUnverified(err error) error {
	if err == nil || errors.As(err, new(exitWith)) {
		return err
	}
	return exitWith{unverified, err}
}
