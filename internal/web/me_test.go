package web

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// field finds the one field of a name on a page, and what is said to be wrong
// with it.
func fieldOf(t *testing.T, page *html.Node, name string) (input *html.Node, problem string) {
	t.Helper()
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && attr(n, "name") == name && attr(n, "id") == name {
			input = n
		}
		if n.Type == html.ElementNode && attr(n, "id") == name+"-problem" {
			problem = text(n)
		}
	}
	if input == nil {
		t.Fatalf("there is no field %s", name)
	}
	return input, problem
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// wrong holds that a page says beside one field what is wrong, and puts the
// cursor there.
func wrong(t *testing.T, what, body, name, words string) (typed string) {
	t.Helper()
	page, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	input, problem := fieldOf(t, page, name)
	if problem != words || !has(input, "autofocus") || attr(input, "aria-invalid") != "true" || !strings.Contains(attr(input, "aria-describedby"), name+"-problem") {
		t.Errorf("%s: beside %s stands %q: %v", what, name, problem, input.Attr)
	}
	return attr(input, "value")
}

func TestOwnPage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.user(t, "ruben")
	b := p.signedIn(t, "iris")
	if links := find(t, b.get("/"), "a", "href", "/me"); len(links) != 1 || text(links[0]) != "Naam van iris" {
		t.Errorf("the way to it: %v", links)
	}
	page := b.get("/me").Body.String()
	for _, want := range []string{"Naam van iris", "voorzitter", "De Linde", ">iris<"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on %s", want, page)
		}
	}
	if w := b.post("/me/contact", "contact", "  06 12345678, ma-do  "); w.Header().Get("Location") != "/me?done=contact" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	kept := b.get("/me?done=contact")
	if said := find(t, kept, "p", "role", "status"); len(said) != 1 || text(said[0]) != "Bewaard." {
		t.Errorf("told: %v", said)
	}
	if input, _ := fieldOf(t, find(t, kept, "body", "", "")[0], "contact"); attr(input, "value") != "06 12345678, ma-do" {
		t.Errorf("kept %v", input.Attr)
	}
	for _, odd := range []string{"x", "../../", "reason.internal", "title"} {
		if said := find(t, b.get("/me?done="+odd), "p", "role", "status"); len(said) != 0 {
			t.Errorf("done %q is told as %q", odd, text(said[0]))
		}
	}
	long := strings.Repeat("é", 101)
	for name, c := range map[string]struct{ typed, words, kept string }{
		"long":    {long, "Dit is te lang. Maak het korter.", long},
		"NUL":     {"06\x00", "In deze tekst staan tekens die hier niet kunnen. Typ ze opnieuw of plak zonder opmaak.", ""},
		"lines":   {"06\n07", "In deze tekst staan tekens die hier niet kunnen. Typ ze opnieuw of plak zonder opmaak.", "06\n07"},
		"no text": {"\xff", "In deze tekst staan tekens die hier niet kunnen. Typ ze opnieuw of plak zonder opmaak.", ""},
	} {
		w := b.post("/me/contact", "contact", c.typed)
		if typed := wrong(t, name, w.Body.String(), "contact", c.words); w.Code != http.StatusBadRequest || typed != c.kept && c.kept != "" {
			t.Errorf("%s: %d, %q stays", name, w.Code, typed)
		}
	}
	b.post("/me/contact", "contact", "")
	if again := b.get("/me"); strings.Contains(again.Body.String(), "06 1234") {
		t.Error("it cannot be taken back")
	}
	if other := p.signedIn(t, "ruben").get("/me").Body.String(); strings.Contains(other, "iris") {
		t.Error("somebody else's page is shown")
	}
	if w := b.post("/language", "language", "en", "back", "me"); w.Header().Get("Location") != "/me" {
		t.Errorf("another language leads to %q", w.Header().Get("Location"))
	}
	if w := b.post("/language", "language", "nl", "back", "//evil.example"); w.Header().Get("Location") != "/" {
		t.Errorf("back leads to %q", w.Header().Get("Location"))
	}
}

func TestChangePasswordPage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	here, there := p.signedIn(t, "iris"), p.signedIn(t, "iris")
	const fresh = "een heel ander woord"
	for name, c := range map[string]struct{ current, fresh, field, words string }{
		"wrong":    {"fout", fresh, "current", "Dat lukte niet. Kijk je wachtwoord van nu na. Lukt het een paar keer niet, wacht dan twee minuten."},
		"short":    {password, "kort", "fresh", "Dit wachtwoord is te kort."},
		"nothing":  {"", "", "fresh", "Dit wachtwoord is te kort."},
		"no text":  {"\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "fresh", "In dit wachtwoord staan tekens die niet kunnen."},
		"repeats":  {password, "aaaaaaaaaaaaaaa", "fresh", "In dit wachtwoord staat te vaak hetzelfde."},
		"too long": {password, strings.Repeat("abcdefg", 200), "fresh", "Dit wachtwoord is te lang."},
	} {
		w := here.post("/me/password", "current", c.current, "fresh", c.fresh)
		if typed := wrong(t, name, w.Body.String(), c.field, c.words); typed != "" || w.Code != http.StatusBadRequest && w.Code != http.StatusForbidden {
			t.Errorf("%s: %d, shows %q", name, w.Code, typed)
		}
		if strings.Contains(w.Body.String(), fresh) || strings.Contains(w.Body.String(), password) {
			t.Errorf("%s: a password is shown", name)
		}
	}
	if !there.isSignedIn(t) {
		t.Error("what was refused ends sessions")
	}
	if w := here.post("/me/password", "current", password, "fresh", fresh); w.Header().Get("Location") != "/me?done=password" {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if !here.isSignedIn(t) || there.isSignedIn(t) {
		t.Error("the sessions that go on are not the right ones")
	}
	other := &browser{place: p}
	if w := other.post("/sign-in", "login", "iris", "password", password); w.Code != http.StatusForbidden {
		t.Error("the old password signs in")
	}
	if w := other.post("/sign-in", "login", "iris", "password", fresh); w.Code != http.StatusSeeOther {
		t.Error("the new password does not sign in")
	}
	if logs := p.logs.String(); strings.Contains(logs, fresh) || strings.Contains(logs, password) {
		t.Error("a password is in the log")
	}
}
