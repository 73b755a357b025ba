package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/casustafel/casustafel/internal/durable"
	"github.com/casustafel/casustafel/internal/identity"
)

// setUpFile holds the link of the first start, in the data directory.
const setUpFile = "set-up-link"

// offerSetUp writes the link that makes the first organisation and its
// administrator to a file for the user of the program alone, fresh at every start
// until there is an account. The log says where the file is, never what is in it.
// A directory that cannot be written keeps nobody from serving.
func (s *serveCmd) offerSetUp(ctx context.Context, n *node) error {
	dir, err := s.dir(false)
	if err != nil {
		n.log.Warn("no place for a set-up link: give --data-dir, or add the first user with casustafel user add", "err", err)
		return nil
	}
	path := filepath.Join(dir, setUpFile)
	token, err := n.app.NewSetUpLink(ctx)
	if err != nil {
		return fmt.Errorf("make a set-up link: %w", err)
	}
	if token == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			n.log.Warn("an old set-up link is left; it works no more", "file", path, "err", err)
		}
		return nil
	}
	if err := durable.SaveText(path, n.origins[0]+"/setup#"+token+"\n", os.Rename); err != nil {
		n.log.Warn("the set-up link cannot be written: give another --data-dir, or add the first user with casustafel user add", "err", err)
		return nil
	}
	n.log.Info("nobody has an account yet: open the link in this file", "file", path, "within", identity.SetUpLife)
	return nil
}
