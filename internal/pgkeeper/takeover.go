package pgkeeper

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a running process of the account as the system shows it.
type process struct {
	pid     int
	command string // arguments, or the title that PostgreSQL gives itself
	ending  bool   // a PostgreSQL that the kernel takes apart; whose cannot be told
}

// name stands in the command line of the cluster's postmaster and in the
// titles of its children, so that none is mistaken for another server's.
func (h *home) name() string {
	return fmt.Sprintf("casustafel-%x", sha256.Sum256([]byte(h.cluster())))[:len("casustafel-")+16]
}

func (p process) isPostmasterOf(name string) bool {
	return strings.Contains(p.command, " -c cluster_name="+name+" ")
}

func (p process) isChildOf(name string) bool {
	return strings.HasPrefix(p.command, "postgres: "+name+": ")
}

// takeOver ends the processes that a killed program or a killed postmaster
// left on this cluster. The lock is held, so no living program owns them.
// Commits are safe: each is in the write-ahead log before it was answered.
func takeOver(ctx context.Context, h *home, who account, log *slog.Logger) error {
	steps := []struct {
		signal   syscall.Signal // in order, at once, by force
		patience time.Duration
	}{{syscall.SIGINT, 10 * time.Second}, {syscall.SIGQUIT, quitPatience}, {syscall.SIGKILL, 5 * time.Second}}
	for _, step := range steps {
		left, err := leftBehind(h, who)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return correctPidFile(h, who)
		}
		log.Warn("ending PostgreSQL processes of an earlier run", "count", len(left), "signal", step.signal.String())
		signalLeft(left, h.name(), step.signal)
		if left, err = awaitGone(ctx, h, who, step.patience); err != nil {
			return err
		}
		if len(left) == 0 { // not asked again: what ends by then is of somebody else
			return correctPidFile(h, who)
		}
	}
	left, err := leftBehind(h, who)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("process %d of an earlier run does not end: end it, then start again", left[0].pid)
	}
	if err != nil {
		return err
	}
	return correctPidFile(h, who)
}

// leftBehind lists the processes of this cluster, and those that are ending and
// may be: each could still hold the shared memory, for a moment.
func leftBehind(h *home, who account) ([]process, error) {
	all, err := processesOf(who.uid)
	if err != nil {
		return nil, fmt.Errorf("look for processes of an earlier run: %w", err)
	}
	name := h.name()
	return slices.DeleteFunc(all, func(p process) bool {
		return !p.ending && !p.isPostmasterOf(name) && !p.isChildOf(name)
	}), nil
}

// signalLeft signals the postmaster, which ends its children in order, or the
// children themselves when they have none or it comes to killing. A process
// that is gone already or ending needs no signal.
func signalLeft(left []process, name string, signal syscall.Signal) {
	postmaster := func(p process) bool { return p.isPostmasterOf(name) }
	each := signal == syscall.SIGKILL || !slices.ContainsFunc(left, postmaster)
	for _, p := range left {
		if !p.ending && (each || postmaster(p)) {
			_ = syscall.Kill(p.pid, signal)
		}
	}
}

// awaitGone returns when no process is left or the patience is over, with what is
// left then.
func awaitGone(ctx context.Context, h *home, who account, patience time.Duration) ([]process, error) {
	over := time.After(patience)
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		left, err := leftBehind(h, who)
		if err != nil || len(left) == 0 {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("end the processes of an earlier run: %w", ctx.Err())
		case <-over:
			return left, nil
		case <-poll.C:
		}
	}
}

// correctPidFile handles a postmaster.pid whose process id meanwhile belongs
// to some other program (usual after a restart of a container), which
// PostgreSQL would take for a running server. It considers the id of its own
// parent stale, so that is put in; the file itself stays, since PostgreSQL
// also finds there the shared memory that must be unused.
func correctPidFile(h *home, who account) error {
	path := filepath.Join(h.cluster(), "postmaster.pid")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the process id of the earlier run: %w", err)
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return nil // PostgreSQL says itself what is wrong with the file
	}
	all, err := processesOf(who.uid)
	if err != nil {
		return fmt.Errorf("look for processes of an earlier run: %w", err)
	}
	stranger := slices.ContainsFunc(all, func(p process) bool {
		return p.pid == max(pid, -pid) && !p.looksLikePostgres()
	})
	if !stranger {
		return nil
	}
	if err := os.WriteFile(path, fmt.Appendf(nil, "%d\n%s", os.Getpid(), rest), 0o600); err != nil {
		return fmt.Errorf("correct the process id of the earlier run: %w", err)
	}
	return nil
}

// looksLikePostgres tells whether this may be a server that somebody started
// by hand: PostgreSQL then decides itself whether it is in the way.
func (p process) looksLikePostgres() bool {
	program, _, _ := strings.Cut(p.command, " ")
	base := strings.TrimSuffix(filepath.Base(program), ":")
	return base == "postgres" || base == "postmaster"
}
