package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

// Whatever stands where an id should, in an address or in a form, is answered like
// an id of nothing: with no fault of ours, on every page that there is.
func TestOddIDs(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	if err := p.App.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
		t.Fatal(err)
	}
	people := []*browser{p.signedIn(t, "hanneke@linde.example"), p.administrator(t, "ada@linde.example", "De Linde")}
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	people = append(people, p.signedIn(t, "els@linde.example"))
	at := p.table(t, people[0])
	wild := regexp.MustCompile(`\{[a-z]+\}`)
	named := []string{"id", "user", "invitation", "reset", "factor", "session", "proposal", "notice", "beside", "command", "member", "person", "card", "given", "what", "answer", "role", "class", "serving", "second"}
	for _, odd := range []string{"\x00", "\xff\xfe", strings.Repeat("A", 3000)} {
		for _, route := range p.routes() {
			method, path, _ := strings.Cut(route.pattern, " ")
			if route.access == machine || path == "" || path == "/live" || path == "/records/tail" || path == "/sign-out" || path == "/lock" {
				continue
			}
			paths := []string{wild.ReplaceAllString(path, url.PathEscape(odd))}
			if rest, inCase := strings.CutPrefix(path, "/cases/{id}"); inCase {
				paths = append(paths, at+wild.ReplaceAllString(rest, url.PathEscape(odd)))
			}
			for _, path := range paths {
				path = strings.ReplaceAll(path, "{$}", "")
				for _, b := range people {
					if strings.HasPrefix(path, at) && b != people[0] {
						continue // nobody else is at the table
					}
					form := url.Values{}
					for _, name := range named {
						form.Set(name, odd)
					}
					r := request(method, path, form)
					if method == http.MethodGet {
						r = request(method, path+"?"+form.Encode(), nil)
					}
					if w := b.send(r); w.Code >= http.StatusInternalServerError {
						t.Errorf("%s %.60q with %.10q answered %d", method, path, odd, w.Code)
					}
				}
			}
		}
	}
}
