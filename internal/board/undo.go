package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
)

type (
	// Undo takes back a change of one's own to the content, place or labels of
	// a card. It is decided anew, under today's rights.
	Undo struct {
		Command casework.CommandID `json:"command"`
	}
	// Redact erases every text that an object ever had: of the card, person,
	// column or guest that is named, else the name of the case.
	Redact struct {
		Card   casework.CardID   `json:"card"`
		Person casework.PersonID `json:"person"`
		Column casework.ColumnID `json:"column"`
		Guest  casework.GuestID  `json:"guest"`
	}
)

// Target implements Command.
func (*Undo) Target() (string, string) { return "card", "" }

// Target implements Command.
func (c *Redact) Target() (string, string) {
	switch {
	case c.Card != "":
		return "card", string(c.Card)
	case c.Person != "":
		return "person", string(c.Person)
	case c.Column != "":
		return "column", string(c.Column)
	case c.Guest != "":
		return "guest", string(c.Guest)
	}
	return "case", ""
}

// Decide implements Command.
func (c *Undo) Decide(seat Seat, env Env) (Decision, error) {
	list := seat.Undoables()
	i := slices.IndexFunc(list, func(u casework.Undoable) bool { return u.Command == c.Command })
	if i < 0 {
		return Decision{}, casework.Refuse(casework.NotFound, "undo_gone")
	}
	about := string(list[i].Card)
	back, err := reverse(seat, env, list[i])
	if err != nil {
		return Decision{About: about}, err
	}
	return Decision{About: about, Changes: back, Undoes: c.Command}, nil
}

// reverse makes the change back, as long as nobody changed the same since.
func reverse(seat Seat, env Env, u casework.Undoable) ([]casework.Change, error) {
	act := casework.ActEdit
	if u.Was.Column != "" {
		act = casework.ActMove
	}
	card, err := mayOn(seat, u.Card, act)
	if err != nil {
		return nil, err
	}
	if !u.Stands(card) {
		return nil, casework.Refuse(casework.Conflict, "undo_changed")
	}
	switch u.What {
	case (*casework.CardRetitled)(nil).Type():
		return []casework.Change{&casework.CardRetitled{Card: u.Card, Title: u.Title}}, nil
	case (*casework.CardEdited)(nil).Type():
		if !card.Draft() {
			return rewrite(card, u.Text.Body, env)
		}
		return []casework.Change{&casework.CardEdited{Card: u.Card, Text: u.Text}}, nil
	case (*casework.CardLabelled)(nil).Type():
		if u.Labels.Kind.Act() != card.Kind.Act() {
			if err := mayWrite(seat, u.Labels.Kind, card.Perspective, card.Class); err != nil {
				return nil, err
			}
		}
		return []casework.Change{&casework.CardLabelled{Card: u.Card, Labels: u.Labels}}, nil
	default:
		return moveBack(seat, card, u.Was)
	}
}

// rewrite brings an earlier text of a card on the table back, as writing that is a
// stretch of its own. Only what was edited whole, before many wrote together, comes
// back so.
func rewrite(card *casework.Card, was string, env Env) ([]casework.Change, error) {
	if card.Archived {
		return nil, casework.Refuse(casework.Conflict, "note_archived")
	}
	begun := &casework.NoteBegun{Card: card.ID, Was: version(card)}
	return []casework.Change{begun, step(card, note.Between(card.Text.Body, was), env)}, nil
}

// moveBack puts the card where its mover saw it; first in that column when the
// card it came after is no longer there.
func moveBack(seat Seat, card *casework.Card, was casework.Place) ([]casework.Change, error) {
	if !anchors(seat, card, was) {
		was.After = ""
	}
	return []casework.Change{&casework.CardMoved{Card: card.ID, To: was, Was: placeOf(seat, card)}}, checkPlace(seat, card, was)
}

// Decide implements Command.
func (c *Redact) Decide(seat Seat, _ Env) (Decision, error) {
	named := 0
	for _, id := range []string{string(c.Card), string(c.Person), string(c.Column), string(c.Guest)} {
		if id != "" {
			named++
		}
	}
	if named > 1 {
		return Decision{}, casework.Refuse(casework.Invalid, "bad_command")
	}
	var err error
	switch {
	case c.Card != "":
		_, err = mayOn(seat, c.Card, casework.ActRedact)
	case c.Person != "":
		_, err = mayOnPerson(seat, c.Person, casework.ActRedact)
	case c.Column != "":
		if _, err = existing(seat, c.Column); err == nil {
			err = allow(seat, casework.ActRedact, casework.NoCell)
		}
	case c.Guest != "":
		if _, err = guest(seat, c.Guest); err == nil {
			err = allow(seat, casework.ActRedact, casework.NoCell)
		}
	default:
		err = allow(seat, casework.ActRedact, casework.NoCell)
	}
	if err != nil {
		return Decision{}, err
	}
	return one(&casework.TextsErased{Card: c.Card, Person: c.Person, Column: c.Column, Guest: c.Guest})
}
