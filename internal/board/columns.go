package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// AddColumn puts a column after another; first when After is empty.
	AddColumn struct {
		Title string            `json:"title"`
		After casework.ColumnID `json:"after"`
		Kind  casework.Kind     `json:"kind"` // of new cards in it; empty: unsaid
	}
	// RenameColumn gives a column another title.
	RenameColumn struct {
		Column casework.ColumnID `json:"column"`
		Title  string            `json:"title"`
	}
	// LabelColumn says what new cards in a column mostly are; nothing when Kind
	// is empty. The cards that lie there stay what they are.
	LabelColumn struct {
		Column casework.ColumnID `json:"column"`
		Kind   casework.Kind     `json:"kind"`
	}
	// MoveColumn puts a column after another; first when After is empty.
	MoveColumn struct {
		Column casework.ColumnID `json:"column"`
		After  casework.ColumnID `json:"after"`
	}
	// RemoveColumn takes a column away and its cards to another.
	RemoveColumn struct {
		Column casework.ColumnID `json:"column"`
		To     casework.ColumnID `json:"to"`
	}
)

// Target implements Command.
func (*AddColumn) Target() (string, string)      { return "column", "" }
func (c *RenameColumn) Target() (string, string) { return "column", string(c.Column) }
func (c *LabelColumn) Target() (string, string)  { return "column", string(c.Column) }
func (c *MoveColumn) Target() (string, string)   { return "column", string(c.Column) }
func (c *RemoveColumn) Target() (string, string) { return "column", string(c.Column) }

// Decide implements Command.
func (c *AddColumn) Decide(seat Seat, env Env) (Decision, error) {
	if err := mayArrange(seat, c.After); err != nil {
		return Decision{}, err
	}
	title, err := columnTitle(c.Title)
	if err != nil {
		return Decision{}, err
	}
	if err := columnKind(c.Kind); err != nil {
		return Decision{}, err
	}
	if len(seat.Columns()) >= MaxColumns {
		return Decision{}, casework.Refuse(casework.TooMany, "limit_columns")
	}
	id := casework.NewID[casework.ColumnID](env.Random)
	return Decision{Made: string(id), Changes: []casework.Change{&casework.ColumnAdded{Column: id, Title: text(title, env), After: c.After, Kind: c.Kind}}}, nil
}

// Decide implements Command.
func (c *RenameColumn) Decide(seat Seat, env Env) (Decision, error) {
	if err := mayArrange(seat, c.Column); err != nil {
		return Decision{}, err
	}
	title, err := columnTitle(c.Title)
	if err != nil {
		return Decision{}, err
	}
	column, err := existing(seat, c.Column)
	if err != nil || column.Title.Body == title {
		return Decision{}, err
	}
	return one(&casework.ColumnRenamed{Column: c.Column, Title: text(title, env)})
}

// Decide implements Command.
func (c *LabelColumn) Decide(seat Seat, _ Env) (Decision, error) {
	if err := mayArrange(seat, c.Column); err != nil {
		return Decision{}, err
	}
	if err := columnKind(c.Kind); err != nil {
		return Decision{}, err
	}
	column, err := existing(seat, c.Column)
	if err != nil || column.Kind == c.Kind {
		return Decision{}, err
	}
	return one(&casework.ColumnLabelled{Column: c.Column, Kind: c.Kind})
}

// Decide implements Command.
func (c *MoveColumn) Decide(seat Seat, _ Env) (Decision, error) {
	if err := mayArrange(seat, c.Column, c.After); err != nil {
		return Decision{}, err
	}
	if _, err := existing(seat, c.Column); err != nil {
		return Decision{}, err
	}
	if c.After == c.Column {
		return Decision{}, casework.Refuse(casework.Invalid, "column_same")
	}
	return one(&casework.ColumnMoved{Column: c.Column, After: c.After})
}

// Decide implements Command.
func (c *RemoveColumn) Decide(seat Seat, _ Env) (Decision, error) {
	if err := mayArrange(seat, c.Column); err != nil {
		return Decision{}, err
	}
	if _, err := existing(seat, c.Column); err != nil {
		return Decision{}, err
	}
	switch {
	case len(seat.Columns()) == 1:
		return Decision{}, casework.Refuse(casework.Conflict, "column_last")
	case c.To == c.Column:
		return Decision{}, casework.Refuse(casework.Invalid, "column_same")
	}
	if _, err := existing(seat, c.To); err != nil {
		return Decision{}, err
	}
	return one(&casework.ColumnRemoved{Column: c.Column, To: c.To})
}

// mayArrange checks that the columns a command names, as far as it names any,
// are there, and then the right to arrange: a denial names its object in the
// access log, so that has to be one.
func mayArrange(seat Seat, columns ...casework.ColumnID) error {
	for _, id := range columns {
		if id == "" {
			continue
		}
		if _, err := existing(seat, id); err != nil {
			return err
		}
	}
	return allow(seat, casework.ActColumns, casework.NoCell)
}

func existing(seat Seat, id casework.ColumnID) (*casework.Column, error) {
	columns := seat.Columns()
	i := slices.IndexFunc(columns, func(c *casework.Column) bool { return c.ID == id })
	if i < 0 {
		return nil, casework.Refuse(casework.NotFound, "column_gone")
	}
	return columns[i], nil
}

func columnKind(k casework.Kind) error {
	if k != "" && !slices.Contains(casework.Kinds, k) {
		return casework.Refuse(casework.Invalid, "bad_kind")
	}
	return nil
}

func columnTitle(s string) (string, error) {
	return line(s, MaxColumnTitle, "title_empty", "title_too_long")
}
