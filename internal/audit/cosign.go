package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A witness is a partner that saw how the log grew and says so: it puts a cosignature
// of version 1 under a checkpoint. What is signed, and how keys and signatures are
// written, is by C2SP tlog-cosignature (https://c2sp.org/tlog-cosignature) and signed-note
// (https://c2sp.org/signed-note): an Ed25519 signature of a header, the time and the
// whole text of the checkpoint; with the time before it, eight bytes, big-endian.
const (
	plainKey  = 1 // a signature of the text alone
	cosignKey = 4 // a signature with a time

	cosignatureLength = 8 + ed25519.SignatureSize
)

// CosignVerifier knows the cosignatures of one witness.
type CosignVerifier struct {
	name string
	key  ed25519.PublicKey
}

// NewCosignVerifier reads the verifier key of a witness: name+hash+base64(4||key).
func NewCosignVerifier(key string) (*CosignVerifier, error) {
	name, public, err := readKey(key)
	if err != nil {
		return nil, fmt.Errorf("this is no verifier key of a witness (name+hash+key): %w", err)
	}
	v := &CosignVerifier{name, public}
	if v.String() != key {
		return nil, errors.New("this is no verifier key of a witness (name+hash+key): its hash is of another key")
	}
	return v, nil
}

// readKey takes a key apart: that of a verifier, or of a signer without its prefix.
func readKey(key string) (name string, bytes []byte, err error) {
	name, rest, _ := strings.Cut(key, "+")
	_, coded, _ := strings.Cut(rest, "+")
	bytes, err = base64.StdEncoding.DecodeString(coded)
	switch {
	case !goodName(name):
		return "", nil, errors.New("a name is one word without a plus")
	case err != nil || len(bytes) == 0:
		return "", nil, errors.New("it is not whole")
	case bytes[0] == plainKey:
		return "", nil, errors.New("it is the key of a log")
	case len(bytes) != 1+ed25519.PublicKeySize || bytes[0] != cosignKey:
		return "", nil, errors.New("it is of an unknown kind")
	}
	return name, bytes[1:], nil
}

// goodName tells whether a key can have the name.
func goodName(name string) bool {
	return name != "" && len(name) <= 100 && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '+' })
}

// String is the key as it is written.
func (v *CosignVerifier) String() string { return writtenKey(v.name, v.KeyHash(), v.key) }

func writtenKey(name string, hash uint32, key []byte) string {
	return fmt.Sprintf("%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(append([]byte{cosignKey}, key...)))
}

// Name is who it is.
func (v *CosignVerifier) Name() string { return v.name }

// KeyHash tells keys of one name apart.
func (v *CosignVerifier) KeyHash() uint32 {
	sum := sha256.Sum256(append(append([]byte(v.name+"\n"), cosignKey), v.key...))
	return binary.BigEndian.Uint32(sum[:])
}

// Verify tells whether a signature is a cosignature of the text.
func (v *CosignVerifier) Verify(text, signature []byte) bool {
	at, ok := cosignedAt(signature)
	return ok && ed25519.Verify(v.key, cosigned(text, at), signature[8:])
}

// asks knows what the witness asks for, which is signed with the same key but never
// reads as a cosignature.
func (v *CosignVerifier) asks() (note.Verifier, error) {
	key, err := note.NewEd25519VerifierKey(v.name, v.key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(key)
}

// cosigned is what is signed of a text.
func cosigned(text []byte, at int64) []byte {
	return append([]byte("cosignature/v1\ntime "+strconv.FormatInt(at, 10)+"\n"), text...)
}

func cosignedAt(signature []byte) (at int64, ok bool) {
	if len(signature) != cosignatureLength {
		return 0, false
	}
	at = int64(binary.BigEndian.Uint64(signature))
	return at, at >= 0
}

// CosignedAt is when a witness says that it saw what it cosigned.
func CosignedAt(s note.Signature) (time.Time, bool) {
	signature, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(signature) < 4 {
		return time.Time{}, false
	}
	at, ok := cosignedAt(signature[4:])
	return time.Unix(at, 0).UTC(), ok
}

// Cosigner is a witness that signs.
type Cosigner struct {
	CosignVerifier
	private ed25519.PrivateKey
	now     func() time.Time
}

const signerPrefix = "PRIVATE+KEY+"

// NewWitnessKey makes the key of a witness.
func NewWitnessKey(random io.Reader, name string) (signer string, verifier *CosignVerifier, err error) {
	if !goodName(name) {
		return "", nil, fmt.Errorf("%q is no name for a witness: take one word, such as witness.example.org", name)
	}
	public, private, err := ed25519.GenerateKey(random)
	if err != nil {
		return "", nil, err
	}
	verifier = &CosignVerifier{name, public}
	return signerPrefix + writtenKey(name, verifier.KeyHash(), private.Seed()), verifier, nil
}

// NewCosigner reads the key of a witness.
func NewCosigner(key string, now func() time.Time) (*Cosigner, error) {
	rest, ok := strings.CutPrefix(key, signerPrefix)
	name, seed, err := readKey(rest)
	if err != nil || !ok {
		return nil, errors.New("this is no key of a witness: casustafel witness key makes one")
	}
	private := ed25519.NewKeyFromSeed(seed)
	c := &Cosigner{CosignVerifier{name, private.Public().(ed25519.PublicKey)}, private, now}
	if signerPrefix+writtenKey(name, c.KeyHash(), seed) != key {
		return nil, errors.New("this key of a witness was changed: its hash is of another key")
	}
	return c, nil
}

// Sign makes a cosignature.
func (c *Cosigner) Sign(text []byte) ([]byte, error) {
	at := c.now().Unix()
	return append(binary.BigEndian.AppendUint64(nil, uint64(at)), ed25519.Sign(c.private, cosigned(text, at))...), nil
}

// asking signs what the witness asks for.
type asking struct {
	note.Verifier
	private ed25519.PrivateKey
}

// Sign implements note.Signer.
func (a asking) Sign(text []byte) ([]byte, error) { return ed25519.Sign(a.private, text), nil }
