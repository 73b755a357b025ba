package web

import (
	"encoding/base64"
	"html/template"
	"io/fs"
	"strings"

	"github.com/casustafel/casustafel/static"
)

// faces are the letters of our pages for a file that fetches nothing; none when the
// assets were not built: then it is set in those of the machine.
func (s *site) faces() template.CSS {
	const latin = "U+0000-00FF, U+0131, U+0152-0153, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2212"
	var css strings.Builder
	for _, weight := range []string{"400", "700"} {
		for _, part := range []struct{ name, signs string }{{"latin", latin}, {"latin-ext", "U+0100-02BA, U+1E00-1E9F, U+1EF2-1EFF"}} {
			name, ok := static.Asset("atkinson-hyperlegible-next-" + part.name + "-" + weight + "-normal.woff2")
			if !ok {
				continue
			}
			file, err := fs.ReadFile(s.assets, name)
			if err != nil {
				continue
			}
			css.WriteString(`@font-face { font-family: "Atkinson Hyperlegible Next"; font-weight: ` + weight + `; src: url("data:font/woff2;base64,` +
				base64.StdEncoding.EncodeToString(file) + `") format("woff2"); unicode-range: ` + part.signs + `; }` + "\n")
		}
	}
	return template.CSS(css.String()) // of our own files alone
}
