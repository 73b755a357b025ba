package store_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// lines adds records at moments after noon, each in a transaction of its own.
func (h house) lines(t testing.TB, after ...time.Duration) {
	t.Helper()
	for _, d := range after {
		h.transact(t, func(tx *store.Tx) error {
			return tx.Record(t.Context(), audit.Record{ID: id[string](fmt.Sprintf("LINE%d", d)), At: noon.Add(d), Event: "join", Action: audit.Read,
				Outcome: audit.Refused, Checks: []audit.Check{audit.BySession, audit.BySeat}, User: id[casework.UserID]("iris"), Role: casework.Chair,
				Organisation: "O", Behalf: []casework.UserID{"A", "B"}, AccessPoint: "a/live", Source: "s", Case: "C", ObjectKind: "card", Object: "X",
				Version: "3", PolicyRule: "A-01", Policy: "p", Relation: audit.AtTable, Ground: "g", Question: "q", Request: "r",
				Detail: map[string]string{"reason": "<\u2028é>"}})
		})
	}
}

// grow gives what waits its leaves, as the sequencer does.
func (h house) grow(t testing.TB, limit int) {
	t.Helper()
	h.transact(t, func(tx *store.Tx) error {
		size, err := store.TreeSize(t.Context(), tx)
		if err != nil {
			return err
		}
		tree, err := audit.OpenTree(size, store.TreeHashes(t.Context(), tx))
		if err != nil {
			return err
		}
		var leaves []store.NewLeaf
		for w, err := range tx.WaitingRecords(t.Context(), limit) {
			if err != nil {
				return err
			}
			parts := w.Record.Leaf(w.Salts, tlog.Hash{})
			leaves = append(leaves, store.NewLeaf{Record: w.Record.ID, At: w.Record.At, DetailHash: parts[len(parts)-1], Hashes: tree.Append(audit.LeafHash(parts))})
		}
		return tx.AppendLeaves(t.Context(), size, leaves)
	})
}

func (h house) leaves(t testing.TB, from int64, limit int) []audit.Leaf {
	t.Helper()
	leaves, err := store.Leaves(t.Context(), h.Reader(), from, limit)
	if err != nil {
		t.Fatal(err)
	}
	return leaves
}

// Records get their leaves in the order of the queue, batch by batch, and are read
// back beside them as they were written.
func TestLeavesFollowTheQueue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.lines(t, 3, 1*time.Microsecond, 2*time.Microsecond)
	h.grow(t, 2)
	h.lines(t, -time.Hour, 9*time.Microsecond) // a clock that went back changes nothing of what has its place
	h.grow(t, 2)
	h.grow(t, 9)
	if waits := one[bool](t, h.super, `SELECT EXISTS (SELECT FROM record_waiting)`); waits {
		t.Fatal("some still wait")
	}
	leaves := h.leaves(t, 0, 99)
	want := []time.Duration{3, time.Microsecond, -time.Hour, 2 * time.Microsecond, 9 * time.Microsecond}
	tree := &audit.Tree{}
	for i, l := range leaves {
		if l.Number != int64(i) || l.Form != audit.Form || l.Missing || l.Record.ID != id[string](fmt.Sprintf("LINE%d", want[i])) {
			t.Errorf("leaf %d: %+v", i, l)
		}
		parts := l.Record.Leaf(l.Salts, tlog.Hash{})
		if l.DetailHash != parts[len(parts)-1] || !slices.Equal(tree.Append(audit.LeafHash(parts)), l.Hashes) {
			t.Errorf("leaf %d is not that of its record", i)
		}
		fields := reflect.ValueOf(l.Record)
		for f := range fields.NumField() {
			if name := fields.Type().Field(f).Name; fields.Field(f).IsZero() && name != "ActorOrganisation" && name != "CaseOrganisation" {
				t.Errorf("%s was not read back", name)
			}
		}
	}
	if got := h.leaves(t, 2, 2); len(got) != 2 || got[0].Number != 2 || got[1].Number != 3 {
		t.Errorf("from 2, two of them: %+v", got)
	}
	root, err := tlog.TreeHash(tree.Size(), store.TreeHashes(t.Context(), h.Reader()))
	if err != nil || root != tree.Root() {
		t.Errorf("root %v, not %v: %v", root, tree.Root(), err)
	}
}

// A line that comes late is looked up, and what stands between it and the newest is not
// gone through; it gets its leaf in the order of the queue all the same.
func TestLateLineIsLookedUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range time.Duration(50) {
		h.lines(t, n+1)
	}
	h.grow(t, 99)
	h.lines(t, time.Hour, -time.Hour, time.Minute)
	h.transact(t, func(tx *store.Tx) error {
		fetched := func() (n int) {
			if err := tx.GetContext(t.Context(), &n, `SELECT sum(idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname = 'record_rest'`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		before, lines := fetched(), []string(nil)
		for w, err := range tx.WaitingRecords(t.Context(), 99) {
			if err != nil {
				return err
			}
			lines = append(lines, w.Record.ID)
		}
		if want := []string{id[string]("LINE-3600000000000"), id[string]("LINE60000000000"), id[string]("LINE3600000000000")}; !slices.Equal(lines, want) {
			t.Errorf("%v, and not %v", lines, want)
		}
		if n := fetched() - before; n != len(lines) {
			t.Errorf("%d lines were read for %d", n, len(lines))
		}
		return nil
	})
	h.grow(t, 99)
	h.lines(t, time.Hour+2*time.Second)
	h.grow(t, 99)
	h.lines(t, time.Hour+time.Second, time.Hour+3*time.Second) // little stands between these, and it is passed over
	h.grow(t, 99)
	if got := h.leaves(t, 53, 9); len(got) != 3 || got[1].Record.ID != id[string]("LINE3601000000000") || got[2].Record.ID != id[string]("LINE3603000000000") {
		t.Errorf("%+v", got)
	}
}

// A line that waits and is gone holds nobody up, however many there are.
func TestGoneLinesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.lines(t, 1*time.Microsecond, 2*time.Microsecond, 3*time.Microsecond, 4*time.Microsecond)
	must(t, h.super, `DELETE FROM record WHERE at < $1`, noon.Add(3*time.Microsecond))
	for limit := 1; limit < 3; limit++ {
		h.grow(t, limit)
	}
	if got := h.leaves(t, 0, 9); len(got) != 2 || one[int](t, h.super, `SELECT count(*) FROM record_waiting`) != 2 {
		t.Errorf("%+v", got)
	}
}

// Each line has two salts of its own.
func TestSaltsAreOfOneLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	records := make([]audit.Record, 3)
	for i := range records {
		records[i] = audit.Record{ID: id[string](fmt.Sprintf("LINE%d", i)), At: noon, Event: "join", Action: audit.Read, Outcome: audit.Done}
	}
	for range 2 {
		h.transact(t, func(tx *store.Tx) error { return tx.Record(t.Context(), records...) })
		for i := range records {
			records[i].At = noon.Add(time.Second)
		}
	}
	h.grow(t, 9)
	seen := map[string]bool{}
	for _, l := range h.leaves(t, 0, 9) {
		for _, salt := range [][]byte{l.Salts.Record, l.Salts.Detail} {
			if len(salt) != 16 || seen[string(salt)] {
				t.Errorf("salt %x", salt)
			}
			seen[string(salt)] = true
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d salts", len(seen))
	}
}

// Details are read back as they were written, whatever stands in them.
func TestDetailsAreReadBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	odd := []string{"", "a", `"`, `\`, `": "`, `", "`, `{`, `}`, "é\u2028🙂", "\n", "<&>"}
	var records []audit.Record
	for i, a := range odd {
		for j, b := range odd {
			records = append(records, audit.Record{ID: id[string](fmt.Sprintf("ODD%dAND%d", i, j)), At: noon.Add(time.Duration(len(records)) * time.Microsecond),
				Event: "join", Action: audit.Read, Outcome: audit.Done, Detail: map[string]string{a: b, b + "x": a}})
		}
	}
	records = append(records, audit.Record{ID: id[string]("NONE"), At: noon.Add(time.Second), Event: "join", Action: audit.Read, Outcome: audit.Done, Detail: map[string]string{}})
	h.transact(t, func(tx *store.Tx) error { return tx.Record(t.Context(), records...) })
	h.grow(t, 999)
	for i, l := range h.leaves(t, 0, 999) {
		if l.Missing || !maps.Equal(l.Record.Detail, records[i].Detail) {
			t.Errorf("%q became %q", records[i].Detail, l.Record.Detail)
		}
	}
}

// The database lets the committer put the next leaf, of records that wait, and no other.
func TestOnlyTheNextLeaf(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.lines(t, 0, time.Second)
	first := store.NewLeaf{Record: id[string]("LINE0"), At: noon, Hashes: make([]tlog.Hash, 1)}
	second := store.NewLeaf{Record: id[string]("LINE1000000000"), At: noon.Add(time.Second), Hashes: make([]tlog.Hash, 2)}
	const violated = "23000"
	refused := func(what string, number int64, leaves ...store.NewLeaf) {
		t.Helper()
		err := h.Transact(t.Context(), func(tx *store.Tx) error { return tx.AppendLeaves(t.Context(), number, leaves) })
		if codeOf(err) != violated {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("a gap", 1, first)
	refused("the same record twice", 0, first, first)
	refused("a record that is not there", 0, store.NewLeaf{Record: "NONE", At: noon})
	refused("a record at another time", 0, store.NewLeaf{Record: first.Record, At: noon.Add(time.Microsecond)})
	h.transact(t, func(tx *store.Tx) error { return tx.AppendLeaves(t.Context(), 0, []store.NewLeaf{first}) })
	refused("a number again", 0, second)
	refused("a record again", 1, first)
	h.transact(t, func(tx *store.Tx) error { return tx.AppendLeaves(t.Context(), 1, []store.NewLeaf{second}) })
}

// One transaction at a time goes on with the tree; the other is told at once.
func TestOneGoesOnWithTheTree(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	hold := func(tx *store.Tx) bool {
		held, err := tx.HoldTree(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
	h.transact(t, func(tx *store.Tx) error {
		if !hold(tx) {
			t.Error("nobody holds it, and it was refused")
		}
		h.transact(t, func(other *store.Tx) error {
			if hold(other) {
				t.Error("two hold it")
			}
			return nil
		})
		return nil
	})
}

// What is no longer a record as it was written is not read as something else.
func TestUnreadableRecords(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]string{
		"gone":              `DELETE FROM record`,
		"of another id":     `UPDATE record SET id = 'OTHER'`,
		"two spaces":        `UPDATE record SET checks = 'session  seat'`,
		"a space more":      `UPDATE record SET behalf = behalf || ' '`,
		"detail of a list":  `UPDATE record SET detail = '[]'`,
		"detail of nothing": `UPDATE record SET detail = 'null'`,
		"a code of nothing": `UPDATE record SET detail = '{"reason": null}'`,
		"a code of a code":  `UPDATE record SET detail = '{"reason": {}}'`,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.lines(t, 0)
			h.grow(t, 1)
			must(t, h.super, change)
			if got := h.leaves(t, 0, 1); len(got) != 1 || !got[0].Missing || !got[0].Record.At.Equal(noon) || got[0].Record.User != "" {
				t.Errorf("%+v", got)
			}
		})
	}
	h := newHouse(t)
	h.lines(t, 0)
	h.grow(t, 1)
	must(t, h.super, `UPDATE record SET detail = NULL, detail_salt = NULL, question = ''`) // erased
	must(t, h.super, `UPDATE record SET at = 'infinity'`)
	must(t, h.super, `UPDATE leaf SET at = 'infinity', hashes = 'x'`)
	if got := h.leaves(t, 0, 1); got[0].Missing || got[0].Salts.Detail != nil || got[0].Record.Detail != nil || got[0].Hashes != nil || got[0].Record.At.Year() != 1970 {
		t.Errorf("%+v", got)
	}
}
