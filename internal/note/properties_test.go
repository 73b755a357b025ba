package note_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/note"
	"pgregory.net/rapid"
)

// texts are of every script, with what is two units long more often than people
// write it.
var texts = rapid.StringOf(rapid.OneOf(
	rapid.RuneFrom([]rune("abc de\n")),
	rapid.RuneFrom([]rune("é\u0301😀👩\u200d👧🇳🇱漢ش\u2028\"\\")),
	rapid.Rune(),
)).Filter(func(s string) bool { return !strings.ContainsRune(s, '\r') })

// changing gives changes of a text: what leads from it to another one, of which it
// holds parts.
func changing(t *rapid.T, text, label string) note.Changes {
	runes, now := []rune(text), strings.Builder{}
	for at := 0; at < len(runes); {
		n := rapid.IntRange(1, 8).Draw(t, label)
		part := string(runes[at:min(at+n, len(runes))])
		at += n
		switch rapid.IntRange(0, 3).Draw(t, label) {
		case 0: // deleted
		case 1:
			now.WriteString(texts.Draw(t, label))
			now.WriteString(part)
		default:
			now.WriteString(part)
		}
	}
	if rapid.Bool().Draw(t, label) {
		now.WriteString(texts.Draw(t, label))
	}
	return note.Between(text, now.String())
}

func must[T any](t rapid.TB, value T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func applied(t rapid.TB, c note.Changes, text string) string {
	t.Helper()
	after, err := c.Apply(text)
	return must(t, after, err)
}

func TestBetweenLeadsThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was, now := texts.Draw(t, "was"), texts.Draw(t, "now")
		if got := applied(t, note.Between(was, now), was); got != now {
			t.Fatalf("%q", got)
		}
	})
	for _, c := range []struct{ was, now, want string }{
		{"", "", `[]`},
		{"Bram slaapt", "Bram slaapt", `[11]`},
		{"Bram slaapt hier", "Bram sliep hier", `[7,[4,"iep"],5]`},
		{"een twee drie vier", "een 2 drie 4", `[4,[4,"2"],6,[4,"4"]]`},
		{"😀😁", "😀😂", `[2,[2,"😂"]]`}, // the same first half
		{"😁", "𐈁", `[[2,"𐈁"]]`},
		{"aa", "a", `[1,[1]]`},
	} {
		if got := encoded(t, note.Between(c.was, c.now)); got != c.want {
			t.Errorf("%q to %q: %s, not %s", c.was, c.now, got, c.want)
		}
	}
	far := strings.Repeat("ja nee ", 5000)
	if got := applied(t, note.Between(far, strings.ToUpper(far)), far); got != strings.ToUpper(far) {
		t.Error("texts far apart")
	}
}

// However two come together, both orders come to one text: nothing drifts apart.
func TestBothOrdersMeet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		first, second := changing(t, text, "first"), changing(t, text, "second")
		mine, err := second.Map(first, false)
		must(t, mine, err)
		theirs, err := first.Map(second, true)
		must(t, theirs, err)
		server, editor := applied(t, mine, applied(t, first, text)), applied(t, theirs, applied(t, second, text))
		if server != editor {
			t.Fatalf("%q at the server, %q in the editor", server, editor)
		}
		if put, kept := slices.Collect(second.Inserted()), slices.Collect(mine.Inserted()); strings.Join(put, "") != strings.Join(kept, "") {
			t.Fatalf("rebased, %q became %q", put, kept)
		}
	})
}

func TestComposedIsOneAfterAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		first := changing(t, text, "first")
		between := applied(t, first, text)
		second := changing(t, between, "second")
		both, err := first.Compose(second)
		if got, want := applied(t, must(t, both, err), text), applied(t, second, between); got != want {
			t.Fatalf("%q, not %q", got, want)
		}
		back, err := both.Invert(text)
		if got := applied(t, must(t, back, err), applied(t, both, text)); got != text {
			t.Fatalf("and back it is %q", got)
		}
		if again := decoded(t, encoded(t, both)); encoded(t, again) != encoded(t, both) {
			t.Fatalf("read again %s", encoded(t, again))
		}
	})
}

func TestLengthsMustFit(t *testing.T) {
	t.Parallel()
	a, b := decoded(t, `[3,[0,"x"]]`), decoded(t, `[3]`)
	for what, err := range map[string]error{
		"composed": second(a.Compose(b)),
		"mapped":   second(a.Map(decoded(t, `[4]`), false)),
		"inverted": second(a.Invert("abcd")),
		"short":    second(a.Invert("ab")),
	} {
		if !errors.Is(err, note.ErrLength) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := decoded(t, `[[0,"😀"]]`).Compose(decoded(t, `[1,[1]]`)); !errors.Is(err, note.ErrSplitPair) {
		t.Errorf("split what was just inserted: %v", err)
	}
	var none note.Changes
	if text, err := none.Apply(""); err != nil || text != "" || !none.Empty() || none.Position(5, 1) != 0 {
		t.Errorf("no changes: %q %v", text, err)
	}
}

func second[T any](_ T, err error) error { return err }
