package pgkeeper

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/programtest"
)

// toolsFor are the tools of a data directory.
func toolsFor(t *testing.T, dir string) Tools {
	t.Helper()
	tools, err := FindTools(shortly(t), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return tools
}

// snapshot exports one for as long as the test runs.
func snapshot(t *testing.T, c *Cluster) (name string) {
	t.Helper()
	tx, err := connect(t, c, SuperRole).Begin()
	if err == nil {
		t.Cleanup(func() { tx.Rollback() }) //nolint:errcheck // it only read
		_, err = tx.Exec(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`)
	}
	if err == nil {
		err = tx.QueryRow(`SELECT pg_export_snapshot()`).Scan(&name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// What is dumped as of a moment is read into a cluster that is built beside its
// place, and is there when it is put there.
func TestDumpAndBuild(t *testing.T) {
	t.Parallel()
	c := startIn(t, usedDir(t))
	execute(t, c, `CREATE TABLE kept (word text); INSERT INTO kept VALUES ('geheim')`)
	at := snapshot(t, c)
	execute(t, c, `INSERT INTO kept VALUES ('later')`)
	var archive bytes.Buffer
	if err := toolsFor(t, c.home.dir).Dump(shortly(t), c.DSN(SuperRole, "postgres"), at, &archive); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(newDir(t), "data")
	read := func(c *Cluster) error {
		return toolsFor(t, dir).Load(shortly(t), c.DSN(SuperRole, "postgres"), bytes.NewReader(archive.Bytes()))
	}
	if err := Build(shortly(t), Options{Dir: dir, NoSync: true}, read); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, startIn(t, dir)); got != "geheim" {
		t.Errorf("kept: %q", got)
	}
	tellNoContent(t, c, archive.Bytes())
	if err := Build(shortly(t), Options{Dir: dir}, read); err == nil || !strings.Contains(err.Error(), "not empty and is left as it is") {
		t.Errorf("built in a directory that is used: %v", err)
	}
}

// A build that fails leaves nothing of what it had, and the next one may begin.
func TestBuildThatFails(t *testing.T) {
	t.Parallel()
	dir, broken := newDir(t), errors.New("broken off")
	write(t, filepath.Join(dir, "postgres.building", "left"), "by one that was killed")
	err := Build(shortly(t), Options{Dir: dir, NoSync: true}, func(*Cluster) error { return broken })
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if err := CheckEmpty(dir); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 || entries[0].Name() != "postgres.lock" {
		t.Errorf("left: %v, %v", entries, err)
	}
}

func TestCheckEmptyTouchesNothing(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	if err := CheckEmpty(filepath.Join(dir, "nowhere")); err != nil {
		t.Error(err)
	}
	write(t, filepath.Join(dir, "letter.txt"), "Lieve Ans")
	before := picture(t, dir)
	if err := CheckEmpty(dir); err == nil || !strings.Contains(err.Error(), "left as it is") {
		t.Error(err)
	}
	if err := Build(shortly(t), Options{Dir: dir}, nil); err == nil || picture(t, dir) != before {
		t.Errorf("built beside a letter: %v", err)
	}
}

func TestToolsMissing(t *testing.T) {
	t.Parallel()
	bin := newDir(t)
	programtest.Script(t, filepath.Join(bin, "initdb"), "exit 0")
	programtest.Script(t, filepath.Join(bin, "postgres"), "echo 'postgres (PostgreSQL) 17.2'")
	_, err := FindTools(shortly(t), Options{Dir: newDir(t), Bin: bin})
	for _, word := range []string{"no pg_dump", bin, "postgresql-client", binEnv} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error does not say %q: %v", word, err)
		}
	}
}

// tellNoContent: tools quote rows when they fail; errors do not.
func tellNoContent(t *testing.T, c *Cluster, archive []byte) {
	t.Helper()
	tools, dsn := toolsFor(t, c.home.dir), c.DSN(SuperRole, "postgres")
	for name, err := range map[string]error{
		"a table that is there": tools.Load(shortly(t), dsn, bytes.NewReader(archive)),
		"half an archive":       tools.Load(shortly(t), dsn, bytes.NewReader(archive[:len(archive)/2])),
		"no archive":            tools.Load(shortly(t), dsn, strings.NewReader("geheim")),
		"no such snapshot":      tools.Dump(shortly(t), dsn, "geheim", io.Discard),
		"a full disk":           tools.Dump(shortly(t), dsn, snapshot(t, c), fullDisk{}),
	} {
		if err == nil || strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for said, want := range map[string]string{
		"": "",
		"pg_restore: error: COPY failed for table \"kept\": ERROR:  duplicate key value violates unique constraint \"kept_word_key\"\nDETAIL:  Key (word)=(geheim) already exists.\n": `; it said: pg_restore: error: COPY failed for table "kept": duplicate key value violates unique constraint`,
		"pg_restore: error: could not execute query: ERROR:  invalid input syntax for type json: \"geheim":                                                                            `; it said: pg_restore: error: could not execute query: invalid input syntax for type json:`,
	} {
		if got := withoutValues(said); got != want {
			t.Errorf("of %q it says %q", said, got)
		}
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

var errFull = errors.New("no space left")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }
