package store

import (
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// A stay is from joining until the leaving of the same connection to the same case. The
// log may hold no leaving, where a node was killed, and no joining, which was before.
func TestStaysOf(t *testing.T) {
	t.Parallel()
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) }
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, amsterdam)
	line := func(at time.Time, event audit.Event, connection string, id casework.CaseID) stayLine {
		return stayLine{At: at, Event: event, User: "iris", Role: casework.ChildWorker, Case: id, Connection: connection}
	}
	stay := func(from, until time.Time, id casework.CaseID) LoggedStay {
		return LoggedStay{User: "iris", Role: casework.ChildWorker, Case: id, From: from.UTC(), Until: until.UTC()}
	}
	cutOff := func(l stayLine) stayLine { l.CutOff = true; return l }
	unknown := time.Time{}
	for name, c := range map[string]struct {
		lines []stayLine
		want  []LoggedStay
	}{
		"nothing":              {nil, nil},
		"a stay over midnight": {[]stayLine{line(at(3, 22, 50), "join", "q", "A"), line(at(4, 1, 5), "leave", "q", "A")}, []LoggedStay{stay(at(3, 22, 50), at(4, 1, 5), "A")}},
		"the clock goes forward, and time does not": {[]stayLine{line(at(29, 0, 30).In(amsterdam), "join", "q", "A"), line(at(29, 1, 30).In(amsterdam), "leave", "q", "A")},
			[]LoggedStay{stay(at(29, 0, 30), at(29, 1, 30), "A")}},
		"begun before": {[]stayLine{line(at(2, 9, 0), "leave", "q", "A")}, []LoggedStay{stay(from, at(2, 9, 0), "A")}},
		"cut off": {[]stayLine{line(at(2, 9, 0), "join", "q", "A"), cutOff(line(at(2, 10, 0), "leave", "q", "A")), cutOff(line(at(2, 11, 0), "leave", "r", "A"))},
			[]LoggedStay{{User: "iris", Role: casework.ChildWorker, Case: "A", From: from.UTC(), Until: at(2, 11, 0), CutOff: true}, {User: "iris", Role: casework.ChildWorker, Case: "A", From: at(2, 9, 0), Until: at(2, 10, 0), CutOff: true}}},
		"no end":           {[]stayLine{line(at(2, 9, 0), "join", "q", "A")}, []LoggedStay{stay(at(2, 9, 0), unknown, "A")}},
		"no end, and back": {[]stayLine{line(at(2, 9, 0), "join", "q", "A"), line(at(2, 9, 30), "join", "r", "A"), line(at(2, 10, 0), "leave", "r", "A")}, []LoggedStay{stay(at(2, 9, 0), unknown, "A"), stay(at(2, 9, 30), at(2, 10, 0), "A")}},
		"in again by the same connection, without an end": {[]stayLine{line(at(2, 9, 0), "join", "q", "A"), line(at(2, 9, 30), "join", "q", "A"), line(at(2, 10, 0), "leave", "q", "A")},
			[]LoggedStay{stay(at(2, 9, 0), unknown, "A"), stay(at(2, 9, 30), at(2, 10, 0), "A")}},
		"two windows, crosswise": {[]stayLine{line(at(2, 9, 0), "join", "q", "A"), line(at(2, 9, 5), "join", "r", "A"), line(at(2, 9, 30), "leave", "q", "A"), line(at(2, 10, 0), "leave", "r", "A")},
			[]LoggedStay{stay(at(2, 9, 0), at(2, 9, 30), "A"), stay(at(2, 9, 5), at(2, 10, 0), "A")}},
		"two cases of one connection": {[]stayLine{line(at(2, 9, 0), "join", "q", "A"), line(at(2, 9, 5), "join", "q", "B"), line(at(2, 9, 30), "leave", "q", "B"), line(at(2, 10, 0), "leave", "q", "A")},
			[]LoggedStay{stay(at(2, 9, 0), at(2, 10, 0), "A"), stay(at(2, 9, 5), at(2, 9, 30), "B")}},
		"begun before comes first": {[]stayLine{line(at(2, 9, 0), "join", "q", "A"), line(at(2, 9, 30), "leave", "r", "B"), line(at(2, 10, 0), "leave", "q", "A")},
			[]LoggedStay{stay(from, at(2, 9, 30), "B"), stay(at(2, 9, 0), at(2, 10, 0), "A")}},
	} {
		if got := staysOf(c.lines, from); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
