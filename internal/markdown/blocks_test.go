package markdown_test

import (
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/markdown"
)

func TestBlocksOfOurOwn(t *testing.T) {
	const fact, words = `<section data-kind="fact">`, `<blockquote data-kind="words">`
	for _, c := range []struct{ what, source, want string }{
		{"a fact", "::: feit\nMiste negen dagen.\n:::", fact + "<p>Miste negen dagen.</p></section>"},
		{"an interpretation", "::: interpretatie\nPast bij stress.\n:::\nEn verder.", `<section data-kind="interpretation"><p>Past bij stress.</p></section><p>En verder.</p>`},
		{"somebody's own words", "::: woorden\n\"Ik mis ze.\"\n:::", words + `<p>&#34;Ik mis ze.&#34;</p></blockquote>`},
		{"without a space, with a capital, with more colons", "::::Feit\na\n::::", fact + "<p>a</p></section>"},
		{"right below a line of words", "Zij zei:\n::: woorden\na\n:::", "<p>Zij zei:</p>" + words + "<p>a</p></blockquote>"},
		{"unclosed, it runs to the end", "::: feit\na\n\n- b\n\nc", fact + "<p>a</p><ul><li>b</li></ul><p>c</p></section>"},
		{"empty, as when it is just begun", "::: feit", fact + "</section>"},
		{"other blocks within", "::: feit\n# Kop\n1. een\n   - twee\n\n> drie\n:::\nna", fact + "<h4>Kop</h4><ol><li>een<ul><li>twee</li></ul></li></ol><blockquote><p>drie</p></blockquote></section><p>na</p>"},
		{"code within, that looks like the end", "::: feit\n```\n:::\n```\n:::\nna", fact + "<pre><code>:::</code></pre></section><p>na</p>"},
		{"one within another", "::: feit\na\n::: woorden\nb\n:::\nc\n:::\nd", fact + "<p>a</p>" + words + "<p>b</p></blockquote><p>c</p></section><p>d</p>"},
		{"in a quotation", "> ::: feit\n> a\n> :::\n> b", "<blockquote>" + fact + "<p>a</p></section><p>b</p></blockquote>"},
		{"a quotation within ends with its marks", "::: feit\n> ::: woorden\n> a\n:::\nb", fact + "<blockquote>" + words + "<p>a</p></blockquote></blockquote></section><p>b</p>"},
		{"in an item of a list", "- ::: feit\n  a\n  :::\n- b", "<ul><li>" + fact + "<p>a</p></section></li><li>b</li></ul>"},
		{"a list within, with one in an item", "::: feit\n- ::: woorden\n  a\n  :::\n  b\n:::\nc", fact + "<ul><li>" + words + "<p>a</p></blockquote>b</li></ul></section><p>c</p>"},
		{"unknown names stay words", "::: plan\na\n:::", "<p>::: plan<br>a<br>:::</p>"},
		{"a name with more behind it stays words", "::: feit of niet\na", "<p>::: feit of niet<br>a</p>"},
		{"nothing to close", ":::\na", "<p>:::<br>a</p>"},
		{"two colons", ":: feit", "<p>:: feit</p>"},
		{"in code they stay words", "    ::: feit\n", "<pre><code>::: feit</code></pre>"},
	} {
		got, err := markdown.HTML(c.source, markdown.Links{})
		if flat := strings.ReplaceAll(got, "\n", ""); err != nil || flat != c.want {
			t.Errorf("%s: %q\n gives %s %v\n not   %s", c.what, c.source, flat, err, c.want)
		}
		harmless(t, c.source, got)
	}
}
