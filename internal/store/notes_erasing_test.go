package store_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/store"
)

// since reads the steps of a note since a text.
func (d *desk) since(t testing.TB, in casework.CardID, bases ...casework.TextID) (steps []casework.Step) {
	t.Helper()
	d.transact(t, func(tx *store.Tx) error {
		key := store.NoteKey{Case: d.c, Card: in}
		read, err := tx.StepsSince(t.Context(), map[store.NoteKey][]casework.TextID{key: bases})
		steps = read[key]
		return err
	})
	return steps
}

// sealed counts what of a note is kept sealed: steps, whole texts, texts beside events.
func (d *desk) sealed(t testing.TB, in casework.CardID) string {
	t.Helper()
	return one[string](t, d.super, `SELECT concat_ws(' ', (SELECT count(*) FROM note_step WHERE card = $1 AND sealed <> ''),
		(SELECT count(*) FROM note WHERE card = $1 AND sealed <> ''), (SELECT count(*) FROM text WHERE object = $1))`, in)
}

func written(in casework.CardID, from casework.TextID, was string, to casework.Text) *casework.NoteWritten {
	return &casework.NoteWritten{Card: in, From: from, Text: to.ID, Changes: note.Between(was, to.Body)}
}

// What is erased goes from steps, saved texts and versions, also what the same batch
// wrote before, and no way back leads to it. What is written after it stays.
func TestErasingWriting(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	begin := d.state.Cards[card].Text.ID
	d.do(t, append([]casework.Change{d.begun(other)}, d.typed(t, other, 2)...)...)
	neighbour := d.sealed(t, other)
	d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 1)...)...)
	fresh := d.state
	d.do(t, append(d.typed(t, card, 70), &casework.NoteNamed{Card: card, Text: d.state.Cards[card].Text, Name: text("name1", "Besproken")})...)
	before := d.state
	if err := d.SaveSnapshot(t.Context(), before); err != nil {
		t.Fatal(err)
	}

	// The last words before it are of the same batch.
	steps := d.typed(t, card, 2)
	last := steps[1].(*casework.NoteWritten).Text
	d.do(t, append(steps, &casework.TextsErased{Card: card})...)
	check := func(what, sealed string) {
		t.Helper()
		if got := d.sealed(t, card); got != sealed {
			t.Errorf("%s: kept are %s, want %s", what, got, sealed)
		}
		alike(t, what, d.load(t, d.c), d.state)
		for _, was := range []*casework.State{fresh, before} {
			d.catchesUp(t, what, was)
		}
		// A snapshot of before it that was on its way comes late.
		if err := d.SaveSnapshot(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		alike(t, what+", from a late snapshot", d.load(t, d.c), d.state)
	}
	check("erased", "0 0 0")
	if steps := d.since(t, card, begin, last); len(steps) > 0 {
		t.Errorf("erased, and late: %+v", steps)
	}

	// Written, erased and written again, all in one batch.
	a, b, c := d.after(casework.Text{}, "Kastanjelaan"), d.after(casework.Text{}, "Veilig"), d.after(casework.Text{}, "Veilig nu")
	d.do(t, &casework.NoteBegun{Card: card}, written(card, last, "", a), &casework.TextsErased{Card: card},
		&casework.NoteBegun{Card: card}, written(card, a.ID, "", b), written(card, b.ID, b.Body, c))
	if got := d.state.Cards[card].Text; got != c {
		t.Fatalf("it is %+v", got)
	}
	check("written again", "2 1 0")
	if steps := d.since(t, card, begin); len(steps) != 2 || steps[0].From != a.ID || steps[1].Text != c.ID {
		t.Errorf("late from long before it: %+v", steps)
	}

	// And the text of after it is a version like any other.
	d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 1)...)...)
	check("with a version", "3 1 1")
	d.do(t, &casework.TextsErased{Card: card})
	check("erased again", "0 0 0")
	if got := d.sealed(t, other); got != neighbour {
		t.Errorf("of its neighbour are kept %s, not %s", got, neighbour)
	}
}

// Steps are found from the earliest of the texts that somebody goes on from; of a
// text that never was, there are none.
func TestStepsSince(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if steps := d.since(t, other, ""); len(steps) > 0 {
		t.Errorf("of a note that nobody wrote in: %+v", steps)
	}
	d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 300)...)...)
	d.do(t, append([]casework.Change{d.begun(other)}, d.typed(t, other, 3)...)...)
	all := d.since(t, card, text("body", "").ID)
	words, err := "Samen", error(nil)
	for i, s := range all {
		if words, err = s.Changes.Apply(words); err != nil || i > 0 && s.From != all[i-1].Text {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if len(all) != 300 || words != d.state.Cards[card].Text.Body {
		t.Errorf("%d steps lead to %q", len(all), words)
	}
	if steps := d.since(t, card, all[290].From, all[250].From, "NEVERWASNEVERWAS"); len(steps) != 50 || flat(steps) != flat(all[250:]) {
		t.Errorf("since the earliest of three: %d steps", len(steps))
	}
	if steps := d.since(t, card, "NEVERWASNEVERWAS"); len(steps) > 0 {
		t.Errorf("since a text that never was: %d steps", len(steps))
	}
	if steps := d.since(t, other, all[0].From); len(steps) > 0 {
		t.Errorf("since a text of another note: %d steps", len(steps))
	}
	if steps := d.since(t, other, ""); len(steps) != 3 {
		t.Errorf("since there was no text: %d steps", len(steps))
	}
}

// Of the steps only those go that are thirty days old and that the saved text holds,
// and a note whose steps went is read and written in as before.
func TestOldStepsGo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	begin := d.state.Cards[card].Text.ID
	d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 10)...)...) // saved with these
	known := d.state
	d.do(t, d.typed(t, card, 5)...)
	must(t, d.super, `UPDATE note_step SET at = now() - CASE WHEN ink <= 4 OR ink > 10 THEN interval '30 days 1 minute' ELSE interval '29 days 23 hours' END`)
	kept := func() string {
		return one[string](t, d.super, `SELECT coalesce(string_agg(ink::text, ' ' ORDER BY ink), '') FROM note_step`)
	}
	if n, err := d.DropOldSteps(t.Context()); err != nil || n != 4 || kept() != "5 6 7 8 9 10 11 12 13 14 15" {
		t.Errorf("%d went, %v; kept are %s", n, err, kept())
	}
	if steps := d.since(t, card, begin); len(steps) > 0 {
		t.Errorf("from before those that went: %d steps", len(steps))
	}
	if got := d.load(t, d.c).Cards[card].Text; got != d.state.Cards[card].Text {
		t.Errorf("read anew it is %+v", got)
	}
	d.do(t, d.typed(t, card, 70)...) // saved anew
	must(t, d.super, `UPDATE note_step SET at = now() - interval '31 days'`)
	if n, err := d.DropOldSteps(t.Context()); err != nil || n != 81 || kept() != "" {
		t.Errorf("%d went, %v; kept are %s", n, err, kept())
	}
	d.do(t, d.typed(t, card, 2)...)
	alike(t, "written in after it", d.load(t, d.c), d.state)
	// What was known before they went cannot be brought up to date: it is read anew.
	events, err := d.ChangesAfter(t.Context(), d.Reader(), known)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := known.Apply(events...); !casework.IsBroken(err) {
		t.Errorf("over steps that are gone: %v", err)
	}
}

// A row that was put in the place of another does not pass for it.
func TestSealedWritingCannotBeSwapped(t *testing.T) {
	t.Parallel()
	for _, swap := range []string{
		`UPDATE note_step a SET sealed = b.sealed FROM note_step b WHERE a.ink = 2 AND b.ink = 3`,
		`UPDATE note a SET sealed = b.sealed FROM note b WHERE a.card <> b.card`,
		`UPDATE note SET saved_ink = saved_ink + 1`,
	} {
		d := newDesk(t)
		d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 1)...)...)
		d.do(t, d.typed(t, card, 2)...)
		d.do(t, append([]casework.Change{d.begun(other)}, d.typed(t, other, 2)...)...)
		must(t, d.super, swap)
		if _, err := d.LoadState(t.Context(), d.Reader(), d.c); err == nil {
			t.Errorf("%s: it opens", swap)
		}
	}
}
