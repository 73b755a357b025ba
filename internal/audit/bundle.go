package audit

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/casework"
)

// A bundle is a part of the access log in one file, with everything that it takes to
// prove, without the server, that each of its lines is in the log: a zip with three
// files. Their order, bytes and time stamps follow from what is in it alone.
//
//	lines.ndjson        the lines, newest first: which number, of each part its text and salt or else its hash, the proof
//	checkpoints.ndjson  what the log and its witnesses signed, smallest first, each with the proof that the one before is in it
//	manifest            a note signed by the log: whose log, of when, how many lines, and the hashes of the two files
const (
	checkpointsFile = "checkpoints.ndjson"
	linesFile       = "lines.ndjson"
	manifestFile    = "manifest"
)

// BundleForm is how bundles are written now. Another one gets another number.
const BundleForm = 1

// Manifest is what a bundle says of itself.
type Manifest struct {
	Form         int                     `json:"form"`
	Origin       string                  `json:"origin"` // the name of the log
	Organisation casework.OrganisationID `json:"organisation"`
	By           casework.UserID         `json:"by"`
	At           time.Time               `json:"at"`
	Reason       string                  `json:"reason"`   // a code
	Filters      string                  `json:"filters"`  // the names of what was filtered by; empty: everything
	From         time.Time               `json:"from"`     // zero: from the beginning
	Until        time.Time               `json:"until"`    // lines before it; zero: up to At
	Lines        int64                   `json:"lines"`    // how many
	Unproven     int64                   `json:"unproven"` // how many more there were that have no place in the log
	First        int64                   `json:"first"`    // the lowest and the highest number; -1: there are none
	Last         int64                   `json:"last"`
	Size         int64                   `json:"size"` // of the tree by the last checkpoint
	Keys         []string                `json:"keys"` // of the log, as it says itself

	CheckpointsHash string `json:"checkpoints_hash"`
	LinesHash       string `json:"lines_hash"`
}

// text is what is signed of a manifest: never a checkpoint, as its second line is no
// number.
func (m Manifest) text() (string, error) {
	text, err := marshal(m)
	return m.Origin + "/bundle\n" + string(text) + "\n", err
}

// BundledCheckpoint is a checkpoint in a bundle.
type BundledCheckpoint struct {
	Note  string         `json:"note"`  // with the cosignatures of witnesses
	Proof tlog.TreeProof `json:"proof"` // that the tree of the one before is in it
}

// BundledLine is a line in a bundle.
type BundledLine struct {
	Number int64                `json:"number"`
	Form   int                  `json:"form"`
	Parts  map[Part]BundledPart `json:"parts"`
	Proof  tlog.RecordProof     `json:"proof"` // that it is in the tree of the last checkpoint
}

// BundledPart is a part of a record: its text and what that is hashed with, or, when it
// is withheld, its hash alone.
type BundledPart struct {
	Salt []byte          `json:"salt,omitempty"`
	Text json.RawMessage `json:"text,omitempty"`
	Hash *tlog.Hash      `json:"hash,omitempty"`
}

// Bundled makes a line of a leaf, of which these parts are shown.
func (l Leaf) Bundled(proof tlog.RecordProof, shown ...Part) BundledLine {
	line := BundledLine{l.Number, l.Form, map[Part]BundledPart{}, proof}
	hashes := l.Record.Leaf(l.Salts, l.DetailHash)
	for i, part := range PartsOfLeaf {
		line.Parts[part] = BundledPart{Hash: &hashes[i]}
	}
	for _, part := range shown {
		line.Parts[part] = BundledPart{Salt: l.Salts.Of(part), Text: l.Record.Text(part)}
	}
	return line
}

// BundleWriter writes a bundle as it comes: lines first, then what proves them. What
// was not closed is no bundle.
type BundleWriter struct {
	zip  *zip.Writer
	file io.Writer
	sum  hash.Hash

	lines, unproven, first, last int64
}

// NewBundleWriter begins a bundle.
func NewBundleWriter(w io.Writer) (*BundleWriter, error) {
	b := &BundleWriter{zip: zip.NewWriter(w), first: -1, last: -1}
	return b, b.begin(linesFile)
}

func (b *BundleWriter) begin(name string) (err error) {
	b.sum = sha256.New()
	b.file, err = b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	return err
}

func (b *BundleWriter) write(line any, most int) error {
	text, err := marshal(line)
	if err != nil {
		return err
	}
	if text = append(text, '\n'); len(text) > most {
		return errors.New("write a bundle: a line is too long for it")
	}
	b.sum.Write(text)
	_, err = b.file.Write(text)
	return err
}

// Unproven counts lines that are not in the tree, and so cannot be in a bundle.
func (b *BundleWriter) Unproven(n int) { b.unproven += int64(n) }

// Line adds a line. They come newest first, and lines of one moment by their ids, last
// first.
func (b *BundleWriter) Line(line BundledLine) error {
	if b.lines == 0 || line.Number < b.first {
		b.first = line.Number
	}
	b.last = max(b.last, line.Number)
	b.lines++
	return b.write(line, maxLine)
}

// Lines is how many there are so far.
func (b *BundleWriter) Lines() int64 { return b.lines }

// First is the lowest number so far; -1 without a line.
func (b *BundleWriter) First() int64 { return b.first }

// Close ends the bundle with checkpoints, of which the last is what the lines are
// proven by, and with its manifest, signed. Of that it fills in what it counted.
func (b *BundleWriter) Close(m Manifest, checkpoints []BundledCheckpoint, signers ...note.Signer) error {
	m.Form, m.Lines, m.Unproven, m.First, m.Last = BundleForm, b.lines, b.unproven, b.first, b.last
	m.LinesHash = hex.EncodeToString(b.sum.Sum(nil))
	if err := b.begin(checkpointsFile); err != nil {
		return err
	}
	for _, c := range checkpoints {
		if err := b.write(c, maxCheckpoint); err != nil {
			return err
		}
	}
	m.CheckpointsHash = hex.EncodeToString(b.sum.Sum(nil))
	text, err := m.text()
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		return fmt.Errorf("sign the manifest of a bundle: %w", err)
	}
	if err := b.begin(manifestFile); err != nil {
		return err
	}
	if _, err := b.file.Write(signed); err != nil {
		return err
	}
	return b.zip.Close()
}

// readManifest reads what text wrote.
func readManifest(text string) (m Manifest, err error) {
	first, rest, _ := bytes.Cut([]byte(text), []byte("\n"))
	if err = json.Unmarshal(rest, &m); err != nil {
		return m, errors.New("it is no manifest")
	}
	again, err := m.text()
	if err != nil || again != text || string(first) != m.Origin+"/bundle" {
		return m, errors.New("it is no manifest as it is written")
	}
	return m, nil
}
