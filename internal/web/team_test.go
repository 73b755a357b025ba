package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// table is a case with a chair of De Linde, and its address.
func (p place) table(t *testing.T, chair *browser) string {
	t.Helper()
	w := chair.post("/cases", "command", "AAAAAAAAAAAAAAAA", "name", "Zilverlinde", "template", app.Templates[0].Name)
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// account makes a demo account of an organisation with a password.
func (p place) account(t *testing.T, login string, discipline casework.Role, organisation string) casework.UserID {
	t.Helper()
	id, err := p.App.AddUser(t.Context(), app.NewUser{Login: login, Name: "Naam van " + login, Discipline: discipline, Organisation: organisation, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// A chair brings in a colleague and somebody from elsewhere, whose own manager says
// yes, having seen neither case nor family.
func TestTeamPages(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	sanne := p.account(t, "sanne@linde.example", casework.ChildWorker, "De Linde")
	p.account(t, "mirthe@ggze.example", casework.MentalHealth, "GGzE")
	p.account(t, "els@ggze.example", casework.Manager, "GGzE")
	hanneke, els, mirthe := p.signedIn(t, "hanneke@linde.example"), p.signedIn(t, "els@ggze.example"), p.signedIn(t, "mirthe@ggze.example")
	at := p.table(t, hanneke)
	said := func(b *browser, path string) string {
		t.Helper()
		w := b.get(path)
		if w.Code != http.StatusOK {
			t.Fatalf("%s answered %d: %s", path, w.Code, w.Body)
		}
		return text(find(t, w, "main", "", "")[0])
	}
	for address, done := range map[string]string{"sanne@linde.example": "seated", "mirthe@ggze.example": "waiting", "nobody@nowhere.example": "waiting"} {
		w := hanneke.post(at+"/team/invite", "address", address, "role", "mental_health", "ground", "consent", "from", "", "until", "", "task", "Denkt mee", "mandate", "")
		if to := w.Header().Get("Location"); to != at+"/team?done="+done {
			t.Errorf("%s: %d %s %s", address, w.Code, to, w.Body)
		}
	}
	p.signedIn(t, "sanne@linde.example").post("/me/contact", "contact", "06 12345678, ma-do")
	page := said(hanneke, at+"/team?done=waiting")
	for _, want := range []string{"Zilverlinde", "Naam van sanne@linde.example", "06 12345678, ma-do", "Denkt mee", "wacht op bevestiging", "nobody@nowhere.example", "toestemming"} {
		if !strings.Contains(page, want) {
			t.Errorf("the team does not say %q:\n%s", want, page)
		}
	}
	if strings.Contains(said(hanneke, at+"/team?done=%3Cb%3E"), "<b>") || mirthe.get(at+"/team").Code != http.StatusNotFound {
		t.Error("the page says or shows what it should not")
	}
	page = said(els, "/confirmations")
	if !strings.Contains(page, "Naam van mirthe@ggze.example") || !strings.Contains(page, "De Linde") || strings.Contains(els.get("/confirmations").Body.String(), at[len("/cases/"):]) ||
		strings.Contains(page, "Zilverlinde") || strings.Contains(page, "nobody") || strings.Contains(page, "Denkt mee") {
		t.Errorf("the manager reads:\n%s", page)
	}
	if w := hanneke.get("/confirmations"); w.Code != http.StatusNotFound {
		t.Errorf("a chair sees the confirmations: %d", w.Code)
	}
	proposal := attr(find(t, els.get("/confirmations"), "input", "name", "proposal")[0], "value")
	if w := els.post("/confirmations", "proposal", proposal, "answer", "yes"); w.Header().Get("Location") != "/confirmations?done=confirmed" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := els.post("/confirmations", "proposal", proposal, "answer", "no"); w.Code != http.StatusNotFound || len(find(t, w, "p", "role", "alert")) != 1 {
		t.Errorf("answered twice: %d", w.Code)
	}
	page = said(hanneke, at+"/team")
	if !strings.Contains(page, "zegt ja op Naam van mirthe@ggze.example, GGzE.") || mirthe.get(at+"/team").Code != http.StatusNotFound {
		t.Errorf("the chair reads:\n%s", page)
	}
	for _, want := range []int{http.StatusSeeOther, http.StatusNotFound} {
		if w := hanneke.post(at + "/team/proposal/" + proposal + "/seat"); w.Code != want {
			t.Errorf("the chair gives the place: %d %s", w.Code, w.Body)
		}
	}
	if !strings.Contains(said(mirthe, at+"/team"), "Denkt mee") {
		t.Error("Mirthe is not at the table")
	}
	if w := hanneke.post(at + "/team/member/" + string(sanne) + "/end"); w.Header().Get("Location") != at+"/team?done=ended" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// What is wrong stands beside its field, which has the focus; what was typed is
// there still.
func TestTeamFormRefused(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	me := p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	hanneke := p.signedIn(t, "hanneke@linde.example")
	at := p.table(t, hanneke)
	typed := func(change ...string) []string {
		form := map[string]string{"address": "x@y.example", "role": "child_worker", "ground": "treatment", "until": "2026-04-01", "task": "Doet <mee>", "mandate": "Alles"}
		for i := 0; i < len(change); i += 2 {
			form[change[i]] = change[i+1]
		}
		var pairs []string
		for name, value := range form {
			pairs = append(pairs, name, value)
		}
		return pairs
	}
	for field, bad := range map[string]string{"address": "Jan Jansen", "role": "chair", "ground": "", "until": "2026-02-01", "from": "gisteren", "task": strings.Repeat("a", 301)} {
		w := hanneke.post(at+"/team/invite", typed(field, bad)...)
		wrong := find(t, w, "p", "id", field+"-problem")
		if w.Code != http.StatusBadRequest || len(wrong) != 1 || text(wrong[0]) == "" {
			t.Errorf("%s: %d %s", field, w.Code, w.Body)
			continue
		}
		for _, element := range []string{"input", "select"} {
			for _, n := range find(t, w, element, "id", field) {
				if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "autofocus" }) || !strings.Contains(attr(n, "aria-describedby"), field+"-problem") {
					t.Errorf("%s: the field does not have the focus", field)
				}
			}
		}
		if got := attr(find(t, w, "input", "id", "mandate")[0], "value"); got != "Alles" {
			t.Errorf("%s: typed is lost: %q", field, got)
		}
	}
	w := hanneke.post(at+"/team/member/"+string(me), "role", "child_worker", "ground", "owner")
	if w.Code != http.StatusConflict || len(find(t, w, "p", "id", "role-problem")) != 1 {
		t.Errorf("the last chair: %d %s", w.Code, w.Body)
	}
	w = hanneke.post(at + "/team/member/" + string(me) + "/end")
	if w.Code != http.StatusConflict || len(find(t, w, "p", "role", "alert")) != 1 {
		t.Errorf("the last chair goes: %d", w.Code)
	}
}

// Everything that Ruben is shown about the team, and every answer that he gets, is
// the same whether or not there is somebody whom he may not know of, whom a
// colleague stands beside, a list of who must never come near, and a question that
// waits elsewhere.
func TestTeamPagesBetrayNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	hanneke := p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	p.account(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	p.account(t, "ruben@linde.example", casework.PerpetratorSupport, "De Linde")
	p.account(t, "els@ggze.example", casework.Manager, "GGzE")
	p.account(t, "mirthe@ggze.example", casework.MentalHealth, "GGzE")
	chair := p.signedIn(t, "hanneke@linde.example")
	at := p.table(t, chair)
	for login, role := range map[string]string{"iris@linde.example": "child_worker", "ruben@linde.example": "perpetrator_support"} {
		if w := chair.post(at+"/team/invite", "address", login, "role", role, "ground", "treatment"); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, w.Body)
		}
	}
	iris := ""
	for _, li := range find(t, chair.get(at+"/team"), "li", "", "") {
		if strings.Contains(text(li), "Naam van iris") {
			iris = attr(li, "data-member")
		}
	}
	ruben, els := p.signedIn(t, "ruben@linde.example"), p.signedIn(t, "els@ggze.example")
	told := func() (all []string) {
		for _, path := range []string{"/", at + "/team", at + "/team/invite", at + "/team/exclusions", at + "/team/member/" + iris, "/confirmations"} {
			w := ruben.get(path)
			body := w.Body.String()
			if path == "/" { // the form to open a case has a fresh id
				body = text(find(t, w, "main", "", "")[0])
			}
			all = append(all, path, http.StatusText(w.Code), body)
		}
		for _, path := range []string{"/team/invite", "/team/exclusions", "/team/interpreter", "/team/member/" + iris, "/team/member/" + iris + "/end"} {
			w := ruben.post(at+path, "address", "kees@example.org", "role", "child_worker", "ground", "treatment", "name", "Amina", "signed", "yes")
			all = append(all, path, http.StatusText(w.Code), w.Body.String())
		}
		return all
	}
	before := told()
	if !strings.Contains(strings.Join(before, " "), "Naam van iris") || strings.Contains(before[5], "Tolk toevoegen") {
		t.Fatal("the pages are others:", before)
	}
	answer := p.App.Do(t.Context(), audit.Actor{User: hanneke}, casework.CaseID(at[len("/cases/"):]), "BBBBBBBBBBBBBBBB", "add_person", []byte(`{"name":"Ans","kind":"network","class":"safety"}`))
	if answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	for path, form := range map[string][]string{
		"/team/member/" + iris: {"role", "child_worker", "ground", "treatment", "beside", answer.Made},
		"/team/exclusions":     {"address", "kees@example.org", "note", "Broer van Joris"},
		"/team/invite":         {"address", "mirthe@ggze.example", "role", "mental_health", "ground", "treatment"},
	} {
		if w := chair.post(at+path, form...); w.Code != http.StatusSeeOther {
			t.Fatal(path, w.Code, w.Body)
		}
	}
	if !strings.Contains(chair.get(at+"/team").Body.String(), "Ans") || !strings.Contains(els.get("/confirmations").Body.String(), "mirthe") {
		t.Fatal("nothing was hidden")
	}
	for i, after := range told() {
		if after != before[i] {
			t.Errorf("told otherwise (%d):\n%s\n%s", i, before[i], after)
		}
	}
}
