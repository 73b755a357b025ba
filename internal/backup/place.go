package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// A backup is called by its moment, and by nothing else.
const (
	nameLayout = "casustafel-20060102T150405Z.age"
	unfinished = ".casustafel-*.partial"
)

// Name is what a backup of a moment is called.
func Name(at time.Time) string { return at.UTC().Format(nameLayout) }

// Save writes a file whole or not at all. One that is there stays as it is.
func Save(path string, write func(io.Writer) error) error {
	taken := fmt.Errorf("there is a file %s already, and it is left as it is: give another name, or a directory", path)
	if _, err := os.Lstat(path); err == nil {
		return taken
	}
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, unfinished) // 0600
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // gone after a rename
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return taken
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return syncDir(dir)
}

// syncDir makes a rename durable, where the file system can be asked to: on a
// share or a stick it may know of no such thing.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
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
		if matched, _ := filepath.Match(unfinished, e.Name()); !matched {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > partialLife {
			failed = append(failed, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(failed...)
}
