package mail

import (
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/mail/mailtest"
)

func sender(t *testing.T, s *mailtest.Server, change func(*Config)) *Sender {
	t.Helper()
	c := Config{Address: s.Address, From: "Casustafel <tafel@linde.example>", User: "tafel", Password: "geheim-van-de-post", Roots: s.Roots}
	if change != nil {
		change(&c)
	}
	made, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestSend(t *testing.T) {
	t.Parallel()
	s := mailtest.Start(t, mailtest.Options{Password: "geheim-van-de-post"})
	const words = "Beste collega,\n\n.een punt vooraan, een lange regel " + "éé één twee drie vier vijf zes zeven acht negen tien elf twaalf\n"
	if err := sender(t, s, nil).Send(t.Context(), "daan@linde.example", "Uitnodiging één", words); err != nil {
		t.Fatal(err)
	}
	letters := s.Letters()
	if len(letters) != 1 || letters[0].From != "tafel@linde.example" || letters[0].To != "daan@linde.example" || !letters[0].TLS {
		t.Fatalf("got %+v", letters)
	}
	m, err := netmail.ReadMessage(strings.NewReader(letters[0].Text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Uitnodiging één" || m.Header.Get("To") != "daan@linde.example" {
		t.Errorf("headers %v, %v", m.Header, err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || strings.TrimRight(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n") != strings.TrimRight(words, "\n") {
		t.Errorf("says %q, %v", body, err)
	}
}

// Nothing goes out in the clear, to a server that cannot say who it is, or with a
// header of somebody else's making; and no error quotes an address or a word.
func TestSendRefuses(t *testing.T) {
	t.Parallel()
	good := mailtest.Options{Password: "geheim-van-de-post"}
	late := good
	late.Silent = true
	clear := good
	clear.NoTLS = true
	picky := good
	picky.Refuse = true
	for name, c := range map[string]struct {
		options mailtest.Options
		change  func(*Config)
		to, why string
	}{
		"no TLS":         {clear, nil, "daan@linde.example", "offers no TLS"},
		"unknown to us":  {good, func(c *Config) { c.Roots = nil }, "daan@linde.example", "TLS with the mail server"},
		"wrong password": {good, func(c *Config) { c.Password = "fout" }, "daan@linde.example", "sign in: answer 535"},
		"refuses":        {picky, nil, "daan@linde.example", "take the recipient: answer 550"},
		"two headers":    {good, nil, "daan@linde.example\r\nBcc: x@y.example", "line break"},
		"silent":         {late, nil, "daan@linde.example", "in time"},
	} {
		s := mailtest.Start(t, c.options)
		patience := time.Minute
		if c.options.Silent {
			patience = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err := sender(t, s, c.change).Send(ctx, c.to, "Onderwerp", "kanarie-tekst")
		cancel()
		if err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, secret := range []string{"daan", "kanarie", "geheim", "Onderwerp"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error quotes %s: %v", name, secret, err)
			}
		}
		if len(s.Letters()) != 0 {
			t.Errorf("%s: a letter went out", name)
		}
	}
	for _, c := range []Config{{}, {Address: "smtp.example.org", From: "a@b.example"}, {Address: ":25", From: "a@b.example"}, {Address: "x:25", From: "geen adres"}} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
