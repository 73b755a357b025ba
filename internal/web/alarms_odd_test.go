package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/mail/mailtest"
)

// Limits are whole numbers within their bounds, whatever is typed, and stay typed when
// they are not.
func TestOddAlarmLimits(t *testing.T) {
	t.Parallel()
	p, _ := posting(t, mailtest.Options{Password: "geheim"})
	p.account(t, "beheer@linde.example", casework.Admin, "De Linde")
	admin := p.signedIn(t, "beheer@linde.example")
	send := func(name, value string) *httptest.ResponseRecorder {
		fields := map[string]string{"refusals": "5", "cases": "20", "after_end": "1", "checkpoint": "5", name: value}
		return admin.post("/organisation/alarms", "refusals", fields["refusals"], "cases", fields["cases"], "after_end", fields["after_end"], "checkpoint", fields["checkpoint"])
	}
	for _, name := range []string{"refusals", "cases", "after_end", "checkpoint"} {
		for _, value := range []string{"1e3", "-1", "0", "٥", "5.0", "0x5", "5 5", "999", "99999999999999999999", "<b>5</b>", ""} {
			w := send(name, value)
			field := find(t, w, "input", "name", name)[0]
			if w.Code != http.StatusBadRequest || attr(field, "value") != value || attr(field, "aria-invalid") != "true" || len(find(t, w, "input", "aria-invalid", "true")) != 1 {
				t.Errorf("%s %q: %d, %q stays", name, value, w.Code, attr(field, "value"))
			}
		}
	}
	if w := send("checkpoint", " 7 "); w.Code != http.StatusSeeOther {
		t.Errorf("with blanks around it: %d", w.Code)
	}
	if w := admin.get("/organisation/alarms"); value(t, find(t, w, "input", "name", "checkpoint")) != "7" {
		t.Errorf("kept: %s", w.Body)
	}
}

// An alarm about the log itself names nobody and leads to no lines, and is told by a letter
// of the same; each organisation answers its own, and that of another is as one that never
// was.
func TestLogAlarmPage(t *testing.T) {
	t.Parallel()
	p, post := posting(t, mailtest.Options{Password: "geheim"})
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	p.account(t, "far@elders.example", casework.Manager, "Elders")
	els, far := p.signedIn(t, "els@linde.example"), p.signedIn(t, "far@elders.example")
	p.clock.turn(time.Second)
	if _, err := p.admin.Exec(`INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object, policy_rule, policy, ground, request, detail)
		VALUES ('RESTORED22222222', $1, 'log_restored', 'U', 'done', '', '', '', '', '', '', '', '', '', '', '', '{"reason": "Kanariegeel"}')`, p.clock.Now()); err != nil {
		t.Fatal(err)
	}
	p.look(t)
	for _, letter := range post.Await(t, 2, func(l mailtest.Letter) bool { return strings.Contains(l.Text, "/reviews") }) {
		if strings.Contains(letter.Text, "Kanariegeel") || strings.Contains(letter.Text, "Elders") != (letter.To == "far@elders.example") {
			t.Errorf("a letter to %s: %s", letter.To, letter.Text)
		}
	}
	// Ids are of letters and digits that nobody takes for others.
	if _, err := p.admin.Exec(`INSERT INTO alarm SELECT translate(upper(left(md5(o.id || k), 16)), '0189', 'GHJK'), o.id, k, NULL, '', 5, now(), now() FROM organisation o, unnest(ARRAY['checkpoint_old', 'verify_failed']) k`); err != nil {
		t.Fatal(err)
	}
	if home := els.get("/").Body.String(); !strings.Contains(home, "3 wachten op je antwoord") {
		t.Errorf("My cases of Els: %s", home)
	}
	page := els.get("/reviews")
	said := page.Body.String()
	for _, words := range []string{"langer dan 5 minuten", "niet wat is ondertekend", "oudere back-up"} {
		if !strings.Contains(said, words) {
			t.Errorf("no %q", words)
		}
	}
	if wordless.FindString(said) != "" || strings.Contains(said, `action="/records"`) || len(find(t, page, "input", "name", "alarm")) != 3 || strings.Contains(said, ", </span>") {
		t.Errorf("Els reads %s", said)
	}
	id := attr(find(t, page, "input", "name", "alarm")[0], "value")
	other, never := far.post("/reviews/alarms", "alarm", id, "judged", "explained", "words", "Goed."), far.post("/reviews/alarms", "alarm", "AAAAAAAAAAAAAAAA", "judged", "explained", "words", "Goed.")
	if other.Code != http.StatusNotFound || never.Code != other.Code || len(find(t, other, "input", "name", "alarm")) != 3 || other.Body.Len() != never.Body.Len() {
		t.Errorf("that of another: %d, none: %d", other.Code, never.Code)
	}
	note := `<script>alert(1)</script> & "beheerder"`
	if w := els.post("/reviews/alarms", "alarm", id, "judged", "explained", "words", note+"\r\n\x1b[31m"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "&lt;script&gt;") {
		t.Errorf("with control characters: %d", w.Code)
	}
	if w := els.post("/reviews/alarms", "alarm", id, "judged", "explained", "words", note); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if said := els.get("/reviews").Body.String(); !strings.Contains(said, "&lt;script&gt;") || strings.Contains(said, "<script>alert") {
		t.Errorf("the answer reads %s", said)
	}
	if home := els.get("/").Body.String(); !strings.Contains(home, "2 wachten op je antwoord") {
		t.Errorf("My cases after an answer: %s", home)
	}
	if home := far.get("/").Body.String(); !strings.Contains(home, "3 wachten op je antwoord") {
		t.Errorf("My cases of another organisation: %s", home)
	}
}
