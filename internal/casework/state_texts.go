package casework

import "slices"

// WithTexts returns the state with every text visited by open, which fills in
// the body: a snapshot holds ids only, so this is how it gets its words back.
func (s *State) WithTexts(open func(*Text)) *State {
	next, err := s.Apply()
	if err != nil {
		panic(err) // applying no events cannot fail
	}
	open(&next.Name)
	for id, old := range next.Persons {
		p := *old
		open(&p.Name)
		open(&p.Calls)
		open(&p.Born)
		next.Persons[id] = &p
	}
	for i, old := range next.Columns {
		column := *old
		open(&column.Title)
		next.Columns[i] = &column
	}
	for id, old := range next.Cards {
		c := *old
		open(&c.Title)
		open(&c.Text)
		next.Cards[id] = &c
	}
	for i, old := range next.Guests {
		g := *old
		open(&g.Name)
		open(&g.From)
		next.Guests[i] = &g
	}
	for user, list := range next.Undo {
		list = slices.Clone(list)
		for i := range list {
			open(&list[i].Title)
			open(&list[i].Text)
		}
		next.Undo[user] = list
	}
	return next
}

// TextsErased means that every text an object ever had is gone: of the card,
// the person, the column or the guest that is named, else of the case's own name.
type TextsErased struct {
	Card   CardID   `json:"card,omitempty"`
	Person PersonID `json:"person,omitempty"`
	Column ColumnID `json:"column,omitempty"`
	Guest  GuestID  `json:"guest,omitempty"`
}

// Type implements Change.
func (*TextsErased) Type() string { return "texts_erased" }

// Texts implements Change.
func (*TextsErased) Texts() []*Text { return nil }

// Object is the id under which the texts are kept.
func (c *TextsErased) Object() string {
	return string(c.Card) + string(c.Person) + string(c.Column) + string(c.Guest)
}

func (c *TextsErased) apply(s *State, e Event) error {
	switch {
	case c.Card != "":
		card, err := s.editCard(c.Card)
		if err != nil {
			return err
		}
		erase(&card.Title, &card.Text)
		card.Steps, card.Writers = nil, nil
		card.Changed = e.At
		s.forgetUndo(c.Card)
	case c.Person != "":
		p, err := s.editPerson(c.Person)
		if err != nil {
			return err
		}
		erase(&p.Name, &p.Calls, &p.Born)
	case c.Column != "":
		column, err := s.editColumn(c.Column)
		if err != nil {
			return err
		}
		erase(&column.Title)
	case c.Guest != "":
		g, err := s.editGuest(c.Guest)
		if err != nil {
			return err
		}
		erase(&g.Name, &g.From)
	default:
		erase(&s.Name)
	}
	return nil
}

// erase leaves no trace on a text that was never there: it has no row to miss,
// so a case read anew could not tell.
func erase(texts ...*Text) {
	for _, t := range texts {
		*t = Text{ID: t.ID, Redacted: t.ID != ""}
	}
}
