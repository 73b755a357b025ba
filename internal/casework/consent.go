package casework

import (
	"fmt"
	"slices"
	"time"
)

// Sharing says with whom something of a person is shared: the whole table,
// people outside it, or one discipline, by the word of its role.
type Sharing string

// Sharings that are not one discipline.
const (
	SharingTable   Sharing = "table"
	SharingOutside Sharing = "outside"
)

// Valid tells whether s is a sharing one can speak of.
func (s Sharing) Valid() bool {
	return s == SharingTable || s == SharingOutside || slices.Contains(CaseRoles, Role(s))
}

// ConsentAnswer is what a person of the family said about a sharing.
type ConsentAnswer string

// Answers of a person of the family; ConsentUnsafe: nobody asked, as asking
// would bring somebody in danger.
const (
	ConsentInformed ConsentAnswer = "informed"
	ConsentAgreed   ConsentAnswer = "agreed"
	ConsentRefused  ConsentAnswer = "refused"
	ConsentUnsafe   ConsentAnswer = "unsafe"
)

// ConsentAnswers lists every answer.
var ConsentAnswers = []ConsentAnswer{ConsentInformed, ConsentAgreed, ConsentRefused, ConsentUnsafe}

// ClassOn is who may know of the answer when it is given about the person: that
// asking is unsafe, and whatever somebody whose safety is at stake says, is for
// those who keep someone safe; anything else is told in confidence. The record
// keeps the class it got, so that nobody gains by a later change of the person.
func (a ConsentAnswer) ClassOn(person *Person) Class {
	if a == ConsentUnsafe || person.Class == Safety {
		return Safety
	}
	return Confidential
}

// Consent is what one professional heard a person of the family say about a
// sharing. Everybody keeps a record of their own, so that nobody overwrites
// what they may not see.
type Consent struct {
	Person  PersonID      `json:"person"`
	Sharing Sharing       `json:"sharing"`
	Answer  ConsentAnswer `json:"answer"`
	Class   Class         `json:"class"`
	Author  Author        `json:"author"`
	At      time.Time     `json:"at"`
}

type (
	// ConsentRecorded puts down what its author heard, in place of what the same
	// author put down for the same person and sharing before.
	ConsentRecorded struct {
		Person  PersonID      `json:"person"`
		Sharing Sharing       `json:"sharing"`
		Answer  ConsentAnswer `json:"answer"`
		Class   Class         `json:"class"`
		Author  Author        `json:"author"`
	}
	// ConsentTakenBack takes the actor's own record away: yet to be asked.
	ConsentTakenBack struct {
		Person  PersonID `json:"person"`
		Sharing Sharing  `json:"sharing"`
	}
)

// Type implements Change.
func (*ConsentRecorded) Type() string  { return "consent_recorded" }
func (*ConsentTakenBack) Type() string { return "consent_taken_back" }

// Texts implements Change.
func (*ConsentRecorded) Texts() []*Text  { return nil }
func (*ConsentTakenBack) Texts() []*Text { return nil }

func (c *ConsentRecorded) apply(s *State, e Event) error {
	if s.Persons[c.Person] == nil {
		return fmt.Errorf("no person %s", c.Person)
	}
	s.dropConsent(c.Person, c.Sharing, c.Author.User)
	s.Consents = append(s.Consents, Consent{c.Person, c.Sharing, c.Answer, c.Class, c.Author, e.At})
	return nil
}

func (c *ConsentTakenBack) apply(s *State, e Event) error {
	if !s.dropConsent(c.Person, c.Sharing, e.Actor) {
		return fmt.Errorf("no consent of %s on %s by %s", c.Person, c.Sharing, e.Actor)
	}
	return nil
}

// dropConsent tells whether there was one.
func (s *State) dropConsent(person PersonID, sharing Sharing, author UserID) bool {
	before := len(s.Consents)
	s.Consents = slices.DeleteFunc(s.Consents, func(c Consent) bool {
		return c.Person == person && c.Sharing == sharing && c.Author.User == author
	})
	return len(s.Consents) < before
}
