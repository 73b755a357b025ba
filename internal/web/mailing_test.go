package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/identity"
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
	letters := lettersTo(t, post, "daan@linde.example", 1)
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

// lettersTo waits until a server has so many letters for an address, and gives them.
func lettersTo(t *testing.T, post *mailtest.Server, address string, n int) []mailtest.Letter {
	t.Helper()
	return post.Await(t, n, func(l mailtest.Letter) bool { return l.To == address })
}

// says tells whether a letter has words in it.
func says(l mailtest.Letter, words string) bool {
	return strings.Contains(strings.ReplaceAll(l.Text, "=\n", ""), words)
}

// Who asks for another administrator shows a factor of a moment ago first, and every
// other administrator hears of it, by mail and on the page of the organisation.
func TestInvitedAdministratorIsToldOf(t *testing.T) {
	t.Parallel()
	p, post := posting(t, mailtest.Options{Password: "geheim"})
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	ben := p.administrator(t, "ben@linde.example", "De Linde")
	p.administrator(t, "bo@berk.example", "De Berk")
	p.clock.turn(identity.ProvenFor)
	second := []string{"login", "ada2@linde.example", "name", "Ada <Twee>", "discipline", "admin", "language", "nl"}
	if w := ada.post("/organisation/invite", second...); w.Header().Get("Location") != "/prove?to=%2Forganisation" {
		t.Fatalf("without a factor at hand: %d %s", w.Code, w.Header().Get("Location"))
	}
	if len(find(t, ada.get("/organisation"), "a", "href", "/prove?to=/organisation")) != 1 {
		t.Error("the page does not say what is asked first")
	}
	ada = p.signedIn(t, "ada@linde.example")
	if w := ada.post("/organisation/invite", second...); w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	invited := lettersTo(t, post, "ada2@linde.example", 1)[0]
	_, token, _ := strings.Cut(strings.ReplaceAll(invited.Text, "=\n", ""), "/invitation#")
	b := &browser{place: p}
	if w := b.post("/invitation/accept", "token", strings.Fields(token)[0], "name", "Ada <Twee>", "password", password); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	p.clock.turn(time.Minute)
	row := find(t, ben.get("/organisation"), "li", "data-login", "ada2@linde.example")
	if len(row) != 1 || !strings.Contains(text(row[0]), "Nieuw sinds 2 maart 2026. Uitgenodigd door Ada. Telt vanaf 9 maart 2026 mee als een van twee mensen.") {
		t.Errorf("the page says %v", row)
	}
	if letters := lettersTo(t, post, "ben@linde.example", 2); !says(letters[1], "nodigde Ada <Twee> uit als beheerder") {
		t.Errorf("told: %v", letters)
	}
}

// Whose second factors change hears of it by mail each time, wherever it was done.
func TestFactorsAreToldOf(t *testing.T) {
	t.Parallel()
	p, post := posting(t, mailtest.Options{Password: "geheim"})
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	ben := p.administrator(t, "ben@linde.example", "De Linde")
	p.user(t, "iris@linde.example")
	p.signedIn(t, "iris@linde.example")
	if w := ada.post("/resets/ask", "login", "iris@linde.example"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	id := attr(find(t, ben.get("/resets"), "input", "name", "reset")[0], "value")
	if w := ben.post("/resets/decide", "reset", id, "what", "confirm"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	p.clock.turn(identity.ResetDelay)
	p.halfway(t, "iris@linde.example").get("/prove")
	var got []string
	for _, l := range lettersTo(t, post, "iris@linde.example", 4) {
		for words, kind := range map[string]string{"een tweede stap gezet": "added", "vroeg om al je": "asked", "gebeurt op 3 maart 2026 10:00": "confirmed", "zijn weggehaald": "gone"} {
			if says(l, words) {
				got = append(got, kind)
			}
		}
	}
	slices.Sort(got)
	if want := []string{"added", "asked", "confirmed", "gone"}; !slices.Equal(got, want) {
		t.Errorf("told %v", got)
	}
}
