package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// bench is one run.
type bench struct {
	*benchCmd
	ctx   context.Context
	out   io.Writer
	world *world
}

// Run measures and writes the report. What was lost, doubled, refused or shown
// to somebody who may not see it is an error.
func (c *benchCmd) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *benchCmd) run(ctx context.Context, out io.Writer) (err error) {
	wanted, err := c.wanted()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.Dir, "casustafel-load-")
	if err != nil {
		return fmt.Errorf("directory for the databases: %w", err)
	}
	defer func() {
		if err == nil { // else the logs in it tell why
			err = os.RemoveAll(dir)
		}
	}()
	// PostgreSQL of a private cluster runs as another user when we are root.
	if err := os.Chmod(dir, 0o755); err != nil {
		return fmt.Errorf("directory for the databases: %w", err)
	}
	b := &bench{benchCmd: c, ctx: ctx, out: out}
	servers, err := b.servers(dir)
	if err != nil {
		return err
	}
	report := newReport(servers)
	for round := range c.Rounds {
		for _, p := range wanted {
			for _, s := range servers {
				figures, err := b.measure(p, s, round)
				if err != nil {
					return fmt.Errorf("%s at %s, round %d: %w", p.name, s.name, round+1, err)
				}
				report.add(p.name, s.name, figures)
			}
		}
	}
	return b.tell(report, dir)
}

func (c *benchCmd) wanted() ([]part, error) {
	var wanted []part
	for _, name := range c.Parts {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no part is called %q", name)
		}
		wanted = append(wanted, parts[i])
	}
	return wanted, nil
}

// servers builds and prepares the three.
func (b *bench) servers(dir string) ([]*server, error) {
	program := b.Server
	var err error
	if program == "" {
		if program, err = buildCasustafel(b.ctx, dir); err != nil {
			return nil, err
		}
	}
	data, key := filepath.Join(dir, "casustafel-data"), filepath.Join(dir, "master.key")
	start := time.Now()
	if b.world, err = makeWorld(b.ctx, data, key, b.size); err != nil {
		return nil, fmt.Errorf("make cases and users: %w", err)
	}
	fmt.Fprintf(b.out, "made cases and users in %.1f s\n", time.Since(start).Seconds())
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	bare := func(address string, s seat) speaker { return &bareSpeaker{address, s} }
	kept := filepath.Join(dir, "committing-data")
	log := func(name string) string { return filepath.Join(dir, name+".log") }
	return []*server{
		{name: casustafel, program: program, dataDir: data, log: log(casustafel),
			args:    []string{"serve", "--listen=127.0.0.1:0", "--metrics=", "--log-level=warn", "--data-dir=" + data, "--master-key-file=" + key},
			speaker: func(address string, s seat) speaker { return &tableSpeaker{address: address, seat: s} },
			frames:  framesPerSecond, burst: burst},
		{name: bareReference, program: self, log: log(bareReference), args: []string{"reference"}, speaker: bare},
		{name: committing, program: self, dataDir: kept, log: log(committing), args: []string{"reference", "--data-dir=" + kept}, speaker: bare},
	}, nil
}

// Casustafel takes so many frames from one connection (internal/room/limits.go)
// and joining is one. It is measured with its limits as they are.
const (
	framesPerSecond = 20
	burst           = 60 - 1
)

// The names of the three in the report.
const (
	casustafel    = "casustafel"
	bareReference = "bare"
	committing    = "committing"
)

// measure starts a server, measures one part and stops it.
func (b *bench) measure(p part, s *server, round int) (figures, error) {
	r, err := s.start(b.ctx)
	if err != nil {
		return nil, err
	}
	measured, err := p.measure(b, r, round)
	return measured, errors.Join(err, r.stop())
}

func (b *bench) tell(r *report, dir string) error {
	sync, err := syncTime(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%s/%s, %d cores, %s; write and fsync of 8 KiB takes %.2f ms (median)\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), sync)
	fmt.Fprintf(b.out, "paced: %d rooms x %d clients, %g edits/s; max: %d x %d; hot: 1 x %d, %g edits/s; %v each, %d rounds\n\n",
		b.Rooms, b.Clients, b.Rate, b.MaxRooms, b.Clients, b.HotClients, b.HotRate, b.Window, b.Rounds)
	return r.write(b.out)
}

// syncTime is how long this disk takes to keep a page, in milliseconds.
func syncTime(dir string) (float64, error) {
	f, err := os.CreateTemp(dir, "sync-")
	if err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing of worth in it
	var took []float64
	for range 50 {
		if _, err := f.Write(make([]byte, 8<<10)); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
		start := time.Now()
		if err := f.Sync(); err != nil {
			return 0, fmt.Errorf("measure the disk: %w", err)
		}
		took = append(took, float64(time.Since(start))/float64(time.Millisecond))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}
