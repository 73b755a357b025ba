package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

// mutant is the shipped policy with one small change.
type mutant struct {
	what  string
	index int // of the changed rule
	rule  Rule
	gone  bool
}

// parts are the cells of a rule that a mutant can change.
func (r *Rule) parts() []*string {
	return []*string{&r.Role, &r.Act, &r.View, &r.Beside, &r.Class, &r.Owner, &r.Grant, &r.Status}
}

// mutants drops each line, flips its effect, widens each cell to * and takes
// each word out of it.
func mutants(rules []Rule) []mutant {
	var all []mutant
	for i, rule := range rules {
		flipped := rule
		flipped.Effect = map[string]string{allow: deny, deny: allow}[rule.Effect]
		all = append(all, mutant{rule.ID + " dropped", i, rule, true}, mutant{rule.ID + " flipped", i, flipped, false})
		for part, cell := range rule.parts() {
			changed := func(to string) Rule {
				r := rule
				*r.parts()[part] = to
				return r
			}
			if *cell != EveryWord {
				all = append(all, mutant{fmt.Sprintf("%s %s widened", rule.ID, *cell), i, changed(EveryWord), false})
			}
			words := strings.Split(*cell, "|")
			for w := range words {
				if len(words) > 1 {
					fewer := strings.Join(slices.Concat(words[:w], words[w+1:]), "|")
					all = append(all, mutant{fmt.Sprintf("%s without %s", rule.ID, words[w]), i, changed(fewer), false})
				}
			}
		}
	}
	return all
}

// behaviour is every decision of a policy, in the order of situations.
type behaviour []casework.Mask

// situations lists every one.
func situations() []situation {
	var all []situation
	for role := range casework.Roles {
		for act := range Acts() {
			for grant := range casework.Grants {
				for status := range casework.Statuses {
					all = append(all, situation{role, act, grant, status})
				}
			}
		}
	}
	return all
}

func (b behaviour) at(s situation) casework.Mask {
	acts := len(casework.CardActs) + len(casework.CaseActs)
	return b[((s.role*acts+s.act)*len(casework.Grants)+s.grant)*len(casework.Statuses)+s.status]
}

func (b behaviour) answers() answers {
	return func(role casework.Role, act casework.Act, grant casework.Grant, status casework.Status) casework.Mask {
		return b.at(Request{Role: role, Act: act, Grant: grant, Status: status}.situation())
	}
}

// shown is what the golden table is written from.
func (b behaviour) shown(all []situation) behaviour {
	shown := make(behaviour, len(b))
	for i, s := range all {
		plain := situation{role: s.role, act: s.act}
		switch {
		case casework.Statuses[s.status] != casework.Open, casework.Grants[s.grant] == casework.GrantBar:
		case s == plain:
			shown[i] = b[i]
		default:
			shown[i] = without(b[i], b.at(plain))
		}
	}
	return shown
}

// decides finds the first deny line, or else the first allow line, that speaks
// of the request.
func decides(lines []reach, q Request) (id string) {
	s := q.situation()
	for _, r := range lines {
		if r.covers(s) && r.cells.Has(q.Cell) {
			if r.rule.Effect == deny {
				return r.rule.ID
			}
			if id == "" {
				id = r.rule.ID
			}
		}
	}
	return id
}

// TestMutantsDie makes every small change of the shipped policy: one that
// changes a decision must change the hashes, and the golden table when it shows
// there.
func TestMutantsDie(t *testing.T) {
	t.Parallel()
	rules, err := parseRules(policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	lines, everywhere := newReaches(rules), situations()
	var original behaviour
	for _, s := range everywhere {
		original = append(original, allowed(lines, s))
	}
	shown, hashes, table := original.shown(everywhere), fingerprints(original.answers()), golden(original.answers())
	if hashes != testdata(t, "decisions.txt") || table != testdata(t, "golden.txt") {
		t.Fatal("the masks are not those of testdata; see TestGoldenTables")
	}
	cases := readCases(t)
	var total, changed, refused, byTable, byCases int
	for _, m := range mutants(rules) {
		total++
		changedRules, changedLines, mutated := slices.Clone(rules), slices.Clone(lines), newReach(m.rule)
		changedRules[m.index], changedLines[m.index] = m.rule, mutated
		if m.gone {
			changedRules, changedLines = slices.Delete(changedRules, m.index, m.index+1), slices.Delete(changedLines, m.index, m.index+1)
		}
		behaves, small, last := slices.Clone(original), changedLines, situation{role: -1}
		for i, s := range everywhere {
			if !lines[m.index].covers(s) && !mutated.covers(s) {
				continue
			}
			if s.role != last.role || s.act != last.act {
				small, last = about(changedLines, s.role, s.act), s
			}
			behaves[i] = allowed(small, s)
		}
		if slices.Equal(original, behaves) {
			continue
		}
		changed++
		if fingerprints(behaves.answers()) == hashes {
			t.Errorf("%s changes decisions but no hash", m.what)
		}
		tableDiffers := !slices.Equal(shown, behaves.shown(everywhere))
		if tableDiffers {
			byTable++
		}
		if changed%50 == 0 && tableDiffers != (golden(behaves.answers()) != table) {
			t.Errorf("%s: the golden table does not show what it should", m.what)
		}
		if slices.ContainsFunc(cases, func(c oneCase) bool {
			q := c.request
			return behaves.at(q.situation()).Has(q.Cell) != c.allowed || decides(changedLines, q) != c.rule
		}) {
			byCases++
		}
		if checkWhole(changedRules) != nil || checkPromises(changedLines) != nil {
			refused++
		}
	}
	t.Logf("%d mutants, %d change a decision: the hashes tell all, the golden table %d, cases.txt %d, loading refuses %d",
		total, changed, byTable, byCases, refused)
	if changed < 500 || byTable*10 < changed*9 || byCases*2 < changed {
		t.Error("the tables have become too weak to show a change of policy")
	}
}
