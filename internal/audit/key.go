package audit

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Keys sign the checkpoints of a log, the newest first; those that signed before stay,
// so that what they signed can be checked. All have one name, the origin of the log.
type Keys struct {
	secrets   []string // as note has them
	signers   []note.Signer
	verifiers []string
}

// NewKeys makes the first key of a log, and the log's name with it.
func NewKeys() (Keys, error) {
	name := make([]byte, 4)
	rand.Read(name) //nolint:errcheck // never fails
	return Keys{}.with("casustafel-" + hex.EncodeToString(name))
}

// Rotated are the keys with a fresh one in front.
func (k Keys) Rotated() (Keys, error) { return k.with(k.Origin()) }

func (k Keys) with(name string) (Keys, error) {
	secret, _, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return Keys{}, fmt.Errorf("make an audit key: %w", err)
	}
	return keysOf(append([]string{secret}, k.secrets...))
}

// ReadKeys reads keys as String gives them.
func ReadKeys(file string) (Keys, error) {
	var secrets []string
	for line := range strings.Lines(file) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			secrets = append(secrets, line)
		}
	}
	if len(secrets) == 0 {
		return Keys{}, errBadKey
	}
	return keysOf(secrets)
}

// errBadKey leaves out what was read: it may be half a key.
var errBadKey = errors.New("the audit key cannot be read: expected the key file that Casustafel wrote")

func keysOf(secrets []string) (k Keys, err error) {
	k.secrets = secrets
	for _, secret := range secrets {
		signer, err := note.NewSigner(secret)
		if err != nil || len(k.signers) > 0 && signer.Name() != k.Origin() {
			return Keys{}, errBadKey
		}
		fields := strings.SplitN(secret, "+", 5) // PRIVATE, KEY, name, hash and the key, which may hold a plus
		data, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
		if err != nil || len(data) != 1+ed25519.SeedSize {
			return Keys{}, errBadKey
		}
		public := ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey)
		verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
		if err != nil {
			return Keys{}, errBadKey
		}
		k.signers, k.verifiers = append(k.signers, signer), append(k.verifiers, verifier)
	}
	return k, nil
}

// String is the content of a key file. It is secret.
func (k Keys) String() string {
	return "# Signs the access log of Casustafel: keep it secret, and a copy of it safe. The newest is the first.\n" + strings.Join(k.secrets, "\n") + "\n"
}

// Origin is the name of the log.
func (k Keys) Origin() string { return k.signers[0].Name() }

// Verifiers are what others check signatures with, the newest first. They are for
// everybody.
func (k Keys) Verifiers() []string { return slices.Clone(k.verifiers) }

// Sign signs a checkpoint with the newest key. Where another signed the one before it,
// that one signs too, and hands the log over.
func (k Keys) Sign(c Checkpoint, before string) (signed string, err error) {
	c.Origin = k.Origin()
	signers := k.signers[:1]
	if before != "" {
		last, err := k.Open(before)
		if err != nil {
			return "", err
		}
		// Keys that came in between sign as well: each is known to whoever knows the next.
		for i, s := range k.signers {
			if slices.Contains(last.Signers, s.KeyHash()) {
				signers = k.signers[:i+1]
				break
			}
		}
	}
	message, err := note.Sign(&note.Note{Text: c.Text()}, signers...)
	if err != nil {
		return "", fmt.Errorf("sign a checkpoint: %w", err)
	}
	return string(message), nil
}

// Open reads a checkpoint that one of these keys signed.
func (k Keys) Open(signed string) (Opened, error) {
	trusted, err := Verifiers(k.verifiers...)
	if err != nil {
		return Opened{}, err
	}
	return OpenCheckpoint(signed, trusted)
}

// Verifiers reads keys that others check signatures with.
func Verifiers(verifiers ...string) (note.Verifiers, error) {
	var list []note.Verifier
	for _, text := range verifiers {
		v, err := note.NewVerifier(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("%q is no key to check a log with: expected one as casustafel audit key prints it", text)
		}
		list = append(list, v)
	}
	return note.VerifierList(list...), nil
}
