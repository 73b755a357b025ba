package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

// lineOf finds the number of the line of the shipped file that has the id.
func lineOf(t testing.TB, id string) int {
	t.Helper()
	for i, text := range strings.Split(string(policies.Lines), "\n") {
		if strings.HasPrefix(text, "p, "+id+",") {
			return i + 1
		}
	}
	t.Fatalf("no line %s", id)
	return 0
}

// edited is the shipped file with one replacement on the line with the id.
func edited(t testing.TB, id, from, to string) string {
	t.Helper()
	all := strings.Split(string(policies.Lines), "\n")
	n := lineOf(t, id) - 1
	if !strings.Contains(all[n], from) {
		t.Fatalf("%s has no %q", id, from)
	}
	all[n] = strings.Replace(all[n], from, to, 1)
	return strings.Join(all, "\n")
}

func refusal(t *testing.T, model, lines string) *Error {
	t.Helper()
	p, err := Parse([]byte(model), []byte(lines))
	var e *Error
	if !errors.As(err, &e) || p != nil {
		t.Errorf("not refused: %v", err)
		return &Error{}
	}
	return e
}

func TestBadLinesAreRefusedByNumber(t *testing.T) {
	whole := string(policies.Lines)
	last := strings.Count(whole, "\n") + 1
	for _, c := range []struct {
		name, lines string
		line        int
		tells       string
	}{
		{"byte-order mark", "\ufeff" + whole, 1, "byte-order mark"},
		{"semicolons", strings.ReplaceAll(whole, ",", ";"), lineOf(t, "D-01"), "semicolons"},
		{"invalid UTF-8", edited(t, "A-02", "whole", "wh\xffole"), lineOf(t, "A-02"), "UTF-8"},
		{"hidden mark", edited(t, "A-02", "shared", "sha\ufeffred"), lineOf(t, "A-02"), "invisible"},
		{"old line ends", strings.ReplaceAll(whole, "\n", "\r"), 1, "invisible"},
		{"Deny", edited(t, "D-05", "deny", "Deny"), lineOf(t, "D-05"), `"Deny"`},
		{"deny and a blank", edited(t, "D-05", "deny,", "deny ,"), lineOf(t, "D-05"), `"deny "`},
		{"misspelt effect", edited(t, "D-05", "deny", "denny"), lineOf(t, "D-05"), `"denny"`},
		{"no effect", edited(t, "D-05", "deny", ""), lineOf(t, "D-05"), `""`},
		{"unknown role", edited(t, "A-20", "child_worker", "childworker"), lineOf(t, "A-20"), "column role"},
		{"unknown act", edited(t, "A-20", "read|", "look|"), lineOf(t, "A-20"), "column act"},
		{"unknown view", edited(t, "A-20", " child,", " baby,"), lineOf(t, "A-20"), "column view"},
		{"unknown beside", edited(t, "A-20", "yes", "maybe"), lineOf(t, "A-20"), "column beside"},
		{"unknown class", edited(t, "A-20", "confidential", "secret"), lineOf(t, "A-20"), "column class"},
		{"unknown owner", edited(t, "A-12", "self", "me"), lineOf(t, "A-12"), "column owner"},
		{"unknown grant", edited(t, "A-50", "lend", "loan"), lineOf(t, "A-50"), "column grant"},
		{"unknown status", edited(t, "A-50", "open", "opened"), lineOf(t, "A-50"), "column status"},
		{"a dash for a role", edited(t, "A-30", "expert_by_experience", "-"), lineOf(t, "A-30"), "column role"},
		{"empty cell", edited(t, "A-20", "confidential", ""), lineOf(t, "A-20"), "column class"},
		{"word and star", edited(t, "A-20", "confidential", "confidential|*"), lineOf(t, "A-20"), `"*"`},
		{"word twice", edited(t, "A-12", "share|shield", "share|share"), lineOf(t, "A-12"), "twice"},
		{"blank in a cell", edited(t, "A-12", "share|shield", "share |shield"), lineOf(t, "A-12"), "blank"},
		{"too few columns", edited(t, "A-20", ", yes", ""), lineOf(t, "A-20"), "11 columns"},
		{"too many columns", edited(t, "A-20", ", yes", ", yes, yes"), lineOf(t, "A-20"), "13 columns"},
		{"why with a comma", edited(t, "A-20", `"Child worker knows`, `"Child worker," knows`), lineOf(t, "A-20"), "quotes"},
		{"open quote", edited(t, "A-20", `confided"`, "confided"), lineOf(t, "A-20"), "quotes"},
		{"not a p", edited(t, "A-20", "p,", "q,"), lineOf(t, "A-20"), "begins with p"},
		{"doubled id", edited(t, "A-21", "A-21", "A-20"), lineOf(t, "A-21"), fmt.Sprintf("line %d", lineOf(t, "A-20"))},
		{"empty id", edited(t, "A-20", "A-20", ""), lineOf(t, "A-20"), "id is empty"},
		{"empty why", edited(t, "D-09", `"No valid membership of this case"`, `" "`), lineOf(t, "D-09"), "why is empty"},
		{"beside at the table", edited(t, "A-32", "professional, -,", "professional, yes,"), lineOf(t, "A-32"), "no card"},
		{"half a card", edited(t, "A-46", "shared", "-"), lineOf(t, "A-46"), "no card"},
		{"a case act of a card", edited(t, "A-10", "-, -, -, -", "child, *, *, *"), lineOf(t, "A-10"), "no card"},
		{"nothing", "", 0, "no line allows"},
		{"only comments", "# p, A-01\n\n", 0, "no line allows"},
		{"only deny", whole[:strings.Index(whole, "p, A-01")], 0, "no line allows"},
		{"an act that only * covers", strings.ReplaceAll(edited(t, "A-61", "users|policies", "users"), "policies,", "users,"), 0, `the act "policies"`},
		{"last line", whole + "p, A-99, allow\n", last, "3 columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := refusal(t, string(policies.Model), c.lines)
			if e.File != LinesFile || e.Line != c.line || !strings.Contains(e.Problem, c.tells) {
				t.Errorf("%v, want line %d and %q", e, c.line, c.tells)
			}
		})
	}
}

func TestBothLineEndsAreTaken(t *testing.T) {
	crlf := func(file []byte) []byte { return []byte(strings.ReplaceAll(string(file), "\n", "\r\n")) }
	p, err := Parse(crlf(policies.Model), crlf(policies.Lines))
	if err != nil {
		t.Fatal(err)
	}
	unix := shipped(t)
	rules, err := parseRules(crlf(policies.Lines))
	if err != nil {
		t.Fatal(err)
	}
	if ours, err := parseRules(policies.Lines); err != nil || !slices.Equal(rules, ours) {
		t.Errorf("the lines differ, %v", err)
	}
	again, err := parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	if p.Version() == unix.Version() || len(unix.Version()) != 16 || unix.Version() != again.Version() {
		t.Errorf("versions %q and %q", p.Version(), unix.Version())
	}
}

func TestAnotherModelIsRefused(t *testing.T) {
	whole := string(policies.Model)
	at := func(text string) int { return 1 + strings.Count(whole[:strings.Index(whole, text)], "\n") }
	for _, c := range []struct {
		name, model string
		line        int
	}{
		{"effect without deny", strings.Replace(whole, " && !some(where (p.eft == deny))", "", 1), at("e = ")},
		{"shorter matcher", strings.Replace(whole, " && has(p.owner, r.owner)", "", 1), at("m = ")},
		{"or for and", strings.Replace(whole, "&& has(p.grant", "|| has(p.grant", 1), at("m = ")},
		{"another request", strings.Replace(whole, "r = role, act", "r = act, role", 1), at("r = ")},
		{"another line", strings.Replace(whole, "id, eft", "eft, id", 1), at("p = ")},
		{"roles of casbin", strings.Replace(whole, "[matchers]", "[role_definition]\ng = _, _\n\n[matchers]", 1), at("[matchers]") + 1},
		{"twice", whole + "\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n", strings.Count(whole, "\n") + 2},
		{"wrong section", strings.Replace(whole, "[matchers]\n", "", 1), at("m = ") - 1},
		{"missing", whole[:strings.Index(whole, "[matchers]")], 0},
		{"empty", "", 0},
		{"byte-order mark", "\ufeff" + whole, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := refusal(t, c.model, string(policies.Lines)); e.File != ModelFile || e.Line != c.line {
				t.Errorf("%v, want line %d", e, c.line)
			}
		})
	}
}

// TestPromisesHold breaks each promise with one line and expects its words and
// the number of the line that opens what must stay closed.
func TestPromisesHold(t *testing.T) {
	added := func(line string) string { return string(policies.Lines) + line + "\n" }
	last := strings.Count(string(policies.Lines), "\n") + 1
	dropped := func(id string, line string) string { return edited(t, id, "p, ", "# p, ") + line + "\n" }
	for _, c := range []struct {
		name, lines string
		line        int
		words       string
	}{
		{"safety to perpetrator support", dropped("D-01", `p, A-90, allow, perpetrator_support, read, *, *, safety, *, lend, open, "why"`), last, "another's safety card"},
		{"confidence to perpetrator support", edited(t, "D-02", "child|parent|network", "child|parent"), lineOf(t, "A-04"), "in confidence"},
		{"manager reads", dropped("D-03", `p, A-90, allow, manager, read, *, *, shared, *, *, *, "why"`), last, "only audits"},
		{"admin audits", added(`p, A-90, allow, admin, audit, -, -, -, -, *, *, "why"`), last, "only audits"},
		{"nobody joins", dropped("D-09", `p, A-90, allow, *, join, -, -, -, -, *, *, "why"`), last, "without a valid membership"},
		{"guest reads safety", dropped("D-11", `p, A-90, allow, guest, read, *, *, safety, *, item, open, "why"`), last, "a guest"},
		{"name for all", dropped("D-12", `p, A-90, allow, chair, read, *, *, named, *, glass, *, "why"`), last, "by name"},
		{"private for the chair", dropped("D-05", `p, A-90, allow, chair, read, *, *, private, *, glass, *, "why"`), last, "private card"},
		{"bar that opens", edited(t, "D-06", "named|peer|other", "peer|other"), lineOf(t, "A-02"), "a bar"},
		{"changes unread", added(`p, A-90, allow, mental_health, archive, *, *, safety, *, *, *, "why"`), last, "may read it"},
		{"persons unread", edited(t, "A-15", "self|peer", "self|other"), lineOf(t, "A-15"), "may read it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := refusal(t, string(policies.Model), c.lines)
			if e.Line != c.line || !strings.Contains(e.Problem, c.words) {
				t.Errorf("%v, want line %d and %q", e, c.line, c.words)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	model, lines := string(policies.Model), string(policies.Lines)
	f.Add(model, lines)
	f.Add(model, strings.ReplaceAll(lines, "deny", "allow"))
	f.Add(model, strings.ReplaceAll(lines, "\n", "\r\n"))
	f.Add(model, strings.ReplaceAll(lines, "|", "||"))
	f.Add(model, strings.ReplaceAll(lines, "safety", "*"))
	f.Add(model, lines+`p, A-90, allow, *, *, *, *, *, *, *, *, "why"`)
	f.Add(strings.ReplaceAll(model, "&&", "||"), lines)
	f.Add("[", "p,")
	f.Add("\xff", "\"")
	f.Fuzz(func(t *testing.T, model, lines string) {
		p, err := Parse([]byte(model), []byte(lines))
		var e *Error
		switch {
		case err == nil:
			all := p.Rights(casework.PerpetratorSupport, casework.GrantLend)
			for _, cell := range casework.Cells() {
				if cell.Class == casework.Safety && cell.Owner != casework.OwnerSelf && all.Allow(casework.ActRead, cell, casework.Open) {
					t.Errorf("perpetrator support reads %+v", cell)
				}
			}
		case !errors.As(err, &e) || p != nil || e.Line < 0 || e.Problem == "":
			t.Errorf("refused as %#v", err)
		}
	})
}
