package audit_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
)

const logName = "casustafel-0badcafe"

// aLog is an access log in memory, as a server would keep it.
type aLog struct {
	tree   *audit.Tree
	stored []tlog.Hash
	leaves []audit.Leaf
}

func (l *aLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var list []tlog.Hash
	for _, i := range indexes {
		list = append(list, l.stored[i])
	}
	return list, nil
}

var began = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// newLog makes a log with lines of two organisations in turn.
func newLog(t *testing.T, lines int) *aLog {
	t.Helper()
	l := &aLog{}
	var err error
	if l.tree, err = audit.OpenTree(0, l); err != nil {
		t.Fatal(err)
	}
	for n := range lines {
		record := whole()
		record.ID, record.At = fmt.Sprintf("RECRD%011d", n), began.Add(time.Duration(n/3)*time.Second)
		record.ActorOrganisation, record.CaseOrganisation = "LINDE22222222222", "LINDE22222222222"
		if n%2 == 1 {
			record.ActorOrganisation, record.CaseOrganisation = "ESDRN22222222222", "ESDRN22222222222"
		}
		l.append(record)
	}
	return l
}

func (l *aLog) append(record audit.Record) {
	salts := make([]byte, 32)
	rand.Read(salts) //nolint:errcheck // never fails
	leaf := audit.Leaf{Number: l.tree.Size(), Form: audit.Form, Record: record, Salts: audit.Salts{Record: salts[:16], Detail: salts[16:]}}
	leaf.Hashes = l.tree.Append(audit.LeafHash(record.Leaf(leaf.Salts, tlog.Hash{})))
	l.stored, l.leaves = append(l.stored, leaf.Hashes...), append(l.leaves, leaf)
}

func (l *aLog) seen(t *testing.T, size int64) audit.Seen {
	t.Helper()
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Seen{Size: size, Root: root}
}

// checkpoint is what the log signs of its first lines.
func (l *aLog) checkpoint(t *testing.T, size, previous int64, signers ...note.Signer) string {
	t.Helper()
	return signed(t, audit.Checkpoint{Origin: logName, Size: size, Root: l.seen(t, size).Root, Previous: previous}.Text(), signers...)
}

func signed(t *testing.T, text string, signers ...note.Signer) string {
	t.Helper()
	s, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return string(s)
}

// key is one of the log.
type key struct {
	note.Signer
	verifier string
}

func newKey(t *testing.T, name string) key {
	t.Helper()
	secret, verifier, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return key{signer, verifier}
}

func newWitness(t *testing.T, name string) *audit.Cosigner {
	t.Helper()
	secret, _, err := audit.NewWitnessKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := audit.NewCosigner(secret, func() time.Time { return began.Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// export is a bundle in the making, and everything that it takes to make it again with
// something in it changed.
type export struct {
	log         *aLog
	first, next key // the log handed over from one to the other
	witness     *audit.Cosigner
	manifest    audit.Manifest
	checkpoints []audit.BundledCheckpoint
	lines       []audit.BundledLine
}

// newExport is that of one of two organisations: twenty lines of a log of forty, which
// handed over to another key at twelve and was seen by a witness at thirty-nine.
func newExport(t *testing.T) *export {
	t.Helper()
	e := &export{log: newLog(t, 40), first: newKey(t, logName), next: newKey(t, logName), witness: newWitness(t, "witness.example.org")}
	e.manifest = audit.Manifest{Origin: logName, Organisation: "LINDE22222222222", By: "USERA22222222222", At: began, Reason: "yearly", Until: began.Add(time.Hour),
		Size: 40, Keys: []string{e.first.verifier, e.next.verifier}}
	before := int64(0)
	for _, c := range []struct {
		size int64
		by   []note.Signer
	}{{5, []note.Signer{e.first}}, {12, []note.Signer{e.first, e.next}}, {39, []note.Signer{e.next, e.witness}}, {40, []note.Signer{e.next}}} {
		var proof tlog.TreeProof
		if before > 0 {
			var err error
			if proof, err = tlog.ProveTree(c.size, before, e.log); err != nil {
				t.Fatal(err)
			}
		}
		e.checkpoints = append(e.checkpoints, audit.BundledCheckpoint{Note: e.log.checkpoint(t, c.size, before, c.by...), Proof: proof})
		before = c.size
	}
	for _, leaf := range e.log.leaves {
		if leaf.Record.ActorOrganisation == e.manifest.Organisation {
			e.lines = append(e.lines, e.line(t, leaf))
		}
	}
	slices.Reverse(e.lines)
	return e
}

func (e *export) line(t *testing.T, leaf audit.Leaf) audit.BundledLine {
	t.Helper()
	proof, err := tlog.ProveRecord(40, leaf.Number, e.log)
	if err != nil {
		t.Fatal(err)
	}
	shown := []audit.Part{audit.Who, audit.What, audit.Where}
	if leaf.Number == 4 {
		shown = shown[:1]
	}
	return leaf.Bundled(proof, shown...)
}

// write is what the log gives of it.
func (e *export) write(t *testing.T, signers ...note.Signer) []byte {
	t.Helper()
	if signers == nil {
		signers = []note.Signer{e.next}
	}
	var file bytes.Buffer
	w, err := audit.NewBundleWriter(&file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range e.lines {
		if err := w.Line(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(e.manifest, e.checkpoints, signers...); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func (e *export) trust() audit.Trusted {
	return audit.Trusted{Log: []string{e.first.verifier}, Witnesses: []*audit.CosignVerifier{&e.witness.CosignVerifier}}
}

func (e *export) verify(file []byte) audit.Verdict {
	v, _ := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), e.trust())
	return v
}

// unpack and pack take the files of a bundle apart and put them together.
func unpack(t *testing.T, file []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func pack(t *testing.T, files map[string]string, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	put := func(name, text string) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		put(name, text)
	}
	for _, name := range more {
		put(name, files[name])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
