package policy

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
)

var update = flag.Bool("update", false, "write testdata anew from the policy")

// answers gives the set of cells on which an act is allowed.
type answers func(casework.Role, casework.Act, casework.Grant, casework.Status) casework.Mask

func (p *Policy) answers() answers {
	return func(role casework.Role, act casework.Act, grant casework.Grant, status casework.Status) casework.Mask {
		return p.Rights(role, grant).In(status)[act]
	}
}

const goldenHead = `# What the policy comes down to, for people to compare before and after a change of policy.csv.
# Written by: go test ./internal/policy -run Golden -update
#
# A column is from whom the card speaks; + means that the reader stands beside that person. Letters tell whose card:
# s own, n of an author who named this reader, c a colleague's (same discipline and organisation), a another's.
# All this holds in an open case. A closed case and a bar only take away: see decisions.txt and cases.txt.
`

// golden writes the answers as a table: for each role every act, then what
// each grant adds.
func golden(ask answers) string {
	var out strings.Builder
	out.WriteString(goldenHead)
	for _, role := range casework.Roles {
		fmt.Fprintf(&out, "\n## %s\n%s\n", role, tableHead())
		out.WriteString(table(func(act casework.Act) casework.Mask { return ask(role, act, casework.NoGrant, casework.Open) }, true))
		for _, grant := range []casework.Grant{casework.GrantLend, casework.GrantConsult, casework.GrantItem, casework.GrantGlass} {
			more := table(func(act casework.Act) casework.Mask {
				return added(ask(role, act, casework.NoGrant, casework.Open), ask(role, act, grant, casework.Open))
			}, false)
			if more != "" {
				fmt.Fprintf(&out, "with %s also\n%s", grant, more)
			}
		}
	}
	return out.String()
}

func added(before, after casework.Mask) casework.Mask {
	for i := range after {
		after[i] &^= before[i]
	}
	return after
}

// table has a row for each act and the classes in which it is allowed on the
// same cards, one for the acts allowed of no card and, when complete, one for
// the acts not allowed at all.
func table(ask func(casework.Act) casework.Mask, complete bool) string {
	var out strings.Builder
	var yes, no []string
	for _, act := range Acts() {
		mask := ask(act)
		if mask.Has(casework.NoCell) {
			yes = append(yes, string(act))
		}
		if mask == (casework.Mask{}) {
			no = append(no, string(act))
		}
		var rows []string
		classes := map[string][]string{}
		for _, class := range casework.Classes {
			row := tableRow(mask, class)
			if strings.Trim(row, ". ") == "" {
				continue
			}
			if classes[row] == nil {
				rows = append(rows, row)
			}
			classes[row] = append(classes[row], string(class))
		}
		for _, row := range rows {
			which := strings.Join(classes[row], "|")
			if len(classes[row]) == len(casework.Classes) {
				which = "every class"
			}
			fmt.Fprintf(&out, "%-14s%-36s%s\n", act, which, row)
		}
	}
	if len(yes) > 0 {
		fmt.Fprintf(&out, "about no card %s\n", strings.Join(yes, " "))
	}
	if complete {
		fmt.Fprintf(&out, "not           %s\n", strings.Join(no, " "))
	}
	return out.String()
}

func tableHead() string {
	head := fmt.Sprintf("%-14s%-36s", "act", "class")
	for _, view := range casework.Views {
		for _, beside := range besides(view) {
			head += fmt.Sprintf("%-9s", string(view)+map[bool]string{true: "+"}[beside])
		}
	}
	return strings.TrimRight(head, " ")
}

func tableRow(mask casework.Mask, class casework.Class) string {
	var row string
	for _, view := range casework.Views {
		for _, beside := range besides(view) {
			var letters string
			for i, owner := range casework.Owners {
				if mask.Has(casework.Cell{View: view, Beside: beside, Class: class, Owner: owner}) {
					letters += string("snca"[i])
				}
			}
			row += fmt.Sprintf("%-9s", cmp.Or(letters, "."))
		}
	}
	return strings.TrimRight(row, " ")
}

// fingerprints hashes every decision there is, one hash a role.
func fingerprints(ask answers) string {
	out := "# A hash over every decision of a role: each act, card, grant and status.\n" +
		"# Written by: go test ./internal/policy -run Golden -update\n"
	for _, role := range casework.Roles {
		hash := sha256.New()
		for _, act := range Acts() {
			for _, grant := range casework.Grants {
				for _, status := range casework.Statuses {
					for _, word := range ask(role, act, grant, status) {
						hash.Write(binary.BigEndian.AppendUint64(nil, word))
					}
				}
			}
		}
		out += fmt.Sprintf("%-20s %x\n", role, hash.Sum(nil)[:16])
	}
	return out
}

func TestGoldenTables(t *testing.T) {
	p := shipped(t)
	for file, got := range map[string]string{"golden.txt": golden(p.answers()), "decisions.txt": fingerprints(p.answers())} {
		if *update {
			if err := os.WriteFile("testdata/"+file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want := testdata(t, file)
		if got == want {
			continue
		}
		gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
		for i := range max(len(gotLines), len(wantLines)) {
			if i >= len(gotLines) || i >= len(wantLines) || gotLines[i] != wantLines[i] {
				t.Errorf("the policy no longer gives testdata/%s, first at line %d; when that is meant, run with -update and review the difference", file, i+1)
				break
			}
		}
	}
}

func testdata(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestGoldenHasEveryAct holds the table complete: a new act without rows, or an
// act that is in no list, fails here.
func TestGoldenHasEveryAct(t *testing.T) {
	text := testdata(t, "golden.txt")
	for _, role := range casework.Roles {
		_, section, found := strings.Cut(text, "\n## "+string(role)+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		if !found {
			t.Errorf("role %s has no table", role)
		}
		section, _, _ = strings.Cut(section, "\nwith ")
		for _, act := range slices.Concat(casework.CardActs, casework.CaseActs) {
			if !slices.Contains(strings.Fields(section), string(act)) {
				t.Errorf("%s has no row for the act %s", role, act)
			}
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../casework/words.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	typed := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, isConst := n.(*ast.ValueSpec)
		if !isConst || fmt.Sprint(spec.Type) != "Act" {
			return true
		}
		typed++
		literal := spec.Values[0].(*ast.BasicLit).Value
		if act := casework.Act(strings.Trim(literal, `"`)); !slices.Contains(Acts(), act) {
			t.Errorf("%s is neither among the acts about a card nor those about a case", spec.Names[0])
		}
		return true
	})
	if typed != len(Acts()) {
		t.Errorf("%d typed acts, %d listed", typed, len(Acts()))
	}
}
