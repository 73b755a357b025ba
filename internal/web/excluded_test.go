package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// sealed is a place in the log from which a page follows it: other bytes each time.
var sealed = regexp.MustCompile(`data-tail="[^"]+"`)

// Whoever must never come near a case is told of it by no route at all: not as one
// who was asked to its table, not as the manager or an administrator of its own
// organisation. Where a route is about a case, its answer is that for a case that
// there is not. A new route is asked for too, or the test fails.
func TestExcludedFromEveryRoute(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	excluded := map[string]casework.Role{"kees@linde.example": casework.ChildWorker, "els@linde.example": casework.Manager, "ada@linde.example": casework.Admin}
	for login, discipline := range excluded {
		p.account(t, login, discipline, "De Linde")
	}
	chair := p.signedIn(t, "hanneke@linde.example")
	at := chair.post("/cases", "command", "AAAAAAAAAAAAAAAA", "name", "Sterrenwacht", "template", app.Templates[0].Name).Header().Get("Location")
	id := casework.CaseID(strings.TrimPrefix(at, "/cases/"))
	if answer := p.App.Do(t.Context(), audit.Actor{User: casework.UserID(p.id(t, "hanneke@linde.example"))}, id, "BBBBBBBBBBBBBBBB", "add_person", []byte(`{"name":"Fenna","kind":"child","class":"shared"}`)); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	code := func(of casework.CaseID) string { return string(p.App.CaseCode(of)) }
	marks := []string{"Sterrenwacht", "Fenna", string(id), code(id), "Broer van Joris"}
	if page := chair.get(at+"/team").Body.String() + chair.get("/").Body.String(); !strings.Contains(page, marks[0]) || !strings.Contains(page, string(id)) {
		t.Fatal("there is nothing to hide")
	}
	for login := range excluded {
		if w := chair.post(at+"/team/exclusions", "address", login, "note", "Broer van Joris"); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, w.Body)
		}
	}
	if w := chair.post(at+"/team/invite", "address", "kees@linde.example", "role", "child_worker", "ground", "treatment"); w.Code == http.StatusSeeOther {
		t.Fatal("the excluded are not on the list")
	}
	table := everyRoute()
	for login := range excluded {
		b := p.signedIn(t, login)
		for _, route := range p.routes() {
			method, c, ok := wayTo(t, table, route)
			if !ok || slices.Contains([]string{"/sign-out", "/lock", "/records/tail"}, c.path) {
				continue // these end the walk, or go on for ever
			}
			send := func(of casework.CaseID) (status int, to, body string) {
				form := url.Values{"case": {code(of)}, "address": {"hanneke@linde.example"}, "query": {"Sterrenwacht"}, "name": {"Zilver"}}
				for name, values := range c.form {
					form[name] = values
				}
				w := b.send(request(method, strings.Replace(c.path, "/cases/"+anyID, "/cases/"+string(of), 1), form))
				to, body = w.Header().Get("Location"), w.Body.String()
				if strings.HasPrefix(to, "/records") { // a filter is kept, and answered by the next page
					body = b.get(to).Body.String() + b.get("/records/timeline").Body.String()
				}
				body = sealed.ReplaceAllStringFunc(body, func(place string) string { return strings.Repeat("x", len(place)) })
				return w.Code, to, body
			}
			status, to, body := send(id)
			if strings.HasPrefix(c.path, "/cases/") || slices.Contains([]string{"POST /records", "POST /records/export"}, route.pattern) {
				absentStatus, absentTo, absent := send(anyID)
				typed := strings.NewReplacer(string(id), anyID, code(id), code(anyID)) // it comes back as it was asked for
				if body = typed.Replace(body); status != absentStatus || typed.Replace(to) != absentTo || body != absent {
					t.Errorf("%s, %s: %d %s, but %d %s where there is no case", login, route.pattern, status, to, absentStatus, absentTo)
				}
			}
			for _, mark := range marks {
				if strings.Contains(body, mark) {
					t.Errorf("%s, %s: shows %q: %s", login, route.pattern, mark, body)
				}
			}
		}
	}
}
