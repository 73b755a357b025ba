package markdown_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/markdown"
)

func TestWhatIsRendered(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"Een **vet** en *schuin* woord, `code` en ~~weg~~.", "<p>Een <strong>vet</strong> en <em>schuin</em> woord, <code>code</code> en <del>weg</del>.</p>\n"},
		{"regel een\nregel twee", "<p>regel een<br>\nregel twee</p>\n"},
		{"- [ ] bellen\n- [x] mailen", "<ul>\n<li>☐ bellen</li>\n<li>☑ mailen</li>\n</ul>\n"},
		{"4. vier\n5. vijf", "<ol start=\"4\">\n<li>vier</li>\n<li>vijf</li>\n</ol>\n"},
		{"> haar woorden", "<blockquote>\n<p>haar woorden</p>\n</blockquote>\n"},
		{"# Groot\n\n#### Klein", "<h4>Groot</h4>\n<h5>Klein</h5>\n"},
		{"[de school](https://school.example/a?b=1)", "<p><a href=\"https://school.example/a?b=1\" rel=\"nofollow noreferrer noopener\" target=\"_blank\">de school</a></p>\n"},
		{"[bel](tel:+31401234567)", "<p><a href=\"tel:+31401234567\" rel=\"nofollow noreferrer\">bel</a></p>\n"},
		{"![een tekening](https://elders.example/teken.png)", "<p>een tekening</p>\n"},
		{"| a | b |\n| - | - |\n| 1 | 2 |", "<p>| a | b |<br>\n| - | - |<br>\n| 1 | 2 |</p>\n"},
		{"2 < 3 & <b>niet vet</b>", "<p>2 &lt; 3 &amp; &lt;b&gt;niet vet&lt;/b&gt;</p>\n"},
		{"[hier](/sign-out) en [daar](//elders.example)", "<p>hier en daar</p>\n"},
		{"", ""},
	} {
		if got, err := markdown.HTML(c.source); err != nil || got != c.want {
			t.Errorf("%q\n gives %q %v\n not   %q", c.source, got, err, c.want)
		}
	}
}

// Whatever is in the corpus comes out as words.
func TestNothingRuns(t *testing.T) {
	corpus, err := os.ReadFile("testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	attacks := strings.Split(strings.TrimSpace(string(corpus)), "\n---\n")
	if len(attacks) < 40 {
		t.Fatalf("only %d attacks in the corpus", len(attacks))
	}
	for _, attack := range attacks {
		html, err := markdown.HTML(attack)
		if err != nil {
			t.Errorf("%q: %v", attack, err)
		}
		harmless(t, attack, html)
	}
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	allowed = regexp.MustCompile(`^</?(p|br|hr|h4|h5|h6|em|strong|del|code|pre|blockquote|ul|ol|li|a)>$|^<ol start="[0-9]+">$|` +
		`^<a href="(https?://|mailto:|tel:)[^"<>]*" rel="nofollow noreferrer( noopener)?"( target="_blank")?>$`)
)

// harmless holds HTML to a plain reading of what may stand in it.
func harmless(t *testing.T, source, html string) {
	t.Helper()
	for _, found := range tag.FindAllString(html, -1) {
		if !allowed.MatchString(found) {
			t.Errorf("%q gives %q", source, found)
		}
	}
	if rest := tag.ReplaceAllString(html, ""); strings.ContainsAny(rest, "<>") {
		t.Errorf("%q leaves a loose bracket in %q", source, rest)
	}
}

func TestBounds(t *testing.T) {
	fits := func(part string) string { return strings.Repeat(part, markdown.MaxSource/len(part)) }
	if _, err := markdown.HTML(fits("a") + "a"); !errors.Is(err, markdown.ErrTooMuch) {
		t.Errorf("a text that is too long: %v", err)
	}
	if _, err := markdown.HTML(fits(">")); !errors.Is(err, markdown.ErrTooMuch) {
		t.Errorf("a text that grows too much: %v", err)
	}
	for _, part := range []string{"> ", "- ", "1. ", "1. > ", "*a ", "*a_ ", "**x*", "~~a ", "[", "![", "[a](", "[a]: b\n", "<a ", "<!--", "|a|\n|-|\n", "&amp", "`a``"} {
		began := time.Now()
		html, err := markdown.HTML(fits(part))
		if err != nil && !errors.Is(err, markdown.ErrTooMuch) || len(html) > markdown.MaxOutput {
			t.Errorf("%q: %d bytes, %v", part, len(html), err)
		}
		t.Logf("%q: %d bytes in %v", part, len(html), time.Since(began))
	}
}

func FuzzHTML(f *testing.F) {
	corpus, err := os.ReadFile("testdata/xss.txt")
	if err != nil {
		f.Fatal(err)
	}
	for attack := range strings.SplitSeq(string(corpus), "\n---\n") {
		f.Add(attack)
	}
	f.Fuzz(func(t *testing.T, source string) {
		html, err := markdown.HTML(source)
		if err != nil && !errors.Is(err, markdown.ErrTooMuch) {
			t.Error(err)
		}
		if len(html) > markdown.MaxOutput {
			t.Errorf("%d bytes", len(html))
		}
		harmless(t, source, html)
	})
}
