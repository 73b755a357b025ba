package board

import (
	"maps"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Who asks who at this table can and cannot read something as it would be:
// a new card, a card that changes, or a person of the family.
type Who struct {
	Card   casework.CardID   `json:"card"`
	Person casework.PersonID `json:"person"` // perspective of the card
	Class  casework.Class    `json:"class"`
	Named  []casework.UserID `json:"named"`
	Family casework.PersonID `json:"family"` // or: this person, as Kind and Class
	Kind   casework.View     `json:"kind"`
}

// Readers is the answer, ordered by id. Gains and Loses compare with how the
// thing is now; of a draft, with who would read it on the table.
type Readers struct {
	Can    []casework.UserID `json:"can"`
	Cannot []casework.UserID `json:"cannot"`
	Gains  []casework.UserID `json:"gains"`
	Loses  []casework.UserID `json:"loses"`
}

// Ask works it out from what the asker sees.
func (w Who) Ask(seat Seat) (Readers, error) {
	if w.Family != "" || w.Kind != "" {
		return w.askPerson(seat)
	}
	if err := checkWords(w.Class, w.Named); err != nil {
		return Readers{}, err
	}
	if w.Person != "" {
		if _, ok := seat.Person(w.Person); !ok {
			return Readers{}, casework.Absent()
		}
	}
	card := casework.Card{Author: seat.Author()}
	now := map[casework.UserID]bool{card.Author.User: true}
	if w.Card != "" {
		existing, _, err := seen(seat, w.Card)
		if err != nil {
			return Readers{}, err
		}
		card = *existing
		now = seat.Readers(card)
		if card.AskedOf(seat.Author().User) {
			card.Author = seat.Author() // as it would be once confirmed
		}
	}
	card.Perspective, card.Class, card.Named = w.Person, w.Class, w.Named
	return readers(now, seat.Readers(card)), nil
}

func (w Who) askPerson(seat Seat) (Readers, error) {
	if err := personWords(w.Kind, w.Class); err != nil {
		return Readers{}, err
	}
	now := map[casework.UserID]bool{}
	person := casework.Person{Added: seat.Author()}
	if w.Family != "" {
		existing, ok := seat.Person(w.Family)
		if !ok {
			return Readers{}, casework.Absent()
		}
		person = *existing
		now = seat.PersonReaders(person)
	}
	person.Kind, person.Class = w.Kind, w.Class
	return readers(now, seat.PersonReaders(person)), nil
}

func checkWords(class casework.Class, named []casework.UserID) error {
	if !slices.Contains(casework.Classes, class) || len(named) > 0 && class != casework.Named {
		return casework.Refuse(casework.Invalid, "bad_class")
	}
	return nil
}

func readers(now, then map[casework.UserID]bool) Readers {
	r := Readers{Can: []casework.UserID{}, Cannot: []casework.UserID{}}
	for _, user := range slices.Sorted(maps.Keys(then)) {
		if then[user] {
			r.Can = append(r.Can, user)
		} else {
			r.Cannot = append(r.Cannot, user)
		}
	}
	r.Gains, r.Loses = compare(now, then)
	return r
}

// compare lists who comes to read and who no longer does.
func compare(now, then map[casework.UserID]bool) (gains, loses []casework.UserID) {
	gains, loses = []casework.UserID{}, []casework.UserID{}
	for _, user := range slices.Sorted(maps.Keys(then)) {
		switch {
		case then[user] && !now[user]:
			gains = append(gains, user)
		case !then[user] && now[user]:
			loses = append(loses, user)
		}
	}
	return gains, loses
}
