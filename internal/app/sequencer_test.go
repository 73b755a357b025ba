package app_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// sequence lets nodes give leaves until stop.
func (c conference) sequence(t *testing.T, nodes ...*app.App) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, node := range nodes {
		all.Go(func() { node.Sequence(ctx) })
	}
	stop = sync.OnceFunc(func() { cancel(); all.Wait() })
	t.Cleanup(stop)
	return stop
}

// grown waits until every record has its leaf.
func (c conference) grown(t *testing.T) {
	t.Helper()
	patience.Eventually(t, "no record waits for its leaf", func() bool { return !one[bool](t, c.door, `SELECT EXISTS (SELECT FROM record_waiting)`) })
}

// sound checks that each record has one leaf, its own, and that the tree is one.
func (c conference) sound(t *testing.T) (leaves int) {
	t.Helper()
	tree := &audit.Tree{}
	all, err := store.Leaves(t.Context(), c.store.Reader(), 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range all {
		parts := l.Record.Leaf(l.Salts, tlog.Hash{})
		if l.Number != int64(i) || l.Missing || l.DetailHash != parts[len(parts)-1] || !slices.Equal(tree.Append(audit.LeafHash(parts)), l.Hashes) {
			t.Fatalf("leaf %d is not that of its record: %+v", i, l)
		}
	}
	if records := one[int](t, c.door, `SELECT count(*) FROM record`); records != len(all) {
		t.Errorf("%d records have %d leaves", records, len(all))
	}
	return len(all)
}

// Every record gets its leaf: those that were there before, those that come, in the
// same transactions or in others, and what comes last before the node stops.
func TestEveryRecordGetsItsLeaf(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	stop := c.sequence(t, c.App)
	c.grown(t)
	before := c.sound(t)
	c.clock.turn(time.Hour)
	c.card(t, "iris", "Wat wil Fenna?", nil)
	c.grown(t)
	if after := c.sound(t); after <= before {
		t.Errorf("%d leaves became %d", before, after)
	}
	c.clock.turn(-time.Minute)
	c.card(t, "iris", "Hoe?", nil)
	stop()
	c.grown(t)
	c.sound(t)
}

// Several nodes share one tree: none of them loses a record, or gives it twice.
func TestTwoSequencersAtOnce(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	other := c.node(t, "other", storetest.Open(t, c.config))
	c.sequence(t, c.App, other)
	for range 20 {
		c.card(t, "iris", "Wat wil Fenna?", nil)
		if answer := other.Do(t.Context(), c.actor("daan"), c.id, fresh(), "draft_card", body(t, with{"column": c.column(t), "title": "Wie?", "class": "shared", "kind": "question"})); answer.Refusal != nil {
			t.Fatal(answer.Refusal)
		}
	}
	c.grown(t)
	c.sound(t)
}

// A node that is killed in the middle leaves nothing half: what it held goes with its
// connection, and the next one goes on.
func TestSequencerKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	tx, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()                                                         //nolint:errcheck // it may have ended
	if _, err := tx.Exec(`SELECT pg_advisory_xact_lock(7513, 2)`); err != nil { // append_leaves waits for this
		t.Fatal(err)
	}
	c.sequence(t, c.App)
	c.blocked(t, 1)
	c.exec(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	c.grown(t)
	c.sound(t)
}
