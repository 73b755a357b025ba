// Package mail sends letters by SMTP, always under TLS. It knows nothing of who
// writes to whom and why; what goes out is for whoever calls it to mind.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"time"
)

// Within is how long a letter may take to hand over.
const Within = 10 * time.Second

// Sender hands letters to one server.
type Sender struct {
	address, host string
	from          *mail.Address
	user          string
	password      string
	implicit      bool
	roots         *x509.CertPool
	now           func() time.Time
}

// Config says which server, and as whom.
type Config struct {
	Address  string // host:port
	From     string // "Casustafel <casustafel@example.org>"
	User     string // empty: the server asks for none
	Password string
	Implicit bool           // TLS from the first byte (port 465); else STARTTLS, which has to be offered
	Roots    *x509.CertPool // nil: those of the machine
}

// New checks the settings; nothing is sent yet.
func New(c Config) (*Sender, error) {
	host, _, err := net.SplitHostPort(c.Address)
	if err != nil || host == "" {
		return nil, fmt.Errorf("mail server: expected something like smtp.example.org:587, got %q", c.Address)
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("sender of mail: expected something like Casustafel <casustafel@example.org>, got %q", c.From)
	}
	return &Sender{address: c.Address, host: host, from: from, user: c.User, password: c.Password, implicit: c.Implicit, roots: c.Roots, now: time.Now}, nil
}

// Send hands a letter over. An error names neither whom it was for nor what it
// said; the server's own words may, and are left out.
func (s *Sender) Send(ctx context.Context, to, subject, text string) error {
	if strings.ContainsAny(to+subject, "\r\n") {
		return errors.New("mail: a line break in a header")
	}
	ctx, cancel := context.WithTimeout(ctx, Within)
	defer cancel()
	client, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // after Quit it is closed already
	if s.user != "" {
		if err := client.Auth(smtp.PlainAuth("", s.user, s.password, s.host)); err != nil {
			return refused("sign in", err)
		}
	}
	if err := client.Mail(s.from.Address); err != nil {
		return refused("take the sender", err)
	}
	if err := client.Rcpt(to); err != nil {
		return refused("take the recipient", err)
	}
	w, err := client.Data()
	if err != nil {
		return refused("take a letter", err)
	}
	if _, err := w.Write(s.letter(to, subject, text)); err != nil {
		return refused("take the letter", err)
	}
	if err := w.Close(); err != nil {
		return refused("take the letter", err)
	}
	_ = client.Quit() // it has the letter
	return nil
}

// connect ends in a connection under TLS, or in none.
func (s *Sender) connect(ctx context.Context) (*smtp.Client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return nil, fmt.Errorf("reach the mail server: %w", err)
	}
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	under := &tls.Config{ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	if s.implicit {
		conn = tls.Client(conn, under)
	}
	client, err := smtp.NewClient(conn, s.host)
	if err != nil {
		return nil, errors.Join(refused("greet", err), conn.Close())
	}
	if s.implicit {
		return client, nil
	}
	if offered, _ := client.Extension("STARTTLS"); !offered {
		return nil, errors.Join(errors.New("the mail server offers no TLS"), client.Close())
	}
	if err := client.StartTLS(under); err != nil {
		return nil, errors.Join(fmt.Errorf("TLS with the mail server: %w", err), client.Close())
	}
	return client, nil
}

// refused says what the server would not do, with the number of its answer but
// not its words, which quote addresses.
func refused(what string, err error) error {
	var answer interface{ Timeout() bool }
	if code, _, found := strings.Cut(err.Error(), " "); found && len(code) == 3 && strings.Trim(code, "0123456789") == "" {
		return fmt.Errorf("the mail server did not %s: answer %s", what, code)
	}
	if errors.As(err, &answer) && answer.Timeout() {
		return fmt.Errorf("the mail server did not %s in time", what)
	}
	return fmt.Errorf("the mail server did not %s", what)
}

// letter is what goes over the line: plain text, and headers that say nothing but
// that a program wrote it.
func (s *Sender) letter(to, subject, text string) []byte {
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", s.from.String())
	header("To", to)
	header("Subject", mime.QEncoding.Encode("utf-8", subject))
	header("Date", s.now().UTC().Format(time.RFC1123Z))
	header("Auto-Submitted", "auto-generated")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n"))) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}
