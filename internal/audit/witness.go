package audit

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// WitnessAsks is what a witness sends to be shown how the log grew: a signed note, so
// that nobody but witnesses that the log knows learns even its size.
type WitnessAsks struct {
	Origin string
	Size   int64 // that the witness saw last
	At     time.Time
}

const asksHeader = "casustafel/witness-asks/v1"

// text is never that of a checkpoint: its second line is no number.
func (a WitnessAsks) text() string {
	return fmt.Sprintf("%s\n%s\n%d\n%d\n", asksHeader, a.Origin, a.Size, a.At.UnixMilli())
}

// Ask signs what a witness asks for.
func (c *Cosigner) Ask(a WitnessAsks) ([]byte, error) {
	verifier, err := c.asks()
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: a.text()}, asking{verifier, c.private})
}

// ReadAsks reads what was asked, and by which of the witnesses.
func ReadAsks(signed []byte, witnesses []*CosignVerifier) (a WitnessAsks, by *CosignVerifier, err error) {
	for _, w := range witnesses {
		verifier, err := w.asks()
		if err != nil {
			return a, nil, err
		}
		n, err := note.Open(signed, note.VerifierList(verifier))
		if err != nil {
			continue
		}
		lines := strings.Split(n.Text, "\n")
		if len(lines) != 5 || lines[0] != asksHeader {
			return a, nil, errors.New("a witness asked for something else")
		}
		a.Origin = lines[1]
		a.Size, err = strconv.ParseInt(lines[2], 10, 64)
		milliseconds, bad := strconv.ParseInt(lines[3], 10, 64)
		a.At = time.UnixMilli(milliseconds).UTC()
		if err != nil || bad != nil || a.Size < 0 || a.text() != n.Text {
			return a, nil, errors.New("a witness asked for something that cannot be")
		}
		return a, w, nil
	}
	return a, nil, errors.New("no witness asks")
}

// Grown is what a witness is shown: the newest checkpoint, and the proof that the tree
// of before is in it. It is written as C2SP tlog-witness has it
// (https://c2sp.org/tlog-witness): the size of before, the hashes, an empty line, the
// signed checkpoint.
type Grown struct {
	Old        int64
	Proof      tlog.TreeProof
	Checkpoint []byte // a signed note
}

// proofMost is how many hashes a proof of this kind has at most.
const proofMost = 63

// Write puts it into bytes.
func (g Grown) Write() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", g.Old)
	for _, h := range g.Proof {
		b.WriteString(h.String() + "\n")
	}
	b.WriteByte('\n')
	b.Write(g.Checkpoint)
	return b.Bytes()
}

// ReadGrown reads what Write wrote.
func ReadGrown(b []byte) (g Grown, err error) {
	head, checkpoint, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	size, old := strings.CutPrefix(lines[0], "old ")
	if g.Old, err = strconv.ParseInt(size, 10, 64); err != nil || !ok || !old || len(lines)-1 > proofMost {
		return g, errors.New("the log answers something else than a checkpoint")
	}
	for _, line := range lines[1:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return g, errors.New("the log answers something else than a proof")
		}
		g.Proof = append(g.Proof, h)
	}
	g.Checkpoint = checkpoint
	return g, nil
}

// Seen is a tree as somebody saw it.
type Seen struct {
	Size int64
	Root tlog.Hash
}

// A Fork is a log that is not the one that was seen before, only longer: something in
// it was taken away or changed. It can be shown to anybody, with both checkpoints.
type Fork struct{ Before, Now Seen }

// Error says it.
func (f *Fork) Error() string {
	switch {
	case f.Now.Size < f.Before.Size:
		return fmt.Sprintf("the log was cut off: it had %d lines and now has %d", f.Before.Size, f.Now.Size)
	case f.Now.Size == f.Before.Size:
		return fmt.Sprintf("the log was changed: its %d lines have another root than before", f.Now.Size)
	}
	return fmt.Sprintf("the log was changed: no proof that its first %d lines are those that were seen before, now that it has %d", f.Before.Size, f.Now.Size)
}

// Follows tells whether a tree is one of before, only longer: else that is a *Fork.
func (s Seen) Follows(before Seen, proof tlog.TreeProof) error {
	fork := &Fork{before, s}
	switch {
	case s.Size < before.Size:
		return fork
	case s.Size == before.Size && s.Root != before.Root:
		return fork
	case s.Size == before.Size || before.Size == 0:
		return nil
	case tlog.CheckTree(proof, s.Size, s.Root, before.Size, before.Root) != nil:
		return fork
	}
	return nil
}

// CosignatureOf finds the cosignature of a witness under a signed note, as the line
// that it is there, and what it stands under.
func CosignatureOf(signed []byte, witnesses []*CosignVerifier) (text, line string, by *CosignVerifier, at time.Time, err error) {
	for _, w := range witnesses {
		n, err := note.Open(signed, note.VerifierList(w))
		if err != nil {
			continue
		}
		at, ok := CosignedAt(n.Sigs[0])
		if !ok {
			continue
		}
		return n.Text, SignatureLine(n.Sigs[0]), w, at, nil
	}
	return "", "", nil, at, errors.New("no witness signed this")
}

// SignatureLine is a signature as it stands under a note.
func SignatureLine(s note.Signature) string { return "— " + s.Name + " " + s.Base64 + "\n" }

// unverified is a signed note whose signatures nobody looked at yet.
func unverified(signed []byte) (*note.Note, error) {
	n, err := note.Open(signed, note.VerifierList())
	if nobody := (*note.UnverifiedNoteError)(nil); errors.As(err, &nobody) {
		return nobody.Note, nil
	}
	return n, err
}

// OpenSeen reads a checkpoint that a log signed, with what is signed of it.
func OpenSeen(signed []byte, origin string, keys note.Verifiers) (text string, s Seen, err error) {
	c, err := OpenCheckpoint(string(signed), keys)
	if err != nil {
		return "", s, fmt.Errorf("%w (did the log change its key? Ask its operator for the new one)", err)
	}
	if c.Origin != origin {
		return "", s, errors.New("this is a checkpoint of another log")
	}
	return c.Text(), Seen{c.Size, c.Root}, nil
}
