package view_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// Whoever is shown what was done in a case is shown what came by as it was done, and
// nothing of what did not; and of a history without all that did not come by the same.
func TestPastIsWhatCameBy(t *testing.T) {
	t.Parallel()
	start, cast := newTable(t), casetest.Cast()
	noticed, hidden := 0, 0
	for n := *seed; n < *seed+24; n++ {
		steps := slices.DeleteFunc(casetest.History(n, *length, start), func(s casetest.Step) bool {
			return s.Gift != nil || s.Member != nil && (len(s.Member.Beside) == 0 || !s.Member.Active || !s.Member.Until.IsZero())
		})
		// Rights are those of now, so those that somebody has change before all else.
		slices.SortStableFunc(steps, func(a, b casetest.Step) int {
			if (a.Member == nil) == (b.Member == nil) {
				return 0
			} else if a.Member != nil {
				return -1
			}
			return 1
		})
		for i := range steps {
			steps[i].At = start.At.Add(casework.StretchMost * 2).Add(steps[i].At.Sub(start.At))
		}
		for _, reader := range []casework.UserID{cast[0].User, cast[1].User, cast[6].User} {
			p := play(start, steps, reader)
			past, ok := pastIn(t, p, reader)
			if !ok {
				continue
			}
			for _, m := range p.moments[1:] {
				sawThen(t, m, p.moments[len(p.moments)-1].After, reader, past)
				if m.Step.User == "" || m.Step.User == reader || !logs(m.Outcome.Events) {
					continue
				}
				came := len(p.heard(m, reader)) > 0 || names(m, reader)
				if past.Noticed(m.Step.User, m.Step.ID) != came {
					t.Fatalf("-seed %d: %s by %s came by to %s: %t\n%s", n, m.Step.Command, m.Step.User, reader, came, p.heard(m, reader))
				}
				noticed, hidden = noticed+count(came), hidden+count(!came)
			}
			sameWithout(t, start, p, reader, past, n)
		}
	}
	t.Logf("%d commands came by, %d did not", noticed, hidden)
	if noticed < 300 || hidden < 300 {
		t.Errorf("too little to tell anything: %d commands came by, %d did not", noticed, hidden)
	}
}

// sawThen holds that a past knows what was in sight after a step, to the eyes of the end.
func sawThen(t *testing.T, m casetest.Moments, end casetest.Table, user casework.UserID, past *view.Past) {
	t.Helper()
	reader, _ := end.Reader(user)
	for id, card := range m.After.State.Cards {
		if sees := m.After.ReadsCard(reader, card); past.Saw(string(id), m.Step.At) != sees {
			t.Fatalf("%s saw card %s after %s: %t", user, id, m.Step.ID, sees)
		}
	}
	for id, person := range m.After.State.Persons {
		if sees := m.After.ShowsPerson(reader, person); past.Saw(string(id), m.Step.At) != sees {
			t.Fatalf("%s saw person %s after %s: %t", user, id, m.Step.ID, sees)
		}
	}
}

// sameWithout holds that what did not come by changes nothing in the past.
func sameWithout(t *testing.T, start casetest.Table, p played, reader casework.UserID, past *view.Past, n uint64) {
	t.Helper()
	of := pair{reader: reader, without: map[casework.CommandID]bool{}}
	for _, id := range p.silent(reader) {
		of.without[id] = true
	}
	if of.compare(start, p) != nil {
		return // the histories part in a way that they may
	}
	other := play(start, of.other(p), reader)
	without, ok := pastIn(t, other, reader)
	if !ok {
		t.Fatalf("-seed %d: %s is gone", n, reader)
	}
	ids := map[string]bool{}
	for _, m := range p.moments {
		for _, id := range casetest.IDsIn(p.heard(m, reader)) {
			ids[id] = true
		}
	}
	for _, m := range other.moments[1:] {
		if m.Step.User != "" && past.Noticed(m.Step.User, m.Step.ID) != without.Noticed(m.Step.User, m.Step.ID) {
			t.Fatalf("-seed %d: what %s noticed of %s by %s hangs on what is hidden", n, reader, m.Step.Command, m.Step.User)
		}
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if past.Saw(id, m.Step.At) != without.Saw(id, m.Step.At) {
				t.Fatalf("-seed %d: whether %s saw %s hangs on what is hidden", n, reader, id)
			}
		}
	}
}

// pastIn is that of a history as its log keeps it.
func pastIn(t *testing.T, p played, user casework.UserID) (*view.Past, bool) {
	t.Helper()
	last := p.moments[len(p.moments)-1].After
	reader, ok := last.Reader(user)
	if !ok {
		return nil, false
	}
	events := []casework.Event{{Seq: 1, Actor: casetest.Users(casetest.Cast())[0], At: casetest.Start, Command: "OPENOPENOPENOPEN",
		Change: &casework.CaseOpened{Name: p.moments[0].After.State.Name}}}
	for _, m := range p.moments {
		events = append(events, m.Outcome.Events...)
	}
	past, err := view.PastOf(events, last.Moment(), reader)
	if err != nil {
		t.Fatal(err)
	}
	return past, true
}

// logs tells whether something of it stands in the log: a stretch of writing that
// goes on does not.
func logs(events []casework.Event) bool {
	return slices.ContainsFunc(events, func(e casework.Event) bool { return e.Ink == 0 })
}

// names tells whether the step only named a version of a text that the reader saw.
func names(m casetest.Moments, user casework.UserID) bool {
	reader, _ := m.After.Reader(user)
	return slices.ContainsFunc(m.Outcome.Events, func(e casework.Event) bool {
		named, is := e.Change.(*casework.NoteNamed)
		return is && m.Before.ReadsCard(reader, m.Before.State.Cards[named.Card])
	})
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
