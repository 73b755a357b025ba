package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// Whatever a colleague is lent, is shut out of, or opens by breaking the glass, and
// whoever is asked for a second yes: on every page Ruben, whom none of it concerns,
// is told the same as if nothing of it were.
func TestPagesTellOfNothingGivenToOthers(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	users := map[string]casework.UserID{}
	for login, role := range map[string]casework.Role{"hanneke": casework.Chair, "iris": casework.ChildWorker, "daan": casework.AmbulantWorker, "ruben": casework.PerpetratorSupport} {
		users[login] = p.account(t, login+"@linde.example", role, "De Linde")
	}
	hanneke := p.signedIn(t, "hanneke@linde.example")
	at := p.table(t, hanneke)
	for login, role := range map[string]string{"iris": "child_worker", "daan": "ambulant_worker", "ruben": "perpetrator_support"} {
		if w := hanneke.post(at+"/team/invite", "address", login+"@linde.example", "role", role, "ground", "treatment"); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, w.Body)
		}
	}
	p.clock.turn(time.Second)
	id := casework.CaseID(strings.TrimPrefix(at, "/cases/"))
	made := func(command, with string) string {
		t.Helper()
		a := p.App.Do(t.Context(), audit.Actor{User: users["hanneke"], Door: "test"}, id, casework.NewID[casework.CommandID](p.Random), command, []byte(with))
		if a.Refusal != nil {
			t.Fatal(command, a.Refusal)
		}
		return a.Made
	}
	noor := made("add_person", `{"name":"Noor","kind":"parent","class":"shared"}`)
	column := made("add_column", `{"title":"Feiten"}`)
	card := func(class string) casework.CardID {
		c := made("draft_card", `{"column":"`+column+`","title":"Kaart","class":"`+class+`","kind":"fact"}`)
		made("table_card", `{"card":"`+c+`"}`)
		return casework.CardID(c)
	}
	open, hidden := card("shared"), card("confidential")
	// Signed in now, so that no later step is among what is told.
	ruben, iris := p.signedIn(t, "ruben@linde.example"), p.signedIn(t, "iris@linde.example")
	told := func() (all []string) {
		for _, path := range []string{"/", at + "/team", at + "/access", at + "/access?about=c" + string(open), at + "/access?about=c" + string(hidden), at + "/access?about=p" + noor,
			at + "/why", at + "/glass", at + "/seconds", at + "/links", at + "/keeping", "/seconds", "/retention", "/reviews", "/records", "/hats", "/policy", "/me"} {
			w := ruben.get(path)
			body := w.Body.String()
			if path == "/" { // the form to open a case has a fresh id
				body = text(find(t, w, "main", "", "")[0])
			}
			all = append(all, path+" "+http.StatusText(w.Code)+"\n"+body)
		}
		return all
	}
	before := told()
	if !strings.Contains(before[3], "Naam van daan") || strings.Contains(before[4], "Naam van daan@linde.example ziet") {
		t.Fatal("the pages are others:", before[3], before[4])
	}
	chair := app.Session{}
	chair.Account.ID = users["hanneke"]
	until := p.clock.Now().Add(time.Hour)
	for _, err := range []error{
		refusalOf(p.App.Lend(t.Context(), chair, id, app.Gift{To: users["iris"], Card: hidden, Until: until, Reason: "Voor het gesprek."})),
		refusalOf(p.App.Lend(t.Context(), chair, id, app.Gift{To: users["daan"], Card: hidden, Until: until, Reason: "Voor het gesprek."})),
		refusalOf(p.App.Bar(t.Context(), chair, id, app.Gift{To: users["daan"], Card: open, Reason: "Kent de buren."})),
		refusalOf(p.App.Bar(t.Context(), chair, id, app.Gift{To: users["iris"], Person: casework.PersonID(noor), Reason: "Kent Noor."})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if w := iris.post(at+"/glass", "reason", "Joris staat nu voor de deur."); w.Header().Get("Location") != at+"/glass?done=broken" {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if w := hanneke.post(at+"/seconds", "act", "export", "ground", "court"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	for i, after := range told() {
		if after != before[i] {
			t.Errorf("told otherwise:\n%s\n%s", before[i], after)
		}
	}
}

// refusalOf is why something was not given.
func refusalOf[T any](_ T, err error) error { return err }
