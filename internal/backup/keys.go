// Package backup is the form of a backup: a file that age encrypted, with how the
// database was and, over all of it, a seal that only who has the master key could
// set. It knows neither the database nor the master key.
package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"filippo.io/age"
)

// Recipients are the public keys that a backup is encrypted to.
type Recipients []age.Recipient

// Identities are the secret keys that open it.
type Identities []age.Identity

// ReadRecipients reads what was given as recipients: each is a public key, or the
// name of a file with some, one on a line.
func ReadRecipients(given []string) (Recipients, error) {
	var all Recipients
	for _, name := range given {
		text := name
		if !strings.HasPrefix(name, "age1") {
			file, err := os.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("%w: expected age1..., or a file with such keys (casustafel backup key makes one)", errBadRecipient)
			}
			text = string(file)
		}
		recipients, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%w: expected age1..., all of it (casustafel backup key makes one)", errBadRecipient)
		}
		all = append(all, recipients...)
	}
	if len(all) == 0 {
		return nil, ErrNoRecipient
	}
	return all, nil
}

// ErrNoRecipient means that nobody could open the backup.
var ErrNoRecipient = errors.New("nobody could open this backup: make a key with casustafel backup key, keep it elsewhere, and give the age1... that it prints")

// errBadRecipient leaves out what was given: it may be a secret key.
var errBadRecipient = errors.New("a recipient is no public key of age")

// ReadIdentities reads the secret keys of a file that only its owner can read.
func ReadIdentities(path string) (Identities, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("identity %s can be read by others: chmod 600 it", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	defer file.Close()
	identities, err := age.ParseIdentities(file)
	if err != nil {
		return nil, fmt.Errorf("%s is no identity: expected the file that casustafel backup key wrote", path) // err may quote it
	}
	return identities, nil
}

// NewIdentity makes a secret key in a file of its own and gives the recipient that
// goes with it.
func NewIdentity(path string, at time.Time) (recipient string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("make an identity: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("there is a file %s already, and it is left as it is: an identity is needed for as long as there is a backup for it", path)
	}
	if err != nil {
		return "", fmt.Errorf("make an identity: %w", err)
	}
	recipient = identity.Recipient().String()
	_, err = fmt.Fprintf(file, "# opens backups of Casustafel; made %s\n# public key: %s\n%s\n", at.UTC().Format(time.RFC3339), recipient, identity)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("make an identity: %w", err), os.Remove(path))
	}
	return recipient, nil
}
