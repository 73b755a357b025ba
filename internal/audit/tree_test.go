package audit_test

import (
	"errors"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/casustafel/casustafel/internal/audit"
)

// grown is a tree of some leaves, with what stands beside each.
func grown(leaves []tlog.Hash) (*audit.Tree, audit.StoredHashes) {
	tree, beside := &audit.Tree{}, map[int64][]tlog.Hash{}
	for _, leaf := range leaves {
		beside[tree.Size()] = tree.Append(leaf)
	}
	return tree, func(numbers []int64) (map[int64][]tlog.Hash, error) { return beside, nil }
}

func someLeaves(t *rapid.T) []tlog.Hash {
	leaves := make([]tlog.Hash, rapid.IntRange(1, 200).Draw(t, "leaves"))
	for i := range leaves {
		leaves[i] = tlog.RecordHash([]byte{byte(i), byte(i >> 8)})
	}
	return leaves
}

// The tree is the one of RFC 6962: tlog, which does it in another way, stores the same
// hashes, and has the same root and proofs.
func TestTreeIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := someLeaves(t)
		var stored []tlog.Hash // in the order of tlog
		theirs := tlog.HashReaderFunc(func(indexes []int64) (hashes []tlog.Hash, _ error) {
			for _, i := range indexes {
				hashes = append(hashes, stored[i])
			}
			return hashes, nil
		})
		tree := &audit.Tree{}
		for n, leaf := range leaves {
			want, err := tlog.StoredHashesForRecordHash(int64(n), leaf, theirs)
			if err != nil {
				t.Fatal(err)
			}
			if audit.Stored(int64(n)) != len(want) {
				t.Fatalf("%d hashes stand beside leaf %d, not %d", len(want), n, audit.Stored(int64(n)))
			}
			stored = append(stored, want...)
			if got := tree.Append(leaf); !slices.Equal(got, want) {
				t.Fatalf("leaf %d: %v is stored, not %v", n, got, want)
			}
		}
		_, ours := grown(leaves)
		root, err := tlog.TreeHash(tree.Size(), ours)
		if err != nil || root != tree.Root() {
			t.Fatalf("root %v, not %v: %v", tree.Root(), root, err)
		}
		n := rapid.Int64Range(0, tree.Size()-1).Draw(t, "number")
		proof, err := tlog.ProveRecord(tree.Size(), n, ours)
		if err != nil || tlog.CheckRecord(proof, tree.Size(), root, n, leaves[n]) != nil {
			t.Fatalf("no proof of leaf %d: %v", n, err)
		}
		older, _ := grown(leaves[:n+1])
		grew, err := tlog.ProveTree(tree.Size(), n+1, ours)
		if err != nil || tlog.CheckTree(grew, tree.Size(), root, n+1, older.Root()) != nil {
			t.Fatalf("no proof that the tree of %d leaves grew from that of %d: %v", tree.Size(), n+1, err)
		}
	})
}

// A tree that is read at its edge goes on as if it had never been put down.
func TestTreeGoesOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := someLeaves(t)
		half := rapid.IntRange(0, len(leaves)).Draw(t, "half")
		first, beside := grown(leaves[:half])
		tree, err := audit.OpenTree(first.Size(), beside)
		if err != nil || tree.Root() != first.Root() {
			t.Fatalf("opened with root %v: %v", tree.Root(), err)
		}
		whole, all := grown(leaves)
		stored, _ := all(nil)
		for _, leaf := range leaves[half:] {
			if n := tree.Size(); !slices.Equal(tree.Append(leaf), stored[n]) {
				t.Fatalf("leaf %d is stored in another way", n)
			}
		}
		if tree.Root() != whole.Root() || tree.Size() != whole.Size() {
			t.Fatal("it grew into another tree")
		}
	})
}

// Any bit of any leaf is in the root.
func TestEveryBitOfALeafIsInTheRoot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := someLeaves(t)
		before, _ := grown(leaves)
		bit := rapid.IntRange(0, len(leaves)*8*tlog.HashSize-1).Draw(t, "bit")
		leaves[bit/8/tlog.HashSize][bit/8%tlog.HashSize] ^= 1 << (bit % 8)
		if after, _ := grown(leaves); after.Root() == before.Root() {
			t.Fatal("the root is the same")
		}
	})
}

// A hash that is not there is told of by its leaf, and is never taken for another.
func TestTreeWithAHole(t *testing.T) {
	t.Parallel()
	_, beside := grown(make([]tlog.Hash, 7))
	stored, _ := beside(nil)
	delete(stored, 3)
	stored[5] = stored[5][:1]
	for size, number := range map[int64]int64{7: 3, 6: 3} {
		var lost *audit.LostHash
		if _, err := audit.OpenTree(size, beside); !errors.As(err, &lost) || lost.Number != number {
			t.Errorf("a tree of %d leaves with a hole at %d: %v", size, number, err)
		}
	}
	delete(stored, 6)
	stored[3] = make([]tlog.Hash, 3)
	var lost *audit.LostHash
	if _, err := audit.OpenTree(7, beside); !errors.As(err, &lost) || lost.Number != 5 {
		t.Errorf("a hash beside leaf 5 is gone: %v", err)
	}
}
