package pgkeeper

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/casustafel/casustafel/internal/programtest"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// picture describes a tree: names, modes, owners, sizes, times.
func picture(t *testing.T, dir string) string {
	t.Helper()
	var all string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		all += fmt.Sprintln(path, info.Mode(), ownerOf(info), info.Size(), info.ModTime())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestForeignDirectoriesStayUntouched(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, text, says string }{
		"another major version": {"PG_VERSION", "14\n", "install PostgreSQL 14 again"},
		"no version at all":     {"PG_VERSION", "\n", "restore a backup"},
		"something else":        {"letter.txt", "Lieve Ans", "move it away or choose another data directory"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newDir(t)
			cluster := filepath.Join(dir, "postgres")
			write(t, filepath.Join(cluster, test.file), test.text)
			before := picture(t, cluster)
			refused(t, Options{Dir: dir}, test.says, "left as it is")
			if after := picture(t, cluster); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
}

// TestUnusableDirectories: for an ordinary user one that is closed to it; for
// root, whom nothing is closed to, one that PostgreSQL's user cannot reach.
func TestUnusableDirectories(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(newDir(t), "closed")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		refused(t, Options{Dir: filepath.Join(closed, "data")}, "cannot pass through "+closed+":", "choose a data directory elsewhere")
	} else {
		refused(t, Options{Dir: closed}, "cannot write in the data directory", "choose another")
		refused(t, Options{Dir: filepath.Join(closed, "data")}, "cannot make the data directory", "choose one")
	}

	open := newDir(t)
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	refused(t, Options{Dir: open}, "anyone on this machine may write", "chmod o-w")

	file := filepath.Join(newDir(t), "file")
	write(t, file, "")
	refused(t, Options{Dir: file}, "cannot write in the data directory")
	refused(t, Options{}, "no data directory given")
}

func TestServerMissingOrOld(t *testing.T) {
	t.Parallel()
	dir, bin := newDir(t), newDir(t)
	refused(t, Options{Dir: dir, Bin: bin}, "no initdb", "apt-get install postgresql", "brew install")
	programtest.Script(t, filepath.Join(bin, "initdb"), "exit 0")
	programtest.Script(t, filepath.Join(bin, "postgres"), `echo "postgres (PostgreSQL) 14.11"`)
	refused(t, Options{Dir: dir, Bin: bin}, "14 in "+bin, "install PostgreSQL 15 or newer")
	programtest.Script(t, filepath.Join(bin, "postgres"), `echo "niets"`)
	refused(t, Options{Dir: dir, Bin: bin}, "does not tell its version")
}

// TestSetUpFails: initdb fails on a full disk, is killed in its midst, is not
// waited for; then the disk is full for the server. The directory is as good
// as new each time.
func TestSetUpFails(t *testing.T) {
	t.Parallel()
	dir, bin := newDir(t), newDir(t)
	real := realBinaries(t)
	if err := os.Symlink(real.postgres(), filepath.Join(bin, "postgres")); err != nil {
		t.Fatal(err)
	}
	fake := Options{Dir: dir, Bin: bin, NoSync: true}

	programtest.Script(t, filepath.Join(bin, "initdb"), `echo "could not write to file: No space left on device" >&2; exit 1`)
	refused(t, fake, "make a cluster", "No space left on device")

	programtest.Script(t, filepath.Join(bin, "initdb"), `echo 15 >"${1#--pgdata=}/PG_VERSION" && kill -9 $$`)
	refused(t, fake, "make a cluster", "killed")
	if _, err := os.Stat(filepath.Join(dir, "postgres")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a cluster is in its place: %v", err)
	}

	over, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Start(over, Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("start without time: %v", err)
	}
	// What a killed program leaves of its initdb.
	write(t, filepath.Join(dir, "postgres.new", "PG_VERSION"), "15\n")

	c := startIn(t, dir)
	stop(t, c)
	if _, err := os.Stat(filepath.Join(dir, "postgres.new")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished cluster is still there: %v", err)
	}

	if err := os.Remove(filepath.Join(bin, "postgres")); err != nil {
		t.Fatal(err)
	}
	programtest.Script(t, filepath.Join(bin, "postgres"), `[ "$1" = --version ] && exec `+real.postgres()+` --version
echo 'FATAL:  could not write lock file "postmaster.pid": No space left on device' >&2; exit 1`)
	refused(t, fake, "ended while starting", "No space left on device")
	startIn(t, dir)
}
