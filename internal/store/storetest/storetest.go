// Package storetest gives tests a real PostgreSQL: one private cluster per test
// program, one database per test, copied from a migrated template.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver of the administrator's connection

	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	superuser = "casustafel_super"
	prefix    = "casustafel-test-" // of the directory of a cluster
)

// A Server is a private cluster with a migrated template database.
type Server struct {
	cluster *pgkeeper.Cluster
	admin   *sql.DB
	count   atomic.Int64
}

// Main runs the tests of a package with a server; TestMain calls it.
func Main(m *testing.M, server *Server) {
	dir, err := newHome()
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err == nil {
		err = server.start(filepath.Join(dir, "data"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests need PostgreSQL:", err)
		os.Exit(1)
	}
	code := m.Run()
	server.admin.Close()
	if err := server.cluster.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = 1
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func (s *Server) start(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cluster, err := pgkeeper.Start(ctx, pgkeeper.Options{Dir: dir, NoSync: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	s.cluster = cluster
	if s.admin, err = sql.Open("postgres", cluster.DSN(superuser, "postgres")); err != nil {
		return err
	}
	if _, err := s.admin.Exec(`CREATE DATABASE template_casustafel`); err != nil {
		return err
	}
	return store.Migrate(ctx, cluster.DSN(superuser, "template_casustafel"))
}

// Cluster is the server's cluster, for tests that kill it or read its log.
func (s *Server) Cluster() *pgkeeper.Cluster { return s.cluster }

// Database makes a fresh database and gives its name.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.count.Add(1))
	// Files are copied as they are: to write them to the log too takes twice as long.
	if _, err := s.admin.Exec(`CREATE DATABASE ` + name + ` TEMPLATE template_casustafel STRATEGY FILE_COPY`); err != nil {
		t.Fatal("make a test database:", err)
	}
	// What a migration grants on the database itself a copy does not take along.
	if _, err := s.admin.Exec(`REVOKE TEMPORARY ON DATABASE ` + name + ` FROM PUBLIC`); err != nil {
		t.Fatal("make a test database:", err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.Exec(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
			t.Error("drop the test database:", err)
		}
	})
	return name
}

// DSN signs in to a database as superuser, owner of everything.
func (s *Server) DSN(database string) string { return s.cluster.DSN(superuser, database) }

// Config is how a program reaches a database, sealed under keys.
func (s *Server) Config(database string, keys *store.Keyring) store.Config {
	return store.Config{Committer: s.cluster.DSN("casustafel_committer", database),
		Reader: s.cluster.DSN("casustafel_reader", database), Keys: keys}
}

// Keys makes a keyring of its own for a test.
func Keys(t testing.TB) *store.Keyring {
	t.Helper()
	keys, err := store.NewKeyring()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// Signing makes an audit key of its own for a test.
func Signing(t testing.TB) *store.Signing {
	t.Helper()
	signing := store.SigningBeside(filepath.Join(t.TempDir(), "audit.key"))
	if err := signing.Make(); err != nil {
		t.Fatal(err)
	}
	return signing
}

// Open opens a store for the length of the test.
func Open(t testing.TB, c store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal("open the store:", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error("close the store:", err)
		}
	})
	return s
}

// New gives a store on a fresh database.
func (s *Server) New(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, s.Config(s.Database(t), Keys(t)))
}
