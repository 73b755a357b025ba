package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// AddPerson puts somebody into the family system.
	AddPerson struct {
		Kind  casework.View  `json:"kind"`
		Class casework.Class `json:"class"`
		Known
	}
	// ChangePerson replaces what is known of a person.
	ChangePerson struct {
		Person casework.PersonID `json:"person"`
		Known
	}
	// RemovePerson takes a person off the table, once no card speaks for that
	// person any more, as far as the actor sees.
	RemovePerson struct {
		Person casework.PersonID `json:"person"`
	}
	// ReclassPerson changes the kind or class of a person, and with it who may
	// know of all that hangs on the person.
	ReclassPerson struct {
		Person casework.PersonID `json:"person"`
		Kind   casework.View     `json:"kind"`
		Class  casework.Class    `json:"class"`
	}
	// Known is what is known of a person.
	Known struct {
		Name  string `json:"name"`
		Calls string `json:"calls"` // how the person prefers to be called
		Born  string `json:"born"`  // 2006-01-02
	}
)

// Target implements Command.
func (*AddPerson) Target() (string, string)       { return "person", "" }
func (c *ChangePerson) Target() (string, string)  { return "person", string(c.Person) }
func (c *RemovePerson) Target() (string, string)  { return "person", string(c.Person) }
func (c *ReclassPerson) Target() (string, string) { return "person", string(c.Person) }

// Decide implements Command.
func (c *AddPerson) Decide(seat Seat, env Env) (Decision, error) {
	if err := personWords(c.Kind, c.Class); err != nil {
		return Decision{}, err
	}
	cell := casework.Cell{View: c.Kind, Class: c.Class, Owner: casework.OwnerSelf}
	if err := allow(seat, casework.ActPersons, cell); err != nil {
		return Decision{}, err
	}
	if seat.Persons() >= MaxPersons {
		return Decision{}, casework.Refuse(casework.TooMany, "limit_persons")
	}
	known, err := c.clean(env)
	if err != nil {
		return Decision{}, err
	}
	id := casework.NewID[casework.PersonID](env.Random)
	return Decision{Made: string(id), Changes: []casework.Change{&casework.PersonAdded{Person: id, Kind: c.Kind, Class: c.Class,
		Name: text(known.Name, env), Calls: text(known.Calls, env), Born: text(known.Born, env), Added: seat.Author()}}}, nil
}

// Decide implements Command.
func (c *ChangePerson) Decide(seat Seat, env Env) (Decision, error) {
	p, err := mayOnPerson(seat, c.Person, casework.ActPersons)
	if err != nil {
		return Decision{}, err
	}
	known, err := c.clean(env)
	if err != nil {
		return Decision{}, err
	}
	if known == (Known{p.Name.Body, p.Calls.Body, p.Born.Body}) {
		return Decision{}, nil
	}
	return one(&casework.PersonChanged{Person: c.Person, Name: text(known.Name, env), Calls: text(known.Calls, env), Born: text(known.Born, env)})
}

// Decide implements Command.
func (c *RemovePerson) Decide(seat Seat, _ Env) (Decision, error) {
	p, err := mayOnPerson(seat, c.Person, casework.ActPersons)
	if err != nil {
		return Decision{}, err
	}
	if seat.CardsAbout(c.Person) > 0 {
		return Decision{}, casework.Refuse(casework.Conflict, "person_has_cards")
	}
	if p.Removed {
		return Decision{}, nil
	}
	return one(&casework.PersonRemoved{Person: c.Person})
}

// Decide implements Command.
func (c *ReclassPerson) Decide(seat Seat, _ Env) (Decision, error) {
	p, ok := seat.Person(c.Person)
	if !ok {
		return Decision{}, casework.Absent()
	}
	if err := personWords(c.Kind, c.Class); err != nil {
		return Decision{}, err
	}
	if p.Kind == c.Kind && p.Class == c.Class {
		return Decision{}, nil
	}
	for _, act := range reclassPersonActs(seat, p, c.Kind, c.Class) {
		if err := allow(seat, act, personCell(seat, p)); err != nil {
			return Decision{}, err
		}
	}
	if opensCards(seat, p.Kind, c.Kind) {
		return Decision{}, casework.Refuse(casework.Invalid, "kind_opens")
	}
	return one(&casework.PersonReclassed{Person: c.Person, Kind: c.Kind, Class: c.Class})
}

// reclassPersonActs lists what a reclassification of a person takes: another
// kind is another perspective for all cards of the person; letting anybody read
// more is sharing, else it is shielding.
func reclassPersonActs(seat Seat, p *casework.Person, kind casework.View, class casework.Class) []casework.Act {
	var acts []casework.Act
	if kind != p.Kind {
		acts = append(acts, casework.ActReperspective)
	}
	if seat.Gains(casework.Reclassification{FromView: p.Kind, FromClass: p.Class, ToView: kind, ToClass: class}) {
		return append(acts, casework.ActShare)
	}
	return append(acts, casework.ActShield)
}

// opensCards tells whether another kind of person would let anybody read a card
// of that person, of whatever class. Only a card's author opens a card, and the
// actor may not even see it: so this is refused whether there are cards or not.
func opensCards(seat Seat, from, to casework.View) bool {
	return from != to && slices.ContainsFunc(casework.Classes, func(c casework.Class) bool {
		return seat.Gains(casework.Reclassification{FromView: from, FromClass: c, ToView: to, ToClass: c})
	})
}

func personWords(kind casework.View, class casework.Class) error {
	switch {
	case !kind.IsPersonKind():
		return casework.Refuse(casework.Invalid, "bad_kind")
	case !class.ForPerson():
		return casework.Refuse(casework.Invalid, "bad_class")
	}
	return nil
}

func personCell(seat Seat, p *casework.Person) casework.Cell {
	return seat.Cell(p.ID, p.Class, p.Added, nil)
}

func mayOnPerson(seat Seat, id casework.PersonID, act casework.Act) (*casework.Person, error) {
	p, ok := seat.Person(id)
	if !ok {
		return nil, casework.Absent()
	}
	return p, allow(seat, act, personCell(seat, p))
}

func (k Known) clean(env Env) (clean Known, err error) {
	if clean.Name, err = Name(k.Name); err != nil {
		return clean, err
	}
	if clean.Calls, err = line(k.Calls, MaxName, "", "name_too_long"); err != nil {
		return clean, err
	}
	clean.Born, err = birthDate(k.Born, env.Now)
	return clean, err
}
