package note_test

import (
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/note"
)

// The server's work on one change of a note: rebased over what somebody else wrote
// meanwhile, and applied. For each length of note, in a script of one byte a
// character and in one of more.
func BenchmarkChange(b *testing.B) {
	for _, size := range []struct {
		name string
		text string
	}{
		{"200 characters", strings.Repeat("Bram sliep. ", 17)},
		{"2000 characters", strings.Repeat("Bram sliep. ", 167)},
		{"2000 characters with emoji", strings.Repeat("Bram sliép 😀 ", 150)},
		{"16 KiB", strings.Repeat("Bram sliep. ", (16<<10)/12)},
	} {
		long := note.Length(size.text)
		mine, theirs := typed(long, long/2, "rustig "), typed(long, long/3, "e")
		after, err := theirs.Apply(size.text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("map and apply/"+size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rebased, err := mine.Map(theirs, false)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := rebased.Apply(after); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("decode", func(b *testing.B) {
		raw := []byte(`[1043,[0,"rustig "],957]`)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := note.Decode(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("compose", func(b *testing.B) {
		first, next := typed(2000, 1000, "r"), typed(2001, 1001, "u")
		b.ReportAllocs()
		for b.Loop() {
			if _, err := first.Compose(next); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// typed are the changes of somebody who types words into a text.
func typed(long, at int, words string) note.Changes {
	dots := strings.Repeat(".", long)
	return note.Between(dots, dots[:at]+words+dots[at:])
}
