package casework

import (
	"testing"
	"time"
)

// What was given holds from its beginning until just before its end, and a room has
// to look again at both moments.
func TestGivenByTheClock(t *testing.T) {
	t.Parallel()
	at := func(minutes int) time.Time {
		return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
	}
	member := Member{User: "U", From: at(0), Active: true}
	access := &Access{Team: []Reader{{Member: member, Given: []Given{
		{ID: "LEND", Kind: GrantLend, Card: "K", From: at(10), Until: at(20)},
		{ID: "BAR", Kind: GrantBar, Person: "P", From: at(15)},
		{ID: "EARLIER", Kind: GrantLend, Card: "K", From: at(-10)}, // of an earlier place
		{ID: "STANDS", Kind: GrantBar, Card: "K", From: at(-10), Until: at(5)},
	}}}}
	for _, c := range []struct {
		minutes int
		holds   string
		next    int // 0: never
	}{{1, "STANDS ", 5}, {5, "", 10}, {10, "LEND ", 15}, {19, "LEND BAR ", 20}, {20, "BAR ", 0}} {
		reader, _ := access.Reader("U", at(c.minutes))
		holds := ""
		for _, g := range reader.Given {
			holds += string(g.ID) + " "
		}
		next := access.NextExpiry(at(c.minutes))
		if holds != c.holds || (c.next == 0) != next.IsZero() || c.next > 0 && !next.Equal(at(c.next)) {
			t.Errorf("after %d minutes %sholds and the next change is at %s", c.minutes, holds, next)
		}
	}
	if len(access.Team[0].Given) != 4 {
		t.Error("asking for a reader changed the team")
	}
}
