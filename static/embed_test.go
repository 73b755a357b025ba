package static

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	if got := Languages(); !slices.Equal(got, []string{"en", "nl"}) {
		t.Fatalf("languages are %v", got)
	}
	dutch, english := slices.Sorted(maps.Keys(Locale("nl"))), slices.Sorted(maps.Keys(Locale("en")))
	if !slices.Equal(dutch, english) {
		t.Error("the languages have different keys")
	}
	if got := Locale("nl")["card.from"]; got != "Vanuit {name}" {
		t.Errorf("card.from is %q", got)
	}
	if Locale("xx") != nil {
		t.Error("there are words of a language that there is not")
	}
}

func TestEveryAssetOfTheManifestIsThere(t *testing.T) {
	if _, err := fs.Stat(Dist(), "manifest.json"); Built() != (err == nil) {
		t.Fatalf("built is %v, the manifest says %v", Built(), err)
	}
	for name := range manifest() {
		path, ok := Asset(name)
		if _, err := fs.Stat(Dist(), path); !ok || err != nil {
			t.Errorf("%s is %q, which is not there: %v", name, path, err)
		}
	}
	for _, name := range []string{"board.js", "board.css", "enter.js", "page.css", "spelling.js", "Dutch.trie.gz", "spelling-licences.txt"} {
		if _, ok := Asset(name); ok != Built() {
			t.Errorf("%s: found is %v, built is %v", name, ok, Built())
		}
	}
	if _, ok := Asset("nothing.js"); ok {
		t.Error("an asset that there is not was found")
	}
}

// Whoever gets the list of words can read whose it is and under what licence.
func TestLicencesComeAlong(t *testing.T) {
	if !Built() {
		return // and no list of words either
	}
	path, _ := Asset("spelling-licences.txt")
	text, err := fs.ReadFile(Dist(), path)
	for _, words := range []string{"OpenTaal", "BSD", "Street Side Software", "Jason Dent"} {
		if err != nil || !strings.Contains(string(text), words) {
			t.Errorf("the licences do not speak of %s: %v", words, err)
		}
	}
}
