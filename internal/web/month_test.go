package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/pdf"
	"github.com/casustafel/casustafel/internal/programtest"
	"github.com/casustafel/casustafel/static"
)

// printing is a place with a program that makes files of pages.
func printing(t *testing.T, chromium string) place {
	t.Helper()
	printer, err := pdf.Find(chromium, time.Minute) // only a hang takes this long
	if err != nil || printer == nil {
		t.Fatal("no Chromium:", err)
	}
	return newPlace(t, func(c *Config) { c.PDF = printer })
}

// A manager comes from the reviews to a month, signs it once, is told what was wrong with
// what was typed, and takes it out as a file that tells nothing of itself.
func TestMonthPages(t *testing.T) {
	t.Parallel()
	p := printing(t, "")
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	p.account(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	if _, err := p.admin.Exec(`INSERT INTO alarm (id, organisation, kind, account, case_id, limit_then, since, last) SELECT 'AAAAAAAAAAAAAAAB', organisation, 'refusals', id, '', 5, '2026-02-10Z', '2026-02-10Z' FROM account WHERE login = 'iris@linde.example'`); err != nil {
		t.Fatal(err)
	}
	els, iris := p.signedIn(t, "els@linde.example"), p.signedIn(t, "iris@linde.example")
	for _, page := range []string{"/reviews", "/overview"} {
		if w := els.get(page); len(find(t, w, "a", "href", "/reviews/2026-02"))+len(find(t, w, "a", "href", "/reviews/2026-03")) == 0 || wordless.FindString(w.Body.String()) != "" {
			t.Errorf("%s leads to no month: %s", page, w.Body)
		}
	}
	if w := els.post("/reviews/months", "month", "2026-02"); w.Header().Get("Location") != "/reviews/2026-02" {
		t.Errorf("to a month: %d %s", w.Code, w.Header().Get("Location"))
	}
	for _, odd := range []string{"/reviews/2026-04", "/reviews/2026-13", "/reviews/0000-01", "/reviews/%2e%2e", "/reviews/2026-2", "/reviews/alarms", "/reviews/%00"} {
		if w := els.get(odd); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", odd, w.Code)
		}
	}
	for _, odd := range []string{"2026-13", "", "//elders.test"} {
		if w := els.post("/reviews/months", "month", odd); w.Code != http.StatusNotFound {
			t.Errorf("to the month %q: %d", odd, w.Code)
		}
	}
	w := els.get("/reviews/2026-03")
	if len(find(t, w, "button", "data-act", "sign")) != 0 || len(find(t, w, "a", "data-month", "next")) != 0 || !strings.Contains(w.Body.String(), "Deze maand loopt nog") {
		t.Errorf("a month that runs: %s", w.Body)
	}
	w = els.get("/reviews/2026-02")
	if len(find(t, w, "button", "data-act", "sign")) != 0 || !strings.Contains(w.Body.String(), "voordat je organisatie er was") {
		t.Errorf("a month of before: %s", w.Body)
	}
	if _, err := p.admin.Exec(`UPDATE account SET created_at = '2026-02-05'`); err != nil {
		t.Fatal(err)
	}
	w = els.get("/reviews/2026-02")
	read := value(t, find(t, w, "input", "name", "read"))
	if said := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(said, "Terugblik over februari 2026") || !strings.Contains(said, "Nog door niemand") || wordless.FindString(said) != "" {
		t.Errorf("a month: %d %s", w.Code, said)
	}
	for _, long := range []string{strings.Repeat("Rustig. ", 70), strings.Repeat("Rustig. ", 1000)} {
		w = els.post("/reviews/2026-02", "read", read, "remark", long)
		if field := find(t, w, "textarea", "id", "remark"); w.Code != http.StatusBadRequest || attr(field[0], "aria-invalid") != "true" || field[0].FirstChild == nil || strings.TrimPrefix(field[0].FirstChild.Data, "\n") != long {
			t.Errorf("a long remark: %d %s", w.Code, w.Body)
		}
	}
	w = els.post("/reviews/2026-02", "read", "0", "remark", "<b>Rustig</b>")
	if field := find(t, w, "textarea", "id", "remark"); w.Code != http.StatusConflict || strings.TrimPrefix(field[0].FirstChild.Data, "\n") != "<b>Rustig</b>" || !strings.Contains(w.Body.String(), "Lees ze nog eens") {
		t.Errorf("other numbers: %d %s", w.Code, w.Body)
	}
	wide := strings.Repeat("„", 500) // three bytes each
	if field := find(t, els.post("/reviews/2026-02", "read", "0", "remark", wide), "textarea", "id", "remark"); field[0].FirstChild == nil || strings.TrimPrefix(field[0].FirstChild.Data, "\n") != wide {
		t.Error("a remark in wide signs is lost with its refusal")
	}
	if w := els.post("/reviews/2026-02", "read", read, "remark", "<b>Rustig</b>"); w.Header().Get("Location") != "/reviews/2026-02?done=signed" {
		t.Errorf("signing: %d %s", w.Code, w.Body)
	}
	w = els.get("/reviews/2026-02?done=signed")
	if said := w.Body.String(); !strings.Contains(said, "&lt;b&gt;Rustig&lt;/b&gt;") || len(find(t, w, "button", "data-act", "sign")) != 0 || !strings.Contains(said, "Sindsdien kwam er niets bij") || len(find(t, w, "p", "role", "status")) != 1 {
		t.Errorf("signed: %s", said)
	}

	w = els.post("/reviews/2026-02/pdf")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/pdf" || w.Header().Get("Content-Disposition") != `attachment; filename="terugblik-2026-02.pdf"` || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("the file: %d %v", w.Code, w.Header())
	}
	file := w.Body.String()
	for _, want := range []string{"/StructTreeRoot", "/Marked true", "/S /H1", "/S /TH", "/Lang (nl)", "/Title (Terugblik 2026-02)", "Atkinson"} {
		if !strings.Contains(file, want) {
			t.Errorf("the file has no %s", want)
		}
	}
	for name, w := range map[string]int{"a member": iris.post("/reviews/2026-02/pdf").Code, "a month to come": els.post("/reviews/2026-04/pdf").Code, "a fetch": els.get("/reviews/2026-02/pdf").Code} {
		if w != http.StatusNotFound && w != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", name, w)
		}
	}
}

// Every kind of alarm and every judgement has words there.
func TestMonthHasWords(t *testing.T) {
	t.Parallel()
	for _, language := range static.Languages() {
		b := base{Language: language}
		for _, kind := range audit.AlarmKinds {
			if b.optional("month.alarms.kind."+string(kind)) == "" {
				t.Errorf("%s: alarms of the kind %s have no name", language, kind)
			}
		}
		for _, judged := range app.AlarmJudgements {
			if b.optional("month.alarms."+string(judged)) == "" || b.optional("month.judged."+string(judged)) == "" {
				t.Errorf("%s: the judgement %s has no name", language, judged)
			}
		}
	}
}

// Where no file can be made, the page says how to print it; where one fails, that too.
func TestMonthWithoutFile(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	els := p.signedIn(t, "els@linde.example")
	if w := els.get("/reviews/2026-02"); len(find(t, w, "button", "data-act", "pdf")) != 0 || !strings.Contains(w.Body.String(), "Druk deze bladzijde af") {
		t.Errorf("no Chromium: %s", w.Body)
	}
	if w := els.post("/reviews/2026-02/pdf"); w.Code != http.StatusNotFound {
		t.Errorf("no Chromium: %d", w.Code)
	}

	broken := filepath.Join(t.TempDir(), "chromium")
	programtest.Script(t, broken, "exit 1")
	p = printing(t, broken)
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	els = p.signedIn(t, "els@linde.example")
	if w := els.post("/reviews/2026-02/pdf"); w.Code != http.StatusServiceUnavailable || len(find(t, w, "p", "role", "alert")) != 1 || !strings.Contains(w.Body.String(), "niet gelukt") {
		t.Errorf("a broken Chromium: %d %s", w.Code, w.Body)
	}
	var told string
	if err := p.admin.QueryRow(`SELECT string_agg(event, ' ' ORDER BY event) FROM record WHERE event LIKE '%month%' AND outcome = 'done'`).Scan(&told); err != nil || told != "month_file_begun month_file_failed view_month" {
		t.Errorf("a broken Chromium is on the record as %s, %v", told, err)
	}
	if log := p.logs.String(); !strings.Contains(log, "no PDF was made") || strings.Contains(log, "De Linde") {
		t.Errorf("the log: %s", log)
	}
}

// Who takes a turn and who is no manager: the one does not wait for the other.
func TestMonthFileTakesTurns(t *testing.T) {
	t.Parallel()
	p := printing(t, "")
	p.account(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	iris := p.signedIn(t, "iris@linde.example")
	done, err := p.PDF.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if w := iris.post("/reviews/2026-02/pdf"); w.Code != http.StatusNotFound {
		t.Errorf("a member, while a file is made: %d", w.Code)
	}
	var refused string // who had waited in vain would have been refused the page
	if err := p.admin.QueryRow(`SELECT string_agg(event, ' ') FROM record WHERE outcome = 'refused'`).Scan(&refused); err != nil || refused != "month_file" {
		t.Errorf("a member, while a file is made, is on the record as refused: %q, %v", refused, err)
	}
}

// slow takes a file in at its own pace: at its first byte it looks whether another can be
// made.
type slow struct {
	*httptest.ResponseRecorder
	look func()
}

func (s slow) Write(b []byte) (int, error) {
	s.look()
	return s.ResponseRecorder.Write(b)
}

// Whoever takes a file in slowly keeps nobody else from theirs. Others read it too, and so
// it says that one person alone reviews. Without its record no file goes out.
func TestSlowReaderOfAMonthHoldsNoTurn(t *testing.T) {
	t.Parallel()
	quick := filepath.Join(t.TempDir(), "chromium")
	programtest.Script(t, quick, `for a; do case $a in --print-to-pdf=*) to="${a#*=}";; esac; done; { printf '%%PDF-1.4'; cat "${a#file://}"; } >"$to"`)
	p := printing(t, quick)
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	els := p.signedIn(t, "els@linde.example")
	r := request(http.MethodPost, "/reviews/2026-02/pdf", nil)
	r.AddCookie(&http.Cookie{Name: cookieName, Value: els.token})
	looked := false
	w := slow{httptest.NewRecorder(), func() {
		looked = true
		done, err := p.PDF.Wait(t.Context())
		if err != nil {
			t.Error("the turn is taken while the file goes out:", err)
			return
		}
		done()
	}}
	if p.ServeHTTP(w, r); w.Code != http.StatusOK || !looked || !strings.Contains(w.Body.String(), "Er is één manager.") {
		t.Errorf("the file: %d %s", w.Code, w.Body)
	}
	if _, err := p.admin.Exec(`CREATE FUNCTION no_file() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.event = ''month_file'' THEN RAISE EXCEPTION ''full'' USING ERRCODE = ''53100''; END IF; RETURN NEW; END';
		CREATE TRIGGER no_file BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION no_file()`); err != nil {
		t.Fatal(err)
	}
	if w := els.post("/reviews/2026-02/pdf"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "%PDF") {
		t.Errorf("without a record: %d %s", w.Code, w.Body)
	}
}

// When a case is kept from its reader while a file is made, there is no file, and it is told
// as if making it had failed: nobody is to learn that it is kept.
func TestFileOfWhatIsKeptMeanwhile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "chromium")
	programtest.Script(t, path, `for a; do case $a in --print-to-pdf=*) : >`+dir+`/begun; until [ -e `+dir+`/goes ]; do sleep 0.01; done; printf '%%PDF-1.4' >"${a#*=}";; esac; done`)
	p := printing(t, path)
	p.account(t, "els@linde.example", casework.Manager, "De Linde")
	p.account(t, "hanneke@linde.example", casework.Chair, "De Linde")
	els, hanneke := p.signedIn(t, "els@linde.example"), p.signedIn(t, "hanneke@linde.example")
	at := p.table(t, hanneke)
	made := make(chan *httptest.ResponseRecorder, 1)
	go func() { made <- els.post("/reviews/2026-02/pdf") }()
	patience.Eventually(t, "the file is being made", func() bool { _, err := os.Stat(dir + "/begun"); return err == nil })
	if w := hanneke.post(at+"/team/exclusions", "address", "els@linde.example", "note", "Zus van Joris"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if err := os.WriteFile(dir+"/goes", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if w := patience.Next(t, "an answer", made); w.Code != http.StatusServiceUnavailable || len(find(t, w, "p", "role", "alert")) != 1 || !strings.Contains(w.Body.String(), "niet gelukt") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	var told string
	if err := p.admin.QueryRow(`SELECT string_agg(event, ' ' ORDER BY event) FROM record WHERE event LIKE '%month%' AND outcome = 'done'`).Scan(&told); err != nil || told != "month_file_begun month_file_failed view_month" {
		t.Errorf("on the record is %s, %v", told, err)
	}
}

// How long a line waited is never told as less than it was.
func TestSigningSays(t *testing.T) {
	t.Parallel()
	for longest, want := range map[time.Duration]string{0: "binnen een minuut", 119 * time.Minute: "was 119 minuten", 2 * time.Hour: "was 2 uur", 121 * time.Minute: "was 3 uur"} {
		page := monthPage{overviewPage: overviewPage{base: base{Language: "nl"}}, Review: app.MonthReview{Signing: app.MonthSigning{Longest: longest}}}
		if said := page.SigningSays(); !strings.Contains(said, want) {
			t.Errorf("%v: %s", longest, said)
		}
	}
}
