package audit

import (
	"cmp"
	"fmt"
	"slices"
)

// VerifyStretch checks the newest stretch of a log: every record of it against its leaf,
// and the tree that they make, on what is kept of the leaves before them, against
// checkpoints that were signed of it. It reads as far as the largest of these, and takes
// it that as many lines were dropped after their period as are said to have been.
func VerifyStretch(before *Tree, stretch Log, signed ...Checkpoint) (Verdict, error) {
	v := &verifier{tree: *before, signed: before.Size()}
	if wrong := v.dropped.begin(stretch); wrong != nil {
		return *wrong, nil
	}
	slices.SortFunc(signed, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	signed = slices.DeleteFunc(signed, func(c Checkpoint) bool { return c.Size < v.signed })
	reached := func() *Verdict {
		for len(signed) > 0 && signed[0].Size == v.tree.Size() {
			if !v.is(signed[0].Root) {
				return bad(BadBetween(v.signed, signed[0].Size, "the leaves are not those that were signed"))
			}
			signed = signed[1:]
			v.checkpoints++
		}
		return nil
	}
	if wrong := reached(); wrong != nil || len(signed) == 0 {
		return found(wrong), nil
	}
	for leaf, err := range stretch.Leaves {
		if err != nil {
			return Verdict{}, err
		}
		wrong := v.leaf(leaf)
		if wrong == nil {
			wrong = reached()
		}
		if wrong != nil {
			return *wrong, nil
		}
		if len(signed) == 0 {
			return Verdict{Status: Sound, Why: fmt.Sprintf("the leaves from number %d on, up to %d", v.signed, v.tree.Size())}, nil
		}
	}
	return BadLeaf(v.tree.Size(), fmt.Sprintf("the leaf is not there, and a checkpoint was signed of %d leaves", signed[len(signed)-1].Size)), nil
}
