package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/time/rate"
)

const (
	startWithin = 30 * time.Second
	stopWithin  = 20 * time.Second
)

// server is one of the three that are compared, as a program to start.
type server struct {
	name    string
	program string
	args    []string
	dataDir string // of its PostgreSQL; empty: it has none
	log     string // file for what it says on standard error
	// frames is how many a second it takes from one connection, after a burst;
	// zero: any number.
	frames rate.Limit
	burst  int
	// speaker makes the way in which a participant speaks with it.
	speaker func(address string, s seat) speaker
}

// running is a started server.
type running struct {
	*server
	address string // http://host:port
	cmd     *exec.Cmd
}

// start runs the program and waits until it tells its address.
func (s *server) start(ctx context.Context) (*running, error) {
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log of %s: %w", s.name, err)
	}
	defer log.Close() //nolint:errcheck // the child has its own
	r := &running{server: s, cmd: exec.CommandContext(ctx, s.program, s.args...)}
	r.cmd.Cancel = func() error { return r.cmd.Process.Signal(syscall.SIGTERM) }
	r.cmd.WaitDelay = stopWithin
	r.cmd.Stderr = log
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", s.name, err)
	}
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", s.name, err)
	}
	address := make(chan string, 1)
	go func() {
		defer close(address)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, url, ok := strings.Cut(lines.Text(), ": http://"); ok {
				address <- "http://" + url
				return
			}
		}
	}()
	select {
	case r.address = <-address:
	case <-time.After(startWithin):
	}
	if r.address == "" {
		return nil, errors.Join(fmt.Errorf("%s does not start: see %s", s.name, s.log), r.stop())
	}
	return r, nil
}

// stop ends the server in order and waits for it.
func (r *running) stop() error {
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", r.name, err)
	}
	kill := time.AfterFunc(stopWithin, func() { r.cmd.Process.Kill() }) //nolint:errcheck // it ended meanwhile
	defer kill.Stop()
	if err := r.cmd.Wait(); err != nil {
		return fmt.Errorf("%s did not end in order: %w (see %s)", r.name, err, r.log)
	}
	return nil
}

// cost is the CPU that a server took: its own process and its PostgreSQL.
type cost struct{ process, database time.Duration }

func (r *running) cost() (c cost, err error) {
	if c.process, err = cpuTime(r.cmd.Process.Pid); err == nil && r.dataDir != "" {
		c.database, err = clusterCPU(r.dataDir)
	}
	return c, err
}

// buildCasustafel builds the real program as it is in the working tree.
func buildCasustafel(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "casustafel")
	build := exec.CommandContext(ctx, "go", "build", "-o", path, "github.com/casustafel/casustafel/cmd/casustafel")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build casustafel: %w\n%s", err, out)
	}
	return path, nil
}
