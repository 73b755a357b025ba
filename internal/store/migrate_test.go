package store_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// Programs that start together on an empty database take turns; who comes later
// changes nothing.
func TestMigrateTwiceAndAtOneTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	must(t, h.super, `CREATE DATABASE migrated TEMPLATE template0`)
	t.Cleanup(func() { must(t, h.super, `DROP DATABASE migrated WITH (FORCE)`) })
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := store.Migrate(t.Context(), server.DSN("migrated")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	db := dial(t, server.DSN("migrated"))
	version := `SELECT string_agg(version_id || ' ' || is_applied, ',' ORDER BY id) FROM goose_db_version`
	before := one[string](t, db, version)
	s := house{Store: storetest.Open(t, server.Config("migrated", storetest.Keys(t)))}
	c := s.open(t, "CASE", s.account(t, "iris"))
	if err := store.Migrate(t.Context(), server.DSN("migrated")); err != nil {
		t.Error(err)
	}
	if after := one[string](t, db, version); after != before {
		t.Errorf("versions were %s and are %s", before, after)
	}
	if n := one[int](t, db, `SELECT count(*) FROM access_epoch`); n != 1 {
		t.Errorf("%d epochs", n)
	}
	if state := s.load(t, c); state.Seq != 2 {
		t.Errorf("the case is at %d", state.Seq)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	must(t, h.super, `CREATE DATABASE empty_of_schema TEMPLATE template0`)
	t.Cleanup(func() { must(t, h.super, `DROP DATABASE empty_of_schema WITH (FORCE)`) })
	good := server.Config(h.database, h.keys)
	for _, c := range []struct{ dsn, advice string }{
		{strings.Replace(good.Committer, h.database, "nowhere", 1), "no database of that name"},
		{strings.Replace(good.Committer, "casustafel_committer", "nobody", 1), "does not let this user in"},
		{strings.Replace(good.Committer, h.database, "empty_of_schema", 1), "casustafel migrate"},
		{"postgres://iris:geheim@127.0.0.1:1/x?sslmode=disable", "connection refused"},
		{"postgres://iris:geheim@127.0.0.1:1/x?sslmode=soms", "sslmode"},
		{"postgres://iris:geheim@[::1/x", "database address"},
		{"host='", "database address"},
	} {
		bad := good
		bad.Committer = c.dsn
		s, err := store.Open(t.Context(), bad)
		if err == nil || s != nil {
			t.Fatalf("%s: opened", c.dsn)
		}
		if words := err.Error(); !strings.Contains(words, c.advice) || strings.Contains(words, "geheim") || strings.Contains(words, "\n") {
			t.Errorf("%s: the operator reads %q", c.dsn, words)
		}
		if c.advice == "casustafel migrate" {
			continue
		}
		if err := store.Migrate(t.Context(), c.dsn); err == nil || !strings.Contains(err.Error(), c.advice) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("migrating %s: %v", c.dsn, err)
		}
	}
}

// On a server of somebody else's one user owns the tables and takes on each of
// the two roles for a connection.
func TestOwnerWhoIsNoSuperuser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	must(t, h.super, `CREATE ROLE keeper LOGIN CREATEROLE`)
	must(t, h.super, `GRANT casustafel_committer, casustafel_reader TO keeper WITH ADMIN OPTION`)
	must(t, h.super, `CREATE DATABASE kept TEMPLATE template0 OWNER keeper`)
	t.Cleanup(func() {
		must(t, h.super, `DROP DATABASE kept WITH (FORCE)`)
		must(t, h.super, `DROP ROLE keeper`)
	})
	owner := strings.Replace(server.DSN("kept"), "casustafel_super", "keeper", 1)
	if err := store.Migrate(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	s := house{Store: storetest.Open(t, store.Config{Committer: owner + " role=casustafel_committer", Reader: owner + " role=casustafel_reader",
		Keys: storetest.Keys(t)})}
	iris := s.account(t, "iris")
	c := s.open(t, "CASE", iris)
	s.append(t, c, iris, draft(card, text("title", "Titel"), text("body", "Tekst")))
	if got := s.load(t, c).Cards[card].Title.Body; got != "Titel" {
		t.Errorf("read %q", got)
	}
	if list, err := s.CasesOf(t.Context(), iris); err != nil || len(list) != 1 {
		t.Errorf("cases %v, %v", list, err)
	}
	wallsOf(t, dial(t, owner+" role=casustafel_committer"), `
		DELETE FROM event
		UPDATE record SET account = ''
		CREATE TEMPORARY TABLE mine (x int)
		CREATE TABLE public.mine (x int)`)
	wallsOf(t, dial(t, owner+" role=casustafel_reader"), `
		SELECT * FROM text
		SELECT login FROM account`)
	if n := one[int](t, dial(t, owner), `SELECT count(*) FROM account`); n != 1 {
		t.Errorf("the owner reaches %d accounts in a migration", n)
	}
}
