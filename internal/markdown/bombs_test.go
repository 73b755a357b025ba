package markdown_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/markdown"
)

// bombs are texts as long as may be that cost some renderer dearly.
func bombs() []string {
	fits := func(part string) string { return strings.Repeat(part, markdown.MaxSource/len(part)) }
	half := func(part string) string { return strings.Repeat(part, markdown.MaxSource/2/len(part)) }
	var all []string
	for _, part := range []string{
		// brackets, pictures, links
		"[", "]", "![", "[a](", "[a](b", "[a](<b", "[]()", "[x](https://a.example)", "[[a]", "[^a]", "[a][", "\\[", "![a](b)[",
		// emphasis
		"*", "_", "*a ", "*a_ ", "**x*", "a**b", "~", "~~a ", "*a **a ", "_a __a ", "*_~~", "**_", "a*", "***a** b* ",
		// code, entities, angles, HTML
		"`", "`a``", "\\`", "&amp;", "&amp", "&#0;", "&#x110000;", "&CounterClockwiseContourIntegral;", "<a ", "<!--", "<![CDATA[", "<?", "<a@b.c>", "<https://a.example>", "</", "<b>", "<!A ", "<a b='", "<script>\n",
		// blocks
		"> ", ">", "- ", "- - ", "1. ", "1. > ", "> - ", "+ > 1. ", "#", "# a\n", "a\n=\n", "-\n", "***\n", "```\n", "~~~\n", "    a\n", "\t", "- [ ] a\n", "- [x] ", "\n", "\r", "  \n", "\\\n",
		"::: feit\n", "::: woorden\n:::\n", ":::\n", "> ::: feit\n", "- ::: feit\n", ":",
		// references and tables
		"[a]: b\n", "[a]: <b> 'c\n", "[a]: b\n[a] ", "|a|\n|-|\n", "|", "| - ",
		// pointers
		"#K7QF2 ", "#", "@Daan ", "@", "#K7QF2#K7QF2", "@Daan@Daan", "@Daan de ",
		// signs beyond the keyboard
		"\U0001F46A", "\u202e", "\u0301", "\xff", "\x00",
	} {
		all = append(all, fits(part))
	}
	deep := strings.Repeat("> ", 1000)
	indented := &strings.Builder{}
	for n := 0; indented.Len() < markdown.MaxSource-170; n++ {
		indented.WriteString(strings.Repeat(" ", 2*(n%80)) + "- a\n")
	}
	return append(all,
		half("[")+half("]"), half("*a ")+half("b* "), half("[a](")+half(")"), half("(")+half(")"), half("**a ")+half(" b**"), half("`")+half(" `"),
		"[a]: https://a.example/"+strings.Repeat("x", 8000)+"\n\n"+strings.Repeat("[a] ", 2000),
		"[a](https://a.example/"+strings.Repeat("(", 8000)+strings.Repeat(")", 8000)+")",
		half("> ")[2:]+"a\n"+half("a\n")[2:], half("- ")[2:]+"a\n"+half("\n")[2:], deep+"a\n"+strings.Repeat(deep+"b\n", 6), half("::: feit\n")+half(":::\n"),
		strings.Repeat("> ::: feit\n", 700)+strings.Repeat("> :::\n", 700), indented.String(),
		"[a]: b\n"+strings.Repeat("[a]", 5000), strings.Repeat("[a", 3000)+strings.Repeat("](b)", 1500), strings.Repeat("*a_ ", 2000)+strings.Repeat("_ a*", 2000),
		strings.Repeat("`", 5000)+strings.Repeat("a `", 3000), distinctTicks(), strings.Repeat("[a]: b 'c\n", 1600), fits("a"), fits("a ")[:markdown.MaxSource], fits("é"), "- "+fits("a\n  ")[:markdown.MaxSource-2],
	)
}

// distinctTicks are fences of code of which no two are of one length.
func distinctTicks() string {
	var s strings.Builder
	for n := 1; s.Len()+n < markdown.MaxSource; n++ {
		s.WriteString(strings.Repeat("`", n) + "a")
	}
	return s.String()
}

// longest is how long making a page of any text may take.
const longest = 2 * time.Second

// timed makes a page of a text, and tells how long that took.
func timed(text string, links markdown.Links) (page string, took time.Duration, err error) {
	began := time.Now()
	page, err = markdown.HTML(text, links)
	return page, time.Since(began), err
}

// A text is small when it comes and small when it goes, and nobody waits for it:
// each is done before it would be given up, on a machine that is busy, too.
func TestBombs(t *testing.T) {
	if _, err := markdown.HTML(strings.Repeat("a", markdown.MaxSource+1), links); !errors.Is(err, markdown.ErrTooMuch) {
		t.Errorf("a text that is too long: %v", err)
	}
	for what, bomb := range map[string]string{"deeper than anybody reads": strings.Repeat("*a **a ", 60) + strings.Repeat("a** a*", 60), "that grows too much": "[a]: https://a.example/" + strings.Repeat("x", 8000) + "\n\n" + strings.Repeat("[a] ", 2000)} {
		if _, err := markdown.HTML(bomb, links); !errors.Is(err, markdown.ErrTooMuch) {
			t.Errorf("a text %s: %v", what, err)
		}
	}
	var worst time.Duration
	var of string
	for _, bomb := range bombs() {
		if len(bomb) > markdown.MaxSource {
			t.Fatalf("%d bytes: %.40q", len(bomb), bomb)
		}
		rendered, took, err := timed(bomb, links)
		for again := 0; took > longest && again < 2; again++ { // the machine may have been busy
			if _, once, _ := timed(bomb, links); once < took {
				took = once
			}
		}
		if err != nil && !errors.Is(err, markdown.ErrTooMuch) || len(rendered) > markdown.MaxOutput {
			t.Errorf("%.40q: %d bytes, %v", bomb, len(rendered), err)
		}
		if took > worst {
			worst, of = took, bomb
		}
		if took > 100*time.Millisecond {
			t.Logf("%.40q: %d bytes in %v %v", bomb, len(rendered), took, err)
		}
	}
	t.Logf("the worst: %.40q in %v", of, worst)
	if worst > longest {
		t.Errorf("%.40q takes %v", of, worst)
	}
}

// BenchmarkHTML renders a note as long as may be: words, lists, blocks of our own
// and pointers to cards.
func BenchmarkHTML(b *testing.B) {
	part := "## Gesprek met **Fenna**\n\nZe slaapt pas als Bram slaapt, zie #K7QF2. Vraag aan @Daan: *wie belt?*\n\n- [x] school\n- [ ] oma\n\n::: woorden\n\"Ik slaap pas als Bram slaapt.\"\n:::\n\n"
	source := strings.Repeat(part, markdown.MaxSource/len(part))
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, err := markdown.HTML(source, links); err != nil {
			b.Fatal(err)
		}
	}
}
