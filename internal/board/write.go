package board

import (
	"errors"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
)

type (
	// WriteNote changes the text of a card on the table. The changes are against
	// the text that Base names; what others wrote since stays, and comes first where
	// both wrote at the same spot.
	WriteNote struct {
		Card    casework.CardID `json:"card"`
		Base    casework.TextID `json:"base"` // empty: the card never had a text
		Changes note.Changes    `json:"changes"`
	}
	// NameVersion gives the text of a card, as it stands, a name.
	NameVersion struct {
		Card casework.CardID `json:"card"`
		Name string          `json:"name"`
	}
)

// Target implements Command.
func (c *WriteNote) Target() (string, string)   { return "card", string(c.Card) }
func (c *NameVersion) Target() (string, string) { return "card", string(c.Card) }

// Decide implements Command.
func (c *WriteNote) Decide(seat Seat, env Env) (Decision, error) {
	card, err := noteOn(seat, c.Card)
	if err != nil {
		return Decision{}, err
	}
	if c.Changes.Parts() > note.MaxParts {
		return Decision{}, casework.Refuse(casework.Invalid, "bad_changes")
	}
	for piece := range c.Changes.Inserted() {
		if !sound(piece, misleading) {
			return Decision{}, casework.Refuse(casework.Invalid, "bad_text")
		}
	}
	since, known := card.Since(c.Base)
	if !known {
		return Decision{}, casework.Refuse(casework.Conflict, "note_moved_on")
	}
	changes, err := rebase(c.Changes, since)
	if err != nil {
		return Decision{}, err
	}
	return write(seat, env, card, changes)
}

// noteOn finds a card on the table whose text the actor may change.
func noteOn(seat Seat, id casework.CardID) (*casework.Card, error) {
	card, err := mayOn(seat, id, casework.ActEdit)
	switch {
	case err != nil:
		return nil, err
	case card.Draft():
		return nil, casework.Refuse(casework.Conflict, "still_draft")
	case card.Archived:
		return nil, casework.Refuse(casework.Conflict, "note_archived")
	}
	return card, nil
}

// maxRebase is how many parts of changes are gone through to take one writing over
// what came since, at most: everybody's changes wait for it. Whoever would need more
// merges two texts instead.
const maxRebase = 1 << 15

// rebase takes changes of an earlier text over the steps since.
func rebase(changes note.Changes, since []casework.Step) (note.Changes, error) {
	parts := 0
	for _, step := range since {
		if parts += changes.Parts() + step.Changes.Parts(); parts > maxRebase {
			return changes, casework.Refuse(casework.Conflict, "note_moved_on")
		}
		var err error
		if changes, err = changes.Map(step.Changes, false); err != nil {
			return changes, badChanges(err)
		}
	}
	return changes, nil
}

// malformed tells whether a command was not read because of changes that are none.
func malformed(err error) bool {
	return slices.ContainsFunc([]error{note.ErrForm, note.ErrHalfPair, note.ErrLineBreak, note.ErrTooMuch},
		func(why error) bool { return errors.Is(err, why) })
}

// badChanges refuses what does not fit the text, of which it says no more.
func badChanges(err error) error {
	return &casework.Error{Kind: casework.Invalid, Reason: "bad_changes", Err: err}
}

// write changes the text of a card as it is now. What begins a stretch of writing
// leaves the text before it as a version.
func write(seat Seat, env Env, card *casework.Card, changes note.Changes) (Decision, error) {
	words, err := changes.Apply(card.Text.Body)
	switch {
	case errors.Is(err, note.ErrTooMuch):
		return Decision{}, casework.Refuse(casework.Invalid, "text_too_long")
	case err != nil:
		return Decision{}, badChanges(err)
	case changes.Empty():
		return Decision{}, nil
	case len(words) > MaxText && len(words) > len(card.Text.Body):
		return Decision{}, casework.Refuse(casework.Invalid, "text_too_long")
	}
	written := step(card, changes, env)
	d := Decision{Changes: []casework.Change{written}}
	if !card.Writes(seat.Author().User, env.Now) {
		d.Changes = []casework.Change{&casework.NoteBegun{Card: card.ID, Was: version(card)}, written}
	}
	return d, nil
}

func step(card *casework.Card, changes note.Changes, env Env) *casework.NoteWritten {
	return &casework.NoteWritten{Card: card.ID, From: card.Text.ID, Text: casework.NewID[casework.TextID](env.Random), Era: card.Era, Changes: changes}
}

// version is the text as it stands; what was erased is none.
func version(card *casework.Card) casework.Text {
	if card.Text.Redacted {
		return casework.Text{}
	}
	return card.Text
}

// Decide implements Command.
func (c *NameVersion) Decide(seat Seat, env Env) (Decision, error) {
	card, err := noteOn(seat, c.Card)
	if err != nil {
		return Decision{}, err
	}
	name, err := title(c.Name)
	if err != nil {
		return Decision{}, err
	}
	if version(card).Body == "" {
		return Decision{}, casework.Refuse(casework.Conflict, "note_empty")
	}
	return one(&casework.NoteNamed{Card: card.ID, Text: card.Text, Name: text(name, env)})
}
