package room

import (
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// Whoever comes to be told of another person of the family has that on the record
// before it goes out, once; who is told of nobody new has nothing there.
func TestPersonsThatComeAreOnTheRecord(t *testing.T) {
	w := newWritingRoom(t)
	d := w.demo
	iris, ruben := w.sit(d.Iris, view.Eyes{}), w.sit(d.Ruben, view.Eyes{})
	for _, c := range []*client{iris, ruben} {
		reader, _ := w.reader(c)
		c.persons = view.Persons(w.moment.State, reader)
	}
	adds := func(class casework.Class) casework.PersonID {
		w.cases.views = nil
		id := casework.PersonID(d.Do(d.Iris, "add_person", casetest.Fields{"kind": "network", "class": class, "name": "Tante"}).Made)
		w.happens()
		return id
	}
	shared := adds(casework.Shared)
	if len(w.cases.views) != 2 || !slices.Contains(w.cases.views[0].Persons, shared) || !slices.Contains(w.cases.views[1].Persons, shared) {
		t.Errorf("%d are on the record, or not with whom they are told of", len(w.cases.views))
	}
	safe := adds(casework.Safety) // which Ruben is not to know of
	if len(w.cases.views) != 1 || w.cases.views[0].Actor.User != d.Iris || !slices.Contains(w.cases.views[0].Persons, safe) {
		t.Errorf("%d are on the record of what only Iris is told", len(w.cases.views))
	}
	w.cases.views = nil
	d.Do(d.Iris, "change_person", casetest.Fields{"person": shared, "name": "Oom"})
	w.happens()
	if len(w.cases.views) != 0 {
		t.Errorf("nobody new is told of, and %d are on the record", len(w.cases.views))
	}
	w.cases.fails = casework.Refuse(casework.Unavailable, casework.NotRecorded)
	adds(casework.Safety)
	if iris.code != closeUnrecorded || ruben.code != 0 {
		t.Errorf("without a record Iris is closed with %d, and Ruben with %d", iris.code, ruben.code)
	}
	if slices.ContainsFunc(iris.queue, func(f outgoing) bool { return f.frame != nil }) {
		t.Error("something waits for Iris that is not on the record")
	}
}
