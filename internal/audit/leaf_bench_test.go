package audit_test

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
)

// BenchmarkLeaf is what the leaf of one record costs the sequencer, and whoever verifies.
func BenchmarkLeaf(b *testing.B) {
	record := whole()
	b.ReportAllocs()
	for b.Loop() {
		audit.LeafHash(record.Leaf(salts, tlog.Hash{}))
	}
}
