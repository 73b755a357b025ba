package casework

import "slices"

// UndoDepth is how many of one's own last changes can be taken back.
const UndoDepth = 20

// Undoable is a change of a card that its maker can still take back: what was,
// and what must still be so for that to be safe.
type Undoable struct {
	Command CommandID `json:"command"`
	Card    CardID    `json:"card"`
	Era     int       `json:"era"`  // of the card; a reclassified card is not undone across
	What    string    `json:"what"` // type of the event
	// Title or Text as it was, and the id that replaced it.
	Title Text   `json:"title,omitzero"`
	Text  Text   `json:"text,omitzero"`
	Now   TextID `json:"now,omitempty"`
	// Labels as they were and as they became.
	Labels    Labels `json:"labels,omitzero"`
	LabelsNow Labels `json:"labels_now,omitzero"`
	// Was is where the mover saw the card before, Column where it went.
	Was    Place    `json:"was,omitzero"`
	Column ColumnID `json:"column,omitempty"`
}

// Stands tells whether the card is still as the change left it: what somebody
// changed again since is not taken back.
func (u Undoable) Stands(card *Card) bool {
	switch u.What {
	case (*CardRetitled)(nil).Type():
		return card.Title.ID == u.Now
	case (*CardEdited)(nil).Type():
		return card.Text.ID == u.Now
	case (*CardLabelled)(nil).Type():
		return card.Labels() == u.LabelsNow
	default:
		return card.Column == u.Column
	}
}

// Labels are what a card says of itself.
type Labels struct {
	Kind   Kind   `json:"kind"`
	Domain Domain `json:"domain,omitempty"`
	Seen   Seen   `json:"seen,omitempty"`
}

// Labels of the card as it is.
func (c *Card) Labels() Labels { return Labels{c.Kind, c.Domain, c.Seen} }

// Place is a spot on the board: directly after a card, or first in the column.
type Place struct {
	Column ColumnID `json:"column"`
	After  CardID   `json:"after,omitempty"`
}

// remember files an undoable of the event's actor, or takes the undone one off.
func (s *State) remember(e Event, u Undoable) {
	list := slices.Clone(s.Undo[e.Actor])
	if e.Undoes != "" {
		list = slices.DeleteFunc(list, func(o Undoable) bool { return o.Command == e.Undoes })
	} else {
		u.Command, u.What = e.Command, e.Change.Type()
		list = append(list, u)
		list = list[max(0, len(list)-UndoDepth):]
	}
	s.Undo[e.Actor] = list
}

// forgetUndo takes away what could bring erased texts back. What is left keeps
// its place among the last changes, so that nobody can tell by how many can be
// undone that a hidden card was erased.
func (s *State) forgetUndo(card CardID) {
	for user, list := range s.Undo {
		list = slices.Clone(list)
		for i, u := range list {
			if u.Card == card {
				list[i] = Undoable{Command: u.Command}
			}
		}
		s.Undo[user] = list
	}
}
