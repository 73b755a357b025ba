package audit_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

var update = flag.Bool("update", false, "write the examples of AuditEvents anew")

// examplesFile holds AuditEvents that the tests of static hold to the definition of
// the resource in FHIR R4.
const examplesFile = "../../static/testdata/audit-events.ndjson"

// examples are lines of every kind and of whatever is coded in a way of its own, done
// and refused, with everything and with nothing that a line may hold.
func examples() (lines []audit.Line) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 123456000, time.UTC)
	actions := []audit.Action{audit.Create, audit.Read, audit.Update, audit.Delete, audit.Execute}
	for _, kind := range audit.Kinds {
		plain := slices.IndexFunc(kind.Events(), func(e audit.Event) bool { return !audit.CodedApart(e) })
		shown := slices.DeleteFunc(kind.Events(), func(e audit.Event) bool { return !audit.CodedApart(e) && e != kind.Events()[plain] })
		for _, event := range append(shown, "of_another_version") {
			for _, refused := range []bool{false, true} {
				n := len(lines)
				l := audit.Line{ID: fmt.Sprintf("RECRD%011d", n), At: at.Add(time.Duration(n) * time.Second), Event: event, Action: actions[n%len(actions)], Refused: refused}
				if n%3 > 0 {
					l.User, l.Name, l.Organisation, l.Role = "USERA22222222222", "Hanneke \x1b[31m\u202e\"<b>\r\n", "De Linde", casework.Chair
					l.Policy, l.AccessPoint, l.Source = "0123456789abcdef", "a/live", "casustafel 1"
				}
				if n%3 > 1 {
					l.Case, l.Relation, l.Ground = "K7QF-2M9X", audit.AtTable, "treatment"
				}
				if refused {
					l.Rule, l.Why = "D-04", "Een gesloten casus kun je alleen lezen"
				}
				lines = append(lines, l)
			}
		}
	}
	glass := audit.Line{ID: "GLASS22222222222", At: at, Event: "view", Action: audit.Read, User: "USERA22222222222", Name: "Mirthe", Organisation: "GGzE", Role: casework.MentalHealth,
		Case: "K7QF-2M9X", Relation: audit.ByGlass, Ground: "eigen grond"}
	return append(lines, glass, audit.Line{ID: "SIGHT22222222222", At: at, Event: audit.SightChanged, Action: audit.Update, User: "USERA22222222222", Name: "Hanneke", Case: "K7QF-2M9X"})
}

func events(t *testing.T, lines []audit.Line) []byte {
	t.Helper()
	var out bytes.Buffer
	w := audit.NewFHIR(&out, dutch, "nl")
	end := audit.Line{ID: "ENDED22222222222", At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Event: "export_log_ended", Action: audit.Execute, User: "USERE22222222222", Name: "Els", Organisation: "De Linde", Role: casework.Manager}
	if err := w.Write(lines); err != nil {
		t.Fatal(err)
	}
	if err := w.End(end, len(lines)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The examples are as they were when they were last looked at: go test
// ./internal/audit -run Examples -update writes them anew.
func TestExamplesOfFHIR(t *testing.T) {
	t.Parallel()
	got := events(t, examples())
	if *update {
		if err := os.WriteFile(examplesFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(examplesFile); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the examples are others than those of %s: %v", examplesFile, err)
	}
	if n := bytes.Count(got, []byte("\n")); n != len(examples())+1 {
		t.Errorf("%d lines in the file", n)
	}
}

// Every event of the log is coded as one of the examples is: what holds of them holds
// of it.
func TestEveryEventIsCodedAsAnExample(t *testing.T) {
	t.Parallel()
	codes := func(l audit.Line) (all []string) {
		var e struct {
			Type           struct{ Code string }
			Subtype        []struct{ Code string }
			PurposeOfEvent []struct{ Coding []struct{ Code string } }
		}
		line, _, _ := strings.Cut(string(events(t, []audit.Line{l})), "\n")
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Type.Code, e.PurposeOfEvent[0].Coding[0].Code)
		for _, sub := range e.Subtype[1:] {
			all = append(all, sub.Code)
		}
		return all
	}
	known := map[string]bool{}
	for _, l := range examples() {
		known[strings.Join(codes(l), " ")] = true
	}
	for _, kind := range audit.Kinds {
		for _, event := range kind.Events() {
			if is := strings.Join(codes(audit.Line{Event: event.Apart()}), " "); !known[is] {
				t.Errorf("%s is coded as no example is: %s", event, is)
			}
		}
	}
}

// An AuditEvent says what its line says, and of what the line does not say nothing.
func TestFHIREvent(t *testing.T) {
	t.Parallel()
	first, last, _ := strings.Cut(string(events(t, examples()[len(examples())-2:len(examples())-1])), "\n")
	const want = `{"resourceType":"AuditEvent","id":"GLASS22222222222","language":"nl","type":{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"110110","display":"Patient Record"},` +
		`"subtype":[{"system":"urn:casustafel:event","code":"view","display":"Aan tafel iets anders gaan zien"}],"action":"R","recorded":"2026-03-02T08:00:00.123456Z","outcome":"0",` +
		`"purposeOfEvent":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"ETREAT","display":"Emergency Treatment"},{"system":"urn:casustafel:ground","code":"eigen grond","display":"eigen grond"}]}],` +
		`"agent":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/extra-security-role-type","code":"humanuser","display":"human user"}]},` +
		`"role":[{"coding":[{"system":"urn:casustafel:role","code":"mental_health","display":"ggz-behandelaar"}]},{"coding":[{"system":"urn:casustafel:relation","code":"glass","display":"drukte het glas in"}]}],` +
		`"who":{"identifier":{"system":"urn:casustafel:user","value":"USERA22222222222","assigner":{"display":"GGzE"}},"display":"Mirthe"},"name":"Mirthe","requestor":true}],` +
		`"source":{"observer":{"display":"Casustafel"},"type":[{"system":"http://terminology.hl7.org/CodeSystem/security-source-type","code":"4","display":"Application Server"}]},` +
		`"entity":[{"what":{"identifier":{"system":"urn:casustafel:case-code","value":"K7QF-2M9X"}},"type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"2","display":"System Object"},` +
		`"role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"4","display":"Domain Resource"},"lifecycle":{"system":"http://terminology.hl7.org/CodeSystem/dicom-audit-lifecycle","code":"6","display":"Access / Use"},` +
		`"securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R","display":"restricted"}]}]}`
	if first != want {
		t.Errorf("%s, want\n%s", first, want)
	}
	if !strings.Contains(last, `"id":"ENDED22222222222"`) || !strings.Contains(last, `"detail":[{"type":"lines","valueString":"1"}]`) {
		t.Errorf("the last line: %s", last)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(events(t, examples()))), "\n") {
		if !json.Valid([]byte(line)) || strings.ContainsAny(line, "\x1b\u202e") || strings.Contains(line, `\u001b`) {
			t.Errorf("%q", line)
		}
	}
}
