package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/pgkeeper"
)

// keptCluster is a private cluster of a test's own, kept as the program does.
type keptCluster struct {
	*keeping
	t   *testing.T
	dir string
	log *logBuffer
}

// newKept makes the data directory; keep starts its cluster.
func newKept(t *testing.T) *keptCluster {
	t.Helper()
	c := &keptCluster{t: t, dir: filepath.Join(newSetup(t).dir, "data")}
	t.Cleanup(func() {
		if c.keeping != nil {
			c.end() // once more is no error
		}
	})
	return c
}

// keep starts the cluster; a restart may take as long as given.
func (c *keptCluster) keep(restart time.Duration) {
	c.t.Helper()
	c.log = &logBuffer{}
	options := pgkeeper.Options{Dir: c.dir, NoSync: true, Log: slog.New(slog.NewTextHandler(c.log, nil))}
	var err error
	if c.keeping, err = keep(within(c.t), options, restart); err != nil {
		c.t.Fatal(err)
	}
}

func (c *keptCluster) end() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.stop(ctx); err != nil {
		c.t.Error("stop:", err)
	}
}

// crash kills the postmaster.
func (c *keptCluster) crash() *pgkeeper.Cluster {
	c.t.Helper()
	crashed := c.cluster
	if err := syscall.Kill(crashed.Pid(), syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	return crashed
}

// postmaster is the process id that PostgreSQL wrote down last.
func (c *keptCluster) postmaster() string {
	text, err := os.ReadFile(filepath.Join(c.dir, "postgres", "postmaster.pid"))
	if err != nil {
		return ""
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return string(first)
}

// awaitNoticed waits until the cluster is about to be brought back.
func (c *keptCluster) awaitNoticed(*pgkeeper.Cluster) {
	c.t.Helper()
	c.until("the log", func() bool { return strings.Contains(c.log.String(), "starting it again") })
}

// awaitAnother waits until another postmaster runs than the one that crashed.
func (c *keptCluster) awaitAnother(crashed *pgkeeper.Cluster) {
	c.t.Helper()
	c.until("another postmaster", func() bool { pid := c.postmaster(); return pid != "" && pid != fmt.Sprint(crashed.Pid()) })
}

func (c *keptCluster) until(what string, holds func() bool) {
	c.t.Helper()
	for over := within(c.t); !holds(); {
		select {
		case <-time.After(time.Millisecond):
		case <-over.Done():
			c.t.Fatalf("waited in vain for %s; log:\n%s", what, c.log)
		}
	}
}

// hangNextStart lets the next PostgreSQL wait for ever for an archive.
func (c *keptCluster) hangNextStart() {
	c.t.Helper()
	db, err := sqlx.Open("postgres", c.cluster.DSN(pgkeeper.SuperRole, databaseName))
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // PostgreSQL is about to crash
	for _, statement := range []string{`ALTER SYSTEM SET restore_command = 'sleep 600'`, `COPY (SELECT) TO '` + c.hangs() + `'`} {
		if _, err := db.Exec(statement); err != nil {
			c.t.Fatal(err)
		}
	}
}

// hangs is the file that has PostgreSQL ask for an archive.
func (c *keptCluster) hangs() string { return filepath.Join(c.dir, "postgres", "recovery.signal") }

// A stop ends PostgreSQL, however far bringing it back has come.
func TestStopLeavesNoPostgreSQL(t *testing.T) {
	c := newKept(t)
	for moment, awaited := range map[string]func(crashed *pgkeeper.Cluster){
		"at once":             func(*pgkeeper.Cluster) {},
		"when it has ended":   func(crashed *pgkeeper.Cluster) { <-crashed.Done() },
		"when it is noticed":  c.awaitNoticed,
		"when another starts": c.awaitAnother,
	} {
		for range 5 {
			c.keep(startWithin)
			awaited(c.crash())
			c.end()
			c.free(moment)
		}
	}
}

// free tells whether nobody keeps the directory: it can be started there.
func (c *keptCluster) free(moment string) {
	c.t.Helper()
	next, err := pgkeeper.Start(within(c.t), pgkeeper.Options{Dir: c.dir, NoSync: true})
	if err != nil {
		c.t.Fatalf("stopped %s: %v", moment, err)
	}
	if err := next.Stop(within(c.t)); err != nil {
		c.t.Error(err)
	}
	select {
	case err := <-c.failed:
		c.t.Errorf("stopped %s, and a failure is told: %v", moment, err)
	default:
	}
}

// A restart that hangs is told, and a stop does not wait for it.
func TestRestartThatHangs(t *testing.T) {
	c := newKept(t)
	c.keep(time.Second)
	c.hangNextStart()
	c.crash()
	select {
	case err := <-c.failed:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a restart that hangs: %v", err)
		}
	case <-within(t).Done():
		t.Fatal("a restart hangs and nobody is told")
	}
	c.end()

	if err := os.Remove(c.hangs()); err != nil {
		t.Fatal(err)
	}
	c.keep(startWithin)
	c.hangNextStart()
	c.awaitAnother(c.crash())
	begun := time.Now()
	c.end()
	if took := time.Since(begun); took > closeWithin {
		t.Errorf("stopping during a restart that hangs took %s", took)
	}
	if err := os.Remove(c.hangs()); err != nil {
		t.Fatal(err)
	}
	c.free("while a restart hung")
}
