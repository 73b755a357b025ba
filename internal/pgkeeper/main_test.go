package pgkeeper

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/programtest"
)

const (
	holdEnv   = "PGKEEPER_TEST_HOLD"   // run as a program that keeps this directory
	secretEnv = "PGKEEPER_TEST_SECRET" // stands for the master key
)

func TestMain(m *testing.M) {
	os.Setenv(secretEnv, "zilverlinde-key")
	if dir := os.Getenv(holdEnv); dir != "" {
		if err := hold(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code := m.Run()
	if dir, err := firstCluster(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// firstCluster is a data directory with a new, stopped cluster.
var firstCluster = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pgk")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return dir, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience.Within)
	defer cancel()
	c, err := Start(ctx, Options{Dir: dir, NoSync: true})
	if err != nil {
		return dir, err
	}
	return dir, c.Stop(ctx)
})

// copyCluster puts a new cluster into dir sooner than initdb would.
func copyCluster(t *testing.T, dir string) {
	t.Helper()
	first, err := firstCluster()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-Rp", filepath.Join(first, "postgres"), filepath.Join(dir, "postgres")).CombinedOutput(); err != nil {
		t.Fatalf("copy a cluster: %v: %s", err, out)
	}
}

// usedDir is a data directory with a new cluster.
func usedDir(t *testing.T) string {
	t.Helper()
	dir := newDir(t)
	copyCluster(t, dir)
	return dir
}

// longDir is one whose path is too long to hold a socket.
func longDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(newDir(t), strings.Repeat("lang", 30))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	copyCluster(t, dir)
	return dir
}

// hold is a program with a private cluster that commits a row, tells the
// postmaster's process id, and lives until it is killed.
func hold(dir string) error {
	c, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", c.DSN(SuperRole, "postgres"))
	if err != nil {
		return err
	}
	if _, err := db.Exec(`CREATE TABLE kept (word text); INSERT INTO kept VALUES ('linde')`); err != nil {
		return err
	}
	fmt.Println(c.Pid())
	<-c.Done() // nobody stops it: the parent kills this process
	return fmt.Errorf("PostgreSQL ended before its program")
}

// TestAsOrdinaryUser runs all tests once more without root, so that a run as
// root proves both ways. A run without root is the other way already.
func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	dir := newDir(t)
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "pgkeeper.test")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	copyProgram(t, self, program)
	cmd := exec.Command(program, "-test.count=1", "-test.v", "-test.timeout=5m")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestLife") {
		t.Fatalf("as an ordinary user: %v\n%s", err, out)
	}
}

// copyProgram copies a program to where every user may run it.
func copyProgram(t *testing.T, path, to string) {
	t.Helper()
	from, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	programtest.Write(t, to, from)
}

// newDir is a directory that every user may pass, unlike t.TempDir.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func shortly(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience.Within)
	t.Cleanup(cancel)
	return ctx
}

func startIn(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := Start(shortly(t), Options{Dir: dir, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, c) })
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience.Within)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, c *Cluster, role string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", c.DSN(role, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func execute(t *testing.T, c *Cluster, statement string) {
	t.Helper()
	if _, err := connect(t, c, SuperRole).Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// ask returns the one value of a query.
func ask(t *testing.T, c *Cluster, query string) string {
	t.Helper()
	var value string
	if err := connect(t, c, SuperRole).QueryRow(query).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// refused starts in vain and checks what the operator is told.
func refused(t *testing.T, opt Options, words ...string) {
	t.Helper()
	c, err := Start(shortly(t), opt)
	if err == nil {
		stop(t, c)
		t.Fatal("started")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error does not say %q: %v", word, err)
		}
	}
}

// realBinaries is the PostgreSQL of this machine.
func realBinaries(t *testing.T) binaries {
	t.Helper()
	h := &home{dir: newDir(t)}
	who, err := h.account()
	if err != nil {
		t.Fatal(err)
	}
	bin, err := findBinaries(shortly(t), "", 0, who)
	if err != nil {
		t.Fatal(err)
	}
	return bin
}
