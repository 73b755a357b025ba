package audit

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// CutOff is in the detail of the end of a stay that nobody told of: until when it lasted
// for sure, by which it can be told from others. Its time is until when it may have.
const CutOff = "cut_off"

// StayMoment is somebody in the room of a case at one moment of a stay there, as the record
// of it needs it.
type StayMoment struct {
	Actor   Actor
	Reader  casework.Reader     // through whose eyes; without a user: no member any more
	Persons []casework.PersonID // of whom the reader is told anything
	Head    int64               // of the case, as it is shown
}

// Tells whether everything of these persons stands on the record of this stay.
func (s StayMoment) Tells(persons []casework.PersonID) bool {
	return !slices.ContainsFunc(persons, func(p casework.PersonID) bool { return !slices.Contains(s.Persons, p) })
}
