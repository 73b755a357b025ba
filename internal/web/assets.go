package web

import (
	"bytes"
	_ "embed" // for the icon
	"io/fs"
	"net/http"
	"path"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// contentTypes are those of the assets there are: the machine's own list of
// types does not decide what a browser runs.
var contentTypes = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".woff2": "font/woff2", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
	".gz": "application/gzip"} // as it is: who asked for it unpacks it

// asset gives a built file. Its name changes with its content, so that it may
// be kept for ever.
func (s *site) asset(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	kind, ok := contentTypes[path.Ext(name)]
	if !ok || name != path.Base(name) {
		return casework.Absent()
	}
	content, err := fs.ReadFile(s.assets, name)
	if err != nil {
		return casework.Absent()
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}

// mark is a table from above with people round it.
//
//go:embed icon.svg
var mark []byte

func (s *site) icon(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", contentTypes[".svg"])
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(mark))
	return nil
}
