package main

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
)

// A node that stops asks everybody to come back, has committed what it took,
// and who comes back, to another node or to a new one, goes on from where it was.
func TestGracefulShutdown(t *testing.T) {
	tb, first := newTable(t)
	leaving, staying := tb.start("leaving"), tb.node("staying")
	stopped := false
	t.Cleanup(func() {
		if !stopped {
			leaving.close() //nolint:errcheck // the test failed before
		}
	})
	iris, ruben := tb.watch(leaving, "Iris"), tb.watch(leaving, "Ruben")
	irisBrowser, rubenBrowser := tb.browser(first, "Iris"), tb.browser(first, "Ruben")
	column := iris.sees().Columns[0].ID
	var given []casework.CommandID
	for i := range 200 {
		id := casework.NewID[casework.CommandID](rand.Reader)
		if err := iris.client.DoAs(id, "draft_card", map[string]any{"column": column, "title": fmt.Sprint("Nog net ", i), "class": "private", "kind": "fact"}); err != nil {
			t.Fatal(err)
		}
		given = append(given, id)
	}
	iris.until(t, "some answers", func() bool { return len(iris.answers) > 5 })
	stopped = true
	if err := leaving.close(); err != nil {
		t.Error("stop:", err)
	}
	for _, w := range []*watcher{iris, ruben} {
		if code := w.closedWith(t); code != 4000 {
			t.Errorf("%s: the connection ended with %d", w.name, code)
		}
	}
	db := tb.sql()
	answered := 0
	for _, id := range given {
		if m, ok := iris.answers[id]; ok && m.OK {
			var stored int
			if err := db.Get(&stored, `SELECT count(*) FROM event WHERE command = $1`, id); err != nil || stored != 1 {
				t.Errorf("an answered command is stored %d times, %v", stored, err)
			}
			answered++
		}
	}
	t.Logf("%d of %d were answered before the end", answered, len(given))

	tb.goesOn(t, staying, tb.sat(at(staying, rubenBrowser), "Ruben", tb.id, ruben), "another node")
	iris = tb.sat(at(staying, irisBrowser), "Iris", tb.id, iris)
	tb.goesOn(t, staying, iris, "another node")
	iris.leave()
	iris.until(t, "its own end", func() bool { return iris.err != nil })

	third := tb.node("third")
	other := tb.watch(staying, "Daan")
	card := other.must(t, "draft_card", map[string]any{"column": column, "title": "Terwijl Iris weg was", "class": "shared", "kind": "fact",
		"person": tb.person(other, "Noor")})
	other.must(t, "table_card", map[string]any{"card": card})
	tb.goesOn(t, third, tb.sat(at(third, irisBrowser), "Iris", tb.id, iris), "a new node")

	// Where it was, it gets only what it missed.
	back := tb.sat(at(staying, irisBrowser), "Iris", tb.id, iris)
	tb.goesOn(t, staying, back, "the node it left")
	if strings.Contains(string(back.frames[0]), `"whole"`) {
		t.Error("who comes back soon to the node it left gets everything anew")
	}
	// What is not a seat or a cursor of ours counts for nothing.
	forged := &watcher{seat: iris.cursor, cursor: iris.seat, state: ruben.state}
	tb.goesOn(t, staying, tb.sat(at(staying, irisBrowser), "Iris", tb.id, forged), "with forged tokens")
}

// goesOn waits until somebody has what a fresh load gives.
func (tb *table) goesOn(t *testing.T, n *node, w *watcher, where string) {
	t.Helper()
	want, ok := fresh(t, n, tb.id, tb.users[w.name])
	if !ok || !w.await(within(t), func() bool { return encoded(t, w.state) == encoded(t, want) }) {
		t.Fatalf("%s, back at %s, does not get what a fresh load gives:\n%s", w.name, where, parts(t, w.sees(), want))
	}
}
