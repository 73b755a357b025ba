package view

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Persons are those of whom a reader is told anything at all, in the order of their
// ids: everything that is told of a person hangs on knowing of that person.
func Persons(s *casework.State, r casework.Reader) []casework.PersonID {
	var known []casework.PersonID
	for _, id := range s.Family {
		if showsPerson(r, s, s.Persons[id]) {
			known = append(known, id)
		}
	}
	slices.Sort(known)
	return known
}

// Entry is somebody's entering of a case, as it stands on the record: under which
// access, as which reader, who is told of which persons.
type Entry struct {
	Access  *casework.Access
	Reader  casework.Reader
	Persons []casework.PersonID
}
