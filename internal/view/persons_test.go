package view_test

import (
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// Whoever is anywhere in what a reader gets is among the persons of the record of it,
// and nobody else is.
func TestPersonsAreThoseOfTheProjection(t *testing.T) {
	t.Parallel()
	table := newTable(t)
	told := 0
	for n := range uint64(20) {
		for _, at := range tablesOf(table, casetest.History(*seed+n, *length, table)) {
			m := at.Moment()
			for _, member := range m.Access.Team {
				reader, sits := m.Access.Reader(member.User, m.At)
				if !sits {
					continue
				}
				p := view.Project(m.State, m.Access, reader, m.At)
				want := map[casework.PersonID]bool{}
				for _, person := range p.Family {
					want[person.ID] = true
				}
				for _, card := range p.Cards {
					if card.Person != "" {
						want[card.Person] = true
					}
				}
				persons := view.Persons(m.State, reader)
				for id := range want {
					if !slices.Contains(persons, id) {
						t.Fatalf("of %s something is told, and it is not among %v", id, persons)
					}
				}
				if len(persons) != len(want) || !slices.IsSorted(persons) {
					t.Fatalf("%v are not the %d of whom something is told", persons, len(want))
				}
				told += len(persons)
			}
		}
	}
	if told == 0 {
		t.Error("nobody is told of anybody")
	}
}
