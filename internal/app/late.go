package app

import (
	"context"
	"maps"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// late are the steps of the notes that a batch writes in, as far back as any of its
// writers goes on from: further than a card has at hand, also when it is the batch
// that wrote so much.
type late map[store.NoteKey][]casework.Step

// fetchLate reads those that are not at hand for a whole batch at once; only of notes
// that their writers may write in, and for what was not done before.
func (b *batch) fetchLate(ctx context.Context, tx *store.Tx, requests []*request, done map[store.CommandKey]string) (err error) {
	bases, atHand := map[store.NoteKey][]casework.TextID{}, late{}
	for _, r := range requests {
		c, writes := r.command.(*board.WriteNote)
		t := b.tables[r.key.Case]
		if _, again := done[r.key]; again || !writes || t == nil || t.broken != nil || !casework.ValidID(c.Base) && c.Base != "" {
			continue
		}
		reader, ok := t.access.Reader(r.key.User, b.now)
		if !ok {
			continue
		}
		if !board.MayWriteOn(view.SeatOf(reader, view.Moment{State: t.state, Access: t.access, At: b.now}), c.Card) {
			continue
		}
		card := t.state.Cards[c.Card]
		key := store.NoteKey{Case: r.key.Case, Card: c.Card}
		if _, known := card.Since(c.Base); !known {
			bases[key] = append(bases[key], c.Base)
		}
		if atHand[key] == nil {
			atHand[key] = append([]casework.Step{}, card.Steps...)
		}
	}
	if b.late, err = tx.StepsSince(ctx, bases); err != nil {
		return err
	}
	maps.Copy(atHand, b.late)
	b.late = atHand
	return nil
}

// stateFor is the state that a request is decided on: with the steps that it is
// late by, when those at hand do not go back that far.
func (b *batch) stateFor(r *request) (*casework.State, error) {
	state := b.tables[r.key.Case].state
	c, writes := r.command.(*board.WriteNote)
	if !writes {
		return state, nil
	}
	steps := b.late[store.NoteKey{Case: r.key.Case, Card: c.Card}]
	card := state.Cards[c.Card]
	if len(steps) == 0 || card == nil || steps[len(steps)-1].Text != card.Text.ID {
		return state, nil
	}
	if _, known := card.Since(c.Base); known {
		return state, nil
	}
	return state.WithSteps(c.Card, steps)
}

// follow lets the late steps go on with what this batch writes, and end with what
// it erases. Nobody else lengthens them: states that hold them end before.
func (b *batch) follow(id casework.CaseID, events []casework.Event) {
	for _, e := range events {
		switch c := e.Change.(type) {
		case *casework.NoteWritten:
			if key := (store.NoteKey{Case: id, Card: c.Card}); b.late[key] != nil {
				b.late[key] = append(b.late[key], c.StepOf(e))
			}
		case *casework.TextsErased:
			delete(b.late, store.NoteKey{Case: id, Card: c.Card})
		}
	}
}
