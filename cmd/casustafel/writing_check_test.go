package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
)

// storedStep is a step of a note as the database has it, but for its words.
type storedStep struct {
	Ink     int64              `db:"ink"`
	Account casework.UserID    `db:"account"`
	Command casework.CommandID `db:"command"`
	From    casework.TextID    `db:"from_id"`
	Text    casework.TextID    `db:"text_id"`
}

// stored are the steps of a note, in their order.
func (tb *table) stored(card casework.CardID) (steps []storedStep) {
	tb.t.Helper()
	if err := tb.sql().Select(&steps, `SELECT ink, account, command, from_id, text_id FROM note_step WHERE case_id = $1 AND card = $2 ORDER BY ink`, tb.id, card); err != nil {
		tb.t.Fatal(err)
	}
	return steps
}

// checked holds what writers noted to what the database has. Every sign was typed
// once, so the text itself tells what was lost, doubled or put in another order.
type checked struct {
	t      testing.TB
	stored map[casework.CardID][]storedStep
	texts  map[casework.CardID]string

	typed   map[rune]bool // by somebody, at all
	removed map[rune]bool // by a write that may have been stored
	runs    []putIn

	given, answered, again, refused, steps int
}

// putIn is what an acknowledged write put in at one place.
type putIn struct {
	card  casework.CardID
	signs string
}

// writer takes in the journal of one writer.
func (c *checked) writer(user casework.UserID, journal []liveclient.Sent) {
	if c.typed == nil {
		c.typed, c.removed = map[rune]bool{}, map[rune]bool{}
	}
	last := map[casework.CardID]int{}
	for _, s := range journal {
		c.given++
		at := slices.IndexFunc(c.stored[s.Card], func(step storedStep) bool { return step.Account == user && step.Command == s.ID })
		c.write(s, at)
		if at < 0 {
			continue
		}
		if c.steps++; at < last[s.Card] {
			c.t.Errorf("write %s is stored before an earlier one of its writer", s.ID)
		}
		last[s.Card] = at
	}
}

// write holds one write to the step at which it is stored, -1 if it is not.
func (c *checked) write(s liveclient.Sent, at int) {
	changes := s.Changes
	after, err := changes.Apply(s.Over)
	if err != nil {
		c.t.Fatalf("write %s: %v", s.ID, err)
	}
	for _, r := range s.Over {
		if at >= 0 && !strings.ContainsRune(after, r) {
			c.removed[r] = true
		}
	}
	for signs := range changes.Inserted() {
		for _, r := range signs {
			c.typed[r] = true
		}
		if at >= 0 {
			c.runs = append(c.runs, putIn{s.Card, signs})
		} else if s.Answered {
			c.t.Errorf("write %s was answered, and %q is not stored", s.ID, signs)
		}
	}
	if s.Refused != "" {
		if c.refused++; s.Given == 1 && at >= 0 && !s.Answered {
			c.t.Errorf("write %s was refused (%s) and stored", s.ID, s.Refused)
		}
	}
	if s.Answered {
		c.answered++
		if s.Given > 1 {
			c.again++
		}
	}
}

// all is what can be said when all journals are in.
func (c *checked) all() {
	for card, steps := range c.stored {
		c.chain(card, steps)
	}
	for card, text := range c.texts {
		for _, r := range text {
			switch {
			case !c.typed[r]:
				c.t.Errorf("nobody wrote the %q of %s", r, card)
			case c.removed[r]:
				c.t.Errorf("%q was taken away and is still in %s", r, card)
			case strings.Count(text, string(r)) != 1:
				c.t.Errorf("%q is in %s more than once", r, card)
			}
		}
	}
	for _, run := range c.runs {
		last := -1
		for _, r := range run.signs {
			switch i := strings.IndexRune(c.texts[run.card], r); {
			case i < 0 && !c.removed[r]:
				c.t.Errorf("%q is lost from %s", r, run.card)
			case i >= 0 && i < last:
				c.t.Errorf("%q stands in another order in %s", run.signs, run.card)
			case i >= 0:
				last = i
			}
		}
	}
}

// chain is the order of all: every step is made in the text after the one before,
// and none is there twice.
func (c *checked) chain(card casework.CardID, steps []storedStep) {
	seen := map[storedStep]bool{}
	for i, step := range steps {
		if i > 0 && step.From != steps[i-1].Text {
			c.t.Errorf("step %d of %s is not made in the text before it", step.Ink, card)
		}
		who := storedStep{Account: step.Account, Command: step.Command}
		if seen[who] {
			c.t.Errorf("write %s is stored twice", step.Command)
		}
		seen[who] = true
	}
}
