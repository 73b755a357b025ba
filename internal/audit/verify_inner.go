package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// VerifyInner checks a stretch of a log, from a tree of the leaves before it up to another
// size, against a checkpoint that was signed of more: every record against its leaf, every
// hash that stands beside one, and that the tree which they make on what is kept of the
// leaves before is the beginning of the one that was signed. Whoever changes a record has
// to change its leaf with it, and every hash over that up to the root: what was changed
// no further shows here, and a root that was changed is not the one that was signed. It
// takes it, as VerifyStretch does, that lines were dropped as is said.
func VerifyInner(before *Tree, stretch Log, until int64, signed Checkpoint, kept tlog.HashReader) (Verdict, error) {
	from := before.Size()
	v := &verifier{tree: *before}
	if wrong := v.dropped.begin(stretch); wrong != nil {
		return *wrong, nil
	}
	if from < until {
		for leaf, err := range stretch.Leaves {
			if err != nil {
				return Verdict{}, err
			}
			if wrong := v.leaf(leaf); wrong != nil {
				return *wrong, nil
			}
			if v.tree.Size() == until {
				break
			}
		}
	}
	if size := v.tree.Size(); size < until {
		return BadLeaf(size, fmt.Sprintf("the leaf is not there, and a checkpoint was signed of %d leaves", signed.Size)), nil
	}
	proof, err := tlog.ProveTree(signed.Size, until, kept)
	if err != nil {
		return Verdict{}, err
	}
	if tlog.CheckTree(proof, signed.Size, signed.Root, until, v.tree.Root()) != nil {
		return BadBetween(from, until, "the leaves are not those that were signed"), nil
	}
	return Verdict{Status: Sound, Why: fmt.Sprintf("the leaves from number %d on, up to %d", from, until)}, nil
}
