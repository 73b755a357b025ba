package web

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// field is one field of a form that the server makes: templates/field.html. What
// was typed comes back with what is wrong, but for a password.
type field struct {
	base
	Name     string
	Label    string // key of its words
	Hint     string // key of a hint; empty: none
	Type     string // "password", "email"; empty: a line of text
	Complete string // what browsers may fill in; empty: nothing
	Mode     string // keyboard of a phone: "numeric"; empty: letters
	Max      int    // characters; 0: any
	Optional bool
	Value    string
	Problem  string   // key of what is wrong; empty: nothing
	Focus    bool     // it is the first that is wrong
	Options  []choice // what there is to choose from; none: it is typed
}

// choice is what can be chosen in a field.
type choice struct{ Value, Words string }

// turning are the signs that turn the direction of the text around them.
var turning = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// isolated is a name for where no element can hold it apart, as in an option or in the
// middle of a sentence: whatever direction it is written in, it turns nothing beside it.
// A name from left to right stays as it is, so that it is found by its first letter.
func isolated(name string) string {
	const first, pop = "\u2068", "\u2069"
	name = turning.Replace(name)
	if strings.ContainsFunc(name, fromRight) {
		return first + name + pop
	}
	return name
}

// Isolated is that in a template.
func (base) Isolated(name string) string { return isolated(name) }

func fromRight(sign rune) bool {
	of, _ := bidi.LookupRune(sign)
	return of.Class() == bidi.R || of.Class() == bidi.AL
}

// fields are those of one form, in the order in which they stand.
type fields []*field

// fill puts what was typed into the fields, as far as that is text.
func (f fields) fill(form url.Values) {
	for _, one := range f {
		if one.Type != "password" {
			one.Value = typed(form, one.Name)
		}
	}
}

// typed is what was typed in a field, as far as it is text. How long a form may be is
// told by bodyLimit.
func typed(form url.Values, name string) string {
	if text := form.Get(name); utf8.ValidString(text) {
		return text
	}
	return ""
}

// blame marks a field as wrong; the first that is gets the focus.
func (f fields) blame(name, problem string) {
	focused := false
	for _, one := range f {
		focused = focused || one.Focus
		if one.Name == name {
			one.Problem, one.Focus = problem, !focused
		}
	}
}
