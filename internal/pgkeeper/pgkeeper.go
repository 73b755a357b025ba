// Package pgkeeper keeps a private PostgreSQL cluster in the program's data
// directory, so that the program runs without a database server to set up.
//
// It looks for the machine's own PostgreSQL, makes the cluster at the first
// start, serves it over a Unix socket that only this program reaches, ends it
// with the program, and takes it over when an earlier run was killed. It never
// removes or rewrites data that it did not make in the same call.
package pgkeeper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// SuperRole is the bootstrap superuser of the cluster. Only set-up and
// migrations speak as this role.
const SuperRole = "casustafel_super"

// quitPatience is how long PostgreSQL gets for an immediate shutdown. It kills
// its own stuck children after five seconds.
const quitPatience = 8 * time.Second

// stopPatience is how long PostgreSQL gets to write down what it holds.
const stopPatience = time.Minute

// Options say where the cluster lives and how it runs.
type Options struct {
	Dir    string       // the program's data directory; the cluster is Dir/postgres
	Bin    string       // directory with initdb and postgres; empty: look for it
	NoSync bool         // for tests only: commits do not survive a crash of the machine
	Log    *slog.Logger // what the keeper does; nil: nowhere
}

// Cluster is a running private cluster.
type Cluster struct {
	home     *home
	socket   socket
	log      *slog.Logger
	process  *os.Process
	ready    atomic.Bool // it answered once
	stopping atomic.Bool // Stop was called
	done     chan struct{}
}

// Start makes the cluster if there is none, ends what an earlier run left
// behind, starts PostgreSQL and returns when it answers. The context bounds
// the start alone. Errors say what the operator can do.
func Start(ctx context.Context, opt Options) (*Cluster, error) {
	log := opt.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h, err := openHome(opt.Dir)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	c, err := start(ctx, opt, h, log)
	if err != nil {
		h.release()
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return c, nil
}

// start does the work of Start while the home is locked.
func start(ctx context.Context, opt Options, h *home, log *slog.Logger) (*Cluster, error) {
	major, err := h.clusterMajor()
	if err != nil {
		return nil, err
	}
	who, err := h.account()
	if err != nil {
		return nil, err
	}
	bin, err := findBinaries(ctx, opt.Bin, major, who)
	if err != nil {
		return nil, err
	}
	if err := h.admit(ctx, who, bin); err != nil {
		return nil, err
	}
	if major == 0 {
		log.Info("making a private PostgreSQL cluster", "dir", h.cluster(), "version", bin.major)
		if err := initdb(ctx, h, bin, who, opt.NoSync); err != nil {
			return nil, err
		}
	}
	if err := takeOver(ctx, h, who, log); err != nil {
		return nil, err
	}
	sock, err := openSocket(h, who)
	if err != nil {
		return nil, err
	}
	c := &Cluster{home: h, socket: sock, log: log, done: make(chan struct{})}
	if err := c.serve(ctx, serverCommand(bin, h, who, sock, opt.NoSync)); err != nil {
		return nil, err
	}
	log.Info("private PostgreSQL is ready", "version", bin.major, "pid", c.Pid())
	return c, nil
}

// serve launches PostgreSQL and waits until it answers. When it fails, no
// process is left.
func (c *Cluster) serve(ctx context.Context, cmd *exec.Cmd) error {
	out, err := c.home.openLog()
	if err != nil {
		return err
	}
	defer out.Close()
	from, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("read the end of %s: %w", c.LogFile(), err)
	}
	cmd.Stdout, cmd.Stderr = out, out
	if err := c.launch(cmd); err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	if err := c.awaitReady(ctx); err != nil {
		c.quit()
		return fmt.Errorf("%w%s", err, lastLines(c.LogFile(), from))
	}
	c.ready.Store(true)
	return nil
}

// launch starts the postmaster and watches it from one goroutine that keeps
// its thread: the kernel sends the parent-death signal when the thread that
// started the child ends, even while the program lives on.
func (c *Cluster) launch(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		c.process = cmd.Process
		started <- err
		if err != nil {
			return
		}
		err = cmd.Wait()
		if c.stopping.Load() {
			c.socket.remove() // while the lock keeps the next start away from it
		} else if c.ready.Load() {
			c.log.Error("private PostgreSQL ended by itself", "error", err, "log", c.LogFile())
		}
		c.home.release()
		close(c.done)
	}()
	return <-started
}

// awaitReady returns when PostgreSQL answers a query, or with the reason why
// it never will.
func (c *Cluster) awaitReady(ctx context.Context) error {
	connector, err := pq.NewConnector(c.DSN(SuperRole, "postgres"))
	if err != nil {
		return fmt.Errorf("address of the socket: %w", err)
	}
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		conn, err := connector.Connect(ctx)
		if err == nil {
			return conn.Close()
		}
		// Any answer of the server but "starting up" stays as it is.
		var answer *pq.Error
		if errors.As(err, &answer) && answer.Code != "57P03" {
			return fmt.Errorf("PostgreSQL refuses its own program (SQLSTATE %s)", answer.Code)
		}
		select {
		case <-c.done:
			return errors.New("PostgreSQL ended while starting")
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL was not ready in time: %w", ctx.Err())
		case <-poll.C:
		}
	}
}

// DSN returns the lib/pq address of a database as the given role. Every role
// that exists is admitted: see trust in initdb.go. It stays the address of a
// cluster that ended by itself and was started again.
func (c *Cluster) DSN(role, database string) string { return address(c.socket.dir, role, database) }

// Beside returns, for the data directory of a program that runs now, what DSN
// returns there: to do something beside it. The operating system lets in root
// and the account of PostgreSQL alone.
func Beside(dir string) (dsn func(role, database string) string, err error) {
	h := home{dir: dir}
	run, err := filepath.EvalSymlinks(h.run())
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL of the program that runs: %w", err)
	}
	return func(role, database string) string { return address(run, role, database) }, nil
}

func address(socketDir, role, database string) string {
	return fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable",
		quoteDSN(socketDir), socketPort, quoteDSN(role), quoteDSN(database))
}

// Stop ends PostgreSQL, disconnecting whoever is connected, and waits until it
// ended. When the context ends first PostgreSQL is made to quit at once: no
// commit is lost, the next start recovers, and Stop returns the context's
// error. Stopping what has ended is no error.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stopping.Store(true)
	if err := c.process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop private PostgreSQL: %w", err)
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		c.quit()
		return fmt.Errorf("stop private PostgreSQL in order: %w", ctx.Err())
	}
}

// quit ends PostgreSQL without a checkpoint and waits for it. A signal that
// finds no process is as good as one that arrives.
func (c *Cluster) quit() {
	_ = c.process.Signal(syscall.SIGQUIT)
	select {
	case <-c.done:
	case <-time.After(quitPatience):
		_ = c.process.Kill()
		<-c.done
	}
}

// Done is closed when PostgreSQL has ended, by Stop or by itself. The data
// directory is free for another Start by then.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// LogFile is the path of PostgreSQL's own log.
func (c *Cluster) LogFile() string { return c.home.log() }

// Pid is the process id of the postmaster.
func (c *Cluster) Pid() int { return c.process.Pid }
