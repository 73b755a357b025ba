package pgkeeper

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
)

func kill(t *testing.T, pid string) {
	t.Helper()
	n, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(n, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// TestPostmasterKilled: a backend in the midst of a long query does not notice
// that its postmaster is gone, and would keep the next one out.
func TestPostmasterKilled(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	c := startIn(t, dir)
	execute(t, c, `CREATE TABLE kept (word text); INSERT INTO kept VALUES ('linde')`)
	db := connect(t, c, SuperRole)
	ended := make(chan error)
	go func() {
		_, err := db.Exec(`DO $$ BEGIN WHILE clock_timestamp() < now() + interval '1 minute' LOOP END LOOP; END $$`)
		ended <- err
	}()
	patience.Eventually(t, "the query runs", func() bool {
		return ask(t, c, `SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'`) == "1"
	})
	kill(t, fmt.Sprint(c.Pid()))
	<-c.Done()

	again := startIn(t, dir)
	if err := <-ended; err == nil {
		t.Error("the long query succeeded")
	}
	if got := rows(t, again); got != "linde" {
		t.Errorf("kept: %q", got)
	}
}

// TestAddressOutlivesCrash: whoever was connected finds PostgreSQL again where
// it was, also when its socket lies outside a long data directory. Stopping
// what ended by itself takes nothing from what was started since.
func TestAddressOutlivesCrash(t *testing.T) {
	t.Parallel()
	dir := longDir(t)
	c := startIn(t, dir)
	kill(t, fmt.Sprint(c.Pid()))
	<-c.Done()

	again := startIn(t, dir)
	stop(t, c)
	if was, is := c.DSN(SuperRole, "postgres"), again.DSN(SuperRole, "postgres"); is != was {
		t.Fatalf("it was at %s and came back at %s", was, is)
	}
	if got := ask(t, c, `SELECT 'answer'`); got != "answer" {
		t.Errorf("at the old address: %q", got)
	}
	stop(t, again)
	for _, path := range []string{again.socket.dir, again.socket.link} {
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s stayed: %v", path, err)
		}
	}
}

// TestParentKilled: a program that is killed takes its PostgreSQL along or has
// it taken over, and what it committed stays.
func TestParentKilled(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), holdEnv+"="+dir)
	parent.Stderr = os.Stderr
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program did not start: %v", err)
	}
	refused(t, Options{Dir: dir}, fmt.Sprintf("in use by process %d", parent.Process.Pid))
	kill(t, fmt.Sprint(parent.Process.Pid))
	if err := parent.Wait(); err == nil {
		t.Error("the killed program succeeded")
	}
	awaitParentDeath(t, dir, strings.TrimSpace(line))

	c := startIn(t, dir)
	if got := rows(t, c); got != "linde" {
		t.Errorf("kept: %q", got)
	}
}

// TestOrphanTakenOver: a whole PostgreSQL of this directory runs on without a
// program, as it does where the kernel does not end it.
func TestOrphanTakenOver(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	c := startIn(t, dir)
	execute(t, c, `CREATE TABLE kept (word text)`)
	stop(t, c)

	h, err := openHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	who, err := h.account()
	if err != nil {
		t.Fatal(err)
	}
	orphan := serverCommand(realBinaries(t), h, who, c.socket, true)
	orphan.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: orphan.SysProcAttr.Credential}
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	db := connect(t, c, SuperRole)
	patience.Eventually(t, "the orphan answers", func() bool { return db.Ping() == nil })
	execute(t, c, `INSERT INTO kept VALUES ('wees')`)
	h.release()

	ended := make(chan error)
	go func() { ended <- orphan.Wait() }()
	again := startIn(t, dir)
	if err := <-ended; err != nil {
		t.Errorf("the orphan did not end in order: %v", err)
	}
	if got := rows(t, again); got != "wees" {
		t.Errorf("kept: %q", got)
	}
}

// TestReusedProcessID: after a restart of the machine or container the id in
// postmaster.pid can be any program's; that program is left alone.
func TestReusedProcessID(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	c := startIn(t, dir)
	execute(t, c, `CREATE TABLE kept (word text); INSERT INTO kept VALUES ('linde')`)
	pidFile := filepath.Join(dir, "postgres", "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	stop(t, c)

	who, err := c.home.account()
	if err != nil {
		t.Fatal(err)
	}
	stranger := who.command(shortly(t), "/bin/cat")
	in, err := stranger.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	if err := os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n%s", stranger.Process.Pid, rest), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := who.own(pidFile); err != nil {
		t.Fatal(err)
	}

	again := startIn(t, dir)
	if got := rows(t, again); got != "linde" {
		t.Errorf("kept: %q", got)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if err := stranger.Wait(); err != nil {
		t.Errorf("the stranger was disturbed: %v", err)
	}
}
