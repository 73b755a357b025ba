package store_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

const (
	linesAtOnce   = 250 // what a committer writes in one transaction when much is done at once
	batchesAtOnce = 5   // of leaves, between two looks at the clocks
)

// BenchmarkLeaves is what a line of a long access log costs, of processor time: to write it
// as commands are, and to give it its leaf as the sequencer does, two thousand at once.
func BenchmarkLeaves(b *testing.B) {
	h := newHouse(b)
	reader, own := fullLog(b, h)
	must(b, h.super, `INSERT INTO leaf (number, record, at, form, detail_hash, hashes)
		SELECT n - 1, id, at, 1, sha256(''), decode(repeat(encode(sha256(id::bytea), 'hex'), (SELECT count(*)::int FROM generate_series(0, 30) level WHERE n % (1 << level) = 0)), 'hex')
		FROM (SELECT row_number() OVER (ORDER BY at, id) AS n, id, at FROM record) r`)
	must(b, h.super, `SELECT recount_records(month) FROM (SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date AS month FROM record) m`)
	must(b, h.super, `ALTER TABLE record ENABLE TRIGGER await_leaf`)
	must(b, h.super, `VACUUM ANALYZE leaf, record_count, record_waiting`)
	postmaster, lines := server.Cluster().Pid(), int64(0)
	written, leaved := storetest.Spent{}, storetest.Spent{}
	for b.Loop() {
		before := storetest.SpentBy(b, postmaster)
		for range batchesAtOnce * leavesAtOnce / linesAtOnce {
			at := noon.Add(time.Duration(lines) * time.Millisecond)
			records := make([]audit.Record, linesAtOnce)
			for i := range records {
				lines++
				records[i] = audit.Record{ID: casework.NewID[string](rand.Reader), At: at, Event: "command", Action: audit.Update, Outcome: audit.Done,
					Checks: []audit.Check{audit.BySession}, User: reader, Role: casework.Chair, Organisation: own, AccessPoint: "node-a/live", Source: "casustafel 1.0",
					Case: casework.CaseID(fmt.Sprintf("C%015d", lines%40)), ObjectKind: "column", Object: casework.NewID[string](rand.Reader), Policy: "0123456789abcdef",
					Relation: audit.AtTable, Ground: "opening", Request: casework.NewID[string](rand.Reader), Detail: map[string]string{"command": "rename_column"}}
			}
			h.transact(b, func(tx *store.Tx) error { return tx.Record(b.Context(), records...) })
		}
		between := storetest.SpentBy(b, postmaster)
		for range batchesAtOnce {
			h.grow(b, leavesAtOnce)
		}
		written, leaved = written.And(between.Since(before)), leaved.And(storetest.SpentBy(b, postmaster).Since(between))
	}
	if leaves := one[int64](b, h.super, `SELECT count(*) FROM leaf`); leaves != int64(*recordsThere)+lines {
		b.Errorf("%d lines have no leaf", int64(*recordsThere)+lines-leaves)
	}
	written.Report(b, "write", "line", lines)
	leaved.Report(b, "leaf", "line", lines)
}
