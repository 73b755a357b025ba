package audit_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/casustafel/casustafel/internal/audit"
)

// The cosignature that the specification shows (https://c2sp.org/tlog-cosignature) is
// one of ours in form: who made it, which key, when.
func TestCosignatureOfTheSpecification(t *testing.T) {
	t.Parallel()
	const coded = "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
	at, ok := audit.CosignedAt(note.Signature{Name: "witness.example.com/w1", Hash: 0x8d66cf3f, Base64: coded})
	if !ok || at.Unix() != 1679315147 {
		t.Error(at, ok)
	}
	if _, ok := audit.CosignedAt(note.Signature{Base64: coded[:80]}); ok {
		t.Error("half of one is one")
	}
}

// A cosignature is of one text, one time and one key.
func TestCosignature(t *testing.T) {
	t.Parallel()
	w := newWitness(t, "witness.example.org")
	const text = "casustafel-0badcafe\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	all := signed(t, text, newKey(t, logName), w)
	by := []*audit.CosignVerifier{&newWitness(t, "witness.example.org").CosignVerifier, &w.CosignVerifier}
	got, line, who, at, err := audit.CosignatureOf([]byte(all), by)
	if err != nil || got != text || who != by[1] || !at.Equal(began.Add(time.Hour)) || !strings.HasSuffix(all, line) {
		t.Error(got, line, who, at, err)
	}
	for name, other := range map[string]string{"another text": strings.Replace(all, "\n7\n", "\n8\n", 1), "another name": strings.Replace(all, "— witness", "— vitness", 1)} {
		if _, _, _, _, err := audit.CosignatureOf([]byte(other), by); err == nil {
			t.Errorf("%s is cosigned", name)
		}
	}
	signature, err := w.Sign([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for i := range signature {
		other := slices.Clone(signature)
		other[i] ^= 1
		if w.Verify([]byte(text), other) {
			t.Errorf("byte %d is not signed", i)
		}
	}
	if w.Verify([]byte(text), nil) || w.Verify([]byte(text), signature[:70]) {
		t.Error("a part of a signature is one")
	}
}

// Keys are read as they are written, and no others.
func TestWitnessKeys(t *testing.T) {
	t.Parallel()
	w := newWitness(t, "witness.example.org")
	written := w.String()
	if v, err := audit.NewCosignVerifier(written); err != nil || v.String() != written {
		t.Error(v, err)
	}
	for _, key := range []string{"", "+", "a+b", "a+b+c", written + "=", strings.Replace(written, "witness", "vitness", 1), newKey(t, logName).verifier,
		"witness.example.org+00000000+" + strings.Split(written, "+")[2], "x\x1b+00000000+BA=="} {
		if _, err := audit.NewCosignVerifier(key); err == nil || strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("%q is a key (%v)", key, err)
		}
		if _, err := audit.NewCosigner("PRIVATE+KEY+"+key, time.Now); err == nil {
			t.Errorf("%q signs", key)
		}
	}
	if _, err := audit.NewCosigner(written, time.Now); err == nil {
		t.Error("a verifier signs")
	}
	for _, name := range []string{"", "a b", "a+b", "a\n"} {
		if _, _, err := audit.NewWitnessKey(strings.NewReader(strings.Repeat("x", 100)), name); err == nil {
			t.Errorf("%q has a key", name)
		}
	}
}

// What a witness asks is known to be of it, and is nothing else that it signs.
func TestWhatAWitnessAsks(t *testing.T) {
	t.Parallel()
	w, other := newWitness(t, "witness.example.org"), newWitness(t, "witness.example.org")
	ask := audit.WitnessAsks{Origin: logName, Size: 12, At: began}
	signed, err := w.Ask(ask)
	if err != nil {
		t.Fatal(err)
	}
	got, by, err := audit.ReadAsks(signed, []*audit.CosignVerifier{&other.CosignVerifier, &w.CosignVerifier})
	if err != nil || got != ask || by.String() != w.String() {
		t.Error(got, by, err)
	}
	if _, _, err := audit.ReadAsks(signed, []*audit.CosignVerifier{&other.CosignVerifier}); err == nil {
		t.Error("somebody else asks")
	}
	if _, _, err := audit.ReadAsks([]byte(strings.Replace(string(signed), "\n12\n", "\n13\n", 1)), []*audit.CosignVerifier{&w.CosignVerifier}); err == nil {
		t.Error("what was asked was changed")
	}
	if _, _, _, _, err := audit.CosignatureOf(signed, []*audit.CosignVerifier{&w.CosignVerifier}); err == nil {
		t.Error("what it asks is a cosignature")
	}
	for _, text := range []string{"x\n", "casustafel/witness-asks/v1\na\n-1\n0\n", "casustafel/witness-asks/v1\na\n01\n0\n", "casustafel/witness-asks/v1\na\n1\n0\n\n"} {
		cosigned, err := note.Sign(&note.Note{Text: text}, w)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := audit.ReadAsks(cosigned, []*audit.CosignVerifier{&w.CosignVerifier}); err == nil {
			t.Errorf("a cosignature of %q asks", text)
		}
	}
}

// A log that grew follows from what it was; one that was cut off or changed does not,
// whatever proof it gives.
func TestLogGrows(t *testing.T) {
	t.Parallel()
	log, other := newLog(t, 70), newLog(t, 70)
	rapid.Check(t, func(r *rapid.T) {
		old := rapid.Int64Range(1, 70).Draw(r, "old")
		size := rapid.Int64Range(old, 70).Draw(r, "size")
		proof, err := tlog.ProveTree(size, old, log)
		if err != nil {
			r.Fatal(err)
		}
		written := audit.Grown{Old: old, Proof: proof, Checkpoint: []byte("a\n\n— b\n")}
		read, err := audit.ReadGrown(written.Write())
		if err != nil || read.Old != old || !slices.Equal(read.Proof, proof) || string(read.Checkpoint) != "a\n\n— b\n" {
			r.Fatal(read, err)
		}
		before, now := log.seen(t, old), log.seen(t, size)
		if err := now.Follows(before, read.Proof); err != nil {
			r.Fatal(err)
		}
		var fork *audit.Fork
		if err := now.Follows(other.seen(t, old), proof); !errors.As(err, &fork) {
			r.Fatal("another log goes on in this one:", err)
		}
		if size > old {
			if err := before.Follows(now, proof); !errors.As(err, &fork) {
				r.Fatal("it shrank:", err)
			}
			if err := now.Follows(before, proof[1:]); !errors.As(err, &fork) {
				r.Fatal("half a proof is one:", err)
			}
		}
	})
	if err := log.seen(t, 3).Follows(audit.Seen{}, nil); err != nil {
		t.Error("the first that is seen:", err)
	}
	for _, answer := range []string{"", "old\n\n", "old x\n\n", "old 1\n", "old 1\nx\n\n", "new 1\n\n", "old 1\n" + strings.Repeat("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 64) + "\n"} {
		if _, err := audit.ReadGrown([]byte(answer)); err == nil {
			t.Errorf("%q is an answer", answer)
		}
	}
}
