package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/casustafel/casustafel/internal/casework"
)

// Whatever a browser says of itself, and whatever stands in a path, a cookie or a field,
// is never in a record as such, nor in the log of the server, of which each line stays
// one; and what a manager takes out of the log has a line for each record.
func TestOddTextsAreInNoRecord(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	hanneke, els := p.signedIn(t, "hanneke@linde.example"), p.signedIn(t, "els@linde.example")
	at := p.table(t, hanneke)
	for name, odd := range map[string]string{
		"end of a line": "Kanarie\r\ntime=2026 level=ERROR", "screen": "\x1b[2JKanarie\x1b]0;x\x07", "JSON": `Kanarie","at":"2026"},{"a":"`, "NUL": "Kanarie\x00",
		"long": strings.Repeat("Kanarie", 1500), "direction": "\u202eKanarie\u2066", "no text": "Kanarie\xff\xfe",
	} {
		send := func(b *browser, method, path string, pairs ...string) {
			t.Helper()
			form := url.Values{}
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], pairs[i+1])
			}
			r := request(method, path, form)
			for _, header := range []string{"User-Agent", "Accept-Language", "Referer", "X-Request-Id", "X-Forwarded-For", "Traceparent", "Last-Event-Id"} {
				r.Header.Set(header, odd)
			}
			r.Header.Add("Cookie", "other="+odd)
			if w := b.send(r); w.Code >= http.StatusInternalServerError {
				t.Errorf("%s: %s %.40q answered %d", name, method, path, w.Code)
			}
		}
		in := url.PathEscape(odd)
		for _, path := range []string{"/cases/" + in, "/cases/" + in + "/team", at + "/access?about=" + url.QueryEscape(odd), at + "/team/member/" + in, "/" + in} {
			send(hanneke, http.MethodGet, path)
		}
		send(hanneke, http.MethodPost, "/cases", "name", odd, "command", odd)
		send(hanneke, http.MethodPost, at+"/access/bar", "to", odd, "reason", odd, "until", odd)
		send(hanneke, http.MethodPost, at+"/glass", "reason", odd)
		send(hanneke, http.MethodPost, at+"/seconds", "act", odd, "ground", odd)
		send(hanneke, http.MethodPost, at+"/team/invite", "address", odd, "role", odd, "ground", odd, "task", odd)
		send(hanneke, http.MethodPost, at+"/report", "person", odd, "holds", odd, "language", odd)
		send(els, http.MethodPost, "/records", "person", odd, "case", odd, "outcome", odd, "kind", odd, "from", odd)
		send(els, http.MethodPost, "/records/export", "reason", odd, "format", odd, "person", odd)
		send(els, http.MethodPost, "/overview", "month", odd, "from", odd)
		send(&browser{place: p}, http.MethodPost, "/enter", "token", odd)
		send(&browser{place: p, token: "x"}, http.MethodPost, "/sign-in/passkey", "token", odd, "answer", odd)
	}
	send := func(login string) {
		(&browser{place: p}).post("/sign-in", "login", login, "password", login)
	}
	send("Kanarie\r\n\x1b[2J")
	var held int
	if err := p.admin.QueryRow(`SELECT count(*) FROM record r WHERE r::text ILIKE '%kanarie%' OR r::text ~ '[[:cntrl:]]'`).Scan(&held); err != nil || held != 0 {
		t.Errorf("%d records hold something that was typed: %v", held, err)
	}
	if p.logs.String() == "" || strings.Contains(p.logs.String(), "anarie") {
		t.Error("the log of the server holds something that was typed, or nothing")
	}
	for line := range strings.Lines(p.logs.String()) {
		if !strings.HasPrefix(line, "time=") || strings.ContainsFunc(strings.TrimSuffix(line, "\n"), unicode.IsControl) {
			t.Errorf("the log of the server has a line %q", line)
		}
	}

	// Names are of people, and may have come in by another way.
	if _, err := p.admin.Exec(`UPDATE account SET name = E'Els\r\n\x1b[2J","x":"\u202e=1' WHERE login = 'els@linde.example'`); err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f\x{202e}]`)
	for _, format := range []string{"csv", "fhir"} {
		var before int
		if err := p.admin.QueryRow(`SELECT count(*) FROM record WHERE actor_organisation <> '' OR case_organisation <> ''`).Scan(&before); err != nil {
			t.Fatal(err)
		}
		file := els.post("/records/export", "reason", "review", "format", format).Body.String()
		file = strings.ReplaceAll(file, "\r\n", "\n")
		lines := strings.Count(file, "\n")
		if format == "csv" {
			lines -= 2 // its head and its end
		}
		if found := bare.FindString(file); found != "" || lines < before || lines > before+2 {
			t.Errorf("%s has %d lines of %d records, and in it is %q", format, lines, before, found)
		}
	}
}
