package markdown_test

import (
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/markdown"
)

var links = markdown.Links{
	Cards: []string{"K7QF2AAAAAAAAAAA", "TWEE2AAAAAAAAAAA", "TWEE2BBBBBBBBBBB"},
	People: map[string]string{
		"DAANAAAAAAAAAAAA": "Daan", "DAANDEAAAAAAAAAA": "Daan de Vries", "MERTHEAAAAAAAAAA": "Mirthe Jansen",
		"JANAAAAAAAAAAAAA": "Jan Smit", "JANBBBBBBBBBBBBB": "Jan Peters", "ZELFDEAAAAAAAAAA": "Ank", "ZELFDEBBBBBBBBBB": "ank",
		"TEKENAAAAAAAAAAA": "<b>Ö*mer", "LEEGAAAAAAAAAAAA": "",
	},
}

func TestPointers(t *testing.T) {
	card := `<a data-card="K7QF2AAAAAAAAAAA">#K7QF2</a>`
	user := func(id, words string) string { return `<span data-user="` + id + `">` + words + "</span>" }
	for _, c := range []struct{ what, source, want string }{
		{"a card", "zie #K7QF2.", "zie " + card + "."},
		{"a card in small letters", "#k7qf2", `<a data-card="K7QF2AAAAAAAAAAA">#k7qf2</a>`},
		{"in brackets, in bold, in a row", "(#K7QF2) **#K7QF2**, #K7QF2", "(" + card + ") <strong>" + card + "</strong>, " + card},
		{"a card that is not there, or hidden", "#ANDER", "#ANDER"},
		{"a code that two go by", "#TWEE2", "#TWEE2"},
		{"part of something longer", "#K7QF23 a#K7QF2 #K7QF2é ##K7QF2", "#K7QF23 a#K7QF2 #K7QF2é ##K7QF2"},
		{"a card that is escaped", `\#K7QF2`, "#K7QF2"},
		{"an entity", "&#75; &#K7QF2", "K &amp;#K7QF2"},
		{"somebody", "vraag @Daan.", "vraag " + user("DAANAAAAAAAAAAAA", "@Daan") + "."},
		{"the longest name", "@Daan de Vries belt", user("DAANDEAAAAAAAAAA", "@Daan de Vries") + " belt"},
		{"a first name that only one has", "@mirthe", user("MERTHEAAAAAAAAAA", "@mirthe")},
		{"a first name that two have", "@Jan @Jan Smit", "@Jan " + user("JANAAAAAAAAAAAAA", "@Jan Smit")},
		{"a name that two have", "@Ank", "@Ank"},
		{"a longer name, a mail address, nobody", "@Daantje iris@Daan @Els @", "@Daantje iris@Daan @Els @"},
		{"a name of odd signs", "@<b>Ö*mer", user("TEKENAAAAAAAAAAA", "@&lt;b&gt;Ö*mer")},
		{"in code", "`#K7QF2 @Daan`", "<code>#K7QF2 @Daan</code>"},
		{"in a link that leads elsewhere", "[#K7QF2 @Daan](https://a.example)", `<a href="https://a.example" rel="nofollow noreferrer noopener" target="_blank">#K7QF2 @Daan</a>`},
	} {
		got, err := markdown.HTML(c.source, links)
		if inner := strings.TrimSuffix(strings.TrimPrefix(got, "<p>"), "</p>\n"); err != nil || inner != c.want {
			t.Errorf("%s: %q\n gives %s %v\n not   %s", c.what, c.source, inner, err, c.want)
		}
	}
}

// Who may be pointed to nothing reads the words, and no more than the words.
func TestNothingToPointTo(t *testing.T) {
	const source = "#K7QF2 @Daan #TWEE2"
	if got, err := markdown.HTML(source, markdown.Links{}); err != nil || got != "<p>"+source+"</p>\n" {
		t.Errorf("%q, %v", got, err)
	}
}
