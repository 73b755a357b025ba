package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// A manager gets a file of lines, without a trace in names or caches; what is wrong
// with the form stands beside its field, and the rest as it was typed.
func TestLogExport(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	els := p.signedIn(t, "els@linde.example")
	page := els.get("/records/export")
	if body := page.Body.String(); page.Code != http.StatusOK || !strings.Contains(body, `name="reason" value="supervision"`) || !strings.Contains(body, `name="format" value="fhir"`) {
		t.Fatalf("%d: %s", page.Code, body)
	}
	// The filter of the log comes along.
	if w := els.post("/records", "outcome", "refused", "to", "2026-03-02"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	if body := els.get("/records/export").Body.String(); !strings.Contains(body, `value="refused" selected`) || !strings.Contains(body, `value="2026-03-02"`) {
		t.Errorf("without the filter of the log: %s", body)
	}
	for name, ask := range map[string]struct {
		pairs []string
		want  []string
	}{
		"no reason": {[]string{"format", "csv", "from", "2026-03-02"}, []string{`id="reason-problem"`, `value="csv" required checked`, `value="2026-03-02"`}},
		"no format": {[]string{"reason", "review"}, []string{`id="format-problem"`, `value="review" required checked`}},
		"a filter":  {[]string{"reason", "review", "format", "csv", "case", "zilver"}, []string{`id="case-problem"`, `value="zilver"`, `value="review" required checked`}},
	} {
		w := els.post("/records/export", ask.pairs...)
		for _, words := range ask.want {
			if body := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(body, words) {
				t.Errorf("%s: %d, without %s: %s", name, w.Code, words, body)
			}
		}
	}
	for format, want := range map[string]struct{ kind, name, first, last string }{
		"csv":  {"text/csv; charset=utf-8", "casustafel.csv", "\uFEFFRegel;Logregel-id;", "Einde: alles staat erin;"},
		"fhir": {"application/fhir+ndjson", "casustafel.ndjson", `{"resourceType":"AuditEvent",`, `{"resourceType":"AuditEvent",`},
	} {
		w := els.post("/records/export", "reason", "review", "format", format)
		h, lines := w.Header(), strings.Split(strings.TrimSpace(w.Body.String()), "\n")
		if w.Code != http.StatusOK || h.Get("Content-Type") != want.kind || h.Get("Content-Disposition") != `attachment; filename="`+want.name+`"` || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", format, w.Code, h)
		}
		if len(lines) < 4 || !strings.HasPrefix(lines[0], want.first) || !strings.HasPrefix(lines[len(lines)-1], want.last) {
			t.Errorf("%s: %s", format, w.Body)
		}
	}
	// Without a second factor at hand it is asked for, and leads back.
	p.clock.turn(identity.ProvenFor)
	if body := els.get("/records/export").Body.String(); strings.Contains(body, `name="reason"`) || !strings.Contains(body, `href="/prove?to=%2Frecords%2Fexport"`) {
		t.Errorf("not proven: %s", body)
	}
	if w := els.post("/records/export", "reason", "review", "format", "csv"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/prove?to=%2Frecords%2Fexport" {
		t.Errorf("not proven: %d %v", w.Code, w.Header())
	}
}
