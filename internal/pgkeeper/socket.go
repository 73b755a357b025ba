package pgkeeper

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	socketPort = "5432" // a part of the socket's name, never a TCP port
	socketName = ".s.PGSQL." + socketPort

	// socketPathLimit in bytes; the kernels allow 103 (macOS) and 107 (Linux).
	socketPathLimit = 100
)

// socket is the directory of the Unix socket, closed to everyone but the
// account of PostgreSQL and root.
type socket struct {
	dir  string
	link string // in the data directory, when dir had to be a short one elsewhere
}

// openSocket makes the directory of the socket ready. When the path in the data
// directory is too long a link there leads to a temporary directory. That stays
// when PostgreSQL was not stopped but ended, and the next start finds it: who
// was connected finds PostgreSQL where it was.
func openSocket(h *home, who account) (socket, error) {
	place := h.run()
	if target, err := os.Readlink(place); err == nil {
		if fits(target) && isPrivate(target, who) {
			return socket{dir: target, link: place}, clearSocket(target)
		}
		if err := os.Remove(place); err != nil {
			return socket{}, fmt.Errorf("directory of the socket: %w", err)
		}
	}
	if fits(place) {
		if err := os.Mkdir(place, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return socket{}, fmt.Errorf("directory of the socket: %w", err)
		}
		if err := closeToOthers(place, who); err != nil {
			return socket{}, fmt.Errorf("directory of the socket: %w", err)
		}
		return socket{dir: place}, clearSocket(place)
	}
	parent := os.TempDir()
	if !fits(filepath.Join(parent, "casustafel-0123456789")) {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "casustafel-") // mode 0700
	if err != nil {
		return socket{}, fmt.Errorf("short directory for the socket: %w", err)
	}
	s := socket{dir: dir, link: place}
	if err := who.own(dir); err != nil {
		s.remove()
		return socket{}, fmt.Errorf("short directory for the socket: %w", err)
	}
	if err := os.Symlink(dir, place); err != nil {
		s.remove()
		return socket{}, fmt.Errorf("link to the directory of the socket: %w", err)
	}
	return s, nil
}

func fits(dir string) bool {
	return len(filepath.Join(dir, socketName)) <= socketPathLimit
}

// isPrivate tells whether a directory is still the account's own and closed:
// a temporary directory may have been cleaned away and made by someone else.
func isPrivate(dir string, who account) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir() && info.Mode().Perm() == 0o700 && ownerOf(info) == who.uid
}

// closeToOthers gives a directory of the data directory to the account alone.
func closeToOthers(dir string, who account) error {
	if err := who.own(dir); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700)
}

// clearSocket removes what a killed server left. Its process is gone by now,
// but PostgreSQL would mistake a newcomer with the same process id for it.
func clearSocket(dir string) error {
	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove an old socket: %w", err)
		}
	}
	return nil
}

// remove takes a temporary directory away, once nobody will come back to its
// address. Failing does no harm: the next start finds it by the link.
func (s socket) remove() {
	if s.link == "" {
		return
	}
	if os.RemoveAll(s.dir) == nil {
		os.Remove(s.link)
	}
}
