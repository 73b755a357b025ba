package web

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// New lines come as the page has them, with the place to go on from; a session that
// ends is told so, and nothing more.
func TestTailOfTheLog(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	if _, err := p.App.AddUser(t.Context(), app.NewUser{Login: "els", Name: "Els", Discipline: casework.Manager, Organisation: "De Linde", Password: password}); err != nil {
		t.Fatal(err)
	}
	iris := p.user(t, "iris")
	b := p.signedIn(t, "els")
	p.clock.turn(time.Minute)
	p.signedIn(t, "iris")
	p.clock.turn(time.Minute)
	b.post("/records", "person", string(iris))
	from := regexp.MustCompile(`data-tail="([^"]+)"`).FindStringSubmatch(b.get("/records").Body.String())
	if from == nil {
		t.Fatal("nothing to follow from")
	}
	// A page that is older than the filter leads back to the log.
	b.post("/records", "clear", "1")
	if w := b.get("/records/timeline"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/records" {
		t.Errorf("a timeline of nothing: %d", w.Code)
	}
	if w := b.get("/records/tail?newer=" + from[1]); w.Code != http.StatusConflict {
		t.Errorf("following under another filter: %d", w.Code)
	}
	b.post("/records", "person", string(iris))
	server := httptest.NewServer(p.Handler)
	t.Cleanup(server.Close)
	r := request(http.MethodGet, "/records/tail", nil)
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/records/tail?newer="+from[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Host = r.Host
	ask.AddCookie(&http.Cookie{Name: cookieName, Value: b.token})
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it only read
	checkHeaders(t, "the tail", answer.Header, "no-store")
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(answer.Status, answer.Header)
	}
	p.signedIn(t, "iris")
	var told string
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		told += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "data: ") {
			b.post("/sign-out")
		}
	}
	if strings.Count(told, "event: lines\n") != 1 || !strings.Contains(told, "Naam van iris") || !strings.Contains(told, "id: ") || !strings.HasSuffix(told, "event: ended\ndata:\n\n") {
		t.Errorf("told\n%s", told)
	}
	if w := b.get("/records/tail?newer=x"); w.Code != http.StatusSeeOther {
		t.Errorf("signed out: %d", w.Code)
	}
}
