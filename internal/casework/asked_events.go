package casework

import "fmt"

// A card that one member writes for another is asked of that other: until it is
// confirmed it is in nobody's name but its writer's.
type (
	// CardAsked is a new card that its writer and the one it is asked of see.
	CardAsked struct {
		CardDrafted
		For UserID `json:"for"`
	}
	// CardConfirmed makes a card that was asked its confirmer's own draft.
	CardConfirmed struct {
		Card   CardID `json:"card"`
		Author Author `json:"author"`
	}
	// CardDeclined gives a card that was asked back to its writer.
	CardDeclined struct {
		Card CardID `json:"card"`
		By   UserID `json:"by"`
	}
	// CardWithdrawn takes the question back: the card is its writer's own draft.
	CardWithdrawn struct {
		Card CardID `json:"card"`
	}
)

// Type implements Change.
func (*CardAsked) Type() string     { return "card_asked" }
func (*CardConfirmed) Type() string { return "card_confirmed" }
func (*CardDeclined) Type() string  { return "card_declined" }
func (*CardWithdrawn) Type() string { return "card_withdrawn" }

// Texts implements Change.
func (*CardConfirmed) Texts() []*Text { return nil }
func (*CardDeclined) Texts() []*Text  { return nil }
func (*CardWithdrawn) Texts() []*Text { return nil }

func (c *CardAsked) apply(s *State, e Event) error {
	if err := c.CardDrafted.apply(s, e); err != nil {
		return err
	}
	if c.For == "" {
		return fmt.Errorf("card %s is asked of nobody", c.Card)
	}
	s.Cards[c.Card].For = c.For // the card is new in this state
	return nil
}

// apply begins a new era: what the writer changed before is not the confirmer's
// to bring back, nor the writer's.
func (c *CardConfirmed) apply(s *State, e Event) error {
	card, err := s.answerAsked(c.Card)
	if err == nil {
		card.Author, card.Changed = c.Author, e.At
		card.beginEra()
	}
	return err
}

func (c *CardDeclined) apply(s *State, _ Event) error {
	card, err := s.answerAsked(c.Card)
	if err == nil {
		card.Declined = c.By
	}
	return err
}

func (c *CardWithdrawn) apply(s *State, _ Event) error {
	_, err := s.answerAsked(c.Card)
	return err
}

// answerAsked ends that a card is asked of somebody.
func (s *State) answerAsked(id CardID) (*Card, error) {
	card, err := s.editCard(id)
	if err != nil {
		return nil, err
	}
	if card.For == "" {
		return nil, fmt.Errorf("card %s is asked of nobody", id)
	}
	card.For = ""
	return card, nil
}
