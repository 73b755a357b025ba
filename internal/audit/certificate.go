package audit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/casework"
)

// Certificate says that a case was erased: when, on which ground, by whom and with whose
// yes, and where in the log that stands. It says nothing of what the case held, nor how
// much that was.
type Certificate struct {
	Origin       string // of the log: the name of the key that signs it
	Case         casework.CaseCode
	Organisation string
	Closed       time.Time
	KeptUntil    time.Time
	Erased       time.Time
	Ground       string // a code
	By, With     string // names
	BackupsUntil time.Time
	Line         int64 // number of the leaf that records it
	Size         int64 // of the tree that holds that leaf
	Root         tlog.Hash
}

// certificateHead is no line that a checkpoint begins with: one signature never passes
// for the other.
const certificateHead = "casustafel certificate of erasure 1"

// Text is what is signed. Names stand in quotes, whatever is in them.
func (c Certificate) Text() string {
	var b strings.Builder
	fmt.Fprintln(&b, certificateHead)
	for _, line := range [][2]string{{"log", c.Origin}, {"case", string(c.Case)}, {"organisation", strconv.QuoteToASCII(c.Organisation)},
		{"closed", certified(c.Closed)}, {"kept until", certified(c.KeptUntil)}, {"erased", certified(c.Erased)}, {"ground", c.Ground},
		{"asked by", strconv.QuoteToASCII(c.By)}, {"with the yes of", strconv.QuoteToASCII(c.With)}, {"in backups until", certified(c.BackupsUntil)},
		{"line", strconv.FormatInt(c.Line, 10)}, {"of", strconv.FormatInt(c.Size, 10)}, {"root", c.Root.String()}} {
		fmt.Fprintf(&b, "%s: %s\n", line[0], line[1])
	}
	return b.String()
}

func certified(at time.Time) string { return at.UTC().Format(timeForm) }

// ReadCertificate reads a text that Text made, and nothing else.
func ReadCertificate(text string) (c Certificate, err error) {
	said := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		said[key] = value
	}
	read := func(into any, key string) {
		var wrong error
		switch into := into.(type) {
		case *string:
			*into, wrong = strconv.Unquote(said[key])
		case *time.Time:
			*into, wrong = time.Parse(timeForm, said[key])
		case *int64:
			*into, wrong = strconv.ParseInt(said[key], 10, 64)
		case *tlog.Hash:
			*into, wrong = tlog.ParseHash(said[key])
		}
		err = errors.Join(err, wrong)
	}
	c.Origin, c.Case, c.Ground = said["log"], casework.CaseCode(said["case"]), said["ground"]
	read(&c.Organisation, "organisation")
	read(&c.Closed, "closed")
	read(&c.KeptUntil, "kept until")
	read(&c.Erased, "erased")
	read(&c.By, "asked by")
	read(&c.With, "with the yes of")
	read(&c.BackupsUntil, "in backups until")
	read(&c.Line, "line")
	read(&c.Size, "of")
	read(&c.Root, "root")
	if err != nil || c.Text() != text || c.Line < 0 || c.Line >= c.Size {
		return Certificate{}, errNoCertificate
	}
	return c, nil
}

var errNoCertificate = errors.New("this is no certificate of erasure as Casustafel writes it")

// Sign signs a certificate in the name of the log.
func (c Certificate) Sign(signer note.Signer) (signed string, err error) {
	c.Origin = signer.Name()
	message, err := note.Sign(&note.Note{Text: c.Text()}, signer)
	if err != nil {
		return "", fmt.Errorf("sign a certificate: %w", err)
	}
	return string(message), nil
}

// Signer is the newest of the keys, for what else is signed in the name of the log.
func (k Keys) Signer() note.Signer { return k.signers[0] }

// OpenCertificate reads a signed certificate: one of the trusted keys has to have signed
// it, in the name of the log that it is of.
func OpenCertificate(signed string, trusted note.Verifiers) (c Certificate, err error) {
	n, err := note.Open([]byte(signed), trusted)
	if err != nil {
		return c, fmt.Errorf("open a certificate: %w", err)
	}
	if c, err = ReadCertificate(n.Text); err != nil {
		return c, err
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, nil
		}
	}
	return Certificate{}, errors.New("open a certificate: it is signed in the name of another log")
}
