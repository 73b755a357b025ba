// Package static holds what the browser gets: the built assets of dist, and
// the language files that pages and server share.
package static

import (
	"embed"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed all:dist
var dist embed.FS

//go:embed locales/*.json
var locales embed.FS

// Dist is the built assets. It holds no more than .keep when they were not
// built.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("static: " + err.Error()) // only for an invalid path
	}
	return sub
}

var manifest = sync.OnceValue(func() map[string]string {
	raw, err := fs.ReadFile(dist, "dist/manifest.json")
	if err != nil {
		return nil
	}
	var names map[string]string
	if json.Unmarshal(raw, &names) != nil {
		return nil
	}
	return names
})

// Asset finds the hashed file name in Dist of an asset such as "board.js".
func Asset(name string) (path string, ok bool) {
	path, ok = manifest()[name]
	return path, ok
}

// Built tells whether the assets were built before this program was.
func Built() bool { return len(manifest()) > 0 }

var languages = sync.OnceValue(func() map[string]map[string]string {
	files, err := fs.Glob(locales, "locales/*.json")
	if err != nil {
		panic("static: " + err.Error()) // only for a malformed pattern
	}
	all := map[string]map[string]string{}
	for _, file := range files {
		raw, err := locales.ReadFile(file)
		if err != nil {
			panic("static: " + err.Error())
		}
		var words map[string]string
		if err := json.Unmarshal(raw, &words); err != nil {
			panic("static: " + file + ": " + err.Error())
		}
		all[strings.TrimSuffix(strings.TrimPrefix(file, "locales/"), ".json")] = words
	}
	return all
})

// Languages lists the languages there are, such as "en" and "nl", in order.
func Languages() []string { return slices.Sorted(maps.Keys(languages())) }

// Locale is the words of a language by their flat keys, such as "card.add". It
// is nil for a language that there is not. Callers do not change it.
func Locale(lang string) map[string]string { return languages()[lang] }
