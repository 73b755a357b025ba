package casework

import (
	"fmt"
	"slices"
)

type (
	// CardDrafted is a new card that only its author sees.
	CardDrafted struct {
		Card        CardID   `json:"card"`
		Column      ColumnID `json:"column"`
		Title       Text     `json:"title"`
		Text        Text     `json:"text"`
		Perspective PersonID `json:"perspective,omitempty"`
		Class       Class    `json:"class"`
		Named       []UserID `json:"named,omitempty"`
		Labels
		Author Author `json:"author"`
	}
	// CardTabled puts a draft on the table.
	CardTabled struct {
		Card CardID `json:"card"`
	}
	// CardRetitled gives a card another title.
	CardRetitled struct {
		Card  CardID `json:"card"`
		Title Text   `json:"title"`
	}
	// CardEdited gives a card another text.
	CardEdited struct {
		Card CardID `json:"card"`
		Text Text   `json:"text"`
	}
	// CardLabelled changes what a card says of itself.
	CardLabelled struct {
		Card CardID `json:"card"`
		Labels
	}
	// CardMoved puts a card directly after another in the full order. Was is
	// where its mover saw it before.
	CardMoved struct {
		Card CardID `json:"card"`
		To   Place  `json:"to"`
		Was  Place  `json:"was"`
	}
	// CardArchived takes a card off the board; it keeps its place.
	CardArchived struct {
		Card CardID `json:"card"`
	}
	// CardRestored brings an archived card back.
	CardRestored struct {
		Card CardID `json:"card"`
	}
	// CardLinked points from one card to another.
	CardLinked struct {
		Card CardID `json:"card"`
		To   CardID `json:"to"`
	}
	// CardUnlinked takes that away.
	CardUnlinked struct {
		Card CardID `json:"card"`
		To   CardID `json:"to"`
	}
	// CardReclassed changes who may know: shield, share and naming readers.
	CardReclassed struct {
		Card  CardID   `json:"card"`
		Class Class    `json:"class"`
		Named []UserID `json:"named,omitempty"`
	}
	// CardReperspectived changes from whom the card speaks.
	CardReperspectived struct {
		Card        CardID   `json:"card"`
		Perspective PersonID `json:"perspective,omitempty"`
	}
)

// Type implements Change.
func (*CardDrafted) Type() string        { return "card_drafted" }
func (*CardTabled) Type() string         { return "card_tabled" }
func (*CardRetitled) Type() string       { return "card_retitled" }
func (*CardEdited) Type() string         { return "card_edited" }
func (*CardLabelled) Type() string       { return "card_labelled" }
func (*CardMoved) Type() string          { return "card_moved" }
func (*CardArchived) Type() string       { return "card_archived" }
func (*CardRestored) Type() string       { return "card_restored" }
func (*CardLinked) Type() string         { return "card_linked" }
func (*CardUnlinked) Type() string       { return "card_unlinked" }
func (*CardReclassed) Type() string      { return "card_reclassed" }
func (*CardReperspectived) Type() string { return "card_reperspectived" }

// Texts implements Change.
func (c *CardDrafted) Texts() []*Text      { return []*Text{&c.Title, &c.Text} }
func (*CardTabled) Texts() []*Text         { return nil }
func (c *CardRetitled) Texts() []*Text     { return []*Text{&c.Title} }
func (c *CardEdited) Texts() []*Text       { return []*Text{&c.Text} }
func (*CardLabelled) Texts() []*Text       { return nil }
func (*CardMoved) Texts() []*Text          { return nil }
func (*CardArchived) Texts() []*Text       { return nil }
func (*CardRestored) Texts() []*Text       { return nil }
func (*CardLinked) Texts() []*Text         { return nil }
func (*CardUnlinked) Texts() []*Text       { return nil }
func (*CardReclassed) Texts() []*Text      { return nil }
func (*CardReperspectived) Texts() []*Text { return nil }

func (c *CardDrafted) apply(s *State, e Event) error {
	card := &Card{ID: c.Card, Title: c.Title, Text: c.Text, Perspective: c.Perspective, Class: c.Class,
		Named: c.Named, Kind: c.Kind, Domain: c.Domain, Seen: c.Labels.Seen, Author: c.Author, At: e.At, Changed: e.At}
	column := s.Column(c.Column)
	if column == nil {
		return fmt.Errorf("no column %s", c.Column)
	}
	if s.Cards[c.Card] != nil {
		return fmt.Errorf("card %s is there already", c.Card)
	}
	if err := s.knowsPerspective(c.Perspective); err != nil {
		return err
	}
	var last CardID
	if n := len(column.Cards); n > 0 {
		last = column.Cards[n-1]
	}
	s.Cards[c.Card] = card
	return s.place(card, c.Column, last)
}

// knowsPerspective refuses a perspective of nobody: such a card would pass for
// one that speaks as professional, to other readers.
func (s *State) knowsPerspective(id PersonID) error {
	if id != "" && s.Persons[id] == nil {
		return fmt.Errorf("no person %s", id)
	}
	return nil
}

func (c *CardTabled) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err == nil {
		card.Tabled, card.Declined = e.At, ""
		card.beginEra()
	}
	return err
}

func (c *CardRetitled) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err == nil {
		s.remember(e, Undoable{Card: c.Card, Era: card.Era, Title: card.Title, Now: c.Title.ID})
		card.Title, card.Changed = c.Title, e.At
	}
	return err
}

func (c *CardEdited) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err == nil {
		s.remember(e, Undoable{Card: c.Card, Era: card.Era, Text: card.Text, Now: c.Text.ID})
		card.Text, card.Changed = c.Text, e.At
	}
	return err
}

func (c *CardLabelled) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err == nil {
		s.remember(e, Undoable{Card: c.Card, Era: card.Era, Labels: card.Labels(), LabelsNow: c.Labels})
		card.Kind, card.Domain, card.Seen, card.Changed = c.Kind, c.Domain, c.Labels.Seen, e.At
	}
	return err
}

func (c *CardMoved) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err != nil {
		return err
	}
	s.remember(e, Undoable{Card: c.Card, Era: card.Era, Was: c.Was, Column: c.To.Column})
	return s.place(card, c.To.Column, c.To.After)
}

func (c *CardArchived) apply(s *State, _ Event) error { return s.setArchived(c.Card, true) }
func (c *CardRestored) apply(s *State, _ Event) error { return s.setArchived(c.Card, false) }

func (s *State) setArchived(id CardID, archived bool) error {
	card, err := s.editCard(id)
	if err == nil {
		card.Archived = archived
	}
	return err
}

func (c *CardLinked) apply(s *State, _ Event) error {
	if s.Cards[c.To] == nil {
		return fmt.Errorf("no card %s", c.To)
	}
	card, err := s.editCard(c.Card)
	if err == nil {
		card.Links = append(slices.Clone(card.Links), c.To)
	}
	return err
}

func (c *CardUnlinked) apply(s *State, _ Event) error {
	card, err := s.editCard(c.Card)
	if err == nil {
		card.Links = slices.DeleteFunc(slices.Clone(card.Links), func(id CardID) bool { return id == c.To })
	}
	return err
}

func (c *CardReclassed) apply(s *State, _ Event) error {
	card, err := s.editCard(c.Card)
	if err == nil {
		card.Class, card.Named = c.Class, c.Named
		card.beginEra()
	}
	return err
}

func (c *CardReperspectived) apply(s *State, _ Event) error {
	card, err := s.editCard(c.Card)
	if err != nil {
		return err
	}
	card.Perspective = c.Perspective
	card.beginEra()
	return s.knowsPerspective(c.Perspective)
}
