package room

import (
	"fmt"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// Somebody who types shortens nobody's way back: who was away for a while is told
// what was written, on top of what else happened. Only who had another place at the
// table for a while gets everything anew.
func TestWayBackPastWriting(t *testing.T) {
	for what, c := range map[string]struct {
		away    func(w *writingRoom)
		resumed bool
	}{
		"nothing else": {func(*writingRoom) {}, true},
		"a new column": {func(w *writingRoom) {
			w.demo.Do(w.demo.Hanneke, "add_column", casetest.Fields{"title": "Later"})
			w.happens()
		}, true},
		"away from the team": {func(w *writingRoom) {
			m := w.demo.Member(w.demo.Ruben)
			for _, until := range []time.Time{w.demo.At, {}} {
				m.Until = until
				w.demo.Seat(m)
				w.happens()
			}
		}, false},
		"for a while in another role": {func(w *writingRoom) {
			m := w.demo.Member(w.demo.Ruben)
			for _, role := range []casework.Role{casework.Guest, m.Role} {
				m.Role = role
				w.demo.Seat(m)
				w.happens()
			}
		}, false},
		"another left the team": {func(w *writingRoom) {
			m := w.demo.Member(w.demo.Mirthe)
			m.Until = w.demo.At
			w.demo.Seat(m)
			w.happens()
		}, true},
	} {
		w := newWritingRoom(t)
		d := w.demo
		card := d.Draft(d.Iris, true, casetest.Fields{"text": "", "person": d.Fenna})
		w.moment = d.Moment()
		w.hub.confirmedAt(d.At)
		delete(d.State.Involved, d.Ruben) // he only looks on: he shares a view with his role
		ruben := w.sit(d.Ruben, view.Eyes{})
		w.writes(card, 60)
		has := view.Project(w.moment.State, w.moment.Access, ruben.group.reader, w.moment.At)
		m := &join{Cursor: w.cursor(), Seat: w.seatToken(ruben)}
		w.writes(card, 30)
		c.away(w)
		w.writes(card, 30)
		back := w.sit(d.Ruben, view.Eyes{})
		seen, was, resumed := w.resume(back, back.group, m)
		if resumed != c.resumed {
			t.Errorf("%s: resumed is %v", what, resumed)
			continue
		}
		if !resumed {
			continue
		}
		diff := view.Differ(seen, was, w.moment, back.group.reader, view.Compare(seen.State, w.moment.State))
		if len(diff.Written) != 1 {
			t.Errorf("%s: what was written is not told step by step", what)
		}
		got, want := has.Apply(diff), view.Project(w.moment.State, w.moment.Access, back.group.reader, w.moment.At)
		if fmt.Sprint(got.Cards[card].Text) != fmt.Sprint(want.Cards[card].Text) {
			t.Errorf("%s: has %v, want %v", what, got.Cards[card].Text, want.Cards[card].Text)
		}
	}
}

// writes lets the author of a card write on it, and shows everybody each step.
func (w *writingRoom) writes(card casework.CardID, steps int) {
	w.t.Helper()
	for range steps {
		was := w.demo.State.Cards[card]
		n := w.demo.State.Ink + 1
		events := w.demo.State.Follow(casework.Event{Actor: was.Author.User, At: w.demo.At, Command: casework.CommandID(fmt.Sprintf("C%015d", n))},
			&casework.NoteWritten{Card: card, From: was.Text.ID, Era: was.Era, Text: casework.TextID(fmt.Sprintf("T%015d", n)), Changes: note.Between(was.Text.Body, was.Text.Body+"a")})
		state, err := w.demo.State.Apply(events...)
		if err != nil {
			w.t.Fatal(err)
		}
		w.demo.State = state
		w.happens()
	}
}
