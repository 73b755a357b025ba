package view

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// screen is who looks at the Scherm: the one who opened it and everybody on the
// attendance list. It is dark unless the chair shows it to somebody. Somebody on the
// list who does not enter the case any more may see nothing, so nobody does. What was
// lent to one of them, or opened by breaking the glass, is not for the room.
func screen(own casework.Reader, m Moment) *casework.Joint {
	dark := &casework.Joint{Screen: true, Dark: true}
	if !m.State.Screen || len(m.State.Attends)+len(m.State.Guests) == 0 {
		return dark
	}
	shown := &casework.Joint{Screen: true, Eyes: []casework.Reader{withoutMore(own)}}
	for _, user := range m.State.Attends {
		r, ok := enters(user, m)
		if !ok {
			return dark
		}
		shown.Eyes = append(shown.Eyes, withoutMore(r))
	}
	for _, g := range m.State.Guests {
		guest := casework.Member{User: casework.UserID(g.ID), Role: casework.Guest} // an id like no user's
		shown.Eyes = append(shown.Eyes, casework.Reader{Member: guest, Rights: m.Access.Guest})
	}
	return shown
}

// withoutMore is the reader without what opens more to it than its role does.
func withoutMore(r casework.Reader) casework.Reader {
	return r.WithGiven(func(g casework.Given) bool { return !g.Opens() })
}

// SameScreen tells whether the same people look at the Scherm in two states, and
// it is shown in both or in neither.
func SameScreen(a, b *casework.State) bool {
	return a.Screen == b.Screen && slices.Equal(a.Attends, b.Attends) && slices.Equal(a.Guests, b.Guests)
}
