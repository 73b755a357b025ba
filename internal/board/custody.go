package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// GiveCustody says that a person of the family has custody of a child.
	GiveCustody struct {
		casework.Custody
	}
	// TakeCustody takes that away.
	TakeCustody struct {
		casework.Custody
	}
)

// Target implements Command.
func (c *GiveCustody) Target() (string, string) { return "person", string(c.Child) }
func (c *TakeCustody) Target() (string, string) { return "person", string(c.Child) }

// Decide implements Command.
func (c *GiveCustody) Decide(seat Seat, _ Env) (Decision, error) {
	child, err := present(seat, c.Child)
	if err != nil {
		return Decision{}, err
	}
	person, err := present(seat, c.Person)
	if err != nil {
		return Decision{}, err
	}
	if err := allow(seat, casework.ActPersons, personCell(seat, child)); err != nil {
		return Decision{}, err
	}
	switch {
	case child.Kind != casework.ViewChild:
		return Decision{}, casework.Refuse(casework.Invalid, "custody_no_child")
	case person.Kind == casework.ViewChild:
		return Decision{}, casework.Refuse(casework.Invalid, "custody_by_child")
	case slices.Contains(seat.Custody(), c.Custody):
		return Decision{}, nil
	}
	return one(&casework.CustodyGiven{Custody: c.Custody})
}

// Decide implements Command.
func (c *TakeCustody) Decide(seat Seat, _ Env) (Decision, error) {
	child, err := mayOnPerson(seat, c.Child, casework.ActPersons)
	if err != nil {
		return Decision{}, err
	}
	if _, ok := seat.Person(c.Person); !ok {
		return Decision{}, casework.Absent()
	}
	if !slices.Contains(seat.Custody(), casework.Custody{Child: child.ID, Person: c.Person}) {
		return Decision{}, nil
	}
	return one(&casework.CustodyTaken{Custody: c.Custody})
}
