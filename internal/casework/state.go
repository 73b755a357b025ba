package casework

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// State is a case as its events made it. It is never changed: Apply returns a
// new one that shares what stayed the same, so readers need no lock.
type State struct {
	ID     CaseID `json:"id"`
	Seq    int64  `json:"seq"`           // of the last event in it
	Ink    int64  `json:"ink,omitempty"` // of the last step in it
	Name   Text   `json:"name"`
	Status Status `json:"status"`
	// Practice: an invented case to try things out in, for ever.
	Practice bool                  `json:"practice,omitempty"`
	Persons  map[PersonID]*Person  `json:"persons"`
	Family   []PersonID            `json:"family"` // in the order they were added
	Columns  []*Column             `json:"columns"`
	Cards    map[CardID]*Card      `json:"cards"`
	Undo     map[UserID][]Undoable `json:"undo,omitempty"`
	// Consents and Custody in the order in which they were put down.
	Consents []Consent `json:"consents,omitempty"`
	Custody  []Custody `json:"custody,omitempty"`
	// Involved holds everybody who ever acted here: for an author things look
	// unlike they do to colleagues.
	Involved map[UserID]bool `json:"involved"`
	// Attends lists the members, and Guests those without an account, who are in
	// the meeting room. Screen tells whether the Scherm there is shown to them.
	Attends []UserID      `json:"attends,omitempty"`
	Guests  []*TableGuest `json:"guests,omitempty"`
	Screen  bool          `json:"screen,omitempty"`
}

// NewState is the case before its first event.
func NewState(id CaseID) *State {
	return &State{ID: id, Persons: map[PersonID]*Person{}, Cards: map[CardID]*Card{}, Undo: map[UserID][]Undoable{}, Involved: map[UserID]bool{}}
}

// ErrBrokenLog means that an event does not fit the state before it; the case
// must not be served.
var ErrBrokenLog = errors.New("event log does not fold")

// IsBroken tells whether err means that a case's own log is at fault, so that
// the case must not be served until somebody looked.
func IsBroken(err error) bool {
	return errors.Is(err, ErrBrokenLog) || errors.Is(err, ErrUnknownChange)
}

// Apply folds the events, in order, onto the state.
func (s *State) Apply(events ...Event) (*State, error) {
	next := &State{ID: s.ID, Seq: s.Seq, Ink: s.Ink, Name: s.Name, Status: s.Status, Practice: s.Practice,
		Persons: maps.Clone(s.Persons), Family: slices.Clone(s.Family), Columns: slices.Clone(s.Columns),
		Cards: maps.Clone(s.Cards), Undo: maps.Clone(s.Undo), Involved: s.Involved,
		Consents: slices.Clone(s.Consents), Custody: slices.Clone(s.Custody),
		Attends: slices.Clone(s.Attends), Guests: slices.Clone(s.Guests), Screen: s.Screen}
	for _, e := range events {
		if !next.precedes(e) {
			return nil, fmt.Errorf("%w: event %d, step %d after %d and %d", ErrBrokenLog, e.Seq, e.Ink, next.Seq, next.Ink)
		}
		if _, opens := e.Change.(*CaseOpened); !opens && next.Status == "" {
			return nil, fmt.Errorf("%w: event %d (%s) before the case was opened", ErrBrokenLog, e.Seq, e.Change.Type())
		}
		if err := e.Change.apply(next, e); err != nil {
			return nil, fmt.Errorf("%w: event %d (%s): %w", ErrBrokenLog, e.Seq, e.Change.Type(), err)
		}
		next.involve(e.Actor)
		next.Seq, next.Ink = e.Seq, max(next.Ink, e.Ink)
	}
	return next, nil
}

// precedes tells whether the event is the next one: in the log, or of the steps
// that were written since.
func (s *State) precedes(e Event) bool {
	switch e.Change.(type) {
	case *NoteWritten:
		return e.Seq == s.Seq && e.Ink == s.Ink+1
	case *NoteStands:
		return e.Seq == s.Seq && e.Ink > s.Ink
	}
	return e.Seq == s.Seq+1 && e.Ink == 0
}

// Follow makes events of the changes, in the places after the state; what they
// have in common is in all.
func (s *State) Follow(all Event, changes ...Change) []Event {
	var events []Event
	all.Seq, all.Ink = s.Seq, 0
	ink := s.Ink
	for _, c := range changes {
		e := all
		if _, step := c.(*NoteWritten); step {
			ink++
			e.Ink = ink
		} else {
			all.Seq++
			e.Seq = all.Seq
		}
		e.Change = c
		events = append(events, e)
	}
	return events
}

// Head grows with every event and every step: it tells which of two states of a
// case is the later one.
func (s *State) Head() int64 { return s.Seq + s.Ink }

// involve leaves out the nobody of a note that stands: who wrote it had begun.
func (s *State) involve(user UserID) {
	if user != "" && !s.Involved[user] {
		s.Involved = maps.Clone(s.Involved)
		s.Involved[user] = true
	}
}

// Column finds a column.
func (s *State) Column(id ColumnID) *Column {
	if i := s.columnIndex(id); i >= 0 {
		return s.Columns[i]
	}
	return nil
}

func (s *State) columnIndex(id ColumnID) int {
	return slices.IndexFunc(s.Columns, func(c *Column) bool { return c.ID == id })
}

// About is the person a card speaks from, nil for professional.
func (s *State) About(c *Card) *Person { return s.Persons[c.Perspective] }

// The methods below are for events only: each gives a fresh copy that is
// already part of the new state.

func (s *State) editCard(id CardID) (*Card, error) {
	old, ok := s.Cards[id]
	if !ok {
		return nil, fmt.Errorf("no card %s", id)
	}
	c := *old
	s.Cards[id] = &c
	return &c, nil
}

func (s *State) editPerson(id PersonID) (*Person, error) {
	old, ok := s.Persons[id]
	if !ok {
		return nil, fmt.Errorf("no person %s", id)
	}
	p := *old
	s.Persons[id] = &p
	return &p, nil
}

func (s *State) editColumn(id ColumnID) (*Column, error) {
	i := s.columnIndex(id)
	if i < 0 {
		return nil, fmt.Errorf("no column %s", id)
	}
	c := *s.Columns[i]
	c.Cards = slices.Clone(c.Cards)
	s.Columns[i] = &c
	return &c, nil
}

// place puts the card into the column directly after the anchor in the full
// order; without an anchor, or when the anchor is not in that column, first.
func (s *State) place(card *Card, column ColumnID, after CardID) error {
	if old := s.columnIndex(card.Column); old >= 0 {
		from, err := s.editColumn(card.Column)
		if err != nil {
			return err
		}
		from.Cards = slices.DeleteFunc(from.Cards, func(id CardID) bool { return id == card.ID })
	}
	to, err := s.editColumn(column)
	if err != nil {
		return err
	}
	to.Cards = slices.Insert(to.Cards, slices.Index(to.Cards, after)+1, card.ID)
	card.Column = column
	return nil
}
