package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/policies"
	"github.com/casustafel/casustafel/static"
)

// Every line that the program comes with has its reason in both languages, the
// English one word for word as it stands in the policy: that is how a reason of an
// organisation's own is told apart.
func TestEveryLineHasItsReason(t *testing.T) {
	t.Parallel()
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Rules() {
		if got := static.Locale("en")["why."+r.ID]; got != r.Why {
			t.Errorf("%s: %q in en.json, %q in the policy", r.ID, got, r.Why)
		}
		if dutch := static.Locale("nl")["why."+r.ID]; dutch == "" || dutch == r.Why {
			t.Errorf("%s has no Dutch reason", r.ID)
		}
	}
	words := base{Language: "nl"}
	if got, translated := words.why("A-31", "Een eigen zin van de organisatie"); translated || got != "Een eigen zin van de organisatie" {
		t.Errorf("a reason of one's own became %q", got)
	}
	for _, act := range policy.Acts() {
		if words.optional("policy.act."+string(act)) == "" {
			t.Errorf("there are no words for %s", act)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	if w := b.get("/policy"); !strings.Contains(w.Body.String(), "Wat een voorzitter mag lezen") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	page := b.get("/policy?role=perpetrator_support")
	rows := find(t, page, "tr", "", "")
	if len(rows) != 6 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, want := range []string{"kindjaneeneeneenee", "ouderjaneeneeneenee", "(ex-)partnerjawie ernaast staatvan naaste collega'sneewie is aangevinktvan naaste collega's"} {
		if got := text(rows[i+1]); got != want {
			t.Errorf("row %d: %q, not %q", i, got, want)
		}
	}
	if body := page.Body.String(); !strings.Contains(body, "Begeleiding van de (ex-)partner ziet nooit een veiligheidskaart van een ander") || strings.Contains(body, "kinderwerker weet") {
		t.Error("the rules of the role are not all told, or those of others are")
	}
	for _, odd := range []string{"none", "x", `"><script>`} {
		if w := b.get("/policy?role=" + strings.NewReplacer(`"`, "%22", "<", "%3C", ">", "%3E").Replace(odd)); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Wat een voorzitter mag lezen") {
			t.Errorf("role %q: %d", odd, w.Code)
		}
	}
	// Who manages no rules is not told that there is anything to manage.
	for _, path := range []string{"/policy/new", "/policy/proposals/X/publish"} {
		if w := b.get(path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/policy/proposals", "/policy/proposals/X/publish", "/policy/proposals/X/withdraw"} {
		if w := b.post(path, "lines", "p, A-01", "serving", "x"); w.Code != http.StatusNotFound {
			t.Errorf("POST %s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := (&browser{place: p}).get("/policy"); w.Code != http.StatusSeeOther {
		t.Errorf("who is not signed in: %d", w.Code)
	}
}

func TestRulesAreChangedByTwo(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	if err := p.App.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"bea", "bob"} {
		if _, err := p.App.AddUser(t.Context(), app.NewUser{Login: login, Name: "Naam van " + login, Discipline: casework.Admin, Organisation: "De Linde", Password: password}); err != nil {
			t.Fatal(err)
		}
	}
	bea, bob := p.signedIn(t, "bea"), p.signedIn(t, "bob")
	lines := string(policies.Lines)
	if typed := text(find(t, bea.get("/policy/new"), "textarea", "name", "lines")[0]); typed != strings.TrimSpace(lines) {
		t.Error("the lines to change are not those that serve")
	}
	bad := strings.Replace(lines, "p, A-32, allow", "p, A-32, Allow", 1) + "# <b>eigen</b> opmerking\n"
	w := bea.post("/policy/proposals", "lines", strings.ReplaceAll(bad, "\n", "\r\n"))
	if kept := text(find(t, w, "textarea", "name", "lines")[0]); w.Code != http.StatusBadRequest || kept != strings.TrimSpace(bad) || !strings.Contains(w.Body.String(), `write allow or deny`) {
		t.Errorf("a bad line: %d, kept %v", w.Code, kept == bad)
	}
	without := ""
	for l := range strings.Lines(lines) {
		if !strings.HasPrefix(l, "p, A-32,") {
			without += l
		}
	}
	if w := bea.post("/policy/proposals", "lines", strings.ReplaceAll(without, "\n", "\r\n")); w.Header().Get("Location") != "/policy?done=proposed" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	own := bea.get("/policy").Body.String()
	if strings.Contains(own, `data-act="publish"`) || !strings.Contains(own, "je eigen voorstel") {
		t.Error("who proposed it can publish it")
	}
	page := bob.get("/policy")
	body := page.Body.String()
	if !strings.Contains(body, "lezen: vertrouwelijk, vanuit professional, waarop die is aangevinkt en van anderen") || strings.Contains(body, ">Krijgt<") ||
		strings.Count(body, ">Verliest<") != 2 || !strings.Contains(body, "in 0 open casussen") {
		t.Errorf("what it changes: %s", body)
	}
	path := attr(find(t, page, "form", "", "")[3], "action")
	serving := attr(find(t, page, "input", "name", "serving")[0], "value")
	if w := bea.post(path, "serving", serving); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "Je eigen voorstel") {
		t.Errorf("published by who proposed it: %d", w.Code)
	}
	if w := bob.post(path, "serving", "0000000000000000"); w.Code != http.StatusConflict {
		t.Errorf("compared with another policy: %d", w.Code)
	}
	if w := bob.post(path, "serving", serving); w.Header().Get("Location") != "/policy?done=published" || p.App.Rules().Version() == serving {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := bob.post(path, "serving", serving); w.Code != http.StatusConflict {
		t.Errorf("published again: %d", w.Code)
	}
}

// "Waarom?" answers on the page, with nothing of the question in an address.
func TestWhyPage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	me := p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	p.account(t, "ruben@linde.example", casework.PerpetratorSupport, "De Linde")
	hanneke, ruben := p.signedIn(t, "hanneke@linde.example"), p.signedIn(t, "ruben@linde.example")
	at := p.table(t, hanneke)
	if w := hanneke.get(at + "/why"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "data-allowed") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := hanneke.post(at+"/why", "member", string(me), "act", "read", "person", "", "class", "safety", "owner", "other")
	if told := find(t, w, "div", "data-allowed", "true"); w.Code != http.StatusOK || len(told) != 1 || !strings.Contains(text(told[0]), "De voorzitter kent elk perspectief") || !strings.Contains(text(told[0]), "A-40") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = hanneke.post(at+"/why", "member", string(me), "act", "glass")
	if told := find(t, w, "div", "data-allowed", "false"); len(told) != 1 || !strings.Contains(text(told[0]), "Geen regel staat dit toe") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := hanneke.post(at+"/why", "member", "<b>", "act", "read"); w.Code != http.StatusBadRequest || len(find(t, w, "p", "role", "alert")) != 1 {
		t.Errorf("nonsense: %d", w.Code)
	}
	for _, path := range []string{at + "/why", "/cases/NEVERWAS22222222/why", "/cases/x/why"} {
		if got, asked := ruben.get(path), ruben.post(path, "member", string(me), "act", "read"); got.Code != http.StatusNotFound || asked.Code != http.StatusNotFound {
			t.Errorf("%s of somebody else: %d, %d", path, got.Code, asked.Code)
		}
	}
}
