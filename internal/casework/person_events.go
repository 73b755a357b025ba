package casework

import "fmt"

type (
	// PersonAdded puts somebody into the family system.
	PersonAdded struct {
		Person PersonID `json:"person"`
		Kind   View     `json:"kind"`
		Class  Class    `json:"class"`
		Name   Text     `json:"name"`
		Calls  Text     `json:"calls"`
		Born   Text     `json:"born"`
		Added  Author   `json:"added"`
	}
	// PersonChanged replaces what is known of a person.
	PersonChanged struct {
		Person PersonID `json:"person"`
		Name   Text     `json:"name"`
		Calls  Text     `json:"calls"`
		Born   Text     `json:"born"`
	}
	// PersonRemoved takes a person off the table. The cards that speak for the
	// person stay, for those who read them.
	PersonRemoved struct {
		Person PersonID `json:"person"`
	}
	// PersonReclassed changes the kind or the class of a person, and with it
	// who may know of everything that hangs on the person.
	PersonReclassed struct {
		Person PersonID `json:"person"`
		Kind   View     `json:"kind"`
		Class  Class    `json:"class"`
	}
)

// Type implements Change.
func (*PersonAdded) Type() string     { return "person_added" }
func (*PersonChanged) Type() string   { return "person_changed" }
func (*PersonRemoved) Type() string   { return "person_removed" }
func (*PersonReclassed) Type() string { return "person_reclassed" }

// Texts implements Change.
func (c *PersonAdded) Texts() []*Text   { return []*Text{&c.Name, &c.Calls, &c.Born} }
func (c *PersonChanged) Texts() []*Text { return []*Text{&c.Name, &c.Calls, &c.Born} }
func (*PersonRemoved) Texts() []*Text   { return nil }
func (*PersonReclassed) Texts() []*Text { return nil }

func (c *PersonAdded) apply(s *State, e Event) error {
	if s.Persons[c.Person] != nil {
		return fmt.Errorf("person %s is there already", c.Person)
	}
	s.Persons[c.Person] = &Person{ID: c.Person, Kind: c.Kind, Class: c.Class, Name: c.Name, Calls: c.Calls,
		Born: c.Born, Added: c.Added, At: e.At}
	s.Family = append(s.Family, c.Person)
	return nil
}

func (c *PersonChanged) apply(s *State, _ Event) error {
	p, err := s.editPerson(c.Person)
	if err == nil {
		p.Name, p.Calls, p.Born = c.Name, c.Calls, c.Born
	}
	return err
}

func (c *PersonRemoved) apply(s *State, _ Event) error {
	p, err := s.editPerson(c.Person)
	if err == nil {
		p.Removed = true
	}
	return err
}

// A card that hangs on the person begins a new era with it, as other people
// could read it until now.
func (c *PersonReclassed) apply(s *State, _ Event) error {
	p, err := s.editPerson(c.Person)
	if err != nil {
		return err
	}
	p.Kind, p.Class = c.Kind, c.Class
	for id, card := range s.Cards {
		if card.Perspective == c.Person {
			fresh, err := s.editCard(id)
			if err != nil {
				return err
			}
			fresh.beginEra()
		}
	}
	return nil
}
