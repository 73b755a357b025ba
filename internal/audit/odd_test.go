package audit_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/casustafel/casustafel/internal/audit"
)

// odd are texts that write on screens, end lines, or pass for something else.
var odd = map[string]string{
	"end of a line": "Els\r\nsound: 40 lines", "screen": "\x1b[2J\x1b]0;Els\x07", "JSON": `","at":"2026`, "NUL": "Els\x00", "direction": "Els\u202esle\u2066",
	"separator": "Els\u2028\u2029\ufeff", "long": strings.Repeat("e", 10_000), "no text": "Els\xff\xfe", "verb": "%s%d%!(EXTRA)", "formula": "=HYPERLINK()",
}

// Whatever stands in a bundle, signed by the log or put in by somebody else: the verdict
// of it is one line of signs that can be seen.
func TestVerdictsAreHarmless(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	right := unpack(t, e.write(t))
	verdicts := map[audit.Status]int{}
	judge := func(what string, files map[string]string) {
		t.Helper()
		file := pack(t, files)
		v, m := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), e.trust())
		verdicts[v.Status]++
		if said := v.String(); strings.ContainsFunc(said, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) || len(said) > 200_000 {
			t.Errorf("%s: %.300q", what, said)
		}
		if v.Status == audit.Sound && m.Lines != 20 {
			t.Errorf("%s: a bundle of %d lines is sound", what, m.Lines)
		}
	}
	for name, text := range odd {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for file, body := range right {
			with := func(what, body string) {
				t.Helper()
				files := map[string]string{}
				for other, has := range right {
					files[other] = has
				}
				files[file] = body
				judge(name+" "+what+" in "+file, files)
			}
			with("alone", text)
			with("before it", text+"\n"+body)
			with("as a text before it", string(quoted)+"\n"+body)
			with("behind it", body+text)
			with("within it", strings.Replace(body, "22222222222", text, 1))
			with("as a field", strings.Replace(body, "{", "{"+string(quoted)+":1,", 1))
			said, _, isNote := strings.Cut(body, "\n\n\u2014")
			if !isNote || !strings.HasPrefix(said, "{") {
				continue
			}
			var fields map[string]any
			if err := json.Unmarshal([]byte(said), &fields); err != nil {
				t.Fatal(err)
			}
			for field, value := range fields {
				if _, is := value.(string); !is {
					continue
				}
				whole, err := json.Marshal(value)
				if err != nil {
					t.Fatal(err)
				}
				// As a log would sign it that went mad.
				changed := strings.Replace(said, `"`+field+`":`+string(whole), `"`+field+`":`+string(quoted), 1)
				with("as "+field, signed(t, changed+"\n", e.next))
			}
		}
	}
	if verdicts[audit.Sound] == 0 || verdicts[audit.Tampered] < 100 {
		t.Errorf("too tame: %v", verdicts)
	}
}
