package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
	"github.com/casustafel/casustafel/static"
)

// While the access log cannot be written, no page and no form gives or changes
// anything that would be on record, whoever asks and whatever the answer would be; who
// asks is told why. Once the log works again, the same is answered as ever.
func TestNoDoorOpensWithoutARecord(t *testing.T) {
	t.Parallel()
	d := newDoors(t)
	t.Run("whatever the answer", d.everyRouteIsShut)
	t.Run("what they may", d.asksAreShut)
	t.Run("the tail", d.tailIsShut)
}

// everyRouteIsShut asks for every route as a chair and as somebody from outside the case.
func (d doors) everyRouteIsShut(t *testing.T) {
	recorded, turn := map[string]bool{}, 0
	for _, route := range d.routes() {
		method, c, ok := wayTo(t, everyRoute(), route)
		if !ok || route.access == machine || elsewhere[route.pattern] != "" {
			continue
		}
		path := c.path
		if rest, inCase := strings.CutPrefix(path, "/cases/"+anyID); inCase {
			path = d.at + rest
		}
		outside := d.people["els"]
		if administers.MatchString(path) {
			outside = d.people["ada"]
		}
		for _, b := range []*browser{d.people["hanneke"], outside} {
			turn++
			fault := storetest.LogFaults[turn%len(storetest.LogFaults)]
			_, on := d.knock(t, route.pattern, []string{fault}, 0, func() *httptest.ResponseRecorder { return b.send(request(method, path, c.form)) })
			recorded[route.pattern] = recorded[route.pattern] || on
		}
		if recorded[route.pattern] == (offRecord[route.pattern] != "") {
			t.Errorf("%s: on the record %v, which is to be %v", route.pattern, recorded[route.pattern], !recorded[route.pattern])
		}
	}
}

// asksAreShut asks what somebody may, one after another.
func (d doors) asksAreShut(t *testing.T) {
	var last *httptest.ResponseRecorder
	for _, a := range d.asks(t) {
		var form []string
		if a.form != nil {
			form = a.form(last)
		}
		method, path, _ := strings.Cut(a.route, " ")
		on := false
		faults := storetest.LogFaults
		if hashes.MatchString(a.route) {
			faults = faults[:1]
		}
		last, on = d.knock(t, a.route, faults, a.want, func() *httptest.ResponseRecorder {
			if method == http.MethodGet {
				return a.by.get(path)
			}
			return a.by.post(path, form...)
		})
		if !on {
			t.Errorf("%s leaves no record", a.route)
		}
	}
}

// administers are the paths of what an administrator does, and a manager does not.
var administers = regexp.MustCompile(`^/(organisation|resets|policy)`)

// hashes are the doors at which a password is hashed, which takes long on purpose.
var hashes = regexp.MustCompile(`^POST /(sign-in|unlock|me/password|invitation/accept)$`)

// elsewhere are the doors that stay open, that nothing is asked at afterwards, or at
// which a password is hashed.
var elsewhere = map[string]string{
	"GET /live":         "TestNoFrameWithoutARecord of the whole server",
	"GET /records/tail": "tailIsShut",
	"POST /lock":        "among asks",
	"POST /sign-out":    "among asks",
	"POST /sign-in":     "among asks",
	"POST /unlock":      "among asks",
	"POST /me/password": "among asks",
}

// offRecord are the doors that leave no record of what everyRoute asks, and why not.
var offRecord = map[string]string{
	"GET /cases/{id}":           "holds nothing of the case, which comes by the live door",
	"GET /cases/{id}/screen":    "likewise",
	"GET /cases/{id}/as/{user}": "likewise",
	"GET /policy":               "the rules that serve are everybody's; those that wait are on the record",
	"GET /me":                   "of oneself",
	"POST /language":            "of oneself",
	"POST /hints":               "of oneself",
	"GET /session":              "of oneself",
	"POST /me/factors/keep":     "there is nothing to call off",
	"POST /me/sessions/end":     "there is no such session",
	"GET /factors/app":          "a secret of nobody yet",
	"POST /passkey":             "a question; the answer is on the record",
	"GET /prove":                "an empty form",
	"GET /sign-in":              "an empty form",
	"GET /setup":                "an empty form",
	"GET /enter":                "an empty form",
	"GET /invitation":           "an empty form",
	"POST /reviews/months":      "leads to the page of a month",
	"POST /reviews/{month}/pdf": "there is no printer here; a file of a month comes by the look of its page",
	"/":                         "there is nothing",
}

// doors are all doors of the pages, and people who knock on them.
type doors struct {
	place
	log    storetest.Log
	at     string // the address of a case
	people map[string]*browser
	users  map[string]casework.UserID
	card   string // in the case, and not for everybody
	noor   string // somebody of its family
}

// canaries are what is in the case.
var canaries = []string{"Zilverlinde", "Noor", "Kanariegeel"}

func newDoors(t *testing.T) doors {
	t.Helper()
	d := doors{place: newPlace(t, nil), people: map[string]*browser{}, users: map[string]casework.UserID{}}
	for login, discipline := range map[string]casework.Role{"hanneke": casework.Chair, "iris": casework.ChildWorker, "els": casework.Manager, "ada": casework.Admin} {
		d.users[login] = d.account(t, login+"@linde.example", discipline, "De Linde")
		d.people[login] = d.signedIn(t, login+"@linde.example")
	}
	if err := d.App.PublishPolicy(t.Context(), policies.Model, policies.Lines, "builtin"); err != nil {
		t.Fatal(err)
	}
	hanneke := d.people["hanneke"]
	d.at = d.table(t, hanneke)
	hanneke.post(d.at+"/team/invite", "address", "iris@linde.example", "role", "child_worker", "ground", "treatment")
	d.clock.turn(time.Second)
	made := func(command, with string) string {
		t.Helper()
		a := d.App.Do(t.Context(), audit.Actor{User: d.users["hanneke"], Door: "test"}, casework.CaseID(strings.TrimPrefix(d.at, "/cases/")),
			casework.NewID[casework.CommandID](d.Random), command, []byte(with))
		if a.Refusal != nil {
			t.Fatal(command, a.Refusal)
		}
		return a.Made
	}
	d.noor = made("add_person", `{"name":"Noor","kind":"parent","class":"shared"}`)
	d.card = made("draft_card", `{"column":"`+made("add_column", `{"title":"Feiten"}`)+`","title":"Kanariegeel","class":"confidential","kind":"fact"}`)
	made("table_card", `{"card":"`+d.card+`"}`)
	d.log = storetest.BreakableLog(t, d.admin)
	d.watch(t)
	return d
}

// watch notes which tables anything is written to, but for the log and its tree, what is
// kept to be faster, and how often a sign-in failed: that counts in any case.
func (d doors) watch(t *testing.T) {
	t.Helper()
	for _, statement := range []string{
		`CREATE TABLE written (what text NOT NULL)`,
		`CREATE FUNCTION written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO written VALUES (TG_OP || ' ' || TG_TABLE_NAME); RETURN NULL; END $$`,
		`DO $$ DECLARE name text; BEGIN
			FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^(record|leaf|checkpoint|written|snapshot|log_fault|sign_in_failure)' LOOP
				EXECUTE format('CREATE TRIGGER written AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION written()', name);
			END LOOP;
		END $$`,
	} {
		if _, err := d.admin.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// knock asks for the same under every fault of the log, and then with a log that works;
// it gives the last answer, and tells whether that left a record.
func (d doors) knock(t *testing.T, what string, faults []string, want int, send func() *httptest.ResponseRecorder) (works *httptest.ResponseRecorder, recorded bool) {
	t.Helper()
	one := func(query string) (words string) {
		t.Helper()
		if err := d.admin.QueryRow(query).Scan(&words); err != nil {
			t.Fatal(err)
		}
		return words
	}
	var answers []*httptest.ResponseRecorder
	for _, fault := range faults {
		d.log.Breaks(fault)
		answers = append(answers, send())
		d.log.Works()
	}
	before := one(`WITH over AS (DELETE FROM written) SELECT count(*) FROM record`)
	written := one(`SELECT coalesce(string_agg(DISTINCT what, ', '), '') FROM written`)
	works = send()
	recorded = one(`SELECT count(*) FROM record`) != before
	if works.Code >= http.StatusInternalServerError || want != 0 && works.Code != want {
		t.Errorf("%s, with a log that works: %d, want %d: %s", what, works.Code, want, works.Body)
	}
	for i, w := range answers {
		body := w.Body.String()
		told := strings.Contains(body, static.Locale("nl")["error.not_recorded"]) || strings.Contains(body, static.Locale("en")["error.not_recorded"])
		switch {
		case recorded && (w.Code != http.StatusServiceUnavailable || !told || len(w.Header().Values("Set-Cookie")) > 0):
			t.Errorf("%s, when the log says %s: %d, %v", what, faults[i], w.Code, told)
		case recorded && slices.ContainsFunc(canaries, func(c string) bool { return strings.Contains(body, c) }):
			t.Errorf("%s, when the log says %s, gives %s", what, faults[i], body)
		case !recorded && w.Code != works.Code:
			t.Errorf("%s leaves no record, and when the log says %s it is answered %d, else %d", what, faults[i], w.Code, works.Code)
		}
	}
	if recorded && written != "" {
		t.Errorf("%s leaves without a record: %s", what, written)
	}
	return works, recorded
}

// ask is something that somebody may ask for, and how it is answered.
type ask struct {
	route string
	by    *browser
	want  int
	form  func(last *httptest.ResponseRecorder) []string // given the answer before; nil: none
}

// asks are asked one after another.
func (d doors) asks(t *testing.T) []ask {
	t.Helper()
	hanneke, iris, els, ada := d.people["hanneke"], d.people["iris"], d.people["els"], d.people["ada"]
	bo, visitor, another := &browser{place: d.place}, &browser{place: d.place}, &browser{place: d.place}
	of := func(pairs ...string) func(*httptest.ResponseRecorder) []string {
		return func(*httptest.ResponseRecorder) []string { return pairs }
	}
	// with takes a field from the page before.
	with := func(name string, more ...string) func(*httptest.ResponseRecorder) []string {
		return func(last *httptest.ResponseRecorder) []string {
			t.Helper()
			fields := find(t, last, "input", "name", name)
			if len(fields) == 0 {
				t.Fatalf("there is no %s: %s", name, last.Body)
			}
			return append(more, name, attr(fields[0], "value"))
		}
	}
	token, fresh := "", "een ander lang genoeg woord"
	invited := func(more ...string) func(*httptest.ResponseRecorder) []string {
		return func(last *httptest.ResponseRecorder) []string {
			if shown := link(t, last.Body.String()); shown != "" {
				token = shown
			}
			return append(more, "token", token)
		}
	}
	way, err := d.App.NewSignInLink(t.Context(), d.users["els"])
	if err != nil {
		t.Fatal(err)
	}
	at, user, day := d.at, string(d.users["iris"]), "2026-03-10"
	return []ask{
		{"GET /", hanneke, 200, nil},
		{"POST /cases", hanneke, 303, of("name", "Nieuw", "command", "22222222222222AC")},
		{"GET " + at + "/team", hanneke, 200, nil},
		{"GET " + at + "/access?about=c" + d.card, hanneke, 200, nil},
		{"POST " + at + "/why", hanneke, 200, of("member", user, "act", "lead")},
		{"GET " + at + "/keeping", hanneke, 200, nil},
		{"GET " + at + "/records", hanneke, 200, nil},
		{"POST " + at + "/report", hanneke, 200, of("person", d.noor, "from", "2026-03-01", "to", "2026-03-02", "holds", "names", "language", "nl")},
		{"POST " + at + "/team/invite", hanneke, 303, of("address", "daan@elders.example", "role", "ambulant_worker", "ground", "treatment")},
		{"POST " + at + "/access/lend", hanneke, 303, of("card", d.card, "to", user, "until", day, "reason", "Voor het gesprek van vandaag")},
		{"POST " + at + "/access/bar", hanneke, 303, of("card", d.card, "to", user, "until", day, "reason", "Is familie van iemand hier")},
		{"POST " + at + "/glass", iris, 303, of("reason", "Er staat nu iemand voor de deur.")},
		{"POST " + at + "/glass/end", iris, 303, nil},
		{"GET /reviews", els, 200, nil},
		{"GET " + at + "/glass", hanneke, 200, nil},
		{"POST " + at + "/glass/review", hanneke, 303, with("glass", "judged", "justified", "words", "Er was gevaar.")},
		{"GET " + at + "/team/exclusions", hanneke, 200, nil},
		{"POST " + at + "/team/exclusions", hanneke, 303, of("address", "broer@elders.example", "note", "Broer")},
		{"POST " + at + "/export", hanneke, 403, nil},
		{"POST " + at + "/seconds", hanneke, 303, of("act", "export", "ground", "court")},
		{"GET /seconds", els, 200, nil},
		{"POST /seconds", els, 303, with("second", "answer", "yes")},
		{"POST " + at + "/export", hanneke, 200, nil},
		{"GET /records", els, 200, nil},
		{"GET /records", iris, 404, nil},
		{"GET /overview", els, 200, nil},
		{"POST /records/export", els, 200, of("reason", "review", "format", "csv")},
		{"POST /records/export", els, 200, of("reason", "review", "format", "fhir")},
		{"GET /retention", els, 200, nil},
		{"GET /organisation", ada, 200, nil},
		{"POST /organisation/alarms", ada, 303, of("refusals", "7", "cases", "30", "after_end", "2", "checkpoint", "6")},
		{"POST /organisation/invite", ada, 200, of("login", "bo@linde.example", "name", "Bo", "discipline", "chair", "language", "nl")},
		{"POST /invitation", bo, 200, invited()},
		{"POST /invitation/accept", bo, 303, invited("name", "Bo", "password", fresh)},
		{"POST /resets/ask", ada, 303, of("login", "iris@linde.example")},
		{"GET /me/accesses", iris, 200, nil},
		{"POST /me/contact", iris, 303, of("contact", "06")},
		{"POST /me/factors/codes", iris, 200, nil},
		{"POST /me/factors/remove", iris, 404, of("factor", anyID)},
		{"POST /me/password", iris, 400, of("current", password, "fresh", "kort")},
		{"POST /me/password", iris, 303, of("current", password, "fresh", fresh)},
		{"POST /lock", iris, 303, nil},
		{"POST /unlock", iris, 403, of("password", "fout")},
		{"POST /unlock", iris, 403, of("password", "weer fout")},
		{"POST /unlock", iris, 303, of("password", fresh)},
		{"POST /sign-out", hanneke, 303, nil},
		{"POST /sign-in", visitor, 403, of("login", "ada@linde.example", "password", "fout")},
		{"POST /sign-in", visitor, 403, of("login", "niemand@linde.example", "password", "fout")},
		{"POST /sign-in", visitor, 303, of("login", "ada@linde.example", "password", password)},
		{"POST /enter", another, 303, of("token", way)},
	}
}

// tailIsShut holds that nobody follows the log while it cannot be written.
func (d doors) tailIsShut(t *testing.T) {
	t.Helper()
	els := d.people["els"]
	from := find(t, els.get("/records"), "div", "class", "row no-print tail")
	if len(from) != 1 {
		t.Fatal("there is no tail")
	}
	path := "/records/tail?newer=" + url.QueryEscape(attr(from[0], "data-tail"))
	for _, fault := range storetest.LogFaults {
		d.log.Breaks(fault)
		if w := els.get(path); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "event: lines") {
			t.Errorf("the tail, when the log says %s: %d %s", fault, w.Code, w.Body)
		}
		d.log.Works()
	}
}
