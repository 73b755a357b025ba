package view

import (
	"maps"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Targets tells what the note of a card that the member sees can link to and whom
// it can mention: the cards that everybody at the table who may read the note
// sees, the member too, and who those readers are. So a note names nothing to
// anybody that they may not know.
func (t Seat) Targets(note *casework.Card) (cards []casework.CardID, users []casework.UserID) {
	cards, users = []casework.CardID{}, []casework.UserID{}
	for user, reads := range t.Readers(*note) {
		if reads {
			users = append(users, user)
		}
	}
	slices.Sort(users)
	s := t.moment.State
	for _, id := range slices.Sorted(maps.Keys(s.Cards)) {
		c := s.Cards[id]
		everybody := seesCard(t.reader, s, c)
		for _, m := range t.moment.Access.Team {
			if !everybody {
				break
			}
			if _, reads := slices.BinarySearch(users, m.User); reads {
				everybody = seesCard(t.known(m), s, c)
			}
		}
		if everybody {
			cards = append(cards, id)
		}
	}
	return cards, users
}

// NameOf is what a colleague is called.
func (t Seat) NameOf(user casework.UserID) string {
	for _, m := range t.moment.Access.Team {
		if m.User == user {
			return m.Name
		}
	}
	return ""
}
