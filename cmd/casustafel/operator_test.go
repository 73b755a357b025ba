package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

func (s setup) add(more ...string) []string {
	return append([]string{"user", "add", "--database-url=" + s.url, "--master-key-file=" + s.key}, more...)
}

func TestUserAdd(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	id := strings.TrimSpace(strings.TrimPrefix(s.done(t, words+"\r\n", s.add(append(colleague, " Iris@Linde.example ")...)...), "added "))
	if !casework.ValidID(casework.UserID(id)) {
		t.Errorf("added %q", id)
	}
	db := sqlx.MustConnect("postgres", server.DSN(s.database))
	defer db.Close()
	var stored string
	if err := db.Get(&stored, `SELECT login || ' ' || name || ' ' || discipline || ' ' || language || ' ' || active || ' ' || demo FROM account WHERE id = $1`, id); err != nil ||
		stored != "iris@linde.example Iris child_worker nl true false" {
		t.Errorf("stored %q, %v", stored, err)
	}
	// The program that serves lets this person in, with the words as they were typed.
	a := s.app(t)
	if _, err := a.SignIn(t.Context(), "iris@linde.example", words, "192.0.2.7"); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		input, login string
		args         []string
		parts        []string
	}{
		{words + "\n", "iris@linde.example", colleague, []string{"login_taken"}},
		{words + "\n", "iris linde", colleague, []string{"bad_login"}},
		{"kort\n", "daan@linde.example", colleague, []string{"password_short"}},
		{"", "daan@linde.example", colleague, []string{"no password on standard input"}},
		{"\n", "daan@linde.example", colleague, []string{"password_short"}},
		{words + "\n", "daan@linde.example", []string{"--name=Daan", "--discipline=boss", "--organisation=De Linde"}, []string{"bad_role"}},
		{words + "\n", "daan@linde.example", []string{"--name= ", "--discipline=chair", "--organisation=De Linde"}, []string{"name_empty"}},
		{words + "\n", "daan@linde.example", append([]string{"--language=fr"}, colleague...), []string{"bad_language"}},
	} {
		s.refused(t, c.input, s.add(append(c.args, c.login)...), c.parts...)
	}
	var n int
	if err := db.Get(&n, `SELECT count(*) FROM account`); err != nil || n != 1 {
		t.Errorf("%d accounts, %v", n, err)
	}
	// Real people are here now: the demo is not.
	s.refused(t, "", s.serve("--demo", "--database-url="+s.url), "demo", "real accounts", "data directory of its own")
	s.done(t, "", "user", "deactivate", "--database-url="+s.url, "--master-key-file="+s.key, "iris@linde.example")
	if _, err := a.SignIn(t.Context(), "iris@linde.example", words, "192.0.2.7"); err == nil {
		t.Error("who was deactivated signs in")
	}
	s.refused(t, "", []string{"user", "deactivate", "--database-url=" + s.url, "--master-key-file=" + s.key, "nobody@linde.example"}, "not_found")
}

// Beside a program that serves from its private cluster, the operator's
// commands use that cluster where it is.
func TestOperatorBesideAServer(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	dir := filepath.Dir(server.Cluster().LogFile())
	s.done(t, "", "migrate", "--data-dir="+dir)
	s.done(t, words+"\n", append([]string{"user", "add", "--data-dir=" + dir, "--master-key-file=" + s.key, "beside@linde.example"}, colleague...)...)
	s.done(t, "", "user", "deactivate", "--data-dir="+dir, "--master-key-file="+s.key, "beside@linde.example")
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	s.done(t, words+"\n", s.add(append(colleague, "iris@linde.example")...)...)
	old, err := os.ReadFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"keys", "rotate", "--database-url=" + s.url, "--master-key-file=" + s.key}
	if out := s.done(t, "", args...); !strings.Contains(out, s.key) {
		t.Errorf("it says %q", out)
	}
	fresh, err := os.ReadFile(s.key)
	if err != nil || bytes.Equal(old, fresh) {
		t.Fatal("the key file is as it was", err)
	}
	if info, err := os.Stat(s.key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %v, %v", info.Mode(), err)
	}
	stale := filepath.Join(s.dir, "stale.key")
	if err := os.WriteFile(stale, old, 0o600); err != nil {
		t.Fatal(err)
	}
	deactivate := []string{"user", "deactivate", "--database-url=" + s.url, "iris@linde.example"}
	s.refused(t, "", append(deactivate, "--master-key-file="+stale), "does not open this database")
	s.done(t, "", append(deactivate, "--master-key-file="+s.key)...)
	s.done(t, "", args...) // and again

	forget := []string{"keys", "forget", "--database-url=" + s.url, "--master-key-file=" + s.key}
	nobody := sqlx.MustConnect("postgres", server.DSN(s.database))
	s.refused(t, "", forget, "somebody is connected", "stop every node")
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	both, err := os.ReadFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	if out := s.done(t, "", forget...); !strings.Contains(out, s.key+": 2;") {
		t.Errorf("it says %q", out)
	}
	if alone, err := os.ReadFile(s.key); err != nil || len(alone) >= len(both) {
		t.Errorf("the file has %d bytes, had %d, %v", len(alone), len(both), err)
	}
	s.done(t, "", append(deactivate, "--master-key-file="+s.key)...)
	s.refused(t, "", forget, "one master key", "casustafel keys rotate")
	if err := os.WriteFile(stale, both, 0o600); err != nil {
		t.Fatal(err)
	}
	s.done(t, "", append(deactivate, "--master-key-file="+stale)...) // a copy of before opens it too
	s.refused(t, "", []string{"keys", "rotate", "--database-url=" + s.url, "--master-key=" + string(fresh)}, "in a file")

	// What was done with them is on the record, and not done without.
	db := sqlx.MustConnect("postgres", server.DSN(s.database))
	defer db.Close() //nolint:errcheck // nothing to save
	var events []string
	if err := db.Select(&events, `SELECT event FROM record WHERE event ~ 'master_key' ORDER BY at`); err != nil || strings.Join(events, " ") != "master_key_rotated master_key_rotated master_keys_forgotten" {
		t.Errorf("on the record is %v, %v", events, err)
	}
	storetest.BreakableLog(t, db.DB).Breaks("53100")
	alone, err := os.ReadFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	s.refused(t, "", args, "not_recorded")
	if now, err := os.ReadFile(s.key); err != nil || !bytes.Equal(now, alone) {
		t.Errorf("a key was made without a record, %v", err)
	}
}

func TestMigrateAndVersion(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for range 2 {
		if out := s.done(t, "", "migrate", "--database-url="+s.url); out != "the schema is up to date\n" {
			t.Errorf("it says %q", out)
		}
	}
	if out := s.done(t, "", "version"); !strings.HasPrefix(out, "casustafel ") || !strings.Contains(out, "built with go") {
		t.Errorf("it says %q", out)
	}
	s.left(t, "keys", "data", ".local", ".config")
	for _, args := range [][]string{{"nonsense"}, {"serve", "--nonsense"}, {"user", "add"}, {"serve", "--trusted-proxy=nonsense"}, {"serve", "--log-level=loud"}} {
		if got := s.run(t, "", args...); got.code == 0 || !strings.Contains(got.errors, "casustafel: error: ") {
			t.Errorf("%v: ended with %d\n%s", args, got.code, got.errors)
		}
	}
}
