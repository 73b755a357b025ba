package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/casustafel/casustafel/internal/durable"
)

// Keyring holds the master keys: the newest wraps, all of them unwrap. It lives
// in a file or the environment, never in the database or beside its files.
type Keyring struct {
	handle *keyset.Handle
	master tink.AEAD
	root   []byte // secret of this database, from which tokens and hashes get their keys
}

// NewKeyring makes a keyring with one fresh key.
func NewKeyring() (*Keyring, error) {
	handle, err := keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a master key: %w", err)
	}
	return newKeyring(handle)
}

// ReadKeyring reads a keyring in the form WriteTo gives it.
func ReadKeyring(r io.Reader) (*Keyring, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(r))
	if err != nil {
		return nil, errBadKeyring
	}
	k, err := newKeyring(handle)
	if err != nil {
		return nil, errBadKeyring
	}
	return k, nil
}

// errBadKeyring leaves out what was read: it may be half a key.
var errBadKeyring = errors.New("the master key cannot be read: expected the key file that Casustafel wrote")

func newKeyring(handle *keyset.Handle) (*Keyring, error) {
	master, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use the master key: %w", err)
	}
	return &Keyring{handle: handle, master: master}, nil
}

// OpenKeyFile reads the keyring from a file that only its owner can read, and
// makes one where there is no file yet.
func OpenKeyFile(path string) (*Keyring, error) {
	k, err := readKeyFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if k, err = NewKeyring(); err != nil {
		return nil, err
	}
	// A link, unlike a rename, never takes the place of a key that another
	// program made at this moment and may have used.
	switch err := k.write(path, os.Link); {
	case errors.Is(err, fs.ErrExist):
		return readKeyFile(path)
	case err != nil:
		return nil, err
	}
	return k, nil
}

func readKeyFile(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("master key %s can be read by others: chmod 600 it", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	k, err := ReadKeyring(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w (%s)", err, path)
	}
	return k, nil
}

// Save writes the keyring to a file, whole or not at all, in place of what was
// there. It is durable when Save returns.
func (k *Keyring) Save(path string) error { return k.write(path, os.Rename) }

// write makes the file beside its place and puts it there. What the database is sealed
// under from now on must outlast a power cut.
func (k *Keyring) write(path string, put func(from, to string) error) error {
	var file bytes.Buffer
	err := insecurecleartextkeyset.Write(k.handle, keyset.NewJSONWriter(&file))
	if err == nil {
		err = durable.SaveText(path, file.String(), put)
	}
	if err != nil {
		return fmt.Errorf("save the master key: %w", err)
	}
	return nil
}

// Rotated is the keyring with a fresh key that wraps from now on.
func (k *Keyring) Rotated() (*Keyring, error) {
	manager := keyset.NewManagerFromHandle(k.handle)
	id, err := manager.Add(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("rotate the master key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("rotate the master key: %w", err)
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("rotate the master key: %w", err)
	}
	rotated, err := newKeyring(handle)
	if err != nil {
		return nil, err
	}
	rotated.root = k.root
	return rotated, nil
}

// NewestAlone is the keyring without the keys that were rotated away, and tells how
// many these were.
func (k *Keyring) NewestAlone() (newest *Keyring, forgotten int, err error) {
	manager := keyset.NewManagerFromHandle(k.handle)
	info := k.handle.KeysetInfo()
	for _, key := range info.GetKeyInfo() {
		if key.GetKeyId() == info.GetPrimaryKeyId() {
			continue
		}
		if err := manager.Delete(key.GetKeyId()); err != nil {
			return nil, 0, fmt.Errorf("forget a master key: %w", err)
		}
		forgotten++
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, 0, fmt.Errorf("forget a master key: %w", err)
	}
	newest, err = newKeyring(handle)
	return newest, forgotten, err
}

// Hash is a keyed hash of data for one purpose: for what must be comparable in
// the database but not readable from it.
func (k *Keyring) Hash(label string, data []byte) []byte {
	mac := hmac.New(sha256.New, k.derive(label))
	mac.Write(data)
	return mac.Sum(nil)
}

func (k *Keyring) derive(label string) []byte {
	mac := hmac.New(sha256.New, k.root)
	mac.Write([]byte(label))
	return mac.Sum(nil)
}

// sealer is an AEAD under a raw 32-byte key.
func sealer(key []byte) tink.AEAD {
	a, err := subtle.NewXChaCha20Poly1305(key)
	if err != nil {
		panic(err) // only for a key of another length, which is ours to prevent
	}
	return a
}

func randomKey() []byte {
	key := make([]byte, 32)
	rand.Read(key) //nolint:errcheck // never fails
	return key
}

// TokenSealer seals small tokens that clients carry for us. Every node of one
// database opens the tokens of every other.
type TokenSealer struct{ aead tink.AEAD }

// Tokens is the sealer for one purpose.
func (s *Store) Tokens(purpose string) TokenSealer {
	return TokenSealer{sealer(s.keys.derive("token:" + purpose))}
}

// Seal makes the token.
func (t TokenSealer) Seal(plaintext string) string {
	sealed, err := t.aead.Encrypt([]byte(plaintext), nil)
	if err != nil {
		panic(err) // only for absurd lengths
	}
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Open reads the token; false when it is not one of ours.
func (t TokenSealer) Open(token string) (string, bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", false
	}
	plaintext, err := t.aead.Decrypt(sealed, nil)
	return string(plaintext), err == nil
}
