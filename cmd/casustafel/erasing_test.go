package main

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// A case is erased while people look at it on two nodes: every board closes as at a case
// that is not there, no node keeps its room, and of all that was sealed for it nothing is
// in a dump of the database: not one ciphertext, not its key. Other cases are whole.
func TestErasedUnderEverybodysEyes(t *testing.T) {
	tb, n := newTable(t)
	tb.joins(n, "Joke", casework.Manager)
	second := tb.node("second")
	other := tb.openCase(n, "Iris")
	watching := map[string]*watcher{"Hanneke": tb.watch(n, "Hanneke"), "Iris": tb.watch(n, "Iris"), "Ruben": tb.watch(second, "Ruben")}
	watching["Hanneke"].must(t, "close_case", map[string]any{})
	tb.longAgo(t, closedLongAgo)
	manager := func(name string) app.Session {
		s := sessionOf(tb.users[name], casework.Manager)
		s.Account.Organisation, s.Account.Demo = tb.organisation(n, "Hanneke"), true
		return s
	}
	code := string(n.app.CaseCode(tb.id))
	if err := n.app.AskErasure(t.Context(), manager("Els"), code, code, "period_over"); err != nil {
		t.Fatal(err)
	}
	tb.longAgo(t, askedLongAgo)
	sealed := func(id casework.CaseID) (all [][]byte) {
		if err := tb.sql().Select(&all, `SELECT data_key FROM cases WHERE id = $1 UNION ALL SELECT sealed FROM text WHERE case_id = $1
			UNION ALL SELECT sealed FROM note WHERE case_id = $1 AND sealed <> '' UNION ALL SELECT sealed FROM note_step WHERE case_id = $1 AND sealed <> ''
			UNION ALL SELECT duty FROM membership WHERE case_id = $1 AND duty <> '' UNION ALL SELECT seen FROM look WHERE case_id = $1`, id); err != nil {
			t.Fatal(err)
		}
		return all
	}
	gone, kept := sealed(tb.id), sealed(other)
	if len(gone) < 30 || len(kept) < 2 {
		t.Fatalf("%d and %d things are sealed", len(gone), len(kept))
	}
	if found := holding(pgDump(t, "--dbname="+server.DSN(tb.database)), gone); found != len(gone) {
		t.Fatalf("before, a dump holds %d of %d", found, len(gone))
	}

	page, err := n.app.RetentionOf(t.Context(), manager("Joke"))
	if err != nil || len(page.Cases) != 1 || page.Cases[0].Erase == nil {
		t.Fatalf("%+v, %v", page, err)
	}
	if err := n.app.AnswerKeeping(t.Context(), manager("Joke"), page.Cases[0].Erase.ID, app.KeepingAnswer{Yes: true, Typed: code}); err != nil {
		t.Fatal(err)
	}
	for name, w := range watching {
		if code := w.closedWith(t); code != 4101 {
			t.Errorf("%s's board was closed with %d", name, code)
		}
	}
	dump := pgDump(t, "--dbname="+server.DSN(tb.database))
	if found := holding(dump, gone); found != 0 {
		t.Errorf("a dump holds %d of %d things that were sealed for it", found, len(gone))
	}
	if found := holding(dump, kept); found != len(kept) {
		t.Errorf("of another case a dump holds %d of %d", found, len(kept))
	}
	if state, err := n.store.LoadState(t.Context(), n.store.Reader(), other); err != nil || state.Name.Body == "" {
		t.Errorf("another case: %+v, %v", state, err)
	}
	for _, node := range []*node{n, second} {
		watching["Hanneke"].until(t, "a node to forget its key", func() bool { return !slices.Contains(node.store.CasesAtHand(), tb.id) })
	}
}

// holding counts what of the sealed things stands in a dump.
func holding(dump string, sealed [][]byte) (n int) {
	for _, s := range sealed {
		if strings.Contains(dump, hex.EncodeToString(s)) {
			n++
		}
	}
	return n
}
