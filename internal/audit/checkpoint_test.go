package audit_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/casustafel/casustafel/internal/audit"
)

func newKeys(t testing.TB) audit.Keys {
	t.Helper()
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func rotated(t testing.TB, keys audit.Keys) audit.Keys {
	t.Helper()
	keys, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func sign(t testing.TB, keys audit.Keys, c audit.Checkpoint, before string) string {
	t.Helper()
	signed, err := keys.Sign(c, before)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// A key file is read back as it was written, and signs as before; what is half of one
// is refused without being told.
func TestAuditKeys(t *testing.T) {
	t.Parallel()
	keys := rotated(t, newKeys(t))
	again, err := audit.ReadKeys(keys.String())
	if err != nil || again.String() != keys.String() || len(again.Verifiers()) != 2 || !strings.HasPrefix(again.Origin(), "casustafel-") {
		t.Fatalf("read back: %v, %v", again.Verifiers(), err)
	}
	signed := sign(t, again, audit.Checkpoint{Size: 3}, "")
	trusted, err := audit.Verifiers(keys.Verifiers()[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.OpenCheckpoint(signed, trusted); err != nil {
		t.Error(err)
	}
	lines := strings.Split(keys.String(), "\n")
	for _, bad := range []string{"", "# nothing\n", lines[1][:60] + "\n", lines[1] + "\n" + newKeys(t).String()} {
		if _, err := audit.ReadKeys(bad); err == nil || strings.Contains(err.Error(), "PRIVATE") {
			t.Errorf("%q is read, or told: %v", bad, err)
		}
	}
	if _, err := audit.Verifiers("x"); err == nil {
		t.Error("x is a key")
	}
}

// A new key takes over with a checkpoint that both sign, and then signs alone; so do
// several that came at once.
func TestHandingOver(t *testing.T) {
	t.Parallel()
	first := newKeys(t)
	second := rotated(t, first)
	fourth := rotated(t, rotated(t, second))
	signed := ""
	for i, step := range []struct {
		keys    audit.Keys
		signers int
	}{{first, 1}, {first, 1}, {second, 2}, {second, 1}, {fourth, 3}, {fourth, 1}} {
		signed = sign(t, step.keys, audit.Checkpoint{Size: int64(i) + 1, Previous: int64(i)}, signed)
		if opened, err := fourth.Open(signed); err != nil || len(opened.Signers) != step.signers {
			t.Errorf("step %d is signed by %d keys, not %d: %v", i, len(opened.Signers), step.signers, err)
		}
	}
	if _, err := newKeys(t).Sign(audit.Checkpoint{Size: 9}, signed); err == nil {
		t.Error("a key of another log goes on with this one")
	}
}

// A checkpoint is what was signed, to the bit.
func TestEveryBitOfACheckpointIsSigned(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	signed := sign(t, keys, audit.Checkpoint{Size: 70, Previous: 12, At: at}, "")
	if c, err := keys.Open(signed); err != nil || c.Size != 70 || c.Previous != 12 || !c.At.Equal(at) || c.Origin != keys.Origin() {
		t.Fatalf("%+v, %v", c, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		flipped := []byte(signed)
		bit := rapid.IntRange(0, len(signed)*8-1).Draw(t, "bit")
		flipped[bit/8] ^= 1 << (bit % 8)
		if _, err := keys.Open(string(flipped)); err == nil {
			t.Fatalf("%q opens", flipped)
		}
	})
}

// Only one text says a thing.
func TestCheckpointHasOneForm(t *testing.T) {
	t.Parallel()
	const root = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for text, ok := range map[string]bool{
		"log\n0\n" + root + "\n":                                             true,
		"log\n7\n" + root + "\n":                                             true,
		"log\n7\n" + root + "\nprevious 6\n":                                 true,
		"log\n7\n" + root + "\nprevious 7\n":                                 false,
		"log\n7\n" + root + "\nprevious 0\n":                                 false,
		"log\n7\n" + root + "\nprevious -1\n":                                false,
		"log\n7\n" + root + "\nprevious 6\nmore\n":                           false,
		"log\n7\n" + root + "\nmore\n":                                       false,
		"log\n07\n" + root + "\n":                                            false,
		"log\n+7\n" + root + "\n":                                            false,
		"log\n-7\n" + root + "\n":                                            false,
		"log\n281474976710657\n" + root + "\n":                               false,
		"log\n99999999999999999999\n" + root + "\n":                          false,
		"\n7\n" + root + "\n":                                                false,
		"log\n7\n" + root:                                                    false,
		"log\n7\nAAAA\n":                                                     false,
		"log\r\n7\r\n" + root + "\r\n":                                       false,
		"log\n7\n" + root + "\nprevious 6\nprevious 5":                       false,
		"log\n7\n" + root + "\nprevious 6\ntime 2026-03-02T09:00:00Z\n":      true,
		"log\n7\n" + root + "\ntime 2026-03-02T09:00:00Z\n":                  true,
		"log\n7\n" + root + "\ntime 2026-03-02T09:00:00Z\nprevious 6\n":      false,
		"log\n7\n" + root + "\nprevious 6\ntime 2026-03-02T10:00:00+01:00\n": false,
		"log\n7\n" + root + "\nprevious 6\ntime 2026-03-02T09:00:00.5Z\n":    false,
		"log\n7\n" + root + "\nprevious 6\ntime soon\n":                      false,
	} {
		if _, err := audit.ReadCheckpoint(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Someone else's signature beside ours neither helps nor harms; one in another name
// does not make a checkpoint ours.
func TestOthersSignatures(t *testing.T) {
	t.Parallel()
	keys, others := newKeys(t), newKeys(t)
	signed := sign(t, keys, audit.Checkpoint{Size: 7}, "")
	theirs := sign(t, others, audit.Checkpoint{Size: 7}, "")
	line := theirs[strings.LastIndex(strings.TrimSpace(theirs), "\n")+1:]
	if _, err := keys.Open(signed + line); err != nil {
		t.Error(err)
	}
	if _, err := others.Open(signed); err == nil {
		t.Error("it opens with a key that did not sign it")
	}
	trusted, err := audit.Verifiers(append(keys.Verifiers(), others.Verifiers()...)...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.OpenCheckpoint(signed+line, trusted); err == nil {
		t.Error("a signature that is not of this text is passed over")
	}
}
