package audit_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

func whole() audit.Record {
	return audit.Record{ID: "RECRD22222222222", At: time.Date(2026, 3, 2, 8, 0, 0, 123456000, time.UTC), Event: "command", Action: audit.Update, Outcome: audit.Refused,
		Checks: []audit.Check{audit.BySession, audit.ByPolicy}, User: "USERA22222222222", Role: "chair", Organisation: "LINDE22222222222",
		Behalf: []casework.UserID{"USERB22222222222"}, AccessPoint: "a/live", Source: "casustafel 1", Case: "CASEA22222222222", ObjectKind: "card", Object: "CARDA22222222222",
		Version: "17", PolicyRule: "A-01", Policy: "p1", Relation: audit.AtTable, Ground: "treatment", Question: "q", Request: "REQST22222222222",
		Detail: map[string]string{"reason": "<&>\n\u2028", "command": "move"}, ActorOrganisation: "LINDE22222222222", CaseOrganisation: "ESDRN22222222222"}
}

var salts = audit.Salts{Record: []byte("0123456789abcdef"), Detail: []byte("fedcba9876543210")}

// A leaf of form 1 is for ever: logs that were written hold it.
func TestLeafIsForEver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record audit.Record
		want   string
	}{
		"whole": {whole(), "d173debc22105b23b6b071c5c382df59c63d69a1b06d573c6842bc30010d6971"},
		"empty": {audit.Record{At: time.Unix(0, 0)}, "f0bb5e3c2c69cd51931b3a8f3e42277a81ea88bedb9de0ccdf7e864d3edc219b"},
	} {
		if got := audit.LeafHash(c.record.Leaf(salts, tlog.Hash{})); hex.EncodeToString(got[:]) != c.want {
			t.Errorf("%s: %x", name, got[:])
		}
	}
}

// What is hashed is JSON as encoding/json writes it, whatever stands in a record.
func TestTextIsJSON(t *testing.T) {
	t.Parallel()
	form := func(fields any) string {
		var to strings.Builder
		w := json.NewEncoder(&to)
		w.SetEscapeHTML(false)
		if err := w.Encode(fields); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(to.String(), "\n")
	}
	odd := []string{"", " ", "~", "\x7f", `"`, `\`, `\"`, "a/b", "<&>'", "\n\t\x00\x1f", "é", "\u2028", "🙂", "\xff", "a\xc3"}
	for _, a := range odd {
		for _, b := range odd {
			r := audit.Record{ObjectKind: a, Object: b, Version: a + b, Question: b, Detail: map[string]string{a: b, b + "x": a, "command": "move"}}
			if got, want := string(r.Text(audit.Object)), form(struct {
				Kind    string `json:"kind"`
				ID      string `json:"id"`
				Version string `json:"version"`
			}{a, b, a + b}); got != want {
				t.Errorf("%s\nis not\n%s", got, want)
			}
			if got, want := string(r.Text(audit.Detail)), form(struct {
				Question string            `json:"question"`
				Codes    map[string]string `json:"codes"`
			}{b, r.Detail}); got != want {
				t.Errorf("%s\nis not\n%s", got, want)
			}
		}
	}
}

// Every field of a record is in its leaf, in a part of its own, and is read back.
func TestEveryFieldIsInTheLeaf(t *testing.T) {
	t.Parallel()
	before := whole().Leaf(salts, tlog.Hash{})
	fields := reflect.TypeFor[audit.Record]()
	for i := range fields.NumField() {
		r := whole()
		field := reflect.ValueOf(&r).Elem().Field(i)
		field.Set(reflect.Zero(field.Type()))
		changed := 0
		for p, h := range r.Leaf(salts, tlog.Hash{}) {
			if h != before[p] {
				changed++
			}
		}
		if changed != 1 {
			t.Errorf("%s changes %d parts", fields.Field(i).Name, changed)
		}
	}
	var again audit.Record
	for _, part := range audit.PartsOfLeaf {
		if err := again.Read(part, whole().Text(part)); err != nil {
			t.Error(err)
		}
	}
	if !reflect.DeepEqual(again, whole()) {
		t.Errorf("read back: %+v", again)
	}
}

// What was not written by Text is refused: it would hash to something else than what
// a reader is shown.
func TestReadRefusesOtherForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `{}`, `{"kind":"card","id":"A","version":"1"} `, `{"kind":"card","id":"A","version":"1","more":""}`,
		`{"id":"A","kind":"card","version":"1"}`, `{"kind":"card","kind":"x","id":"A","version":"1"}`, `[1]`} {
		var r audit.Record
		if r.Read(audit.Object, []byte(text)) == nil {
			t.Errorf("%q was read", text)
		}
	}
}

// An erased detail leaves the leaf as it was; a salt tells nothing of another part's.
func TestErasedDetail(t *testing.T) {
	t.Parallel()
	before := whole().Leaf(salts, tlog.Hash{})
	erased := whole()
	erased.Detail, erased.Question = nil, ""
	if erased.Leaf(audit.Salts{Record: salts.Record}, before[len(before)-1]) != before {
		t.Error("the leaf of an erased detail is another")
	}
	seen := map[string]bool{}
	for _, part := range audit.PartsOfLeaf {
		seen[string(salts.Of(part))] = true
	}
	if len(seen) != len(audit.PartsOfLeaf) {
		t.Error("two parts have one salt")
	}
}

// Parts are hashed with HMAC-SHA256, whatever the salt and however long the text.
func TestPartsAreHashedByHMAC(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("0123456789"), 200)
	for key := range 140 {
		for _, text := range [][]byte{nil, long[:key], long} {
			mac := hmac.New(sha256.New, long[:key])
			mac.Write(text)
			if got := audit.HashPart(long[:key], text); !hmac.Equal(got[:], mac.Sum(nil)) {
				t.Fatalf("salt of %d, text of %d", key, len(text))
			}
		}
	}
}
