package pgkeeper

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/casustafel/casustafel/internal/durable"
)

// Trust, and why it is the safest choice here: the only way in is a Unix
// socket in a directory of mode 0700 that belongs to the account of
// PostgreSQL. Another local user cannot reach it. Root and that account can,
// and they read and write the cluster's files anyway, the list of passwords
// and the rules of admission included: a password would cost a secret to keep
// and keep nobody out. Peer authentication cannot admit one operating system
// user as every role before PostgreSQL 16, and root is a different user than
// the server. Roles are a fence against faults of this program, not against
// its own process. TCP is off, and refused in the rules as well.
const (
	localAuth = "trust"
	hostAuth  = "reject"
)

// initdb makes the cluster beside its place and then moves it there whole: a
// set-up that was killed leaves nothing that looks like a cluster.
func initdb(ctx context.Context, h *home, bin binaries, who account, noSync bool) error {
	dir := h.unfinished()
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove an unfinished cluster: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make a cluster: %w", err)
	}
	defer os.RemoveAll(dir) // it is gone from here after the move
	if err := who.own(dir); err != nil {
		return fmt.Errorf("give the cluster to user %s: %w", userName(who.uid), err)
	}
	args := []string{
		"--pgdata=" + dir, "--username=" + SuperRole,
		"--auth-local=" + localAuth, "--auth-host=" + hostAuth,
		"--encoding=UTF8", "--locale-provider=icu", "--icu-locale=nl-NL", "--locale=" + ctypeLocale,
		"--data-checksums", "--no-instructions",
	}
	if noSync {
		args = append(args, "--no-sync")
	}
	if err := runInitdb(ctx, who, bin.initdb(), args); err != nil {
		return err
	}
	if err := os.Rename(dir, h.cluster()); err != nil {
		return fmt.Errorf("put the cluster in its place: %w", err)
	}
	return durable.SyncDir(h.dir)
}

// runInitdb runs initdb and shows what it said when it fails.
func runInitdb(ctx context.Context, who account, path string, args []string) error {
	var said bytes.Buffer
	cmd := who.command(ctx, path, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = 5 * time.Second
	if err := runBound(cmd); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("make a cluster with %s: %w%s", path, err, tail(said.String()))
	}
	return nil
}
