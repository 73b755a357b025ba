package policy

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
)

// Words that every column knows or that stand for none.
const (
	EveryWord = "*" // whatever the word is
	NoWord    = "-" // not about a card; for beside: not about a person
)

// Effects of a line.
const (
	allow = "allow"
	deny  = "deny"
)

// Rule is one line of the policy, its cells as they are written: one word,
// several joined by |, or *.
type Rule struct {
	Line                                                 int    // in policy.csv, from 1
	ID                                                   string // never used twice
	Effect                                               string // allow or deny
	Role, Act, View, Beside, Class, Owner, Grant, Status string
	Why                                                  string // shown to whom it refuses
}

// words are the rule as the model defines a line.
func (r Rule) words() []string {
	return []string{r.ID, r.Effect, r.Role, r.Act, r.View, r.Beside, r.Class, r.Owner, r.Grant, r.Status, r.Why}
}

// Forbids tells whether the line takes away; else it allows.
func (r Rule) Forbids() bool { return r.Effect == deny }

// Says tells whether a cell of a line names the word, or every word.
func Says(cell, word string) bool { return has(cell, word) }

// Acts lists every act, those about a card first.
func Acts() []casework.Act { return slices.Concat(casework.CardActs, casework.CaseActs) }

// column is a part of a line that holds words of a fixed list.
type column struct {
	name  string
	cell  string
	words []string
}

func (r Rule) columns() []column {
	return []column{
		{"role", r.Role, plain(casework.Roles)},
		{"act", r.Act, plain(Acts())},
		{"view", r.View, append(plain(casework.Views), NoWord)},
		{"beside", r.Beside, []string{"yes", "no", NoWord}},
		{"class", r.Class, append(plain(casework.Classes), NoWord)},
		{"owner", r.Owner, append(plain(casework.Owners), NoWord)},
		{"grant", r.Grant, plain(casework.Grants)},
		{"status", r.Status, plain(casework.Statuses)},
	}
}

func plain[W ~string](words []W) []string {
	all := make([]string, 0, len(words)+1)
	for _, w := range words {
		all = append(all, string(w))
	}
	return all
}

// parseRules reads the lines and refuses the first that is not fully understood.
func parseRules(file []byte) ([]Rule, error) {
	var rules []Rule
	lineOf := map[string]int{}
	for n, text := range textLines(file) {
		if problem := unreadable(n, text); problem != "" {
			return nil, &Error{LinesFile, n, problem}
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		rule, problem := parseRule(text)
		if problem != "" {
			return nil, &Error{LinesFile, n, problem}
		}
		if first := lineOf[rule.ID]; first != 0 {
			return nil, &Error{LinesFile, n, fmt.Sprintf("the id %s stands on line %d already; give this line a new one", rule.ID, first)}
		}
		lineOf[rule.ID], rule.Line = n, n
		rules = append(rules, rule)
	}
	return rules, checkWhole(rules)
}

// checkWhole refuses lines that are too few to be a policy.
func checkWhole(rules []Rule) error {
	if !slices.ContainsFunc(rules, func(r Rule) bool { return r.Effect == allow }) {
		return &Error{LinesFile, 0, "no line allows anything; restore the lines"}
	}
	for _, act := range Acts() {
		named := func(r Rule) bool { return r.Act != EveryWord && has(r.Act, string(act)) }
		if !slices.ContainsFunc(rules, named) {
			return &Error{LinesFile, 0, fmt.Sprintf("no line names the act %q; write who may do it, or a deny line when nobody may", act)}
		}
	}
	return nil
}

// parseRule reads one line; problem is "" when it is understood.
func parseRule(text string) (rule Rule, problem string) {
	if first := strings.IndexAny(text, ",;"); first >= 0 && text[first] == ';' {
		return rule, "the columns are parted by semicolons; save the file with commas"
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.TrimLeadingSpace = true
	f, err := reader.Read()
	if err != nil {
		return rule, `the quotes do not match; write the why as "..." and a quote within it twice`
	}
	if len(f) != 12 {
		return rule, fmt.Sprintf("this line has %d columns where 12 belong: p, id, eft, role, act, view, beside, class, owner, grant, status, why"+
			" (a why with a comma needs quotes)", len(f))
	}
	rule = Rule{ID: f[1], Effect: f[2], Role: f[3], Act: f[4], View: f[5], Beside: f[6], Class: f[7], Owner: f[8],
		Grant: f[9], Status: f[10], Why: f[11]}
	switch {
	case f[0] != "p":
		return rule, fmt.Sprintf("a line begins with p, this one with %q", f[0])
	case rule.ID == "" || strings.ContainsAny(rule.ID, " \t|*,"):
		return rule, "the id is empty or has a blank or a comma in it; give the line an id such as A-70"
	case rule.Effect != allow && rule.Effect != deny:
		return rule, fmt.Sprintf("the effect is %q; write allow or deny, in small letters and without blanks", rule.Effect)
	case strings.TrimSpace(rule.Why) == "":
		return rule, "the why is empty; write one sentence that may be shown to whom the line refuses"
	}
	for _, c := range rule.columns() {
		if problem := c.problem(); problem != "" {
			return rule, problem
		}
	}
	if rule.halfOfNoCard() || newReach(rule).cells == (casework.Mask{}) {
		return rule, "no card can be of this view, beside, class and owner at once, or the acts are not asked of a card " +
			"(- stands in all four or in none, but for beside, which is - for professional); correct the words"
	}
	return rule, ""
}

// halfOfNoCard tells whether a line is about no card in one column and about
// a card in another.
func (r Rule) halfOfNoCard() bool {
	about := func(cell string) bool { return cell == EveryWord || !has(cell, NoWord) }
	return about(r.View) != about(r.Class) || about(r.Class) != about(r.Owner)
}

func (c column) problem() string {
	if c.cell == EveryWord {
		return ""
	}
	var seen []string
	for word := range strings.SplitSeq(c.cell, "|") {
		switch {
		case word != strings.TrimSpace(word):
			return fmt.Sprintf("in column %s a blank stands beside %q; remove it", c.name, strings.TrimSpace(word))
		case !slices.Contains(c.words, word):
			return fmt.Sprintf("column %s does not know the word %q; it knows %s and, alone, *", c.name, word, strings.Join(c.words, ", "))
		case slices.Contains(seen, word):
			return fmt.Sprintf("in column %s the word %q stands twice; remove one", c.name, word)
		}
		seen = append(seen, word)
	}
	return ""
}
