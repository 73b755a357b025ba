package audit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint says what a tree was at one size, as it is signed and told to others
// (C2SP tlog-checkpoint). Each names the one before it, so that none can be taken out
// unnoticed.
type Checkpoint struct {
	Origin   string // of the log: the name of the keys that sign it
	Size     int64
	Root     tlog.Hash
	Previous int64 // the size at the checkpoint before it; zero for the first
	// When it was signed, to the second: what came into the tree after it is no older.
	// Zero: not said, as checkpoints did not before lines of the log were dropped.
	At time.Time
}

// Text is what is signed.
func (c Checkpoint) Text() string {
	text := fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
	if c.Previous > 0 {
		text += fmt.Sprintf("previous %d\n", c.Previous)
	}
	if !c.At.IsZero() {
		text += signedAt + c.At.UTC().Format(time.RFC3339) + "\n"
	}
	return text
}

// signedAt begins the line of a checkpoint that says when it was signed.
const signedAt = "time "

// sizeMost is more than any log has: proofs of larger trees would never end.
const sizeMost = 1 << 48

// ReadCheckpoint reads a text that Text made, and nothing else.
func ReadCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || len(lines) > 6 {
		return c, errNoCheckpoint
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return c, errNoCheckpoint
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return c, errNoCheckpoint
	}
	for _, line := range lines[3:] {
		if before, ok := strings.CutPrefix(line, "previous "); ok {
			c.Previous, err = strconv.ParseInt(before, 10, 64)
		} else if at, ok := strings.CutPrefix(line, signedAt); ok {
			c.At, err = time.Parse(time.RFC3339, at)
		}
		if err != nil {
			return c, errNoCheckpoint
		}
	}
	if c.Text() != text || c.Origin == "" || c.Previous < 0 || c.Size < c.Previous || c.Size == c.Previous && c.Size > 0 || c.Size > sizeMost {
		return c, errNoCheckpoint
	}
	return c, nil
}

var errNoCheckpoint = errors.New("this is no checkpoint as Casustafel writes it")

// Opened is a checkpoint whose signatures were checked.
type Opened struct {
	Checkpoint
	Signers []uint32 // the hashes of the trusted keys that signed it
}

// OpenCheckpoint reads a signed checkpoint. At least one of the trusted keys has to
// have signed it, and no signature in the name of one of them may be wrong.
func OpenCheckpoint(signed string, trusted note.Verifiers) (o Opened, err error) {
	n, err := note.Open([]byte(signed), trusted)
	if err != nil {
		return o, fmt.Errorf("open a checkpoint: %w", err)
	}
	if o.Checkpoint, err = ReadCheckpoint(n.Text); err != nil {
		return o, err
	}
	for _, s := range n.Sigs {
		if s.Name != o.Origin {
			return o, errors.New("open a checkpoint: it is signed in the name of another log")
		}
		o.Signers = append(o.Signers, s.Hash)
	}
	return o, nil
}

// handedOver tells who signs after a checkpoint, when those before it was signed by
// were the signers; false when whoever signed this had not been handed the log. A
// checkpoint that an old and a new key sign hands over to the new one: the old one
// signs no more.
func handedOver(signers, next []uint32) ([]uint32, bool) {
	if len(signers) == 0 {
		return next, true
	}
	var fresh []uint32
	known := false
	for _, s := range next {
		if slices.Contains(signers, s) {
			known = true
		} else {
			fresh = append(fresh, s)
		}
	}
	if !known || len(fresh) == 0 {
		return next, known
	}
	return fresh, true
}
