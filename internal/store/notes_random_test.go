package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/policies"
)

// Whatever happens at a table, in whatever batches: a case that is read is the one
// in memory, from snapshots of any time and from any state that was known before.
func TestRandomHistoriesAreReadAsTheyWere(t *testing.T) {
	t.Parallel()
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	steps, erased := 0, 0
	for seed := range uint64(4) {
		table := casetest.NewTable(rules)
		d := &desk{house: h, c: id[casework.CaseID](fmt.Sprint("CASE", seed))}
		h.transact(t, func(tx *store.Tx) error { return tx.CreateCase(t.Context(), d.c, "", casetest.Start) })
		history := casetest.History(seed+1, 120, table)
		draw := rand.New(rand.NewPCG(seed, 1))
		opened := &casework.CaseOpened{Name: table.State.Name}
		events := []casework.Event{{Seq: 1, Epoch: 1, Actor: casetest.Users(casetest.Cast())[0], At: casetest.Start, Command: "OPEN", Change: opened}}
		d.state = casework.NewState(d.c)
		known := []*casework.State{}
		for i, step := range history {
			for _, step := range append([]casetest.Step{step}, more(draw, table, step.At)...) {
				before := table.State
				var out casetest.Outcome
				table, out = table.Do(step)
				for _, e := range out.Events {
					if e.Ink > 0 {
						steps++
					} else if c, ok := e.Change.(*casework.TextsErased); ok && wasWritten(before, c.Card) {
						erased++
					}
				}
				events = append(events, out.Events...)
			}
			if len(events) == 0 || draw.IntN(3) > 0 && i < len(history)-1 {
				continue
			}
			d.batch(t, events)
			events = nil
			known = append(known, d.state)
			if draw.IntN(4) == 0 {
				if err := h.SaveSnapshot(t.Context(), known[draw.IntN(len(known))]); err != nil {
					t.Fatal(err)
				}
			}
			alike(t, "read", h.load(t, d.c), d.state)
			d.catchesUp(t, "caught up", known[draw.IntN(len(known))])
			if t.Failed() {
				t.Fatalf("seed %d, step %d, after %s", seed+1, i, step.Command)
			}
		}
	}
	if checked, err := h.Check(t.Context()); err != nil || checked.Cases != 4 || checked.Snapshots == 0 || checked.Texts < 150 {
		t.Errorf("checked %+v: %v", checked, err)
	}
	if steps < 150 || erased < 3 {
		t.Errorf("%d steps, %d notes erased: too little was written", steps, erased)
	}
}

// more is writing on top of what a random history has of it: in any card, from its
// text now or from one of before; and sometimes the chair erases one.
func more(draw *rand.Rand, table casetest.Table, at time.Time) (steps []casetest.Step) {
	ids := slices.Sorted(maps.Keys(table.State.Cards))
	for n := range draw.IntN(4) {
		if len(ids) == 0 {
			break
		}
		card := table.State.Cards[ids[draw.IntN(len(ids))]]
		base, length := card.Text.ID, note.Length(card.Text.Body)
		if n := len(card.Steps); n > 0 && draw.IntN(2) == 0 {
			earlier := card.Steps[draw.IntN(n)]
			base, length = earlier.From, earlier.Changes.Before()
		}
		step := casetest.Step{ID: id[casework.CommandID](fmt.Sprintf("M%d", draw.Uint64())), At: at.Add(time.Duration(n+1) * time.Millisecond), User: card.Author.User,
			Command: "write_note", With: fmt.Appendf(nil, `{"card":%q,"base":%q,"changes":[[0,"woord "],%d]}`, card.ID, base, length)}
		switch draw.IntN(16) {
		case 0:
			step.User, step.Command, step.With = casetest.Users(casetest.Cast())[0], "redact", fmt.Appendf(nil, `{"card":%q}`, card.ID)
		case 1:
			step.Command, step.With = "name_version", fmt.Appendf(nil, `{"card":%q,"name":"Zo"}`, card.ID)
		}
		steps = append(steps, step)
	}
	return steps
}

func wasWritten(s *casework.State, id casework.CardID) bool {
	card := s.Cards[id]
	return card != nil && len(card.Steps) > 0
}

// batch writes events as one batch.
func (d *desk) batch(t testing.TB, events []casework.Event) {
	t.Helper()
	next, err := d.state.Apply(events...)
	if err != nil {
		t.Fatal(err)
	}
	d.transact(t, func(tx *store.Tx) error {
		return tx.AppendEvents(t.Context(), []store.Append{{Case: d.c, Events: slices.Clone(events), State: next}})
	})
	d.state = next
}
