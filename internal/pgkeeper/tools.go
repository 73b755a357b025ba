package pgkeeper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const howToGetTools = "install the client programs of PostgreSQL beside the server (Debian and Ubuntu: apt-get install postgresql-client), or name the directory that has both in " + binEnv

// Tools are PostgreSQL's own programs that write a database out and read one in.
// They run as the account of the cluster, which is the only one that reaches it.
type Tools struct {
	who account
	bin binaries
}

// FindTools looks for the tools beside the server of the cluster in a data
// directory; where there is none yet, beside the one that would make it.
func FindTools(ctx context.Context, opt Options) (Tools, error) {
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return Tools{}, fmt.Errorf("data directory: %w", err)
	}
	h := &home{dir: dir}
	major, err := h.clusterMajor()
	if err != nil {
		return Tools{}, err
	}
	who, err := h.account()
	if err != nil {
		return Tools{}, err
	}
	bin, err := findBinaries(ctx, opt.Bin, major, who)
	if err != nil {
		return Tools{}, err
	}
	for _, name := range []string{"pg_dump", "pg_restore"} {
		if _, err := os.Stat(filepath.Join(bin.dir, name)); err != nil {
			return Tools{}, fmt.Errorf("there is no %s in %s: %s", name, bin.dir, howToGetTools)
		}
	}
	return Tools{who: who, bin: bin}, nil
}

// Major is the version of PostgreSQL that the tools are of. They read what an
// older one wrote, and not what a newer one did.
func (t Tools) Major() int { return t.bin.major }

// lockPatience is how long a dump waits for a table that is being changed.
const lockPatience = time.Minute

// Dump writes the database of an address out, as it is in an exported snapshot.
func (t Tools) Dump(ctx context.Context, dsn, snapshot string, to io.Writer) error {
	return t.run(ctx, nil, to, "pg_dump", "--dbname="+dsn, "--snapshot="+snapshot, "--format=custom", "--compress=1", "--no-password",
		fmt.Sprint("--lock-wait-timeout=", lockPatience.Milliseconds()))
}

// Load reads what Dump wrote into the database of an address, all of it or
// nothing.
func (t Tools) Load(ctx context.Context, dsn string, from io.Reader) error {
	return t.run(ctx, from, nil, "pg_restore", "--dbname="+dsn, "--single-transaction", "--exit-on-error", "--no-password")
}

// run runs a tool to its end. A reader or writer that fails is the reason when
// both it and the tool did.
func (t Tools) run(ctx context.Context, in io.Reader, out io.Writer, name string, args ...string) error {
	source, sink := &watched{Reader: in}, &watched{Writer: out}
	var said bytes.Buffer
	cmd := t.who.command(ctx, filepath.Join(t.bin.dir, name), args...)
	cmd.Stderr = &said
	if in != nil {
		cmd.Stdin = source
	}
	if out != nil {
		cmd.Stdout = sink
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	err := runBound(cmd)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", name, ctx.Err())
	case source.err != nil:
		return source.err
	case sink.err != nil:
		return sink.err
	case err != nil:
		return fmt.Errorf("%s: %w%s", name, err, withoutValues(said.String()))
	}
	return nil
}

// watched keeps why a reader or writer failed.
type watched struct {
	io.Reader
	io.Writer
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

// withoutValues is the first line of what a tool said, which tells what went
// wrong; the ones after it quote rows. A value that this line quotes goes as well.
func withoutValues(said string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	head, tail, _ := strings.Cut(line, "ERROR:")
	for i, part := range strings.Split(tail, `"`) {
		if i%2 == 0 {
			head += part
		}
	}
	if head = strings.Join(strings.Fields(head), " "); head == "" {
		return ""
	}
	return "; it said: " + head
}
