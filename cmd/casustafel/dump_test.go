package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
)

// Promise 7: whoever steals the database, a dump of it or its files finds no
// word that anybody wrote; and what was erased is gone, for every node.
func TestStolenDatabaseShowsNoContent(t *testing.T) {
	tb, n := newTable(t)
	iris, hanneke := tb.watch(n, "Iris"), tb.watch(n, "Hanneke")
	count := 0
	word := func() string { count++; return "Over " + casetest.Canary(count) }

	hanneke.must(t, "rename_case", map[string]any{"name": word()})
	column := hanneke.must(t, "add_column", map[string]any{"title": word()})
	hanneke.must(t, "rename_column", map[string]any{"column": column, "title": word()})
	person := hanneke.must(t, "add_person", map[string]any{"kind": "network", "class": "shared", "name": word(), "calls": word(), "born": casetest.Birth(1)})
	hanneke.must(t, "change_person", map[string]any{"person": person, "name": word(), "calls": word(), "born": casetest.Birth(2)})
	for _, class := range []string{"shared", "private"} {
		card := iris.must(t, "draft_card", map[string]any{"column": column, "title": word(), "text": word(), "class": class, "kind": "question"})
		iris.must(t, "table_card", map[string]any{"card": card})
		for range 3 {
			made := iris.sees().Cards[cardOf(card)]
			iris.must(t, "retitle_card", map[string]any{"card": card, "title": word(), "base": made.Title.Base})
			iris.must(t, "write_note", map[string]any{"card": card, "base": made.Text.Base, "changes": casetest.Rewriting(made.Text.Body, word())})
			iris.must(t, "name_version", map[string]any{"card": card, "name": word()})
		}
	}
	erased := iris.must(t, "draft_card", map[string]any{"column": column, "title": word(), "text": word(), "class": "shared", "kind": "question"})
	iris.must(t, "table_card", map[string]any{"card": erased})
	was := iris.sees().Cards[cardOf(erased)].Text
	iris.must(t, "write_note", map[string]any{"card": erased, "base": was.Base, "changes": casetest.Writing(was.Body, 0, word())})
	iris.must(t, "name_version", map[string]any{"card": erased, "name": word()})
	iris.must(t, "retitle_card", map[string]any{"card": erased, "title": word(), "base": iris.sees().Cards[cardOf(erased)].Title.Base})
	if m, ok := iris.ask(within(t), "retitle_card", map[string]any{"card": erased, "title": word(), "base": "AAAAAAAAAAAAAAAA"}); !ok || m.OK {
		t.Error("a stale base was taken")
	}

	tb.erase(t, iris, erased)
	tb.dumpHoldsNoCanary(t)
	tb.filesHoldNoCanary(t)
}

// erase redacts a card and looks for what is left of it, also from a node that
// never knew it.
func (tb *table) erase(t *testing.T, author *watcher, card string) {
	t.Helper()
	db := tb.sql()
	texts := func() (n int) {
		if err := db.Get(&n, `SELECT count(*) FROM text WHERE object = $1`, card); err != nil {
			t.Fatal(err)
		}
		return n
	}
	written := func() (n int) {
		if err := db.Get(&n, `SELECT (SELECT count(*) FROM note_step WHERE card = $1 AND sealed <> '') + (SELECT count(*) FROM note WHERE card = $1 AND sealed <> '')`, card); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if texts() != 5 || written() != 2 {
		t.Fatalf("%d texts of the card, want its text, two titles, a version and its name; and %d in its note, want a step and the whole", texts(), written())
	}
	author.must(t, "redact", map[string]any{"card": card})
	if texts() != 0 {
		t.Errorf("%d texts of an erased card are left", texts())
	}
	if written() != 0 {
		t.Errorf("%d sealed rows of an erased note are left", written())
	}
	ruben := tb.watch(tb.node("new"), "Ruben")
	left, ok := ruben.sees().Cards[cardOf(card)]
	if !ok || !left.Title.Redacted || !left.Text.Redacted || left.Title.Body != "" || left.Text.Body != "" {
		t.Errorf("a new node shows an erased card as %+v", left)
	}
}

func (tb *table) dumpHoldsNoCanary(t *testing.T) {
	t.Helper()
	dump := pgDump(t, "--dbname="+server.DSN(tb.database))
	if !strings.Contains(dump, "card_retitled") {
		t.Error("the dump holds no events")
	}
	if found := leaked([]byte(dump)); len(found) > 0 {
		t.Errorf("the dump holds %s", found)
	}
}

// pgDump is what PostgreSQL's own tool writes of a database.
func pgDump(t *testing.T, args ...string) string {
	t.Helper()
	tool, err := exec.LookPath("pg_dump")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
		if len(found) == 0 {
			t.Fatal("pg_dump is needed:", err)
		}
		tool = found[len(found)-1]
	}
	dump, err := exec.CommandContext(t.Context(), tool, args...).Output()
	if err != nil {
		t.Fatal("dump the database:", err)
	}
	return string(dump)
}

func (tb *table) filesHoldNoCanary(t *testing.T) {
	t.Helper()
	if _, err := tb.sql().Exec(`CHECKPOINT`); err != nil {
		t.Fatal(err)
	}
	files, events := 0, false
	err := filepath.WalkDir(filepath.Dir(server.Cluster().LogFile()), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // PostgreSQL makes and removes files meanwhile
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		files++
		events = events || bytes.Contains(content, []byte("card_retitled"))
		if found := leaked(content); len(found) > 0 {
			return fmt.Errorf("%s holds %s", path, found)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if files < 100 || !events {
		t.Errorf("looked into %d files, events among them: %t", files, events)
	}
}

// leaked lists the canaries in something; a birth date counts where it could
// only be one of ours.
func leaked(content []byte) []string { return casetest.CanariesIn(content) }
