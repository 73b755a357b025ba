package markdown_test

import (
	"testing"

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
		if got, err := markdown.HTML(c.source, markdown.Links{}); err != nil || got != c.want {
			t.Errorf("%q\n gives %q %v\n not   %q", c.source, got, err, c.want)
		}
	}
}
