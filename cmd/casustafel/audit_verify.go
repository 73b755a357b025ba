package main

import "context"

// auditVerifyCmd verifies the access log, or a part of it that was taken out.
type auditVerifyCmd struct {
	databaseFlags
	auditFlags
	bundleFlags
	Key []string `help:"Verifier key of the log that is trusted." placeholder:"KEY"`
}

// Run verifies. The program ends with 0 for sound, 1 for tampered and 2 for incomplete.
func (c *auditVerifyCmd) Run(ctx context.Context) error {
	if c.Bundle != "" {
		return c.verifyBundle(c.Key)
	}
	return verifyLog(ctx, c.databaseFlags, c.auditFlags, c.Key)
}
