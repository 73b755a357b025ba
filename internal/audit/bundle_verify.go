package audit

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Trusted is whose signatures count.
type Trusted struct {
	Log       []string          // verifier keys of the log
	Witnesses []*CosignVerifier // each must have seen every line, but for the newest
}

// A bundleReader verifies a bundle.
type bundleReader struct {
	trust    Trusted
	files    map[string]*zip.File
	manifest Manifest
	keys     note.Verifiers // those of the log that are trusted
	last     Seen
	seen     map[*CosignVerifier]int64 // the largest tree that a witness cosigned
	unseen   map[*CosignVerifier]int64 // lines that came later
	late     map[*CosignVerifier]bool  // one of them too long ago
	before   *Record
}

// VerifyBundle proves what is in a bundle: that each line is in the log that the
// trusted keys signed, and that the bundle is as the log gave it. That the log left
// nothing out of it, nothing in it can prove.
func VerifyBundle(file io.ReaderAt, size int64, trust Trusted) (Verdict, Manifest) {
	b := &bundleReader{trust: trust, seen: map[*CosignVerifier]int64{}, unseen: map[*CosignVerifier]int64{}, late: map[*CosignVerifier]bool{}}
	err := b.open(file, size)
	for _, step := range []func() error{b.readManifest, b.readCheckpoints, b.readLines, b.judgeWitnesses} {
		if err == nil {
			err = step()
		}
	}
	var found *finding
	switch {
	case err == nil:
		return Verdict{Status: Sound, Why: b.sound()}, b.manifest
	case errors.As(err, &found):
		return found.Verdict, b.manifest
	}
	return Verdict{Status: Tampered, Why: "the file is damaged or was changed: " + fmt.Sprintf("%q", err)}, b.manifest
}

// finding is a verdict on its way out.
type finding struct{ Verdict }

// Error implements error.
func (f *finding) Error() string { return f.Why }

func incomplete(format string, args ...any) error {
	return &finding{Verdict{Status: Incomplete, Why: fmt.Sprintf(format, args...)}}
}

func tampered(format string, args ...any) error {
	return &finding{Verdict{Status: Tampered, Why: fmt.Sprintf(format, args...)}}
}

func badBetween(from, to int64, why string) error { return &finding{BadBetween(from, to, why)} }

func (b *bundleReader) sound() string {
	m := b.manifest
	if m.Lines == 0 {
		return fmt.Sprintf("no lines; the log %s had %d", m.Origin, m.Size)
	}
	sound := fmt.Sprintf("%d lines, numbers %d to %d, of the %d that the log %s had", m.Lines, m.First, m.Last, m.Size, m.Origin)
	for _, w := range b.trust.Witnesses {
		if n := b.unseen[w]; n > 0 {
			sound += fmt.Sprintf("; witness %q had yet to see the newest %d, of the minutes before the bundle was made", w.Name(), n)
		}
	}
	return sound
}

// readManifest reads it, and finds out which keys of the log count: those given, and
// those of which one that counts says so by signing a checkpoint together with it.
func (b *bundleReader) readManifest() error {
	file, err := b.files[manifestFile].Open()
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was read
	signed, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return err
	}
	if len(signed) > maxManifest {
		return tampered("its manifest is too large to be one")
	}
	unsigned, err := unverified(signed)
	if err != nil {
		return tampered("its manifest is no signed note")
	}
	if b.manifest, err = readManifest(unsigned.Text); err != nil {
		return tampered("its manifest: %v", err)
	}
	if b.manifest.Form != BundleForm {
		return incomplete("it is of a form that this version of the program does not know: %d", b.manifest.Form)
	}
	if err := b.findKeys(); err != nil {
		return err
	}
	if _, err := note.Open(signed, b.keys); err != nil {
		return tampered("its manifest is not signed by the log")
	}
	return nil
}

// findKeys follows the handing over from key to key, as far as it goes.
func (b *bundleReader) findKeys() error {
	var trusted, others []note.Verifier
	for _, key := range b.trust.Log {
		v, err := note.NewVerifier(key)
		if err != nil {
			return fmt.Errorf("the key of a log: %w", err)
		}
		if !known(trusted, v) {
			trusted = append(trusted, v)
		}
	}
	if !slices.ContainsFunc(trusted, func(v note.Verifier) bool { return v.Name() == b.manifest.Origin }) {
		return tampered("it is of another log than the given key is of: %q", b.manifest.Origin)
	}
	for _, key := range b.manifest.Keys {
		if v, err := note.NewVerifier(key); err == nil && v.Name() == b.manifest.Origin {
			others = append(others, v)
		}
	}
	for before := 0; before < len(trusted); {
		before = len(trusted)
		b.keys = note.VerifierList(trusted...)
		_, err := b.eachLine(checkpointsFile, maxCheckpoint, func(line []byte) error {
			var c BundledCheckpoint
			if readBundled(line, &c) != nil {
				return nil // that is found when all keys are known
			}
			if signedBy(c.Note, trusted...) {
				for _, v := range others {
					if !known(trusted, v) && signedBy(c.Note, v) {
						trusted = append(trusted, v)
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func signedBy(signed string, keys ...note.Verifier) bool {
	_, err := note.Open([]byte(signed), note.VerifierList(keys...))
	return err == nil
}

func known(list []note.Verifier, v note.Verifier) bool {
	return slices.ContainsFunc(list, func(k note.Verifier) bool { return k.Name() == v.Name() && k.KeyHash() == v.KeyHash() })
}

// readCheckpoints follows how the tree grew.
func (b *bundleReader) readCheckpoints() error {
	sum, err := b.eachLine(checkpointsFile, maxCheckpoint, func(line []byte) error {
		var c BundledCheckpoint
		if err := readBundled(line, &c); err != nil {
			return badBetween(b.last.Size, b.manifest.Size, "a checkpoint is not in the form in which it is written")
		}
		return b.checkpoint(c)
	})
	switch {
	case err != nil:
		return err
	case b.last.Size != b.manifest.Size:
		return incomplete("the checkpoint of %d lines, which its manifest names, is not in it", b.manifest.Size)
	case sum != b.manifest.CheckpointsHash:
		return badBetween(0, b.last.Size, "its checkpoints are not those that the log put in")
	}
	return nil
}

func (b *bundleReader) checkpoint(c BundledCheckpoint) error {
	unsigned, err := unverified([]byte(c.Note))
	if err != nil {
		return badBetween(b.last.Size, b.manifest.Size, "a checkpoint is no signed note")
	}
	says, err := ReadCheckpoint(unsigned.Text)
	if err != nil {
		return badBetween(b.last.Size, b.manifest.Size, "a checkpoint is not in the form in which it is written")
	}
	before, now := b.last, Seen{says.Size, says.Root}
	bad := func(why string) error { return badBetween(min(before.Size, now.Size), now.Size, why) }
	if says.Origin != b.manifest.Origin {
		return bad(fmt.Sprintf("a checkpoint is of another log: %q", says.Origin))
	}
	if _, err := OpenCheckpoint(c.Note, b.keys); err != nil {
		return bad("a checkpoint is not signed by the log")
	}
	if err := now.Follows(before, c.Proof); err != nil {
		return bad(err.Error())
	}
	b.last = now
	for _, w := range b.trust.Witnesses {
		_, err := note.Open([]byte(c.Note), note.VerifierList(w))
		if wrong := (*note.InvalidSignatureError)(nil); errors.As(err, &wrong) {
			return bad(fmt.Sprintf("the cosignature of witness %q is not of this checkpoint", w.Name()))
		}
		if err == nil {
			b.seen[w] = now.Size
		}
	}
	return nil
}

// readLines proves every line.
func (b *bundleReader) readLines() error {
	lines, place := int64(0), int64(0)
	sum, err := b.eachLine(linesFile, maxLine, func(text []byte) error {
		place++
		var line BundledLine
		if err := readBundled(text, &line); err != nil {
			return tampered("its line %d is not in the form in which it is written", place)
		}
		if err := b.line(line); err != nil {
			return err
		}
		if lines++; lines > b.manifest.Lines {
			return &finding{BadLeaf(line.Number, fmt.Sprintf("there are more lines than the %d that its manifest counts", b.manifest.Lines))}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case lines < b.manifest.Lines:
		return incomplete("it holds %d lines, and its manifest counts %d, numbers %d to %d", lines, b.manifest.Lines, b.manifest.First, b.manifest.Last)
	case sum != b.manifest.LinesHash:
		return tampered("its lines are not those that the log put in")
	case b.manifest.Unproven > 0:
		return incomplete("%d more lines had no place in the tree of the log: verify the log itself", b.manifest.Unproven)
	}
	return nil
}

func (b *bundleReader) line(line BundledLine) error {
	bad := func(format string, args ...any) error {
		return &finding{BadLeaf(line.Number, fmt.Sprintf(format, args...))}
	}
	if line.Form != Form {
		return incomplete("number %d is of a form that this version of the program does not know: %d", line.Number, line.Form)
	}
	if len(line.Parts) != len(PartsOfLeaf) {
		return bad("it has not the parts of a line")
	}
	var record Record
	var hashes Parts
	for i, name := range PartsOfLeaf {
		part := line.Parts[name]
		switch {
		case part.Hash != nil && part.Text == nil && part.Salt == nil:
			hashes[i] = *part.Hash
		case part.Hash == nil && part.Text != nil && len(part.Salt) > 0:
			if err := record.Read(name, part.Text); err != nil {
				return bad("its %s cannot be read", name)
			}
			hashes[i] = HashPart(part.Salt, part.Text)
		default:
			return bad("its %s is neither shown nor withheld", name)
		}
	}
	if line.Parts[Who].Text == nil {
		return bad("it does not say who did it and when")
	}
	if tlog.CheckRecord(line.Proof, b.last.Size, b.last.Root, line.Number, LeafHash(hashes)) != nil {
		return bad("it is not in the log as it stands here")
	}
	if b.before != nil && cmp.Or(b.before.At.Compare(record.At), strings.Compare(b.before.ID, record.ID)) <= 0 {
		return bad("it is not older than the line before it")
	}
	b.before = &record
	m := b.manifest
	for _, w := range b.trust.Witnesses {
		if line.Number >= b.seen[w] {
			b.unseen[w]++
			b.late[w] = b.late[w] || m.At.Sub(record.At) > witnessPatience
		}
	}
	told := line.Parts[What].Text != nil || line.Parts[Where].Text != nil // else it may be somebody else's act in a case of this one
	if told && record.ActorOrganisation != m.Organisation && record.CaseOrganisation != m.Organisation {
		return bad("it is not of the organisation that this bundle is for")
	}
	if line.Number < m.First || line.Number > m.Last || record.At.Before(m.From) || !m.Until.IsZero() && !record.At.Before(m.Until) {
		return bad("it is not of what this bundle is about")
	}
	return nil
}

// judgeWitnesses asks that each trusted witness saw every line. It cannot have seen those
// of just before the bundle was made, such as that it is made.
func (b *bundleReader) judgeWitnesses() error {
	for _, w := range b.trust.Witnesses {
		switch size := b.seen[w]; {
		case size == 0:
			return incomplete("nothing here was seen by witness %q", w.Name())
		case b.late[w]:
			return incomplete("witness %q saw the log up to number %d, and not what came after, some of it over ten minutes before the bundle was made", w.Name(), size-1)
		}
	}
	return nil
}
