package view_test

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// A desk is a table with one card on it that people write on.
type desk struct {
	t      *testing.T
	card   casework.CardID
	reader casework.Reader
	table  casetest.Table
	texts  int
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, card: "CARD222222222222", table: newTable(t)}
	chair := casetest.Cast()[0]
	d.do(&casework.ColumnAdded{Column: "FACT222222222222"},
		&casework.CardDrafted{Card: d.card, Column: "FACT222222222222", Class: casework.Shared, Author: chair.Author(), Text: casework.Text{ID: "FIRST", Body: "Eerst."}},
		&casework.CardTabled{Card: d.card})
	var seated bool
	if d.reader, seated = d.table.Reader(casetest.Cast()[6].User); !seated {
		t.Fatal("nobody reads along")
	}
	return d
}

func (d *desk) do(changes ...casework.Change) {
	d.t.Helper()
	d.table.At = d.table.At.Add(time.Second)
	events := d.table.State.Follow(casework.Event{Actor: casetest.Cast()[0].User, Command: "COMMAND", At: d.table.At}, changes...)
	state, err := d.table.State.Apply(events...)
	if err != nil {
		d.t.Fatal(err)
	}
	d.table.State = state
}

// write makes the text of the card what it is to be now.
func (d *desk) write(body string) {
	d.t.Helper()
	d.texts++
	was := d.table.State.Cards[d.card]
	d.do(&casework.NoteWritten{Card: d.card, From: was.Text.ID, Era: was.Era, Text: casework.TextID(strings.Repeat("T", d.texts)), Changes: note.Between(was.Text.Body, body)})
}

func (d *desk) since(before casetest.Table) *view.Difference {
	return view.Differ(before.Moment(), d.reader, d.table.Moment(), d.reader, view.Compare(before.State, d.table.State))
}

func (d *desk) sees(table casetest.Table) view.Projection {
	return view.Project(table.State, table.Access, d.reader, table.At)
}

// Who saw a text is told how it was written on; whole it comes only when that is
// not all that became of it.
func TestWritingIsToldStepByStep(t *testing.T) {
	for what, c := range map[string]struct {
		happens func(*desk)
		written bool // told step by step
		card    bool // and the rest of the card as well
	}{
		"two steps": {func(d *desk) { d.write("Eerst dit."); d.write("Eerst 😀 dit.") }, true, false},
		"and new labels": {func(d *desk) {
			d.write("Anders.")
			d.do(&casework.CardLabelled{Card: d.card, Labels: casework.Labels{Kind: casework.Question}})
		}, true, true},
		"written for others": {func(d *desk) {
			d.do(&casework.CardReclassed{Card: d.card, Class: casework.Confidential})
			d.write("Eerst geheim.")
			d.write("Eerst.")
			d.do(&casework.CardReclassed{Card: d.card, Class: casework.Shared})
		}, false, true},
		"shared since": {func(d *desk) { d.write("Nu."); d.do(&casework.CardReperspectived{Card: d.card}) }, false, true},
		"erased":       {func(d *desk) { d.write("Weg."); d.do(&casework.TextsErased{Card: d.card}) }, false, true},
		"written anew": {func(d *desk) { d.do(&casework.TextsErased{Card: d.card}); d.write("Opnieuw.") }, false, true},
		"too long ago": {func(d *desk) {
			for n := range casework.MaxSteps + 1 {
				d.write(strings.Repeat("a", n))
			}
		}, false, true},
		"only looked at": {func(*desk) {}, false, false},
	} {
		d := newDesk(t)
		before := d.table
		c.happens(d)
		got := d.since(before)
		if len(got.Written) > 0 != c.written || len(got.Cards) > 0 != c.card {
			t.Errorf("%s: %s", what, encode(t, got))
		}
		if _, only := got.OnlyWritten(); only != (c.written && !c.card) {
			t.Errorf("%s: only written is %v", what, only)
		}
		if strings.Contains(encode(t, got), "geheim") {
			t.Errorf("%s: what was hidden is told: %s", what, encode(t, got))
		}
		if got, want := d.sees(before).Apply(got), d.sees(d.table); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: has\n%s, want\n%s", what, encode(t, got), encode(t, want))
		}
	}
}

// Who saw a later text than the difference begins from goes on from there.
func TestWritingGoesOnFromWhereItsReaderIs(t *testing.T) {
	d := newDesk(t)
	first := d.table
	var seen []casetest.Table
	for _, body := range []string{"Eerst.", "Eerst dit.", "Eerst dit!", "Dit.", ""} {
		d.write(body)
		seen = append(seen, d.table)
	}
	for i, table := range slices.Insert(seen, 0, first) {
		if got, want := d.sees(table).Apply(d.since(first)), d.sees(d.table); !reflect.DeepEqual(got, want) {
			t.Errorf("from step %d it comes to\n%s, not\n%s", i, encode(t, got), encode(t, want))
		}
	}
}

// The length of a text is known as long as the steps from it are, and its readers
// are the same.
func TestLengthOfATextOfTheEra(t *testing.T) {
	d := newDesk(t)
	d.write("😀")
	d.do(&casework.CardReclassed{Card: d.card, Class: casework.Confidential})
	of := func(base casework.TextID) (int, bool) { return view.LengthOf(d.table.State.Cards[d.card], base) }
	if n, known := of("T"); n != 2 || !known {
		t.Error("the present text:", n, known)
	}
	if n, known := of("FIRST"); known {
		t.Error("a text from before others could read:", n)
	}
	d.write("😀😀")
	if n, known := of("T"); n != 2 || !known {
		t.Error("the text before:", n, known)
	}
	if n, known := of("NONE"); known {
		t.Error("a text that never was:", n)
	}
}

// unfolded is a difference with the texts whole that it tells step by step.
func unfolded(d *view.Difference, had view.Projection) *view.Difference {
	whole, now := *d, had.Apply(d)
	whole.Written, whole.Cards = nil, slices.Clone(d.Cards)
	for _, w := range d.Written {
		whole.Cards = slices.DeleteFunc(whole.Cards, func(c view.Card) bool { return c.ID == w.Card })
		whole.Cards = append(whole.Cards, now.Cards[w.Card])
	}
	slices.SortFunc(whole.Cards, func(a, b view.Card) int { return cmp.Compare(a.ID, b.ID) })
	return &whole
}

// writtenByRight holds every step to the plain rule: the text that it led to was
// there at one of the tables since, for the reader to read.
func writtenByRight(t *testing.T, d *view.Difference, r casework.Reader, tables []casetest.Table) {
	t.Helper()
	for _, w := range d.Written {
		for _, s := range w.Steps {
			if !slices.ContainsFunc(tables, func(then casetest.Table) bool {
				c := then.State.Cards[w.Card]
				return c != nil && c.Text.ID == s.Base && then.ReadsCard(r, c)
			}) {
				t.Fatalf("%s is told of a text %s of card %s that it could not read", r.User, s.Base, w.Card)
			}
		}
	}
}
