package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// RecordConsent puts down what the actor heard a person of the family say
	// about a sharing, in place of what the actor put down before.
	RecordConsent struct {
		Person  casework.PersonID      `json:"person"`
		Sharing casework.Sharing       `json:"sharing"`
		Answer  casework.ConsentAnswer `json:"answer"`
	}
	// TakeBackConsent takes the actor's own record away. Like erasing, and by the
	// same right, it stays possible in a closed case.
	TakeBackConsent struct {
		Person  casework.PersonID `json:"person"`
		Sharing casework.Sharing  `json:"sharing"`
	}
)

// Target implements Command.
func (c *RecordConsent) Target() (string, string)   { return "person", string(c.Person) }
func (c *TakeBackConsent) Target() (string, string) { return "person", string(c.Person) }

// Decide implements Command.
func (c *RecordConsent) Decide(seat Seat, _ Env) (Decision, error) {
	person, err := present(seat, c.Person)
	if err != nil {
		return Decision{}, err
	}
	switch {
	case !c.Sharing.Valid():
		return Decision{}, casework.Refuse(casework.Invalid, "bad_sharing")
	case !slices.Contains(casework.ConsentAnswers, c.Answer):
		return Decision{}, casework.Refuse(casework.Invalid, "bad_answer")
	}
	class := c.Answer.ClassOn(person)
	if err := allow(seat, casework.ActVoice, seat.Cell(c.Person, class, seat.Author(), nil)); err != nil {
		return Decision{}, err
	}
	if own, ok := seat.OwnConsent(c.Person, c.Sharing); ok && own.Answer == c.Answer && own.Class == class && own.Author == seat.Author() {
		return Decision{}, nil
	}
	return one(&casework.ConsentRecorded{Person: c.Person, Sharing: c.Sharing, Answer: c.Answer, Class: class, Author: seat.Author()})
}

// Decide implements Command.
func (c *TakeBackConsent) Decide(seat Seat, _ Env) (Decision, error) {
	if _, ok := seat.Person(c.Person); !ok {
		return Decision{}, casework.Absent()
	}
	own, ok := seat.OwnConsent(c.Person, c.Sharing)
	if !ok {
		return Decision{}, nil
	}
	if err := allow(seat, casework.ActRedact, seat.Cell(c.Person, own.Class, own.Author, nil)); err != nil {
		return Decision{}, err
	}
	return one(&casework.ConsentTakenBack{Person: c.Person, Sharing: c.Sharing})
}

// present finds a person who is on the table.
func present(seat Seat, id casework.PersonID) (*casework.Person, error) {
	p, ok := seat.Person(id)
	switch {
	case !ok:
		return nil, casework.Absent()
	case p.Removed:
		return nil, casework.Refuse(casework.NotFound, "person_off_table")
	}
	return p, nil
}
