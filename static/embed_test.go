package static

import (
	"io/fs"
	"maps"
	"slices"
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
	for _, name := range []string{"board.js", "board.css", "enter.js", "page.css"} {
		if _, ok := Asset(name); ok != Built() {
			t.Errorf("%s: found is %v, built is %v", name, ok, Built())
		}
	}
	if _, ok := Asset("nothing.js"); ok {
		t.Error("an asset that there is not was found")
	}
}
