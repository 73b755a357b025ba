package store_test

import (
	"iter"
	"runtime"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// leavesAtOnce is what the sequencer takes in one transaction.
const leavesAtOnce = 2000

// BenchmarkVerify gives a long access log its leaves as the sequencer does, signs it every
// hundred of them, and verifies all of it: how many records a second, and how much memory
// at most.
func BenchmarkVerify(b *testing.B) {
	h := newHouse(b)
	fullLog(b, h)
	must(b, h.super, `INSERT INTO record_waiting SELECT id, at FROM record`)
	must(b, h.super, `ANALYZE record_waiting`)
	keys, err := storetest.Signing(b).Keys()
	if err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	tree, last := &audit.Tree{}, store.Checkpoint{}
	for int(tree.Size()) < *recordsThere {
		h.transact(b, func(tx *store.Tx) error {
			first := tree.Size()
			var leaves []store.NewLeaf
			var signed []store.Checkpoint
			for w, err := range tx.WaitingRecords(b.Context(), leavesAtOnce) {
				if err != nil {
					return err
				}
				parts := w.Record.Leaf(w.Salts, tlog.Hash{})
				leaves = append(leaves, store.NewLeaf{Record: w.Record.ID, At: w.Record.At, DetailHash: parts[len(parts)-1], Hashes: tree.Append(audit.LeafHash(parts))})
				if tree.Size()%100 == 0 {
					last = signAt(b, keys, tree, last)
					signed = append(signed, last)
				}
			}
			for _, c := range signed {
				if err := tx.PutCheckpoint(b.Context(), c); err != nil {
					return err
				}
			}
			return tx.AppendLeaves(b.Context(), first, leaves)
		})
	}
	sequenced := float64(*recordsThere) / time.Since(begin).Seconds()
	must(b, h.super, `VACUUM ANALYZE leaf`)
	trusted, err := audit.Verifiers(keys.Verifiers()...)
	if err != nil {
		b.Fatal(err)
	}
	var most uint64
	for b.Loop() {
		err := store.ReadLog(b.Context(), server.Config(h.database, h.keys).Committer, func(log audit.Log) error {
			log.Leaves = weighed(log.Leaves, &most)
			v, err := audit.Verify(log, trusted)
			if err == nil && v.Status != audit.Sound {
				b.Error(v)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(*recordsThere)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(most)/(1<<20), "heap-MiB-at-most")
	b.ReportMetric(sequenced, "leaves-made/s")
}

// signAt signs the tree as it is, after the checkpoint before.
func signAt(b *testing.B, keys audit.Keys, tree *audit.Tree, before store.Checkpoint) store.Checkpoint {
	b.Helper()
	signed, err := keys.Sign(audit.Checkpoint{Origin: keys.Origin(), Size: tree.Size(), Root: tree.Root(), Previous: before.Size}, before.Note)
	if err != nil {
		b.Fatal(err)
	}
	return store.Checkpoint{Size: tree.Size(), At: time.Now(), Note: signed}
}

// weighed looks now and then at how much memory is in use while leaves are read.
func weighed(leaves iter.Seq2[audit.Leaf, error], most *uint64) iter.Seq2[audit.Leaf, error] {
	return func(yield func(audit.Leaf, error) bool) {
		n := 0
		for leaf, err := range leaves {
			if n++; n%1000 == 0 {
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				*most = max(*most, stats.HeapAlloc)
			}
			if !yield(leaf, err) {
				return
			}
		}
	}
}
