package casework

import (
	"fmt"
	"slices"
)

// Custody says that a person of the family has custody (gezag) of a child.
type Custody struct {
	Child  PersonID `json:"child"`
	Person PersonID `json:"person"`
}

// Holds tells whether the custody can be as the two persons are: only a child
// is in custody, and no child has it. Somebody may become of another kind.
func (c Custody) Holds(persons map[PersonID]*Person) bool {
	child, person := persons[c.Child], persons[c.Person]
	return child != nil && person != nil && child.Kind == ViewChild && person.Kind != ViewChild
}

type (
	// CustodyGiven says from now on that the person has custody of the child.
	CustodyGiven struct {
		Custody
	}
	// CustodyTaken takes that away.
	CustodyTaken struct {
		Custody
	}
)

// Type implements Change.
func (*CustodyGiven) Type() string { return "custody_given" }
func (*CustodyTaken) Type() string { return "custody_taken" }

// Texts implements Change.
func (*CustodyGiven) Texts() []*Text { return nil }
func (*CustodyTaken) Texts() []*Text { return nil }

func (c *CustodyGiven) apply(s *State, _ Event) error {
	switch {
	case s.Persons[c.Child] == nil || s.Persons[c.Person] == nil:
		return fmt.Errorf("no person %s or %s", c.Child, c.Person)
	case slices.Contains(s.Custody, c.Custody):
		return fmt.Errorf("person %s has custody of %s already", c.Person, c.Child)
	}
	s.Custody = append(s.Custody, c.Custody)
	return nil
}

func (c *CustodyTaken) apply(s *State, _ Event) error {
	i := slices.Index(s.Custody, c.Custody)
	if i < 0 {
		return fmt.Errorf("person %s has no custody of %s", c.Person, c.Child)
	}
	s.Custody = slices.Delete(s.Custody, i, i+1)
	return nil
}
