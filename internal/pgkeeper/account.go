package pgkeeper

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// account is the user as whom PostgreSQL runs. PostgreSQL refuses root, so a
// program that runs as root drops to another user for it.
type account struct {
	uid, gid int
	dropped  bool // differs from the program's own user
}

// account chooses the user: this one, or for root the owner of an existing
// cluster, else postgres, else nobody.
func (h *home) account() (account, error) {
	if me := os.Geteuid(); me != 0 {
		return account{uid: me, gid: os.Getegid()}, nil
	}
	info, err := os.Stat(h.cluster())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return account{}, fmt.Errorf("read the cluster: %w", err)
	}
	if err == nil && ownerOf(info) != 0 {
		return account{uid: ownerOf(info), gid: groupOf(info), dropped: true}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		// macOS gives nobody the id -2, which is 4294967294 for the kernel.
		if uidErr == nil && gidErr == nil && uid != 0 {
			return account{uid: int(uint32(uid)), gid: int(uint32(gid)), dropped: true}, nil
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root and there is no user postgres or nobody: start the program as an ordinary user")
}

// command prepares a program of PostgreSQL as this account. It ends with this
// program where the kernel can do that, and has a process group of its own: a
// Ctrl-C in the terminal is for this program, which then stops PostgreSQL in
// order. It gets a bare environment, because the program's own may hold its
// master key, which a superuser of the database could read there.
func (a account) command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=" + ctypeLocale}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithParent(cmd.SysProcAttr)
	if a.dropped {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// runBound runs a command to its end on one thread, for the reason given at
// launch.
func runBound(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return cmd.Run()
}

// own gives a path that the program just made to the account.
func (a account) own(path string) error {
	if !a.dropped {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// ownTree gives a whole tree to the account.
func (a account) ownTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return a.own(path)
	})
}

// enters asks the kernel whether the account may pass into dir, by starting a
// program that is known to run for it there.
func (a account) enters(ctx context.Context, dir string, bin binaries) bool {
	cmd := a.command(ctx, bin.postgres(), "--version")
	cmd.Dir = dir
	return runBound(cmd) == nil
}

// admit lets the account reach the cluster inside the data directory. Root's
// own closed data directory is opened for passing through, no more, and a
// cluster that came back from a backup as root's is given to the account; the
// directories above are not ours to change.
func (h *home) admit(ctx context.Context, who account, bin binaries) error {
	if !who.dropped {
		return nil
	}
	info, err := os.Stat(h.dir)
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if ownerOf(info) == 0 && info.Mode().Perm()&0o077 == 0 {
		if err := os.Chown(h.dir, 0, who.gid); err != nil {
			return fmt.Errorf("open the data directory: %w", err)
		}
		if err := os.Chmod(h.dir, 0o710); err != nil {
			return fmt.Errorf("open the data directory: %w", err)
		}
	}
	if !who.enters(ctx, h.dir, bin) {
		if err := ctx.Err(); err != nil {
			return err
		}
		return fmt.Errorf("PostgreSQL cannot run as root, and user %s cannot pass through %s: choose a data directory elsewhere (for example /var/lib/casustafel), run chmod o+x on that directory, or start the program as an ordinary user",
			userName(who.uid), h.barrier(ctx, who, bin))
	}
	if info, err := os.Stat(h.cluster()); err == nil && ownerOf(info) == 0 {
		if err := who.ownTree(h.cluster()); err != nil {
			return fmt.Errorf("give the cluster to user %s: %w", userName(who.uid), err)
		}
	}
	return nil
}

// barrier is the topmost directory that the account cannot pass.
func (h *home) barrier(ctx context.Context, who account, bin binaries) string {
	for i, r := range h.dir {
		if r == filepath.Separator && i > 0 && !who.enters(ctx, h.dir[:i], bin) {
			return h.dir[:i]
		}
	}
	return h.dir
}

func ownerOf(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }
func groupOf(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Gid) }

// userName names a user for a message, by number when nobody knows the name.
func userName(uid int) string {
	id := strconv.Itoa(uid)
	if u, err := user.LookupId(id); err == nil {
		return strings.TrimSpace(u.Username)
	}
	return id
}
