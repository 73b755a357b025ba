package casework

import (
	"errors"
	"fmt"
	"slices"
)

type (
	// CaseOpened is the first event of every case.
	CaseOpened struct {
		Name Text `json:"name"`
		// Practice: everything in it is invented.
		Practice bool `json:"practice,omitempty"`
	}
	// CaseRenamed gives the case another name.
	CaseRenamed struct {
		Name Text `json:"name"`
	}
	// CaseClosed makes the case read-only but for narrowing and erasing, and blanks
	// the Scherm.
	CaseClosed struct{}
	// CaseReopened opens a closed case again.
	CaseReopened struct{}

	// ColumnAdded puts a column after another; first when After is empty.
	ColumnAdded struct {
		Column ColumnID `json:"column"`
		Title  Text     `json:"title"`
		After  ColumnID `json:"after,omitempty"`
		Kind   Kind     `json:"kind,omitempty"`
	}
	// ColumnRenamed gives a column another title.
	ColumnRenamed struct {
		Column ColumnID `json:"column"`
		Title  Text     `json:"title"`
	}
	// ColumnLabelled says what new cards in a column mostly are; nothing when
	// Kind is empty.
	ColumnLabelled struct {
		Column ColumnID `json:"column"`
		Kind   Kind     `json:"kind,omitempty"`
	}
	// ColumnMoved puts a column after another; first when After is empty.
	ColumnMoved struct {
		Column ColumnID `json:"column"`
		After  ColumnID `json:"after,omitempty"`
	}
	// ColumnRemoved takes a column away; all its cards, the ones the remover
	// could not see too, go to the end of To, so that removing never tells
	// whether there were any.
	ColumnRemoved struct {
		Column ColumnID `json:"column"`
		To     ColumnID `json:"to"`
	}
)

// Type implements Change.
func (*CaseOpened) Type() string     { return "case_opened" }
func (*CaseRenamed) Type() string    { return "case_renamed" }
func (*CaseClosed) Type() string     { return "case_closed" }
func (*CaseReopened) Type() string   { return "case_reopened" }
func (*ColumnAdded) Type() string    { return "column_added" }
func (*ColumnRenamed) Type() string  { return "column_renamed" }
func (*ColumnLabelled) Type() string { return "column_labelled" }
func (*ColumnMoved) Type() string    { return "column_moved" }
func (*ColumnRemoved) Type() string  { return "column_removed" }

// Texts implements Change.
func (c *CaseOpened) Texts() []*Text    { return []*Text{&c.Name} }
func (c *CaseRenamed) Texts() []*Text   { return []*Text{&c.Name} }
func (*CaseClosed) Texts() []*Text      { return nil }
func (*CaseReopened) Texts() []*Text    { return nil }
func (c *ColumnAdded) Texts() []*Text   { return []*Text{&c.Title} }
func (c *ColumnRenamed) Texts() []*Text { return []*Text{&c.Title} }
func (*ColumnLabelled) Texts() []*Text  { return nil }
func (*ColumnMoved) Texts() []*Text     { return nil }
func (*ColumnRemoved) Texts() []*Text   { return nil }

func (c *CaseOpened) apply(s *State, _ Event) error {
	if s.Status != "" {
		return errors.New("the case is open already")
	}
	s.Name, s.Status, s.Practice = c.Name, Open, c.Practice
	return nil
}

func (c *CaseRenamed) apply(s *State, _ Event) error {
	s.Name = c.Name
	return nil
}

func (*CaseClosed) apply(s *State, _ Event) error {
	s.Status, s.Screen = Closed, false
	return nil
}

func (*CaseReopened) apply(s *State, _ Event) error {
	s.Status = Open
	return nil
}

func (c *ColumnAdded) apply(s *State, _ Event) error {
	if s.Column(c.Column) != nil {
		return fmt.Errorf("column %s is there already", c.Column)
	}
	s.Columns = slices.Insert(s.Columns, s.columnIndex(c.After)+1, &Column{ID: c.Column, Title: c.Title, Kind: c.Kind})
	return nil
}

func (c *ColumnRenamed) apply(s *State, _ Event) error {
	column, err := s.editColumn(c.Column)
	if err == nil {
		column.Title = c.Title
	}
	return err
}

func (c *ColumnLabelled) apply(s *State, _ Event) error {
	column, err := s.editColumn(c.Column)
	if err == nil {
		column.Kind = c.Kind
	}
	return err
}

func (c *ColumnMoved) apply(s *State, _ Event) error {
	column, err := s.editColumn(c.Column)
	if err != nil {
		return err
	}
	s.Columns = slices.DeleteFunc(s.Columns, func(o *Column) bool { return o.ID == c.Column })
	s.Columns = slices.Insert(s.Columns, s.columnIndex(c.After)+1, column)
	return nil
}

func (c *ColumnRemoved) apply(s *State, _ Event) error {
	if c.To == c.Column {
		return fmt.Errorf("column %s cannot take its own cards", c.To)
	}
	from, err := s.editColumn(c.Column)
	if err != nil {
		return err
	}
	to, err := s.editColumn(c.To)
	if err != nil {
		return err
	}
	for _, id := range from.Cards {
		card, err := s.editCard(id)
		if err != nil {
			return err
		}
		card.Column = c.To
	}
	to.Cards = append(to.Cards, from.Cards...)
	s.Columns = slices.DeleteFunc(s.Columns, func(o *Column) bool { return o.ID == c.Column })
	return nil
}
