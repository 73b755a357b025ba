package markdown_test

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/casustafel/casustafel/internal/markdown"
)

// Whatever is in the corpus comes out as words and the few elements of a note.
func TestNothingRuns(t *testing.T) {
	attacks := corpus(t)
	if len(attacks) < 250 {
		t.Fatalf("only %d attacks in the corpus", len(attacks))
	}
	for _, attack := range attacks {
		for _, around := range []string{"%s", "> %s", "- %s", "::: woorden\n%s", "**%s**", "[%s](https://a.example)", "# %s", "@Daan %s #K7QF2"} {
			source := strings.ReplaceAll(around, "%s", attack)
			rendered, err := markdown.HTML(source, links)
			if err != nil {
				t.Errorf("%q: %v", source, err)
			}
			harmless(t, source, rendered)
		}
	}
}

// The check itself sees what it is there for.
func TestHarmSeen(t *testing.T) {
	for _, bad := range []string{
		`<script>x</script>`, `<p onclick="x">y</p>`, `<a href="javascript:x" rel="nofollow noreferrer">y</a>`, `<img src="x">`, `<p style="x">y</p>`,
		`<a href="https://a.example">y</a>`, `<a data-card="K7QF2">y</a>`, `<section data-kind="x">y</section>`, `<p data-card="K7QF2K7QF2K7QF2K">y</p>`,
		`<svg><p>x</p></svg>`, `<p>a<!-- b --></p>`, `<a href="//a.example" rel="nofollow noreferrer noopener" target="_blank">y</a>`,
	} {
		if harm(bad) == "" {
			t.Errorf("nothing is wrong with %q", bad)
		}
	}
}

func harmless(t *testing.T, source, rendered string) {
	t.Helper()
	if what := harm(rendered); what != "" {
		t.Errorf("%.500q gives %.500q: %s", source, rendered, what)
	}
}

var id = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{16}$`)

// may lists the elements of a note, and the attributes that each may have.
var may = map[string]map[string]func(string) bool{
	"p": nil, "br": nil, "hr": nil, "h4": nil, "h5": nil, "h6": nil, "em": nil, "strong": nil, "del": nil, "code": nil, "pre": nil, "ul": nil, "li": nil,
	"ol":         {"start": regexp.MustCompile(`^[0-9]{1,9}$`).MatchString},
	"section":    {"data-kind": func(kind string) bool { return kind == "fact" || kind == "interpretation" }},
	"blockquote": {"data-kind": func(kind string) bool { return kind == "words" }},
	"span":       {"data-user": id.MatchString},
	"a": {
		"data-card": id.MatchString,
		"href": func(to string) bool {
			u, err := url.Parse(to)
			return err == nil && (slices.Contains([]string{"http", "https"}, u.Scheme) && u.Host != "" || slices.Contains([]string{"mailto", "tel"}, u.Scheme))
		},
		"rel":    regexp.MustCompile(`^nofollow noreferrer( noopener)?$`).MatchString,
		"target": func(where string) bool { return where == "_blank" },
	},
}

// harm parses HTML as a browser does, and says what in it may not be there.
func harm(rendered string) string {
	inBody := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), inBody)
	if err != nil {
		return err.Error()
	}
	var again bytes.Buffer
	for _, top := range nodes {
		for n := range top.Descendants() {
			if what := harmOf(n); what != "" {
				return what
			}
		}
		if what := harmOf(top); what != "" {
			return what
		}
		if err := html.Render(&again, top); err != nil {
			return err.Error()
		}
	}
	// What is read and written once more stays what it is.
	if nodes, err = html.ParseFragment(bytes.NewReader(again.Bytes()), inBody); err != nil {
		return err.Error()
	}
	var third bytes.Buffer
	for _, top := range nodes {
		_ = html.Render(&third, top)
	}
	if !bytes.Equal(again.Bytes(), third.Bytes()) {
		return "changes when it is read again"
	}
	return ""
}

func harmOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return ""
	}
	attributes, ok := may[n.Data]
	if n.Type != html.ElementNode || !ok || n.Namespace != "" {
		return "holds " + n.Data
	}
	has := map[string]string{}
	for _, a := range n.Attr {
		if fits, ok := attributes[a.Key]; !ok || a.Namespace != "" || !fits(a.Val) {
			return n.Data + " has " + a.Key + "=" + a.Val
		}
		has[a.Key] = a.Val
	}
	if _, leads := has["href"]; leads && has["rel"] == "" {
		return "a link tells where it was followed"
	}
	return ""
}

func corpus(t testing.TB) []string {
	t.Helper()
	attacks, err := os.ReadFile("testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(strings.TrimSpace(string(attacks)), "\n---\n")
	for i, attack := range all { // what a file of lines cannot hold
		all[i] = strings.NewReplacer("⟨NUL⟩", "\x00", "⟨TAB⟩", "\t", "⟨CR⟩", "\r", "⟨ESC⟩", "\x1b", "⟨BAD⟩", "\xff\xfe").Replace(attack)
	}
	return all
}

func FuzzHTML(f *testing.F) {
	for _, attack := range corpus(f) {
		f.Add(attack)
	}
	for _, bomb := range bombs() {
		f.Add(bomb[:min(len(bomb), 256)])
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > markdown.MaxSource+1 {
			source = source[:markdown.MaxSource+1]
		}
		rendered, err := markdown.HTML(source, links)
		if err != nil && !errors.Is(err, markdown.ErrTooMuch) {
			t.Error(err)
		}
		if len(rendered) > markdown.MaxOutput {
			t.Errorf("%d bytes", len(rendered))
		}
		harmless(t, source, rendered)
	})
}
