package storetest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// memory is the directory whose files Linux keeps in memory. Tests make and drop
// hundreds of databases: on a disk that is most of their time.
const memory = "/dev/shm"

// room is what the clusters of the tests that run at one time need at most.
const room = 2 << 30

// newHome makes a directory for a cluster that nobody keeps: in memory when there is
// room, as there is not in every container, else where temporary files are.
func newHome() (string, error) {
	var fs syscall.Statfs_t
	if syscall.Statfs(memory, &fs) == nil && fs.Bavail*uint64(fs.Bsize) >= room {
		sweep()
		if dir, err := os.MkdirTemp(memory, fmt.Sprintf(prefix+"%d-", os.Getpid())); err == nil {
			return dir, nil
		}
	}
	return os.MkdirTemp("", prefix)
}

// sweep takes away what a program that was killed left in memory.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(memory, prefix+"*")) // the pattern is sound
	for _, dir := range left {
		var pid int
		if _, err := fmt.Sscanf(filepath.Base(dir), prefix+"%d-", &pid); err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
}
