package audit_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/static"
)

// dutch are the words of the Dutch language file.
func dutch(key string) string { return static.Locale("nl")[key] }

// here is an hour east of Greenwich.
var here = time.FixedZone("", 3600)

// tabled writes lines, in files of some, as a whole table and reads it back: all its
// rows but the head and the last.
func tabled(t interface{ Fatalf(string, ...any) }, lines []audit.Line, at ...int) (rows [][]string, file string) {
	var out bytes.Buffer
	w := audit.NewCSV(&out, dutch, here)
	for i, from := range append([]int{0}, at...) {
		to := len(lines)
		if i < len(at) {
			to = at[i]
		}
		if err := w.Write(lines[from:to]); err != nil {
			t.Fatalf("write: %v", err)
		}
	}
	if err := w.End(audit.Line{}, len(lines)); err != nil {
		t.Fatalf("end: %v", err)
	}
	file = out.String()
	text, marked := strings.CutPrefix(file, "\uFEFF")
	if !marked || strings.Contains(text, "\uFEFF") {
		t.Fatalf("the file does not begin with U+FEFF alone: %q", file)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = ';', len(audit.CSVHead)
	rows, err := r.ReadAll()
	if err != nil || len(rows) != len(lines)+2 {
		t.Fatalf("%d rows of %d lines: %v\n%s", len(rows), len(lines), err, file)
	}
	if last := rows[len(rows)-1]; !slices.Equal(rows[0], audit.CSVHead) || last[0] != dutch("log_export.whole") || last[1] != fmt.Sprint(len(lines)) {
		t.Fatalf("head %q, last %q", rows[0], last)
	}
	return rows[1 : len(rows)-1], file
}

func TestCSVRow(t *testing.T) {
	t.Parallel()
	rows, file := tabled(t, []audit.Line{
		{ID: "RECRD22222222222", At: time.Date(2026, 3, 2, 8, 0, 0, 123456000, time.UTC), Event: "command", Action: audit.Update, Refused: true, User: "USERA22222222222", Name: "Ruben; de \"tweede\"",
			Organisation: "De Linde", Role: casework.PerpetratorSupport, Relation: audit.AtTable, Ground: "treatment", Case: "K7QF-2M9X", Rule: "D-04", Why: "Een gesloten casus kun je alleen lezen",
			Policy: "0123456789abcdef", AccessPoint: "a/live", Source: "casustafel 1"},
		{ID: "RECRD33333333333", At: time.Date(2026, 3, 2, 8, 0, 1, 0, time.UTC), Event: "not_known_here", Action: audit.Execute, Role: casework.NoRole, Ground: "eigen_grond"},
	}, 1)
	want := [][]string{
		{"1", "RECRD22222222222", "2026-03-02 09:00:00", "2026-03-02T08:00:00.123456Z", "command", "Iets gewijzigd op het bord", "U", "geweigerd", "Een gesloten casus kun je alleen lezen", "D-04", "0123456789abcdef",
			"USERA22222222222", "Ruben; de \"tweede\"", "De Linde", "perpetrator_support", "begeleider (ex-)partner", dutch("log_export.relation.team"), dutch("team_ground.treatment"), "K7QF-2M9X", "a/live", "casustafel 1"},
		{"2", "RECRD33333333333", "2026-03-02 09:00:01", "2026-03-02T08:00:01.000000Z", "not_known_here", "Iets anders", "E", "gelukt", "", "", "", "", "Het technisch beheer", "", "", "", "", "eigen_grond", "", "", ""},
	}
	for i, row := range rows {
		if !slices.Equal(row, want[i]) {
			t.Errorf("row %d:\n%q, want\n%q", i, row, want[i])
		}
	}
	if lines := strings.Count(file, "\n"); lines != 4 || strings.Count(file, "\r\n") != 4 {
		t.Errorf("%d ends of lines, of which %d as RFC 4180 has them", lines, strings.Count(file, "\r\n"))
	}
	if rows, _ := tabled(t, nil); len(rows) != 0 {
		t.Errorf("of no lines: %q", rows)
	}
}

// What somebody is called, or an organisation, is never a formula, nor anything else
// than it seems.
func TestCSVIsSafe(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		`=HYPERLINK("http://elders.example";"Els")`: `'=HYPERLINK("http://elders.example";"Els")`,
		"+31": "'+31", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "＝1": "'＝1", "−1": "'−1", ` "=1"`: `' "=1"`, "'=1": "''=1", "\u00a0=1": "'\u00a0=1", "\u200d=1": "'\u200d=1",
		"\t=1": "␉=1", "\r=1": "␍=1", "Els\r\n=1": "Els␍␊=1", "\x1b[31mEls": "␛[31mEls", "Els\u202e": "Els‹U+202E›", "\x00": "␀", "\x7f": "␡", "\x80": "\uFFFD", "\u2028": "‹U+2028›",
		"a,=1": "a,'=1", "a; -1": "a;' -1", `a|"@b`: `a|'"@b`, "Anne-Marie": "Anne-Marie", "zoë 👩‍👧": "zoë 👩‍👧", "نور": "نور", "O'Brien, Sean": "O'Brien, Sean",
	} {
		rows, _ := tabled(t, []audit.Line{{Name: name, Organisation: name}})
		if rows[0][12] != want || rows[0][13] != want {
			t.Errorf("%q became %q, want %q", name, rows[0][12], want)
		}
	}
}

// Whatever is in a line, the file has one row of it with as many cells as there are
// columns; no cell, with whatever separator the file is opened, begins as a formula,
// and what was in a cell can be told from it.
func TestCSVOfAnything(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("=+-@＝＋－＠\t\r\n ;,|\"'a\u202e\u200d\ufeff\x1b"))))
	rapid.Check(t, func(t *rapid.T) {
		var lines []audit.Line
		for range rapid.IntRange(0, 4).Draw(t, "lines") {
			s := rapid.SliceOfN(text, 14, 14).Draw(t, "fields")
			lines = append(lines, audit.Line{ID: s[0], Event: audit.Event(s[1]), Action: audit.Action(s[2]), User: casework.UserID(s[3]), Name: s[4], Organisation: s[5], Role: casework.Role(s[6]),
				Relation: audit.Relation(s[7]), Ground: s[8], Case: casework.CaseCode(s[9]), Rule: s[10], Why: s[11], Policy: s[12], AccessPoint: s[13], Source: s[0]})
		}
		rows, _ := tabled(t, lines)
		for i, row := range rows {
			for _, c := range row {
				for _, piece := range strings.FieldsFunc(c, func(r rune) bool { return strings.ContainsRune(",;|", r) }) {
					bare := strings.TrimLeftFunc(piece, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200d' || r == '"' })
					if bare != "" && strings.ContainsAny(bare[:1], "=+-@\t\r") || strings.ContainsAny(c, "\r\n\t\x1b\u202e\ufeff") {
						t.Fatalf("line %d: %q is not safe", i, c)
					}
				}
			}
			if name := lines[i].Name; name == strings.Map(func(r rune) rune {
				if r != '\u200d' && !unicode.IsGraphic(r) {
					return -1
				}
				return r
			}, name) && name != "" && taken(row[12]) != name {
				t.Fatalf("line %d: %q became %q, which is %q", i, name, row[12], taken(row[12]))
			}
		}
	})
}

// taken takes the apostrophes away that were put before what would be a formula.
func taken(c string) string { return audit.PutApostrophe.ReplaceAllString(c, "$1$2") }
