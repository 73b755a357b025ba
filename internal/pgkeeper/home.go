package pgkeeper

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ErrInUse means that another program keeps the cluster of this directory.
var ErrInUse = errors.New("in use")

// logLimit is the size in bytes at which a start begins a new log.
const logLimit = 1 << 20

// home is the program's data directory, held under a lock: one program at a
// time. The kernel drops the lock when the program ends in whatever way.
type home struct {
	dir  string // absolute, without symbolic links
	lock *os.File
}

func (h *home) cluster() string    { return filepath.Join(h.dir, "postgres") }
func (h *home) unfinished() string { return filepath.Join(h.dir, "postgres.new") }
func (h *home) run() string        { return filepath.Join(h.dir, "postgres.run") }
func (h *home) log() string        { return filepath.Join(h.dir, "postgres.log") }

// openHome makes the data directory where it is missing and locks it.
func openHome(dir string) (*home, error) {
	if dir == "" {
		return nil, errors.New("no data directory given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("cannot make the data directory: %w; choose one that this user may write", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if info.Mode().Perm()&0o002 != 0 {
		return nil, fmt.Errorf("anyone on this machine may write in the data directory %s: run chmod o-w on it, or choose another", dir)
	}
	lock, err := lockFile(filepath.Join(dir, "postgres.lock"))
	if err != nil {
		return nil, err
	}
	return &home{dir: dir, lock: lock}, nil
}

// makeDir makes dir for its owner alone; missing parents are ordinary.
func makeDir(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// lockFile takes the lock and leaves the holder's process id for the message
// that the next one gets. The file stays for ever: removing it would let two
// programs lock two files of one name.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot write in the data directory: %w; give it to this user or choose another", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, _ := os.ReadFile(path)
		f.Close()
		return nil, fmt.Errorf("the data directory %s is %w by process %s: stop that program first, or choose another directory",
			filepath.Dir(path), ErrInUse, bytes.TrimSpace(holder))
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}

// release gives the data directory free. Closing alone would not at once: a
// child that is just being forked elsewhere holds the file too. Releasing once
// more does nothing.
func (h *home) release() {
	_ = syscall.Flock(int(h.lock.Fd()), syscall.LOCK_UN)
	h.lock.Close()
}

// clusterMajor is the major version of PostgreSQL that made the cluster, or 0
// when there is none yet. A directory that is something else is refused.
func (h *home) clusterMajor() (int, error) {
	dir := h.cluster()
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the cluster: %w", err)
	}
	if owner, me := ownerOf(info), os.Geteuid(); me != 0 && owner != me {
		return 0, fmt.Errorf("%s belongs to user %s: start the program as that user or as root, or choose another data directory",
			dir, userName(owner))
	}
	text, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return 0, fmt.Errorf("read the cluster: %w", err)
		}
		if len(entries) == 0 {
			return 0, nil
		}
		return 0, fmt.Errorf("%s is not empty and holds no PostgreSQL cluster: it is left as it is; move it away or choose another data directory", dir)
	}
	if err != nil {
		return 0, fmt.Errorf("read the cluster: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || major < 1 {
		return 0, fmt.Errorf("%s holds a cluster of an unreadable version: it is left as it is; restore a backup or choose another data directory", dir)
	}
	return major, nil
}

// openLog opens PostgreSQL's log to append to. A log that grew large makes
// place for a new one; one older log is kept.
func (h *home) openLog() (*os.File, error) {
	if info, err := os.Lstat(h.log()); err == nil && info.Size() > logLimit {
		if err := os.Rename(h.log(), h.log()+".1"); err != nil {
			return nil, fmt.Errorf("put the old log aside: %w", err)
		}
	}
	f, err := os.OpenFile(h.log(), os.O_WRONLY|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of PostgreSQL: %w", err)
	}
	return f, nil
}
