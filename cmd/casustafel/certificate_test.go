package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/casustafel/casustafel/internal/audit"
)

// Somebody outside checks a certificate with nothing but the key of the log; one that was
// changed, or that another log gave, is refused, and nothing in a name reaches the terminal.
func TestCertificateIsVerified(t *testing.T) {
	t.Parallel()
	secret, public, err := note.GenerateKey(rand.Reader, "casustafel-0a1b2c3d")
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := note.GenerateKey(rand.Reader, "casustafel-0a1b2c3d")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := audit.Certificate{Case: "K7QF-2M9X", Organisation: "De Linde\x1b[2J", Ground: "period_over", By: "Els", With: "Joke\r\n", Line: 3, Size: 4}.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(text string, keys ...string) (string, error) {
		file := filepath.Join(t.TempDir(), "certificate.txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		err := (&certificateCmd{File: file, Key: keys}).verify(&said)
		return said.String(), err
	}
	if said, err := verify(signed, other, public); err != nil || !strings.Contains(said, "Case K7QF-2M9X") || !strings.Contains(said, "line 3") || strings.ContainsAny(said, "\x1b\r") {
		t.Errorf("%q, %v", said, err)
	}
	for what, err := range map[string]error{
		"changed":     func() error { _, err := verify(strings.Replace(signed, "Els", "Eva", 1), public); return err }(),
		"another key": func() error { _, err := verify(signed, other); return err }(),
		"no key":      func() error { _, err := verify(signed, "x"); return err }(),
		"too long":    func() error { _, err := verify(signed+strings.Repeat("x", certificateMost), public); return err }(),
		"nothing":     func() error { _, err := verify("", public); return err }(),
		"no file":     (&certificateCmd{File: filepath.Join(t.TempDir(), "none"), Key: []string{public}}).verify(nil),
	} {
		if err == nil {
			t.Errorf("%s: it was taken", what)
		}
	}
}
