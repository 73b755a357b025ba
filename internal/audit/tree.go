package audit

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Tree is a Merkle tree of leaves (RFC 6962) as far as is needed to go on with it: its
// size, and the roots of the full subtrees that it is made of, largest first.
type Tree struct {
	size int64
	edge []tlog.Hash
}

// OpenTree reads a tree of some leaves at its right edge.
func OpenTree(size int64, r tlog.HashReader) (*Tree, error) {
	var indexes []int64
	for level := 62; level >= 0; level-- {
		if size>>level&1 == 1 {
			indexes = append(indexes, tlog.StoredHashIndex(level, size>>level-1))
		}
	}
	edge, err := r.ReadHashes(indexes)
	if err != nil {
		return nil, fmt.Errorf("read the edge of a tree of %d leaves: %w", size, err)
	}
	return &Tree{size, edge}, nil
}

// Size is how many leaves there are, and the number of the next.
func (t *Tree) Size() int64 { return t.size }

// Append puts a leaf at the end. What is stored beside it is its own hash and those of
// the subtrees that it completes, lowest first.
func (t *Tree) Append(leaf tlog.Hash) (stored []tlog.Hash) {
	stored = make([]tlog.Hash, 1, Stored(t.size))
	stored[0] = leaf
	for range cap(stored) - 1 {
		last := len(t.edge) - 1
		leaf = tlog.NodeHash(t.edge[last], leaf)
		t.edge = t.edge[:last]
		stored = append(stored, leaf)
	}
	t.edge = append(t.edge, leaf)
	t.size++
	return stored
}

// Root is the hash over all leaves.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		root, _ := tlog.TreeHash(0, nil) // of nothing, it reads nothing
		return root
	}
	last := len(t.edge) - 1
	root := t.edge[last]
	for i := last - 1; i >= 0; i-- {
		root = tlog.NodeHash(t.edge[i], root)
	}
	return root
}

// Leaf is a leaf of the tree with its record, as they are kept.
type Leaf struct {
	Number     int64
	Form       int
	Record     Record
	Salts      Salts
	DetailHash tlog.Hash   // stands in for the detail when that is erased
	Hashes     []tlog.Hash // its own and those of the subtrees that it completes; nil: what is kept is no hashes
	Missing    bool        // there is no such record, or none that can be read: only its ID and At are given
}

// Stored is how many hashes stand beside the leaf with a number.
func Stored(number int64) int { return 1 + bits.TrailingZeros64(^uint64(number)) }

// StoredHashes gives what stands beside leaves, by their numbers. As a
// tlog.HashReader it serves every proof of that package.
type StoredHashes func(numbers []int64) (map[int64][]tlog.Hash, error)

// ReadHashes implements tlog.HashReader.
func (read StoredHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	if len(indexes) == 0 {
		return nil, nil
	}
	numbers, levels := make([]int64, len(indexes)), make([]int, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		numbers[i], levels[i] = (n+1)<<level-1, level // the leaf that completes that subtree
	}
	beside, err := read(numbers)
	if err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, number := range numbers {
		stored := beside[number]
		if levels[i] >= len(stored) {
			return nil, &LostHash{number}
		}
		hashes[i] = stored[levels[i]]
	}
	return hashes, nil
}

// LostHash means that something that must stand beside a leaf does not.
type LostHash struct{ Number int64 }

// Error implements error.
func (e *LostHash) Error() string {
	return fmt.Sprintf("the tree has a hole: leaf %d, or a hash beside it, is not there", e.Number)
}
