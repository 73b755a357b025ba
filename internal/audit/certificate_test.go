package audit_test

import (
	"crypto/rand"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
)

func aCertificate() audit.Certificate {
	at := time.Date(2026, 3, 2, 8, 0, 0, 123456000, time.UTC)
	return audit.Certificate{Origin: "log", Case: "K7QF-2M9X", Organisation: "De Linde\r\n\x1b[2J\"{", Closed: at.AddDate(-20, 0, 0), KeptUntil: at, Erased: at.AddDate(0, 1, 0),
		Ground: "period_over", By: "Els\nline: 1", With: "يوسف", BackupsUntil: at.AddDate(0, 4, 0), Line: 41, Size: 42, Root: tlog.RecordHash([]byte("x"))}
}

// A certificate is read back as it was signed, by who trusts the key; whatever is changed
// in it shows, and no other note passes for one.
func TestCertificate(t *testing.T) {
	t.Parallel()
	keys := func(name string) (note.Signer, note.Verifier) {
		secret, public, err := note.GenerateKey(rand.Reader, name)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := note.NewSigner(secret)
		if err != nil {
			t.Fatal(err)
		}
		verifier, err := note.NewVerifier(public)
		if err != nil {
			t.Fatal(err)
		}
		return signer, verifier
	}
	signer, verifier := keys("log")
	other, otherVerifier := keys("another")
	trusted := note.VerifierList(verifier, otherVerifier)
	signed, err := aCertificate().Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(signed, "\x1b\r") {
		t.Error("what is in a name comes out as it is")
	}
	if read, err := audit.OpenCertificate(signed, trusted); err != nil || !reflect.DeepEqual(read, aCertificate()) {
		t.Errorf("%+v, %v", read, err)
	}
	forge := func(text string, by ...note.Signer) string {
		message, err := note.Sign(&note.Note{Text: text}, by...)
		if err != nil {
			t.Fatal(err)
		}
		return string(message)
	}
	text := aCertificate().Text()
	late := aCertificate()
	late.Line = 42
	for what, wrong := range map[string]string{
		"a changed day":                strings.Replace(signed, "2026-03-02", "2026-03-03", 1),
		"another ground":               strings.Replace(signed, "period_over", "family_asks", 1),
		"no signature":                 text,
		"a key that nobody trusts":     func() string { s, _ := keys("log"); return forge(text, s) }(),
		"in the name of another log":   forge(text, other),
		"a checkpoint":                 forge("log\n42\n"+tlog.RecordHash(nil).String()+"\n", signer),
		"a line more":                  forge(text+"more: 1\n", signer),
		"a line less":                  forge(text[:strings.Index(text, "root")], signer),
		"a line beyond the tree":       forge(late.Text(), signer),
		"a time in another form":       forge(strings.Replace(text, "T08:00:00.123456Z", "T08:00:00Z", 1), signer),
		"cut off":                      signed[:len(signed)-20],
		"nothing":                      "",
		"another head, one log's note": forge(strings.Replace(text, "erasure 1", "erasure 2", 1), signer),
	} {
		if _, err := audit.OpenCertificate(wrong, trusted); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}
