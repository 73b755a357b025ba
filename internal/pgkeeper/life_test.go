package pgkeeper

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
)

// TestLife follows one cluster: made from nothing, used by a role of the
// caller's, held against a second program, stopped, stopped in haste, and
// still whole.
func TestLife(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), "new", "data")
	c := startIn(t, dir)

	execute(t, c, `CREATE ROLE "kees's \ reader" LOGIN; CREATE TABLE kept (word text)`)
	var role string
	if err := connect(t, c, `kees's \ reader`).QueryRow(`SELECT current_user`).Scan(&role); err != nil || role != `kees's \ reader` {
		t.Errorf("as another role: %q, %v", role, err)
	}
	if _, err := connect(t, c, "absent").Exec(`SELECT 1`); err == nil {
		t.Error("a role that does not exist was admitted")
	}

	refused(t, Options{Dir: dir}, "in use by process", dir)
	execute(t, c, `INSERT INTO kept VALUES ('linde')`)

	stop(t, c)
	<-c.Done()
	stop(t, c) // once more is no error

	c = startIn(t, dir)
	execute(t, c, `INSERT INTO kept VALUES ('zilver')`)
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if err := c.Stop(over); !errors.Is(err, context.Canceled) {
		t.Errorf("stop in haste: %v", err)
	}
	<-c.Done()

	c = startIn(t, dir)
	if got := ask(t, c, `SELECT string_agg(word, ' ' ORDER BY word) FROM kept`); got != "linde zilver" {
		t.Errorf("after two restarts: %q", got)
	}
}

func TestDutchOrderAndLetters(t *testing.T) {
	t.Parallel()
	c := startIn(t, usedDir(t))
	if got := ask(t, c, `SELECT string_agg(w, ' ' ORDER BY w) FROM unnest('{zus,Één,ene,Bram,eend,école}'::text[]) w`); got != "Bram école Één eend ene zus" {
		t.Errorf("order: %s", got)
	}
	if got := ask(t, c, `SELECT lower('ÉÉN ÏJS') || ' ' || ('é' ~ '^\w$')`); got != "één ïjs true" {
		t.Errorf("letters: %s", got)
	}
	if got := ask(t, c, `SHOW data_checksums`); got != "on" {
		t.Errorf("checksums: %s", got)
	}
}

func TestClosedToOthers(t *testing.T) {
	t.Parallel()
	c := startIn(t, usedDir(t))
	// PostgreSQL's own programs do not see the environment of this one.
	execute(t, c, `CREATE TABLE environment (line text); COPY environment FROM PROGRAM 'env'`)
	if got := ask(t, c, `SELECT string_agg(line, ' ') FROM environment`); strings.Contains(got, os.Getenv(secretEnv)) || !strings.Contains(got, "PATH=") {
		t.Errorf("environment: %s", got)
	}

	if got := ask(t, c, `SELECT string_agg(DISTINCT type || ' ' || auth_method, ', ') FROM pg_hba_file_rules`); got != "host reject, local trust" {
		t.Errorf("ways in: %s", got)
	}
	if got := ask(t, c, `SHOW listen_addresses`); got != "" {
		t.Errorf("listens on %s", got)
	}
	info, err := os.Stat(c.socket.dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory of the socket: %v, %v", info.Mode(), err)
	}
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := longDir(t)
	c := startIn(t, dir)
	if !fits(c.socket.dir) {
		t.Fatalf("socket in %s", c.socket.dir)
	}
	info, err := os.Stat(c.socket.dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory of the socket: %v, %v", info.Mode(), err)
	}
	if got := ask(t, c, `SELECT 'answer'`); got != "answer" {
		t.Errorf("got %q", got)
	}
	stop(t, c)
	if _, err := os.Stat(c.socket.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the short directory stayed: %v", err)
	}

	// A killed program leaves the link: a directory that is still closed is
	// used again, one that somebody else opened is not.
	left, err := os.MkdirTemp("", "casustafel-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(left)
	link := filepath.Join(dir, "postgres.run")
	if err := os.Symlink(left, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(left, 0o777); err != nil {
		t.Fatal(err)
	}
	c = startIn(t, dir)
	if c.socket.dir == left {
		t.Error("a directory open to others was used")
	}
}

// TestLogHoldsNoContent lets statements fail in every way that PostgreSQL
// likes to describe in its log.
func TestLogHoldsNoContent(t *testing.T) {
	t.Parallel()
	const canary = "kanarie"
	c := startIn(t, usedDir(t))
	db := connect(t, c, SuperRole)
	execute(t, c, `CREATE TABLE note (word text PRIMARY KEY CHECK (length(word) < 9))`)
	execute(t, c, `INSERT INTO note VALUES ('`+canary+`')`)
	fails := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.Exec(statement, args...); err == nil {
			t.Errorf("did not fail: %s", statement)
		}
	}
	fails(`INSERT INTO note VALUES ($1)`, canary)
	fails(`INSERT INTO note VALUES ('` + canary + `')`)
	fails(`INSERT INTO note VALUES ($1)`, canary+canary)
	fails(`SELECT $1::int`, canary)
	fails(`SELECT '` + canary + `'::int`)
	fails(canary + ` FROM note`)
	fails(`SELECT ` + canary)
	fails(`DO $$ BEGIN RAISE EXCEPTION '` + canary + `'; END $$`)
	fails(`DO $$ BEGIN RAISE WARNING '` + canary + `'; PERFORM 1/0; END $$`)
	execute(t, c, `ALTER SYSTEM SET log_statement = 'all'`)
	execute(t, c, `ALTER SYSTEM SET log_min_messages = 'debug5'`)
	execute(t, c, `SELECT pg_reload_conf()`)

	// A backend that crashes: PostgreSQL would tell what it was running.
	ended := make(chan error)
	go func() {
		_, err := db.Exec(`SELECT pg_sleep(600), '` + canary + `'`)
		ended <- err
	}()
	const find = `SELECT coalesce(min(pid), 0) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`
	patience.Eventually(t, "the statement runs", func() bool { return ask(t, c, find) != "0" })
	kill(t, ask(t, c, find))
	if err := <-ended; err == nil {
		t.Error("the killed statement succeeded")
	}
	logged := func() string {
		text, err := os.ReadFile(c.LogFile())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	patience.Eventually(t, "the crash is in the log", func() bool { return strings.Contains(logged(), "terminated by signal 9") })
	other := connect(t, c, SuperRole)
	patience.Eventually(t, "PostgreSQL answers again", func() bool { return other.Ping() == nil })
	if got := ask(t, c, `SHOW log_statement`); got != "none" {
		t.Errorf("log_statement = %s", got)
	}

	stop(t, c)
	if text := logged(); strings.Contains(text, canary) {
		t.Errorf("the log holds content:\n%s", text)
	}
}

// rows reads the words that a test kept.
func rows(t *testing.T, c *Cluster) string {
	t.Helper()
	var words sql.NullString
	if err := connect(t, c, SuperRole).QueryRow(`SELECT string_agg(word, ' ') FROM kept`).Scan(&words); err != nil {
		t.Fatal(err)
	}
	return words.String
}
