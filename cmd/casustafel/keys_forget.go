package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/store"
)

// keysForgetCmd takes older master keys out of the file: a case that was erased since
// they were rotated away opens from no backup any more.
type keysForgetCmd struct{ databaseFlags }

// Run does so once everything in the database opens without them, and while nobody
// serves who could still wrap something under one of them.
func (k *keysForgetCmd) Run(ctx context.Context) (err error) {
	if k.MasterKey != "" {
		return errors.New("forget keys that are in a file: it has to be written anew")
	}
	keys, err := k.presentKeyring()
	if err != nil {
		return err
	}
	newest, forgotten, err := keys.NewestAlone()
	if err != nil {
		return err
	}
	if forgotten == 0 {
		return errors.New("there is one master key in the file: casustafel keys rotate makes another, and the one of before can be forgotten then")
	}
	if k.DatabaseURL == "" {
		if err := k.hasCluster(); err != nil {
			return err
		}
	}
	db, err := k.open(ctx, false, slog.Default())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(context.WithoutCancel(ctx))) }()
	if err := ofThisProgram(ctx, db.owner); err != nil {
		return err
	}
	if err := store.Unused(ctx, db.owner); err != nil {
		return err
	}
	err = useApp(ctx, db, newest, func(a *app.App, s *store.Store) error {
		if _, err := s.Check(ctx); err != nil {
			return fmt.Errorf("the newest master key does not do alone, and the file is as it was: %w", err)
		}
		return a.RecordMasterKeysForgotten(ctx)
	})
	if err != nil {
		return err
	}
	path, err := k.keyFile(false)
	if err != nil {
		return err
	}
	if err := newest.Save(path); err != nil {
		return err
	}
	fmt.Printf("taken out of %s: %d; a backup made under one of them opens only with a copy of the file of before\n", path, forgotten)
	return nil
}
