package audit_test

import (
	"iter"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
)

// kept are the hashes that stand beside leaves.
func kept(leaves []audit.Leaf) audit.StoredHashes {
	return func(numbers []int64) (map[int64][]tlog.Hash, error) {
		beside := map[int64][]tlog.Hash{}
		for _, n := range numbers {
			beside[n] = leaves[n].Hashes
		}
		return beside, nil
	}
}

// inner verifies leaves in stretches of some length, and gives what is said of those
// that are not right.
func inner(t *testing.T, leaves []audit.Leaf, signed audit.Checkpoint, length int64) (found []audit.Verdict) {
	t.Helper()
	for from := int64(0); from < signed.Size; from += length {
		before, err := audit.OpenTree(from, kept(leaves))
		if err != nil {
			t.Fatal(err)
		}
		var stretch iter.Seq2[audit.Leaf, error] = func(yield func(audit.Leaf, error) bool) {
			for _, l := range leaves[from:] {
				if !yield(l, nil) {
					return
				}
			}
		}
		v, err := audit.VerifyInner(before, audit.Log{Leaves: stretch, Now: began}, min(from+length, signed.Size), signed, kept(leaves))
		if err != nil {
			t.Fatal(err)
		}
		if v.Status != audit.Sound {
			found = append(found, v)
		}
	}
	return found
}

// Somebody changes a record and with it as many of the hashes over it as they like: one of
// the stretches shows it, whatever their length, and every stretch of a sound log is sound.
func TestInnerStretches(t *testing.T) {
	t.Parallel()
	const size = 29 // of 37: the signed tree is not whole
	log := newLog(t, 37)
	for n, l := range log.leaves {
		parts := l.Record.Leaf(l.Salts, tlog.Hash{})
		log.leaves[n].DetailHash = parts[len(parts)-1]
	}
	signed := audit.Checkpoint{Size: size, Root: log.seen(t, size).Root}
	for length := int64(1); length <= size+1; length++ {
		if found := inner(t, log.leaves, signed, length); len(found) > 0 {
			t.Fatalf("stretches of %d in a sound log: %v", length, found)
		}
	}
	for _, number := range []int{0, 4, 15, 16, 27, 28} {
		for changed := 0; changed <= 6; changed++ { // how many of the hashes over it are changed with it: none is its leaf neither
			leaves := slices.Clone(log.leaves)
			leaves[number].Record.User = "SOMEBODYELSE2222"
			tree := &audit.Tree{}
			for n := range leaves {
				beside := tree.Append(audit.LeafHash(leaves[n].Record.Leaf(leaves[n].Salts, leaves[n].DetailHash)))
				leaves[n].Hashes = slices.Clone(leaves[n].Hashes)
				for level := range beside {
					if level < changed {
						leaves[n].Hashes[level] = beside[level]
					}
				}
			}
			for _, length := range []int64{1, 4, 7, 8, size} {
				found := inner(t, leaves, signed, length)
				if len(found) == 0 || found[0].Status != audit.Tampered {
					t.Errorf("record %d with %d hashes over it, in stretches of %d: not found", number, changed, length)
				}
				if changed == 0 && (found[0].Number == nil || *found[0].Number != int64(number)) {
					t.Errorf("record %d alone: %s", number, found[0])
				}
			}
		}
	}
	gone := slices.Clone(log.leaves[:20])
	before, err := audit.OpenTree(16, kept(gone))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := audit.VerifyInner(before, audit.Log{Leaves: func(yield func(audit.Leaf, error) bool) {
		for _, l := range gone[16:] {
			if !yield(l, nil) {
				return
			}
		}
	}}, 24, signed, log); err != nil || v.Number == nil || *v.Number != 20 {
		t.Errorf("leaves that are not there: %s, %v", v, err)
	}
}
