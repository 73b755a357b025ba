package audit_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
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

// A bundle as the log gave it is sound by either key, and with or without a witness;
// the same makes the same bytes.
func TestBundleIsSound(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	file := e.write(t)
	for name, trust := range map[string]audit.Trusted{"by the first key": e.trust(), "by the last key": {Log: []string{e.next.verifier}},
		"by both": {Log: []string{e.next.verifier, e.first.verifier, e.next.verifier}}} {
		if v, m := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), trust); v.Status != audit.Sound || m.Lines != 20 || m.First != 0 || m.Last != 38 {
			t.Errorf("%s: %v, %+v", name, v, m)
		}
	}
	if !bytes.Equal(file, e.write(t)) {
		t.Error("the same lines make two bundles")
	}
	e.lines = nil
	if v := e.verify(e.write(t)); v.Status != audit.Sound {
		t.Errorf("without a line: %v", v)
	}
}

// What is withheld is not in it, in no form.
func TestBundleWithholds(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	lines := strings.Split(unpack(t, e.write(t))["lines.ndjson"], "\n")
	for _, secret := range []string{"CARDA22222222222", "A-01", "reason", "a/live", "REQST22222222222", "USERB22222222222"} {
		if strings.Contains(strings.Join(lines, "\n"), secret) {
			t.Errorf("%s is in it", secret)
		}
	}
	if !strings.Contains(lines[0], "CASEA22222222222") || !strings.Contains(lines[0], `"event":"command"`) || strings.Contains(lines[17], "CASEA22222222222") || strings.Contains(lines[17], `"command"`) {
		t.Errorf("%s\n%s", lines[0], lines[17])
	}
}

// tampering is something that somebody does to a bundle, and how it is found.
type tampering struct {
	do     func(*testing.T, *export) []byte
	status audit.Status
	number int64 // of the first bad line; -1: none is named
	from   int64 // and between which sizes; 0 and 0: that is not said
	to     int64
}

// edited is a bundle with one file of it changed by somebody who has no key.
func edited(name string, edit func(string) string) func(*testing.T, *export) []byte {
	return func(t *testing.T, e *export) []byte {
		files := unpack(t, e.write(t))
		after := edit(files[name])
		if after == files[name] {
			t.Fatal("nothing was changed")
		}
		files[name] = after
		return pack(t, files)
	}
}

// edit changes some line of its lines, or of its checkpoints.
func edit(name string, at int, change func(string) string) func(*testing.T, *export) []byte {
	return edited(name, func(text string) string {
		lines := strings.SplitAfter(text, "\n")
		lines[at] = change(lines[at])
		return strings.Join(lines, "")
	})
}

func replace(old, by string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, by, 1) }
}

// ofPart is the value of a field of a part in a line, changed to something as long.
func ofPart(part audit.Part, field string) func(string) string {
	return func(s string) string {
		at := strings.Index(s, `"`+string(part)+`":{`)
		at += strings.Index(s[at:], `"`+field+`":"`) + len(field) + 4
		return s[:at] + map[bool]string{true: "B", false: "A"}[s[at] == 'A'] + s[at+1:]
	}
}

// changed is a bundle that the log itself would sign with something else in it: what
// whoever has its key today may do.
func changed(change func(*testing.T, *export)) func(*testing.T, *export) []byte {
	return func(t *testing.T, e *export) []byte {
		change(t, e)
		return e.write(t)
	}
}

func tamperings() map[string]tampering {
	const lines, checkpoints, manifest = "lines.ndjson", "checkpoints.ndjson", "manifest"
	all := map[string]tampering{
		"a line is gone":        {edit(lines, 3, func(string) string { return "" }), audit.Incomplete, -1, 0, 0},
		"the last line is gone": {edit(lines, 19, func(string) string { return "" }), audit.Incomplete, -1, 0, 0},
		"every line is gone":    {edited(lines, func(string) string { return "" }), audit.Incomplete, -1, 0, 0},
		"a line twice":          {edit(lines, 3, func(s string) string { return s + s }), audit.Tampered, 32, 0, 0},
		"two lines swapped": {edited(lines, func(s string) string {
			l := strings.SplitAfter(s, "\n")
			l[5], l[6] = l[6], l[5]
			return strings.Join(l, "")
		}), audit.Tampered, 28, 0, 0},
		"another number":      {edit(lines, 3, replace(`"number":32,`, `"number":31,`)), audit.Tampered, 31, 0, 0},
		"an unheard-of form":  {edit(lines, 3, replace(`"form":1,`, `"form":2,`)), audit.Incomplete, -1, 0, 0},
		"a number below zero": {edit(lines, 3, replace(`"number":32,`, `"number":-32,`)), audit.Tampered, -32, 0, 0},
		"a hash of a proof": {edit(lines, 3, func(s string) string {
			at := strings.Index(s, `"proof":["`) + 10
			return s[:at] + swapped(s[at:at+1]) + s[at+1:]
		}), audit.Tampered, 32, 0, 0},
		"a proof cut off":   {edit(lines, 3, func(s string) string { return s[:strings.Index(s, `"proof":[`)] + `"proof":[]}` + "\n" }), audit.Tampered, 32, 0, 0},
		"one field more":    {edit(lines, 3, replace(`"form":1,`, `"form":1,"note":"x",`)), audit.Tampered, -1, 0, 0},
		"a part twice":      {edit(lines, 3, replace(`"parts":{`, `"parts":{"who":{},`)), audit.Tampered, -1, 0, 0},
		"a part of no name": {edit(lines, 3, replace(`"basis":{`, `"besis":{`)), audit.Tampered, 32, 0, 0},
		"a part withheld": {edit(lines, 3, func(s string) string {
			at := strings.Index(s, `"what":{`)
			return s[:at] + `"what":{},` + s[strings.Index(s, `"where":{`):]
		}), audit.Tampered, 32, 0, 0},
		"a space":                  {edit(lines, 3, replace(`"form":1,`, `"form": 1,`)), audit.Tampered, -1, 0, 0},
		"a line of something else": {edit(lines, 3, func(string) string { return "\x1b[31mniets\r\n" }), audit.Tampered, -1, 0, 0},
		"a huge line":              {edit(lines, 3, func(string) string { return strings.Repeat("x", 70<<10) + "\n" }), audit.Tampered, -1, 0, 0},
		"no newline at the end":    {edited(lines, func(s string) string { return strings.TrimSuffix(s, "\n") }), audit.Tampered, -1, 0, 0},
		"a bomb":                   {edited(lines, func(string) string { return strings.Repeat("0", 4<<20) }), audit.Tampered, -1, 0, 0},
		"a bomb for a manifest":    {edited(manifest, func(string) string { return strings.Repeat("0", 4<<20) }), audit.Tampered, -1, 0, 0},

		"another count":               {edited(manifest, replace(`"lines":20,`, `"lines":19,`)), audit.Tampered, -1, 0, 0},
		"a manifest of something":     {edited(manifest, func(string) string { return "{}" }), audit.Tampered, -1, 0, 0},
		"a manifest of another form":  {edited(manifest, replace(`"form":1,`, `"form":2,`)), audit.Incomplete, -1, 0, 0},
		"a manifest signed by nobody": {edited(manifest, func(s string) string { return s[:strings.Index(s, "\n\n")] + "\n\n— " + logName + " AAAAAAAA\n" }), audit.Tampered, -1, 0, 0},

		"a checkpoint in between is gone": {edit(checkpoints, 1, func(string) string { return "" }), audit.Tampered, -1, 0, 0}, // it hands over to the key that signed the manifest
		"the last checkpoint is gone":     {edit(checkpoints, 3, func(string) string { return "" }), audit.Incomplete, -1, 0, 0},
		"the first checkpoint is gone":    {edit(checkpoints, 0, func(string) string { return "" }), audit.Tampered, -1, 0, 40},
		"checkpoints swapped": {edited(checkpoints, func(s string) string {
			l := strings.SplitAfter(s, "\n")
			l[0], l[1] = l[1], l[0]
			return strings.Join(l, "")
		}), audit.Tampered, -1, 5, 5},
		"a hash of its proof": {edit(checkpoints, 3, func(s string) string {
			at := strings.Index(s, `"proof":["`) + 10
			return s[:at] + swapped(s[at:at+1]) + s[at+1:]
		}), audit.Tampered, -1, 39, 40},
		"another size":       {edit(checkpoints, 3, replace(`\n40\n`, `\n41\n`)), audit.Tampered, -1, 39, 41},
		"a size with a zero": {edit(checkpoints, 3, replace(`\n40\n`, `\n040\n`)), audit.Tampered, -1, 39, 40},
		"no checkpoint":      {edit(checkpoints, 3, func(string) string { return "{\"note\":\"x\",\"proof\":null}\n" }), audit.Tampered, -1, 39, 40},
		"the cosignature is gone": {edit(checkpoints, 2, func(s string) string {
			at := strings.Index(s, "— witness")
			return s[:at] + s[at+strings.Index(s[at:], `\n`)+2:]
		}), audit.Tampered, -1, 0, 40},
		"a cosignature of another": {edited(checkpoints, func(s string) string {
			at := strings.Index(s, "— witness")
			line := s[at : at+strings.Index(s[at:], `\n`)+2]
			end := strings.LastIndex(s, `","proof"`)
			return s[:end] + line + s[end:]
		}), audit.Tampered, -1, 39, 40},

		"another name for a file": {func(t *testing.T, e *export) []byte {
			files := unpack(t, e.write(t))
			files["../../../etc/passwd"] = "root"
			return pack(t, files)
		}, audit.Tampered, -1, 0, 0},
		"a file twice": {func(t *testing.T, e *export) []byte { return pack(t, unpack(t, e.write(t)), lines) }, audit.Tampered, -1, 0, 0},
		"a file is gone": {func(t *testing.T, e *export) []byte {
			files := unpack(t, e.write(t))
			delete(files, checkpoints)
			return pack(t, files)
		}, audit.Incomplete, -1, 0, 0},
		"cut off":   {func(t *testing.T, e *export) []byte { f := e.write(t); return f[:len(f)/2] }, audit.Incomplete, -1, 0, 0},
		"no file":   {func(*testing.T, *export) []byte { return nil }, audit.Incomplete, -1, 0, 0},
		"no bundle": {func(*testing.T, *export) []byte { return []byte("%PDF-1.7") }, audit.Incomplete, -1, 0, 0},

		"the manifest of another organisation": {changed(func(_ *testing.T, e *export) { e.manifest.Organisation = "ESDRN22222222222" }), audit.Tampered, 38, 0, 0},
		"lines of another organisation":        {changed(func(t *testing.T, e *export) { e.lines[3] = e.line(t, e.log.leaves[7]) }), audit.Tampered, 7, 0, 0},
		"a line of another period":             {changed(func(_ *testing.T, e *export) { e.manifest.Until = began.Add(5 * time.Second) }), audit.Tampered, 38, 0, 0},
		"a line that is not in the log": {changed(func(t *testing.T, e *export) {
			leaf := e.log.leaves[32]
			leaf.Record.User = "USERC22222222222"
			e.lines[3] = e.line(t, leaf)
		}), audit.Tampered, 32, 0, 0},
		"another origin":                   {changed(func(_ *testing.T, e *export) { e.manifest.Origin = "casustafel-00000000" }), audit.Tampered, -1, 0, 0},
		"a manifest signed by another key": {func(t *testing.T, e *export) []byte { return e.write(t, newKey(t, logName)) }, audit.Tampered, -1, 0, 0},
		"a checkpoint of another origin": {changed(func(t *testing.T, e *export) {
			e.checkpoints[3].Note = signed(t, strings.Replace(e.checkpoints[3].Note[:strings.Index(e.checkpoints[3].Note, "\n\n")+1], logName, "casustafel-00000000", 1), e.next)
		}), audit.Tampered, -1, 39, 40},
		"a checkpoint signed by another key": {changed(func(t *testing.T, e *export) {
			other := newKey(t, logName)
			e.manifest.Keys = append(e.manifest.Keys, other.verifier)
			e.checkpoints[3].Note = e.log.checkpoint(t, 40, 39, other)
		}), audit.Tampered, -1, 39, 40},
		"another log with the same key": {func(t *testing.T, e *export) []byte {
			other := newExport(t)
			other.first, other.next, other.witness, other.manifest.Keys = e.first, e.next, e.witness, e.manifest.Keys
			other.checkpoints = slices.Clone(e.checkpoints[:3])
			proof, err := tlog.ProveTree(40, 39, other.log)
			if err != nil {
				t.Fatal(err)
			}
			other.checkpoints = append(other.checkpoints, audit.BundledCheckpoint{Note: other.log.checkpoint(t, 40, 39, e.next), Proof: proof})
			return other.write(t)
		}, audit.Tampered, -1, 39, 40},
	}
	for part, fields := range map[audit.Part][]string{audit.Who: {"salt", "id", "at", "outcome", "user", "actor_organisation", "role", "organisation", "source", "policy"},
		audit.What: {"salt", "event", "action"}, audit.Basis: {"hash"}, audit.Where: {"salt", "case", "case_organisation", "relation", "ground"}, audit.Object: {"hash"}, audit.Detail: {"hash"}} {
		for _, field := range fields {
			all["the "+field+" of "+string(part)] = tampering{edit(lines, 3, ofPart(part, field)), audit.Tampered, 32, 0, 0}
		}
	}
	return all
}

func swapped(s string) string { return cmp.Or(map[string]string{"A": "B"}[s], "A") }

// Whatever is done to a bundle shows, with the number of the first bad line or the
// sizes between which it went wrong.
func TestBundleTampered(t *testing.T) {
	t.Parallel()
	for name, c := range tamperings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newExport(t)
			v := e.verify(c.do(t, e))
			number := int64(-1)
			if v.Number != nil {
				number = *v.Number
			}
			if v.Status != c.status || number != c.number || v.From != c.from || v.To != c.to {
				t.Errorf("%d, number %d in (%d, %d]: %s", v.Status, number, v.From, v.To, v)
			}
			if strings.ContainsAny(v.String(), "\x1b\r\n") {
				t.Errorf("a verdict that writes on the screen: %q", v.String())
			}
		})
	}
}

// No byte of a bundle changes what it says without that being found.
func TestAnyFlippedByte(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	file := e.write(t)
	want, _ := json.Marshal(unpack(t, file))
	for at := 0; at < len(file); at += 61 {
		other := slices.Clone(file)
		other[at] ^= byte(1 + at%255)
		if v := e.verify(other); v.Status == audit.Sound {
			if got, _ := json.Marshal(unpack(t, other)); !bytes.Equal(got, want) {
				t.Errorf("byte %d: %v", at, v)
			}
		}
	}
}

// A witness that has not seen every line of over ten minutes ago is told of, and so is a key that is of
// nothing here.
func TestBundleNeedsItsWitnesses(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	file := e.write(t)
	other := newWitness(t, "other.example.org")
	trust := e.trust()
	trust.Witnesses = append(trust.Witnesses, &other.CosignVerifier)
	if v, _ := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), trust); v.Status != audit.Incomplete || !strings.Contains(v.Why, "other.example.org") {
		t.Error(v)
	}
	e.manifest.Organisation = "ESDRN22222222222"
	e.lines = nil
	for _, leaf := range e.log.leaves {
		if leaf.Record.ActorOrganisation == e.manifest.Organisation {
			e.lines = append(e.lines, e.line(t, leaf))
		}
	}
	slices.Reverse(e.lines)
	// What was written just before it was made, no witness can have seen.
	e.manifest.At = e.log.leaves[39].Record.At.Add(10 * time.Minute)
	if v := e.verify(e.write(t)); v.Status != audit.Sound || !strings.Contains(v.Why, `"witness.example.org" had yet to see the newest 1,`) {
		t.Error(v)
	}
	e.manifest.At = e.manifest.At.Add(time.Second)
	if v := e.verify(e.write(t)); v.Status != audit.Incomplete || !strings.Contains(v.Why, "up to number 38,") {
		t.Error(v)
	}
	for name, key := range map[string]string{"of another log": newKey(t, "casustafel-00000000").verifier, "no key": "x"} {
		if v, _ := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), audit.Trusted{Log: []string{key}}); v.Status != audit.Tampered {
			t.Errorf("%s: %v", name, v)
		}
	}
}

// An own log with names that write on screens: they stay in it, and never come out.
func TestBundleOfOddRecords(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	e.log = newLog(t, 39)
	odd := whole()
	odd.ID, odd.At, odd.ActorOrganisation = "RECRD99999999999", began.Add(time.Minute), e.manifest.Organisation
	odd.Role, odd.Policy, odd.Source = casework.Role("\r\n\x1b[2J"), `","salt":"`, "\u2028<&>=HYPERLINK()"
	e.log.append(odd)
	e.lines = []audit.BundledLine{e.line(t, e.log.leaves[39])}
	e.checkpoints = []audit.BundledCheckpoint{{Note: e.log.checkpoint(t, 40, 39, e.first)}}
	trust := e.trust()
	trust.Witnesses = nil
	file := e.write(t, e.first)
	if v, _ := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), trust); v.Status != audit.Sound {
		t.Error(v)
	}
}
