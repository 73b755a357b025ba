package view

import (
	"fmt"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
)

// Written is what was written in the note of a card. The first step is made in
// the text that From names.
type Written struct {
	Card    casework.CardID `json:"card"`
	Changed time.Time       `json:"changed"`
	From    casework.TextID `json:"from"`
	Steps   []Step          `json:"steps"`
}

// Step is one change of a note; Base names the text that it led to, ID is the
// command of its writer.
type Step struct {
	ID      casework.CommandID `json:"id"`
	User    casework.UserID    `json:"user"`
	Base    casework.TextID    `json:"base"`
	Changes note.Changes       `json:"changes"`
}

// maxWritten is about how many bytes are told of what was written in one note: from
// there on its text is told whole, which is less.
const (
	maxWritten = 64 << 10
	aStep      = 100 // bytes around the changes of a step
)

// writtenSince tells what was written in a card between two looks of somebody who
// saw it both times and was never kept out in between; false when that is not all
// that became of its text, or is not known any more. Nothing of another era is
// told step by step: words may have come and gone while others could read.
func writtenSince(old, now *casework.Card) (Written, bool) {
	steps := StepsSince(now, old.Text)
	if old.Era != now.Era || len(steps) == 0 {
		return Written{}, false
	}
	w, bytes := Written{Card: now.ID, Changed: now.Changed, From: old.Text.ID, Steps: make([]Step, len(steps))}, 0
	for i, s := range steps {
		if bytes += aStep + s.Changes.Weight(); bytes > maxWritten {
			return Written{}, false
		}
		w.Steps[i] = Step{s.Command, s.User, s.Text, s.Changes}
	}
	return w, true
}

// StepsSince gives the steps that led from a text of a card to the present one;
// none when that is the present one, was erased meanwhile, which leaves it its id,
// or is too long ago. An erased text is another one by its length; of an empty one
// it has to be known how it came to be empty.
func StepsSince(c *casework.Card, text casework.Text) []casework.Step {
	steps, _ := c.Since(text.ID)
	switch {
	case len(steps) == 0 || steps[0].Changes.Before() != note.Length(text.Body):
		return nil
	case text.Body == "" && text.ID != "" && !text.Redacted && len(steps) == len(c.Steps):
		return nil // erasing leaves no step before it
	}
	return steps
}

// LengthOf is the length of a text of a card's present era, in UTF-16 units; false
// when it is none or not known any more.
func LengthOf(c *casework.Card, base casework.TextID) (int, bool) {
	if base == c.Text.ID {
		return note.Length(c.Text.Body), true
	}
	steps, _ := c.Since(base)
	if len(steps) == 0 || steps[0].Era != c.Era {
		return 0, false
	}
	return steps[0].Changes.Before(), true
}

// apply takes a text on by what was written, from wherever in it that text is.
func (w Written) apply(t Text) (Text, error) {
	steps := w.Steps
	for i, s := range w.Steps {
		if s.Base == t.Base {
			steps = w.Steps[i+1:]
		}
	}
	if len(steps) == len(w.Steps) && t.Base != w.From {
		return t, fmt.Errorf("the text %s of card %s is not among what was written on it", t.Base, w.Card)
	}
	for _, s := range steps {
		body, err := s.Changes.Apply(t.Body)
		if err != nil {
			return t, fmt.Errorf("card %s: %w", w.Card, err)
		}
		t = Text{Base: s.Base, Body: body}
	}
	return t, nil
}

// OnlyWritten lists the cards that were written on when nothing else is
// different. All who saw the same cards before and see them now are told the same
// of them.
func (d *Difference) OnlyWritten() (cards []casework.CardID, only bool) {
	rest := *d
	rest.Written = nil
	if !rest.Empty() {
		return nil, false
	}
	for _, w := range d.Written {
		cards = append(cards, w.Card)
	}
	return cards, len(cards) > 0
}
