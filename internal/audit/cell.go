package audit

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// A spreadsheet takes a cell that begins with one of these signs for a formula, some
// also after spaces or quotation marks and some also their wide forms. Whoever opens
// a file with another separator than it was written with finds cells that begin after
// that one.
var formula = regexp.MustCompile(`(^|[,;|])([\s\p{Z}\x{200C}\x{200D}"'` + "`" + `´‘’“”]*[=+\-@＝＋－＠﹦﹢﹣﬩−])`)

// cell is a text as a cell of a spreadsheet can hold it without harm: visible, and with
// an apostrophe before what would be a formula. Nothing is lost: an apostrophe stands
// there only where it was put, as one that was there before gets another.
func cell(text string) string { return formula.ReplaceAllString(visible(text), "$1'$2") }

// visible shows every sign of a text that is not to be seen, from the end of a line to
// what turns the direction of writing, as what it is. What parts and joins letters in
// names, and emoji, stays.
func visible(text string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case r < 0x20:
			b.WriteRune(0x2400 + r) // pictures of control signs
		case r == 0x7F:
			b.WriteRune('\u2421')
		case r == '\u200C', r == '\u200D', unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "‹U+%04X›", r)
		}
	}
	return b.String()
}
