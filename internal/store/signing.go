package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/durable"
)

// Signing is what the access log is signed with, and the newest checkpoint that was:
// two files outside the database, so that whoever changes that cannot sign, and an
// older copy of it is known for what it is.
type Signing struct{ Key, Checkpoint string } // paths

// SigningBeside is the key at a path, with the checkpoint beside it.
func SigningBeside(key string) *Signing {
	return &Signing{Key: key, Checkpoint: strings.TrimSuffix(key, ".key") + ".checkpoint"}
}

// Make makes the first key of a log, where there is none.
func (s *Signing) Make() error {
	if _, err := s.Keys(); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	keys, err := audit.NewKeys()
	if err != nil {
		return err
	}
	// Another program may have made one at this moment, and signed with it.
	if err := durable.SaveText(s.Key, keys.String(), os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("save the audit key: %w", err)
	}
	return nil
}

// Keys reads the keys as they are now: they may have been rotated.
func (s *Signing) Keys() (audit.Keys, error) {
	info, err := os.Stat(s.Key)
	if err != nil {
		return audit.Keys{}, fmt.Errorf("audit key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return audit.Keys{}, fmt.Errorf("audit key %s can be read by others: chmod 600 it", s.Key)
	}
	file, err := os.ReadFile(s.Key)
	if err != nil {
		return audit.Keys{}, fmt.Errorf("audit key: %w", err)
	}
	keys, err := audit.ReadKeys(string(file))
	if err != nil {
		return audit.Keys{}, fmt.Errorf("%w (%s)", err, s.Key)
	}
	return keys, nil
}

// Rotate puts a fresh key in front.
func (s *Signing) Rotate() (audit.Keys, error) {
	keys, err := s.Keys()
	if err != nil {
		return keys, err
	}
	if keys, err = keys.Rotated(); err != nil {
		return keys, err
	}
	if err := durable.SaveText(s.Key, keys.String(), os.Rename); err != nil {
		return keys, fmt.Errorf("save the audit key: %w", err)
	}
	return keys, nil
}

// Newest is the newest checkpoint that was signed; empty when none is kept.
func (s *Signing) Newest() (string, error) {
	file, err := os.ReadFile(s.Checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the newest checkpoint: %w", err)
	}
	return string(file), nil
}

// Keep keeps a checkpoint as the newest.
func (s *Signing) Keep(signed string) error {
	if err := durable.SaveText(s.Checkpoint, signed, os.Rename); err != nil {
		return fmt.Errorf("keep the newest checkpoint outside the database: %w", err)
	}
	return nil
}

// SetAside puts the newest checkpoint away under another name, which it gives, as
// evidence, and keeps another in its place; none where that is empty.
func (s *Signing) SetAside(signed string) (aside string, err error) {
	for n := 1; ; n++ {
		aside = fmt.Sprintf("%s.before-%d", s.Checkpoint, n)
		if err := os.Link(s.Checkpoint, aside); err == nil {
			break
		} else if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("set the newest checkpoint aside: %w", err)
		}
	}
	if signed == "" {
		err = os.Remove(s.Checkpoint)
	} else {
		err = s.Keep(signed)
	}
	return aside, err
}
