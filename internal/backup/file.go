package backup

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"time"

	"filippo.io/age"
)

// Inside the encryption: the first line says what this is, the second holds a
// Header, then comes the archive and last the seal over all of it. Anybody can
// encrypt to a public key, and an archive is a program that the database runs: the
// seal tells a backup from a forgery before it is let in.
const (
	ageStart    = "age-encryption.org/"
	firstLine   = "casustafel backup 1\n"
	headerLimit = 1 << 20
	sealSize    = sha256.Size
)

// Header is what a backup says of itself.
type Header struct {
	Made       time.Time        `json:"made"`
	Program    string           `json:"program"`
	Schema     int64            `json:"schema"`     // the last migration
	PostgreSQL int              `json:"postgresql"` // major version of what wrote the archive
	MasterKey  string           `json:"master_key"` // which one opens the content, by fingerprint
	Seal       []byte           `json:"seal"`       // key of the seal, wrapped by the master key
	Rows       map[string]int64 `json:"rows"`       // by table
}

// NewSealKey makes the key of one seal.
func NewSealKey() []byte {
	key := make([]byte, sealSize)
	rand.Read(key) //nolint:errcheck // never fails
	return key
}

// Write encrypts a backup as archive writes it.
func Write(to io.Writer, recipients Recipients, h Header, sealKey []byte, archive func(io.Writer) error) error {
	encrypted, err := age.Encrypt(to, recipients...)
	if err != nil {
		return fmt.Errorf("encrypt the backup: %w", err)
	}
	header, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	seal := hmac.New(sha256.New, sealKey)
	sealed := io.MultiWriter(encrypted, seal)
	if _, err := fmt.Fprintf(sealed, "%s%s\n", firstLine, header); err != nil {
		return err
	}
	if err := archive(sealed); err != nil {
		return err
	}
	if _, err := encrypted.Write(seal.Sum(nil)); err != nil {
		return err
	}
	return encrypted.Close()
}

// Errors of what is no backup, or none for us.
var (
	ErrForeign       = errors.New("this is no backup of Casustafel")
	ErrOtherIdentity = errors.New("this identity does not open the backup: give the file that goes with the recipient it was made for")
	ErrDamaged       = errors.New("the backup is damaged: a part of it is missing or was changed; take another copy or an older one")
	ErrForged        = errors.New("the backup was not made by who has the master key, or was changed since: it is not let in")
)

// Contents is an opened backup.
type Contents struct {
	Header
	from *bufio.Reader
	said []byte // the lines before the archive
	seal hash.Hash
	err  error // of how it ended
}

// Open decrypts the beginning of a backup.
func Open(from io.Reader, identities Identities) (*Contents, error) {
	source := &watched{from: from}
	file := bufio.NewReader(source)
	start, _ := file.Peek(len(ageStart)) // of a shorter file all there is
	plain, err := age.Decrypt(file, identities...)
	var none *age.NoIdentityMatchError
	switch {
	case source.err != nil:
		return nil, fmt.Errorf("read the backup: %w", source.err)
	case errors.As(err, &none):
		return nil, ErrOtherIdentity
	case err != nil && string(start) == ageStart:
		return nil, ErrDamaged
	case err != nil:
		return nil, ErrForeign
	}
	c := &Contents{from: bufio.NewReaderSize(&decrypting{plain, source}, 1<<16)}
	if err := c.begin(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Contents) begin() error {
	first := make([]byte, len(firstLine))
	if _, err := io.ReadFull(c.from, first); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if string(first) != firstLine {
		return ErrForeign
	}
	for len(c.said) == 0 || c.said[len(c.said)-1] != '\n' {
		b, err := c.from.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if c.said = append(c.said, b); err != nil || len(c.said) > headerLimit {
			return ErrForeign
		}
	}
	if err := json.Unmarshal(c.said, &c.Header); err != nil {
		return ErrForeign
	}
	c.said = append(first, c.said...)
	return nil
}

// Archive reads the archive. It ends with io.EOF only when the seal of that key is
// over all that was read.
func (c *Contents) Archive(sealKey []byte) io.Reader {
	c.seal = hmac.New(sha256.New, sealKey)
	c.seal.Write(c.said)
	return c
}

// Read implements io.Reader; Archive hands it out.
func (c *Contents) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	ahead, err := c.from.Peek(min(c.from.Size(), len(p)+sealSize))
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
		return 0, err
	}
	if n := len(ahead) - sealSize; n > 0 {
		n = copy(p, ahead[:n])
		c.seal.Write(p[:n])
		_, err := c.from.Discard(n)
		return n, err
	}
	c.err = io.EOF
	if !hmac.Equal(c.seal.Sum(nil), ahead) {
		c.err = ErrForged
	}
	return 0, c.err
}

// watched keeps why the file could not be read, which is no fault of what is in it.
type watched struct {
	from io.Reader
	err  error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	var refused *fs.PathError
	if errors.As(err, &refused) {
		w.err = err
	}
	return n, err
}

// decrypting says in our words what is wrong with a file.
type decrypting struct {
	io.Reader
	source *watched
}

func (d *decrypting) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case d.source.err != nil:
		return n, fmt.Errorf("read the backup: %w", d.source.err)
	}
	return n, ErrDamaged
}
