package demo

// speak lets it be put down who has custody and what the family said about
// sharing.
func (s *seeder) speak() error {
	for _, c := range custody {
		if _, err := s.do(team[0].login, "give_custody", map[string]any{"child": s.persons[c[0]], "person": s.persons[c[1]]}); err != nil {
			return err
		}
	}
	for _, c := range consents {
		if _, err := s.do(c.by, "record_consent", map[string]any{"person": s.persons[c.person], "sharing": c.sharing, "answer": c.answer}); err != nil {
			return err
		}
	}
	return nil
}
