// Package durable writes files that are there whole or not at all, after a power cut too.
package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// Unfinished is what a file is called while it is written, as a pattern of
// [filepath.Match]: one that is left is of a program that was killed.
const Unfinished = ".casustafel-*.partial"

// Save writes a file that only its owner reads, in a directory that is there, and puts
// it in its place: by [os.Rename], or by [os.Link], which takes nobody's place. It is on
// the disk when Save returns.
func Save(path string, write func(io.Writer) error, put func(from, to string) error) error {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, Unfinished) // 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // gone after a rename
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := put(file.Name(), path); err != nil {
		return err
	}
	return SyncDir(dir)
}

// SaveText is [Save] of what is at hand, in a directory that is made where there is none.
func SaveText(path, content string, put func(from, to string) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return Save(path, func(to io.Writer) error { _, err := io.WriteString(to, content); return err }, put)
}

// SyncDir makes a rename inside a directory outlast a power cut, where its file system
// can be asked to: that of a share or a stick may know of no such thing.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // nothing was written to it
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
