package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/mod/sumdb/note"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/durable"
)

// seenDir keeps what a witness saw of a log: the checkpoint that it cosigned last. It
// is what makes it a witness, so it is written whole or not at all.
type seenDir struct {
	dir, origin string
	lock        *os.File
}

const seenFile = "seen.checkpoint"

// openSeen takes a directory for one witness.
func openSeen(dir, origin string) (*seenDir, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("where to keep what was seen: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("where to keep what was seen: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another witness works in %s: give each its own --dir", dir), lock.Close())
	}
	return &seenDir{dir, origin, lock}, nil
}

func (s *seenDir) close() { _ = s.lock.Close() } // it is free when the program ends anyway

// read gives what was seen last; nothing before the first time.
func (s *seenDir) read(keys note.Verifiers) (signed []byte, seen audit.Seen, err error) {
	signed, err = os.ReadFile(filepath.Join(s.dir, seenFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, audit.Seen{}, nil
	}
	if err == nil {
		_, seen, err = audit.OpenSeen(signed, s.origin, keys)
	}
	if err != nil {
		return nil, seen, fmt.Errorf("read what was seen before (%s in %s): %w", seenFile, s.dir, err)
	}
	return signed, seen, nil
}

func (s *seenDir) keep(signed []byte) error {
	if err := durable.SaveText(filepath.Join(s.dir, seenFile), string(signed), os.Rename); err != nil {
		return fmt.Errorf("keep what was seen: %w", err)
	}
	return nil
}

// keepEvidence keeps two checkpoints that cannot both be of one log, once for each
// second one.
func (s *seenDir) keepEvidence(before, now []byte) error {
	dir := filepath.Join(s.dir, fmt.Sprintf("fork-%x", sha256.Sum256(now))[:len("fork-")+8])
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = durable.SaveText(filepath.Join(dir, "before.checkpoint"), string(before), os.Rename)
	}
	if err == nil {
		err = durable.SaveText(filepath.Join(dir, "now.checkpoint"), string(now), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("keep the evidence: %w", err)
	}
	return nil
}
