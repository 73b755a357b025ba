package audit_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
)

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
