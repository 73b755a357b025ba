package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// migrateCmd brings the schema up to date.
type migrateCmd struct{ databaseFlags }

// Run migrates.
func (m *migrateCmd) Run(ctx context.Context) (err error) {
	db, err := m.openBeside(ctx, slog.Default())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(context.WithoutCancel(ctx))) }()
	if err := store.Migrate(ctx, db.owner); err != nil {
		return err
	}
	fmt.Println("the schema is up to date")
	return nil
}

// withApp runs something of the operator's on the use cases.
func (f databaseFlags) withApp(ctx context.Context, do func(*app.App, *store.Store) error) (err error) {
	db, err := f.openBeside(ctx, slog.Default())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(context.WithoutCancel(ctx))) }()
	if err := store.Migrate(ctx, db.owner); err != nil {
		return err
	}
	keys, _, err := f.keyring(ctx, db, false)
	if err != nil {
		return err
	}
	return useApp(ctx, db, keys, do)
}

// useApp runs something on the use cases of a database that has our schema.
func useApp(ctx context.Context, db *database, keys *store.Keyring, do func(*app.App, *store.Store) error) (err error) {
	s, err := store.Open(ctx, store.Config{Committer: db.committer, Reader: db.reader, Keys: keys})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	rules, err := builtinPolicy()
	if err != nil {
		return err
	}
	a := app.New(app.Config{Store: s, Policy: rules, Log: slog.Default(), Node: "command-line", Source: source()})
	defer a.Close()
	return do(a, s)
}

// userAddCmd adds a user.
type userAddCmd struct {
	databaseFlags
	Login        string `arg:"" help:"E-mail address to sign in with."`
	Name         string `required:"" help:"Name, as colleagues see it."`
	Discipline   string `required:"" help:"child_worker, ambulant_worker, residential_worker, mental_health, perpetrator_support, chair, expert_by_experience, manager or admin."`
	Organisation string `required:"" help:"Name of the organisation; made when it is new."`
	Language     string `help:"nl or en." default:"nl"`
}

// Run adds the user with the password on standard input.
func (u *userAddCmd) Run(ctx context.Context) error {
	fmt.Fprint(os.Stderr, "Password: ")
	password, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && password == "" {
		return errors.New("no password on standard input")
	}
	return u.withApp(ctx, func(a *app.App, _ *store.Store) error {
		id, err := a.AddUser(ctx, app.NewUser{Login: u.Login, Name: u.Name, Discipline: casework.Role(u.Discipline),
			Organisation: u.Organisation, Language: u.Language, Password: strings.TrimRight(password, "\r\n")})
		if err == nil {
			fmt.Println("added", id)
		}
		return err
	})
}

// userDeactivateCmd takes every way to sign in from a user.
type userDeactivateCmd struct {
	databaseFlags
	Login string `arg:"" help:"E-mail address of the user."`
}

// Run deactivates the user.
func (u *userDeactivateCmd) Run(ctx context.Context) error {
	return u.withApp(ctx, func(a *app.App, _ *store.Store) error {
		id, err := a.UserByLogin(ctx, u.Login)
		if err != nil {
			return err
		}
		return a.Deactivate(ctx, id)
	})
}

// keysRotateCmd wraps everything under a fresh master key.
type keysRotateCmd struct{ databaseFlags }

// Run saves the new key before anything is wrapped under it, so that a crash in
// between loses nothing: the file then holds both.
func (k *keysRotateCmd) Run(ctx context.Context) error {
	if k.MasterKey != "" {
		return errors.New("rotate a key that is in a file: it has to be written anew")
	}
	return k.withApp(ctx, func(a *app.App, s *store.Store) error {
		if err := a.RecordMasterKeyRotated(ctx); err != nil {
			return err
		}
		keys, path, err := k.keyring(ctx, nil, false) // it is there: it opened the database
		if err != nil {
			return err
		}
		rotated, err := keys.Rotated()
		if err != nil {
			return err
		}
		if err := rotated.Save(path); err != nil {
			return err
		}
		if err := s.Rewrap(ctx, rotated); err != nil {
			return err
		}
		fmt.Println("everything is wrapped under the new key in", path)
		fmt.Println("give the file to every node and restart them")
		return nil
	})
}
