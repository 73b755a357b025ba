package audit

import (
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// ProveRecords proves of several leaves that they are in the tree of some size, and
// reads what that takes at once.
func ProveRecords(size int64, numbers []int64, r tlog.HashReader) ([]tlog.RecordProof, error) {
	var need []int64
	gather := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		need = append(need, indexes...)
		return make([]tlog.Hash, len(indexes)), nil // what comes of it is no proof, and nobody looks at it
	})
	for _, n := range numbers {
		if _, err := tlog.ProveRecord(size, n, gather); err != nil {
			return nil, err
		}
	}
	slices.Sort(need)
	need = slices.Compact(need)
	hashes, err := r.ReadHashes(need)
	if err != nil {
		return nil, err
	}
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			at, _ := slices.BinarySearch(need, index)
			found[i] = hashes[at]
		}
		return found, nil
	})
	proofs := make([]tlog.RecordProof, len(numbers))
	for i, n := range numbers {
		if proofs[i], err = tlog.ProveRecord(size, n, read); err != nil {
			return nil, err
		}
	}
	return proofs, nil
}
