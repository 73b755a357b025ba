package room

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/view"
)

// What somebody had seen before a visit stays what it was while a line breaks and
// another window opens; after the visit it is what was seen last.
func TestVisitGoesOnThroughABrokenLine(t *testing.T) {
	w := newWritingRoom(t)
	sits := func(before time.Time) *client {
		c := w.sit(w.demo.Iris, view.Eyes{})
		c.before = lastLook{at: before}
		w.sameVisit(c)
		return c
	}
	goes := func(c *client, after time.Duration) {
		delete(w.clients, c)
		w.parts(c)
		w.demo.At = w.demo.At.Add(after)
		w.forgetVisits(w.demo.At)
	}
	yesterday := w.demo.At.Add(-24 * time.Hour)
	first := sits(yesterday)
	goes(first, lingers/2)
	second := sits(w.demo.At)
	third := sits(w.demo.At)
	goes(third, 2*lingers)
	fourth := sits(w.demo.At)
	for what, c := range map[string]*client{"after a broken line": second, "another window": third, "and one more, later": fourth} {
		if !c.before.at.Equal(yesterday) {
			t.Errorf("%s: before the visit was %v", what, c.before.at)
		}
	}
	goes(second, 0)
	goes(fourth, 2*lingers)
	if c := sits(w.demo.At); !c.before.at.Equal(w.demo.At) {
		t.Errorf("another visit begins at %v", c.before.at)
	}
}
