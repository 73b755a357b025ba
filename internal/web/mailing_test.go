package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/mail"
	"github.com/casustafel/casustafel/internal/mail/mailtest"
)

// posting is a place whose invitations go out by a mail server.
func posting(t *testing.T, o mailtest.Options) (place, *mailtest.Server) {
	t.Helper()
	post := mailtest.Start(t, o)
	sender, err := mail.New(mail.Config{Address: post.Address, From: "tafel@linde.example", User: "tafel", Password: o.Password, Roots: post.Roots})
	if err != nil {
		t.Fatal(err)
	}
	return newPlace(t, func(c *Config) { c.Mail = sender }), post
}

var daan = []string{"login", "daan@linde.example", "name", "Daan", "discipline", "chair", "language", "en"}

// With a mail server the link goes to whom it is for, and nobody else sees it.
func TestInvitationByMail(t *testing.T) {
	t.Parallel()
	p, post := posting(t, mailtest.Options{Password: "geheim"})
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	w := ada.post("/organisation/invite", daan...)
	if w.Code != http.StatusOK || link(t, w.Body.String()) != "" || !strings.Contains(w.Body.String(), "gemaild naar daan@linde.example") {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	letters := post.Letters()
	if len(letters) != 1 || letters[0].To != "daan@linde.example" || !letters[0].TLS || !strings.Contains(letters[0].Text, "Subject: Invitation to Casustafel") {
		t.Fatalf("%+v", letters)
	}
	text := strings.ReplaceAll(letters[0].Text, "=\n", "")
	_, after, _ := strings.Cut(text, "/invitation#")
	b := &browser{place: p}
	if w := b.post("/invitation", "token", strings.Fields(after)[0]); w.Code != http.StatusOK {
		t.Errorf("the link in the mail answered %d", w.Code)
	}
}

// A mail server that does not take it is told of, without the server's words, and
// the link is there to pass on.
func TestInvitationThatIsNotMailed(t *testing.T) {
	t.Parallel()
	p, _ := posting(t, mailtest.Options{Password: "geheim", Refuse: true})
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	w := ada.post("/organisation/invite", daan...)
	token := link(t, w.Body.String())
	if len(find(t, w, "p", "role", "alert")) != 1 || len(token) != 43 {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if w := (&browser{place: p}).post("/invitation", "token", token); w.Code != http.StatusOK {
		t.Errorf("the link answered %d", w.Code)
	}
	if logs := p.logs.String(); !strings.Contains(logs, "answer 550") || strings.Contains(logs, "daan@") || strings.Contains(logs, token) {
		t.Errorf("the log: %s", logs)
	}
}
