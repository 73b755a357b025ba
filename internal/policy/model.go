package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Files an Error can speak of.
const (
	ModelFile = "model.conf"
	LinesFile = "policy.csv"
)

// Error tells what is wrong with a policy and what to do about it.
type Error struct {
	File    string // ModelFile or LinesFile
	Line    int    // from 1; 0: the file as a whole
	Problem string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("policy: %s: %s", e.File, e.Problem)
	}
	return fmt.Sprintf("policy: %s line %d: %s", e.File, e.Line, e.Problem)
}

// section is one definition of the model.
type section struct{ name, key, value string }

// sections are what this program knows a request, a line and their meeting to
// be. The model file shows them to its readers; another model needs other code.
func sections() []section {
	return []section{
		{"request_definition", "r", "role, act, view, beside, class, owner, grant, status"},
		{"policy_definition", "p", "id, eft, role, act, view, beside, class, owner, grant, status, why"},
		{"policy_effect", "e", "some(where (p.eft == allow)) && !some(where (p.eft == deny))"},
		{"matchers", "m", "has(p.role, r.role) && has(p.act, r.act) && has(p.class, r.class) && has(p.view, r.view) && " +
			"has(p.beside, r.beside) && has(p.owner, r.owner) && has(p.status, r.status) && has(p.grant, r.grant)"},
	}
}

// checkModel refuses a model that is not, but for comments and blanks, the
// known one.
func checkModel(file []byte) error {
	open := sections()
	var current string
	for n, text := range textLines(file) {
		if problem := unreadable(n, text); problem != "" {
			return &Error{ModelFile, n, problem}
		}
		text = strings.Join(strings.Fields(text), " ")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if strings.HasPrefix(text, "[") {
			current = strings.Trim(text, "[]")
			continue
		}
		i := 0
		for i < len(open) && (open[i].name != current || text != open[i].key+" = "+open[i].value) {
			i++
		}
		if i == len(open) {
			return &Error{ModelFile, n, "this is not in the model that the program knows, or not in this section, or is here twice; " +
				"restore the line (the model is part of the code, only " + LinesFile + " is yours to change)"}
		}
		open = append(open[:i], open[i+1:]...)
	}
	if len(open) > 0 {
		return &Error{ModelFile, 0, fmt.Sprintf("section [%s] is missing its definition; restore it", open[0].name)}
	}
	return nil
}

// textLines yields the lines of a file, counted from 1, without their ends.
// Both kinds of line end are taken.
func textLines(file []byte) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		n := 0
		for text := range strings.Lines(string(file)) {
			n++
			if !yield(n, strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")) {
				return
			}
		}
	}
}

// unreadable tells what keeps people or the program from reading a line; ""
// when nothing does.
func unreadable(n int, text string) string {
	switch {
	case n == 1 && strings.HasPrefix(text, "\ufeff"):
		return "the file begins with a byte-order mark; save it as UTF-8 without one"
	case !utf8.ValidString(text):
		return "this is not UTF-8; save the file as UTF-8"
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r == '\ufeff' }):
		return "an invisible character stands in this line; type the line anew"
	}
	return ""
}
