package liveclient

import (
	"fmt"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// Note is a note as somebody at a table has it: the server's text as far as it is
// known here, one write that is under way, and what was typed after it. Where two
// write at one spot, who was at the server first comes first.
type Note struct {
	user   casework.UserID
	base   casework.TextID
	server string
	flight *Write
	unsent note.Changes
	late   *late
	joined bool // the write under way was joined with a text of which no steps are known
}

// Write is a write_note.
type Write struct {
	ID      casework.CommandID `json:"-"`
	Card    casework.CardID    `json:"card"`
	Base    casework.TextID    `json:"base"`
	Changes note.Changes       `json:"changes"`
}

// late is a whole text that came while a write was under way, and the steps after
// it: whether the write is in it, its answer or its own step tells.
type late struct {
	text  view.Text
	steps []view.Step
}

// newNote is a note as its reader sees it.
func newNote(user casework.UserID, text view.Text) *Note {
	return &Note{user: user, base: text.Base, server: text.Body, unsent: note.Untouched(note.Length(text.Body))}
}

// Text is the text as its writer sees it, with what is not sent yet.
func (n *Note) Text() (string, error) {
	text, err := n.mine()
	if err != nil {
		return "", err
	}
	return n.unsent.Apply(text)
}

// mine is the text with what is under way.
func (n *Note) mine() (string, error) {
	if n.flight == nil {
		return n.server, nil
	}
	return n.flight.Changes.Apply(n.server)
}

// Base names the latest text of the server that is known here.
func (n *Note) Base() casework.TextID {
	switch {
	case n.late == nil:
		return n.base
	case len(n.late.steps) > 0:
		return n.late.steps[len(n.late.steps)-1].Base
	}
	return n.late.text.Base
}

// Stored tells whether nothing waits for the server.
func (n *Note) Stored() bool { return n.flight == nil && n.unsent.Empty() }

// Type changes the text that its writer sees.
func (n *Note) Type(changes note.Changes) (err error) {
	n.unsent, err = n.unsent.Compose(changes)
	return err
}

// send takes what waits as one write; none when there is nothing, or one is under
// way.
func (n *Note) send(id casework.CommandID, card casework.CardID) *Write {
	if n.flight != nil || n.unsent.Empty() {
		return nil
	}
	n.flight = &Write{ID: id, Card: card, Base: n.base, Changes: n.unsent}
	n.unsent = note.Untouched(n.unsent.After())
	return n.flight
}

// become takes in that the text is another one now, and what was written to make
// it so, if that is told.
func (n *Note) become(w *view.Written, text view.Text) error {
	if w != nil {
		return n.follow(*w)
	}
	return n.whole(text)
}

// follow takes in what was written.
func (n *Note) follow(w view.Written) error {
	steps, known := w.Steps, w.From == n.Base()
	for i, s := range w.Steps {
		if s.Base == n.Base() {
			steps, known = w.Steps[i+1:], true
		}
	}
	if !known {
		return fmt.Errorf("the text %q is not among what was written", n.Base())
	}
	if n.late == nil {
		return n.steps(steps)
	}
	n.late.steps = append(n.late.steps, steps...)
	for _, s := range steps {
		if n.own(s) { // it came after the whole text
			return n.catchUp()
		}
	}
	return nil
}

// whole takes in a text of which it is not known how it came about.
func (n *Note) whole(text view.Text) error {
	switch {
	case text.Base == n.Base() && !text.Redacted: // what was erased keeps its name
		return nil
	case n.flight != nil:
		n.late = &late{text: text}
		return nil
	}
	return n.jump(text)
}

// stored means that the write under way was answered: it is in.
func (n *Note) stored() error {
	if n.flight == nil {
		return nil
	}
	mine, err := n.mine()
	if err != nil {
		return err
	}
	after := n.late
	if n.late = nil; after == nil {
		return n.landed(mine)
	}
	n.base, n.server, n.joined = after.text.Base, after.text.Body, true
	if err := n.landed(mine); err != nil {
		return err
	}
	return n.steps(after.steps)
}

// again means that the server does not know the text that the write under way was
// made in: it waits again.
func (n *Note) again() (err error) {
	if n.flight != nil {
		if n.unsent, err = n.flight.Changes.Compose(n.unsent); err != nil {
			return err
		}
	}
	n.flight, n.joined = nil, false
	if n.late == nil {
		return nil
	}
	return n.catchUp()
}

// giveUp lets go of what is not stored.
func (n *Note) giveUp() error {
	err := n.again()
	n.unsent = note.Untouched(note.Length(n.server))
	return err
}

func (n *Note) own(s view.Step) bool {
	return n.flight != nil && s.User == n.user && s.ID == n.flight.ID
}

// catchUp goes to the whole text that came late, and on from there.
func (n *Note) catchUp() error {
	after := n.late
	n.late, n.joined = nil, n.flight != nil
	if err := n.jump(after.text); err != nil {
		return err
	}
	return n.steps(after.steps)
}

// jump goes to another text as if somebody else had made it of this one.
func (n *Note) jump(text view.Text) error {
	if err := n.theirs(note.Between(n.server, text.Body)); err != nil {
		return err
	}
	n.base = text.Base
	return nil
}

func (n *Note) steps(steps []view.Step) error {
	for _, s := range steps {
		take := n.theirs
		if n.own(s) {
			take = n.confirmed
		}
		if err := take(s.Changes); err != nil {
			return fmt.Errorf("step %s: %w", s.Base, err)
		}
		n.base = s.Base
	}
	return nil
}

// theirs takes in what somebody else did with the server's text.
func (n *Note) theirs(changes note.Changes) (err error) {
	if n.server, err = changes.Apply(n.server); err != nil {
		return err
	}
	if n.flight == nil {
		return n.below(changes)
	}
	seen, err := changes.Map(n.flight.Changes, true)
	if err != nil {
		return err
	}
	if n.flight.Changes, err = n.flight.Changes.Map(changes, false); err != nil {
		return err
	}
	return n.below(seen)
}

// confirmed takes in my own write as the server carried it out.
func (n *Note) confirmed(changes note.Changes) error {
	mine, err := n.mine()
	if err != nil {
		return err
	}
	if n.server, err = changes.Apply(n.server); err != nil {
		return err
	}
	return n.landed(mine)
}

// landed means that the server's text holds the write under way. It is what its
// writer saw, or both sides do not compute the same.
func (n *Note) landed(mine string) error {
	if mine != n.server && !n.joined {
		return fmt.Errorf("the server made %q of write %s, its writer %q", n.server, n.flight.ID, mine)
	}
	n.flight, n.joined = nil, false
	return n.below(note.Between(mine, n.server))
}

// below takes in a change of the text that lies under what waits to be sent.
func (n *Note) below(changes note.Changes) (err error) {
	n.unsent, err = n.unsent.Map(changes, false)
	return err
}
