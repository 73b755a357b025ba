package view

import (
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Consent is what a colleague, or the reader, heard a person of the family say
// about a sharing.
type Consent struct {
	Person  casework.PersonID       `json:"person"`
	Sharing casework.Sharing        `json:"sharing"`
	Answer  casework.ConsentAnswer  `json:"answer"`
	Class   casework.Class          `json:"class"`
	By      casework.UserID         `json:"by"`
	Role    casework.Role           `json:"role"`
	Org     casework.OrganisationID `json:"org"`
	At      time.Time               `json:"at"`
}

// seesConsent tells whether the reader may know of the record at all. One about
// a person who is off the table goes and comes with that person.
func seesConsent(r casework.Reader, s *casework.State, c casework.Consent) bool {
	person := s.Persons[c.Person]
	if r.Joint != nil {
		return showsPerson(r, s, person) && everyEye(r, func(one casework.Reader) bool { return seesConsent(one, s, c) })
	}
	return showsPerson(r, s, person) && reads(r, s, r.Cell(person, c.Class, c.Author, nil), func(g casework.Given) bool { return g.CoversAbout(c.Person) })
}

// projectConsents lists the records in the order in which they were put down.
func projectConsents(s *casework.State, r casework.Reader) []Consent {
	consents := []Consent{}
	for _, c := range s.Consents {
		if seesConsent(r, s, c) {
			consents = append(consents, Consent{Person: c.Person, Sharing: c.Sharing, Answer: c.Answer, Class: c.Class,
				By: c.Author.User, Role: c.Author.Discipline, Org: c.Author.Organisation, At: c.At})
		}
	}
	return consents
}

// projectCustody lists who has custody of whom, as far as the reader finds both
// in the family.
func projectCustody(s *casework.State, r casework.Reader) []casework.Custody {
	custody := []casework.Custody{}
	for _, c := range s.Custody {
		if c.Holds(s.Persons) && showsPerson(r, s, s.Persons[c.Child]) && showsPerson(r, s, s.Persons[c.Person]) {
			custody = append(custody, c)
		}
	}
	return custody
}

func (d *Difference) consents(before *casework.State, was casework.Reader, after *casework.State, is casework.Reader) {
	if old, now := projectConsents(before, was), projectConsents(after, is); !slices.Equal(old, now) {
		d.Consents = &now
	}
	if old, now := projectCustody(before, was), projectCustody(after, is); !slices.Equal(old, now) {
		d.Custody = &now
	}
}

// OwnConsent finds what the member put down for the person and sharing.
func (t Seat) OwnConsent(person casework.PersonID, sharing casework.Sharing) (casework.Consent, bool) {
	for _, c := range t.moment.State.Consents {
		if c.Person == person && c.Sharing == sharing && c.Author.User == t.reader.User && seesConsent(t.reader, t.moment.State, c) {
			return c, true
		}
	}
	return casework.Consent{}, false
}

// Custody lists who has custody of whom, as far as the member knows both.
func (t Seat) Custody() []casework.Custody { return projectCustody(t.moment.State, t.reader) }
