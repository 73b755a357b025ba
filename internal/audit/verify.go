package audit

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Log is a whole log as it is kept, to be verified. What it reads is of one moment.
type Log struct {
	Now         time.Time
	Leaves      iter.Seq2[Leaf, error]           // in their order
	Checkpoints iter.Seq2[KeptCheckpoint, error] // smallest first
	Outside     string                           // the newest checkpoint outside the database; empty: none is known
	Loose       Loose
	Dropped     []Dropped // what is said to have gone after its period, by first number: it is proven from the leaves
}

// KeptCheckpoint is a signed checkpoint as it is kept, and what witnesses put under it.
type KeptCheckpoint struct {
	Size     int64  `db:"size"`
	Note     string `db:"note"`
	Cosigned string `db:"cosigned"` // lines of the signed note
}

// Loose is what stands in the log but not in the tree.
type Loose struct {
	Unknown int64      // records that have no leaf and do not wait for one
	Gone    int64      // of what waits for a leaf, records that are not there
	Twice   *int64     // the number of a leaf of a record that has another; nil: none
	Oldest  *time.Time // record that waits; nil: none

	Miscounted *time.Time // a day of which overviews count other lines than there are; nil: none
}

// patience is how long a record may be without a leaf, and a leaf without a checkpoint,
// before somebody has to ask why.
const patience = time.Minute

// Verify checks a whole log: every record against its leaf, the tree they make, the
// checkpoints that were signed of it, and that each of the witnesses keeps up with it. It
// reads each leaf once and keeps none.
func Verify(log Log, trusted note.Verifiers, witnesses ...*CosignVerifier) (Verdict, error) {
	v := &verifier{trusted: trusted}
	for _, w := range witnesses {
		v.witnesses = append(v.witnesses, &witnessed{by: w})
	}
	next, stop := iter.Pull2(log.Checkpoints)
	defer stop()
	v.next = next
	if bad := v.dropped.begin(log); bad != nil {
		return *bad, nil
	}
	if bad, err := v.begin(log.Outside); bad != nil || err != nil {
		return found(bad), err
	}
	for leaf, err := range log.Leaves {
		if err != nil {
			return Verdict{}, err
		}
		if bad := v.leaf(leaf); bad != nil {
			return *bad, nil
		}
		if bad, err := v.reached(); bad != nil || err != nil {
			return found(bad), err
		}
	}
	return v.end(log), nil
}

func found(bad *Verdict) Verdict {
	if bad == nil {
		return Verdict{}
	}
	return *bad
}

// verifier is how far a log was verified.
type verifier struct {
	trusted     note.Verifiers
	tree        Tree
	next        func() (KeptCheckpoint, error, bool)
	coming      *Opened      // the next checkpoint
	cosigned    []*witnessed // those who cosigned that one
	outside     *Opened
	signed      int64    // the size at the last checkpoint that was found right
	signers     []uint32 // who signs after it
	checkpoints int
	erased      int64
	last        time.Time // when the last leaf's record was made
	witnesses   []*witnessed
	dropped     droppings
}

func (v *verifier) begin(outside string) (*Verdict, error) {
	if outside != "" {
		opened, err := OpenCheckpoint(outside, v.trusted)
		if err != nil {
			return bad(BadBetween(0, 0, "the newest checkpoint outside the database is not signed by a key that is trusted")), nil
		}
		v.outside = &opened
	}
	return v.advance()
}

func bad(v Verdict) *Verdict { return &v }

// advance reads the next checkpoint.
func (v *verifier) advance() (*Verdict, error) {
	v.coming, v.cosigned = nil, nil
	kept, err, more := v.next()
	if err != nil || !more {
		return nil, err
	}
	opened, err := OpenCheckpoint(kept.Note, v.trusted)
	if err != nil {
		return bad(BadBetween(v.signed, kept.Size, "a checkpoint is not signed by a key that is trusted")), nil
	}
	var handed bool
	switch v.signers, handed = handedOver(v.signers, opened.Signers); {
	case opened.Size != kept.Size:
		return bad(BadBetween(v.signed, kept.Size, fmt.Sprintf("the checkpoint was signed of %d leaves", opened.Size))), nil
	case !handed:
		return bad(BadBetween(v.signed, kept.Size, "a checkpoint is signed by a key that the log was not handed over to")), nil
	case opened.Previous != v.signed:
		return bad(BadBetween(v.signed, kept.Size, fmt.Sprintf("the checkpoint before it, of %d leaves, is not there", opened.Previous))), nil
	}
	for _, w := range v.witnesses {
		switch yes, why := w.cosigned(kept); {
		case why != "":
			return bad(BadBetween(v.signed, kept.Size, why)), nil
		case yes:
			v.cosigned = append(v.cosigned, w)
		}
	}
	v.coming = &opened
	return nil, nil
}

// leaf checks a record against its leaf, and goes on with the tree.
func (v *verifier) leaf(l Leaf) *Verdict {
	number := v.tree.Size()
	gone := l.Salts.Detail == nil
	switch {
	case l.Number != number:
		return bad(BadLeaf(number, "the leaf is not there"))
	case l.Form != Form:
		return bad(BadLeaf(number, fmt.Sprintf("the leaf is of form %d, which this program does not know", l.Form)))
	case l.Missing && !v.dropped.missing(number):
		return bad(BadLeaf(number, missingRecord))
	case l.Missing:
		return v.grow(l, goOn(l))
	case gone && (l.Record.Detail != nil || l.Record.Question != ""):
		return bad(BadLeaf(number, "its detail was erased, and stands there again"))
	}
	parts := l.Record.Leaf(l.Salts, l.DetailHash)
	hash := LeafHash(parts)
	switch {
	case len(l.Hashes) == 0 || hash != l.Hashes[0]:
		return bad(BadLeaf(number, "its record is not the one that was written"))
	case parts[len(parts)-1] != l.DetailHash:
		return bad(BadLeaf(number, "what stands in for its detail is not the hash of it"))
	}
	if gone {
		v.erased++
	}
	if bad := v.dropped.leaf(l); bad != nil {
		return bad
	}
	return v.grow(l, hash)
}

// grow goes on with the tree.
func (v *verifier) grow(l Leaf, hash tlog.Hash) *Verdict {
	if number := v.tree.Size(); !slices.Equal(v.tree.Append(hash), l.Hashes) {
		return bad(BadLeaf(number, "a hash that stands beside it is not that of the leaves before it"))
	}
	v.last = l.Record.At
	for _, w := range v.witnesses {
		w.leaf(v.last)
	}
	return nil
}

// reached checks the tree where a checkpoint was signed of it.
func (v *verifier) reached() (*Verdict, error) {
	size := v.tree.Size()
	if v.outside != nil && v.outside.Size == size && !v.is(v.outside.Root) {
		return bad(BadBetween(v.signed, size, "the leaves are not those that were signed, as the checkpoint outside the database tells")), nil
	}
	if v.coming == nil || v.coming.Size != size {
		return nil, nil
	}
	if !v.is(v.coming.Root) {
		return bad(BadBetween(v.signed, size, "the leaves are not those that were signed")), nil
	}
	v.signed = size
	v.checkpoints++
	if bad := v.dropped.checkpoint(v.coming.Checkpoint); bad != nil {
		return bad, nil
	}
	for _, w := range v.cosigned {
		w.saw(size)
	}
	return v.advance()
}

func (v *verifier) is(root tlog.Hash) bool { return v.tree.Root() == root }

// end judges what is left when every leaf was read.
func (v *verifier) end(log Log) Verdict {
	size := v.tree.Size()
	dropped, wrong := v.dropped.end()
	old := func(at *time.Time) bool { return at != nil && log.Now.Sub(*at) > patience }
	switch {
	case v.coming != nil:
		return BadLeaf(size, fmt.Sprintf("the leaf is not there, and a checkpoint was signed of %d leaves", v.coming.Size))
	case v.outside != nil && v.outside.Size > size:
		return BadLeaf(size, fmt.Sprintf("the leaf is not there, and the checkpoint outside the database was signed of %d leaves: an older backup was restored, or the end was cut off", v.outside.Size))
	case v.outside != nil && v.outside.Size > v.signed:
		return BadBetween(v.signed, v.outside.Size, "the newest checkpoints are not in the database")
	case wrong != nil:
		return *wrong
	case log.Loose.Twice != nil:
		return BadLeaf(*log.Loose.Twice, "its record has another leaf as well")
	case log.Loose.Unknown > 0:
		return BadBetween(size, size, fmt.Sprintf("%d records have no leaf, and do not wait for one", log.Loose.Unknown))
	case log.Loose.Gone > 0:
		return BadBetween(size, size, fmt.Sprintf("%d records wait for a leaf, and are not there", log.Loose.Gone))
	case log.Loose.Miscounted != nil:
		return BadBetween(size, size, "what overviews count of "+log.Loose.Miscounted.Format(time.DateOnly)+" is not what stands on the log")
	case v.dropped.ahead() != "":
		return Verdict{Status: Incomplete, Why: v.dropped.ahead()}
	case old(log.Loose.Oldest):
		return Verdict{Status: Incomplete, Why: "records wait for their leaves since " + log.Loose.Oldest.UTC().Format(time.RFC3339)}
	case size > v.signed && old(&v.last):
		return Verdict{Status: Incomplete, Why: fmt.Sprintf("the leaves from number %d on are not signed yet", v.signed)}
	}
	sound := fmt.Sprintf("%d records, each with its leaf, %d signed checkpoints, the last of %d leaves; of %d the detail was erased", size, v.checkpoints, v.signed, v.erased)
	if dropped > 0 {
		sound = fmt.Sprintf("%d leaves, each with its record but for %d that were dropped after their period, %d signed checkpoints, the last of %d leaves; of %d the detail was erased", size, dropped, v.checkpoints, v.signed, v.erased)
	}
	for _, w := range v.witnesses {
		if late := w.late(log.Now); late != "" {
			return Verdict{Status: Incomplete, Why: late}
		}
		sound += fmt.Sprintf("; witness %q saw %d leaves", w.by.Name(), w.size)
	}
	return Verdict{Status: Sound, Why: sound}
}
