package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/durable"
)

// nameLayout: a backup is called by its moment, and by nothing else.
const nameLayout = "casustafel-20060102T150405Z.age"

// Name is what a backup of a moment is called.
func Name(at time.Time) string { return at.UTC().Format(nameLayout) }

// Save writes a file whole or not at all. One that is there stays as it is.
func Save(path string, write func(io.Writer) error) error {
	free := func() error {
		if _, err := os.Lstat(path); err == nil {
			return fmt.Errorf("there is a file %s already, and it is left as it is: give another name, or a directory", path)
		}
		return nil
	}
	if err := free(); err != nil {
		return err
	}
	return durable.Save(path, write, func(from, to string) error { // a share may know no links
		if err := free(); err != nil {
			return err
		}
		return os.Rename(from, to)
	})
}

// Made gives the moments of the backups in a directory up to now, the oldest first.
// Whatever else lies there is none of ours, nor is what a clock that was wrong put
// into the future: it would pass for the newest for as long.
func Made(dir string, now time.Time) ([]time.Time, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look for earlier backups: %w", err)
	}
	var made []time.Time
	for _, e := range entries {
		if at, err := time.Parse(nameLayout, e.Name()); err == nil && e.Type().IsRegular() && Name(at) == e.Name() && !at.After(now) {
			made = append(made, at)
		}
	}
	slices.SortFunc(made, time.Time.Compare)
	return made, nil
}

// partialLife is how long a file that is not finished may be somebody's work.
const partialLife = 24 * time.Hour

// Keep removes all backups of a directory but the newest, and what a program that
// was killed left half done.
func Keep(dir string, newest int, now time.Time) error {
	made, err := Made(dir, now)
	if err != nil {
		return err
	}
	var failed []error
	for _, at := range made[:max(0, len(made)-newest)] {
		failed = append(failed, os.Remove(filepath.Join(dir, Name(at))))
	}
	entries, err := os.ReadDir(dir)
	failed = append(failed, err)
	for _, e := range entries {
		if matched, _ := filepath.Match(durable.Unfinished, e.Name()); !matched {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > partialLife {
			failed = append(failed, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(failed...)
}
