package casework

import (
	"fmt"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/note"
)

type (
	// NoteWritten is a step: one change of the text of a card on the table, and
	// nothing else. It does not stand in the log of the case but among its steps.
	NoteWritten struct {
		Card    CardID       `json:"card"`
		From    TextID       `json:"from,omitempty"` // names the text before it
		Text    TextID       `json:"text"`           // names the text after it
		Era     int          `json:"era,omitempty"`  // of the card
		Changes note.Changes `json:"changes"`
		// Erased: what was written is gone, and what was written over with it.
		Erased bool `json:"-"`
	}
	// NoteBegun means that its actor began a stretch of writing. Was is the text as
	// it stood then: a version. Without an id there was none.
	NoteBegun struct {
		Card CardID `json:"card"`
		Was  Text   `json:"was"`
	}
	// NoteNamed gives the text as it stands a name: a version too.
	NoteNamed struct {
		Card CardID `json:"card"`
		Text Text   `json:"text"`
		Name Text   `json:"name"`
	}
	// NoteStands stands for all steps of a note up to its last, where a case is read
	// without its texts. It is never kept.
	NoteStands struct {
		Card    CardID
		Text    TextID
		Writers []Writer
	}
)

// A stretch of writing ends when its writer pauses this long, or has been at it
// for that long.
const (
	StretchPause = 5 * time.Minute
	StretchMost  = 15 * time.Minute
)

// MaxSteps is how many steps of a note are kept at hand, and MaxStepParts of how many
// parts together: a step may be one letter, or thousands of them.
const (
	MaxSteps     = 200
	MaxStepParts = 1 << 15
)

// Step is a change of a note as it was carried out: it leads from one text to the
// next.
type Step struct {
	Text    TextID // after it
	From    TextID // before it; empty: the card never had one
	User    UserID
	Command CommandID
	At      time.Time
	Era     int // of the card, as it was written
	Changes note.Changes
}

// Writer is somebody whose stretch of writing is open.
type Writer struct {
	User  UserID    `json:"user"`
	Since time.Time `json:"since"`
	Last  time.Time `json:"last"`
}

// goesOn tells whether what is written at a time still belongs to the stretch.
func (w Writer) goesOn(at time.Time) bool {
	return at.Sub(w.Last) < StretchPause && at.Sub(w.Since) < StretchMost
}

// Writes tells whether the user is in the middle of a stretch of writing at a time.
func (c *Card) Writes(user UserID, at time.Time) bool {
	return slices.ContainsFunc(c.Writers, func(w Writer) bool { return w.User == user && w.goesOn(at) })
}

// Since gives the steps that lead from the text that base names to the present
// one; false when the steps at hand do not go back that far.
func (c *Card) Since(base TextID) ([]Step, bool) {
	if base == c.Text.ID {
		return nil, true
	}
	i := slices.IndexFunc(c.Steps, func(s Step) bool { return s.From == base })
	if i < 0 {
		return nil, false
	}
	return c.Steps[i:], true
}

// WithSteps returns the state with other steps at hand for a card: they end at the
// text that the card has.
func (s *State) WithSteps(id CardID, steps []Step) (*State, error) {
	next, err := s.Apply()
	if err != nil {
		return nil, err
	}
	card, err := next.editCard(id)
	if err == nil {
		card.Steps = steps
	}
	return next, err
}

// Type implements Change.
func (*NoteWritten) Type() string { return "note_written" }
func (*NoteBegun) Type() string   { return "note_begun" }
func (*NoteNamed) Type() string   { return "note_named" }
func (*NoteStands) Type() string  { return "note_stands" }

// Texts implements Change. A step is kept as what it changes.
func (*NoteWritten) Texts() []*Text { return nil }
func (c *NoteBegun) Texts() []*Text { return []*Text{&c.Was} }
func (c *NoteNamed) Texts() []*Text { return []*Text{&c.Text, &c.Name} }
func (*NoteStands) Texts() []*Text  { return nil }

func (c *NoteWritten) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err != nil {
		return err
	}
	if c.From != card.Text.ID {
		return fmt.Errorf("a step goes on from another text")
	}
	card.Changed = e.At
	card.Writers = writing(card.Writers, e)
	if c.Erased {
		card.Text, card.Steps = Text{ID: c.Text, Redacted: true}, nil
		return nil
	}
	body, err := c.Changes.Apply(card.Text.Body)
	if err != nil {
		return fmt.Errorf("a step does not fit: %w", err)
	}
	card.Steps = atHand(append(slices.Clone(card.Steps), c.StepOf(e)))
	card.Text = Text{ID: c.Text, Body: body}
	return nil
}

// atHand drops the oldest steps that are too many, or too large.
func atHand(steps []Step) []Step {
	first, parts := len(steps), 0
	for first > max(0, len(steps)-MaxSteps) {
		if parts += steps[first-1].Changes.Parts(); parts > MaxStepParts {
			break
		}
		first--
	}
	return steps[first:]
}

// StepOf is what the event did to the text.
func (c *NoteWritten) StepOf(e Event) Step {
	return Step{Text: c.Text, From: c.From, User: e.Actor, Command: e.Command, At: e.At, Era: c.Era, Changes: c.Changes}
}

// writing moves the end of the actor's stretch on.
func writing(writers []Writer, e Event) []Writer {
	writers = slices.Clone(writers)
	for i := range writers {
		if writers[i].User == e.Actor {
			writers[i].Last = e.At
		}
	}
	return writers
}

func (c *NoteBegun) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(slices.Clone(card.Writers), func(w Writer) bool { return w.User == e.Actor || !w.goesOn(e.At) })
	card.Writers = append(open, Writer{User: e.Actor, Since: e.At, Last: e.At})
	if e.Undoes != "" {
		s.remember(e, Undoable{})
	}
	return nil
}

func (c *NoteNamed) apply(s *State, _ Event) error {
	_, err := s.editCard(c.Card)
	return err
}

func (c *NoteStands) apply(s *State, e Event) error {
	card, err := s.editCard(c.Card)
	if err == nil {
		card.Text, card.Steps, card.Writers, card.Changed = Text{ID: c.Text}, nil, c.Writers, e.At
	}
	return err
}

// beginEra lets the card go on in another circle of readers: nobody's stretch of
// writing goes over from one to the next.
func (c *Card) beginEra() {
	c.Era++
	c.Writers = nil
}
