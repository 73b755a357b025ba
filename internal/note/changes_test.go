package note_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/casustafel/casustafel/internal/note"
	"pgregory.net/rapid"
)

// decoded reads changes that are right.
func decoded(t rapid.TB, raw string) note.Changes {
	t.Helper()
	c, err := note.Decode([]byte(raw))
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return c
}

func encoded(t rapid.TB, c note.Changes) string {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestWhatIsApplied(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, changes, want string }{
		{"", `[]`, ""},
		{"", `[[0,"Bram"]]`, "Bram"},
		{"Bram slaapt", `[5,[6,"rent"]]`, "Bram rent"},
		{"Bram slaapt", `[4,[7]]`, "Bram"},
		{"Bram", `[4,[0,"","en Fenna"]]`, "Bram\nen Fenna"},
		{"😀 Noor", `[2,[1],4]`, "😀Noor"},
		{"één, twéé", `[3,[2,"; "],4]`, "één; twéé"},
		{"abc", `[1,[1,"\ud83d\ude00"],1]`, "a😀c"},
	} {
		got, err := decoded(t, c.changes).Apply(c.text)
		if err != nil || got != c.want {
			t.Errorf("%s of %q gives %q %v, not %q", c.changes, c.text, got, err, c.want)
		}
	}
	for _, c := range []struct {
		text, changes string
		want          error
	}{
		{"abc", `[2]`, note.ErrLength},
		{"abc", `[4]`, note.ErrLength},
		{"abc", `[]`, note.ErrLength},
		{"", `[[1]]`, note.ErrLength},
		{"a😀c", `[2,[0,"b"],2]`, note.ErrSplitPair},
		{"a😀c", `[1,[1],2]`, note.ErrSplitPair},
		{"a😀c", `[[2],2]`, note.ErrSplitPair},
		{"bramslp😀c", `[8,[0,"b"],2]`, note.ErrSplitPair},
	} {
		if got, err := decoded(t, c.changes).Apply(c.text); !errors.Is(err, c.want) {
			t.Errorf("%s of %q gives %q %v, not %v", c.changes, c.text, got, err, c.want)
		}
	}
}
