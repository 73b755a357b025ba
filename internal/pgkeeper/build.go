package pgkeeper

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/casustafel/casustafel/internal/durable"
)

func (h *home) building() string { return filepath.Join(h.dir, "postgres.building") }

// CheckEmpty refuses a data directory in which something lies; one that is not
// there is empty. It changes nothing.
func CheckEmpty(dir string) error {
	if dir == "" {
		return errors.New("no data directory given")
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look into the data directory: %w", err)
	}
	// The lock outlives whoever held it, a Build that was killed left what it had,
	// and a disk of its own has a place for what it finds again.
	ours := []string{"postgres.lock", "postgres.building", "lost+found"}
	for _, e := range entries {
		if !slices.Contains(ours, e.Name()) {
			return fmt.Errorf("the data directory %s is not empty and is left as it is: move it away, or give another with --data-dir", dir)
		}
	}
	return nil
}

// Build makes the cluster of an empty data directory: beside its place, where
// fill does with it what it likes, and then puts it there whole. When fill fails
// there is none.
func Build(ctx context.Context, opt Options, fill func(*Cluster) error) error {
	if err := CheckEmpty(opt.Dir); err != nil {
		return err
	}
	h, err := openHome(opt.Dir)
	if err != nil {
		return err
	}
	defer h.release()
	if err := CheckEmpty(h.dir); err != nil { // nobody came before the lock
		return err
	}
	who, err := h.account()
	if err != nil {
		return err
	}
	bin, err := findBinaries(ctx, opt.Bin, 0, who)
	if err != nil {
		return err
	}
	if err := h.admit(ctx, who, bin); err != nil {
		return err
	}
	if err := os.RemoveAll(h.building()); err != nil {
		return fmt.Errorf("remove an unfinished cluster: %w", err)
	}
	defer os.RemoveAll(h.building())
	opt.Dir = h.building()
	if err := Use(ctx, opt, fill); err != nil {
		return err
	}
	if err := os.Rename((&home{dir: opt.Dir}).cluster(), h.cluster()); err != nil {
		return fmt.Errorf("put the cluster in its place: %w", err)
	}
	return durable.SyncDir(h.dir)
}

// Use starts a cluster for as long as fn runs.
func Use(ctx context.Context, opt Options, fn func(*Cluster) error) error {
	c, err := Start(ctx, opt)
	if err != nil {
		return err
	}
	err = fn(c)
	// What is broken off still ends in order: its files go or are used.
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	return errors.Join(err, c.Stop(stopping))
}
