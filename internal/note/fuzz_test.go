package note_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/casustafel/casustafel/internal/note"
)

// Whatever bytes come, they are refused or are changes that hold together.
func FuzzDecode(f *testing.F) {
	for _, raw := range []string{
		`[]`, `[3]`, `[[0,"a"]]`, `[1,[2,"a","","b"],3]`, `[[2,"\ud83d\ude00"],1]`, `[[0,"\ud83d"]]`, `[1e3]`, `[-1]`,
		`[1,1]`, `[[1],[1]]`, `[[0,"😀"],[1,"x"]]`, `[[0,"a\nb"]]`, ` [ 1 ] `, `[99999999999]`, `[[[]]]`,
	} {
		f.Add([]byte(raw), "Bram 😀 slaapt.\nFenna ook")
	}
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		c, err := note.Decode(raw)
		if err != nil {
			return
		}
		if !json.Valid(raw) {
			t.Fatalf("%q is no JSON", raw)
		}
		if again := decoded(t, encoded(t, c)); encoded(t, again) != encoded(t, c) || again.Before() != c.Before() || again.After() != c.After() {
			t.Fatalf("%s is %s when read again", encoded(t, c), encoded(t, again))
		}
		if !utf8.ValidString(text) {
			return
		}
		after, err := c.Apply(text)
		if err != nil {
			if !errors.Is(err, note.ErrSplitPair) && c.Before() == note.Length(text) {
				t.Fatalf("of the right length: %v", err)
			}
			return
		}
		if !utf8.ValidString(after) || note.Length(after) != c.After() || note.Length(text) != c.Before() {
			t.Fatalf("%q of %d units, not %d", after, note.Length(after), c.After())
		}
		back, err := c.Invert(text)
		if got := applied(t, must(t, back, err), after); got != text {
			t.Fatalf("back it is %q, not %q", got, text)
		}
	})
}
