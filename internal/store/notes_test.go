package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/store"
)

// desk is a case with cards on the table, as it is in memory and in the database.
type desk struct {
	house
	c     casework.CaseID
	iris  casework.UserID
	state *casework.State
	at    time.Time
	texts int
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	h := newHouse(t)
	d := &desk{house: h, iris: h.account(t, "iris"), at: noon}
	d.c = h.open(t, "CASE", d.iris)
	d.state = h.fold(t, d.c)
	d.do(t, draft(card, text("title", "Kaart"), text("body", "Samen")), draft(other, text("otitle", "Andere"), casework.Text{}),
		&casework.CardTabled{Card: card}, &casework.CardTabled{Card: other})
	return d
}

// do makes the changes, in one batch.
func (d *desk) do(t testing.TB, changes ...casework.Change) []casework.Event {
	t.Helper()
	d.at = d.at.Add(time.Second)
	events := d.state.Follow(casework.Event{Epoch: 1, Actor: d.iris, At: d.at, Command: id[casework.CommandID](fmt.Sprintf("C%d", d.state.Head()))}, changes...)
	next, err := d.state.Apply(events...)
	if err != nil {
		t.Fatal(err)
	}
	d.transact(t, func(tx *store.Tx) error {
		if _, err := tx.LockCases(t.Context(), []casework.CaseID{d.c}); err != nil {
			return err
		}
		return tx.AppendEvents(t.Context(), []store.Append{{Case: d.c, Events: events, State: next}})
	})
	d.state = next
	return events
}

// typed are n steps, one after another, each of which puts a letter at the end.
func (d *desk) typed(t testing.TB, in casework.CardID, n int) []casework.Change {
	t.Helper()
	was := d.state.Cards[in].Text
	var steps []casework.Change
	for range n {
		next := d.after(was, was.Body+string(rune('a'+d.texts%26)))
		steps = append(steps, &casework.NoteWritten{Card: in, From: was.ID, Text: next.ID, Era: d.state.Cards[in].Era, Changes: note.Between(was.Body, next.Body)})
		was = next
	}
	return steps
}

// after names the text that comes after one.
func (d *desk) after(_ casework.Text, body string) casework.Text {
	d.texts++
	return text(fmt.Sprintf("N%dN", d.texts), body)
}

// begun begins a stretch of writing.
func (d *desk) begun(in casework.CardID) casework.Change {
	return &casework.NoteBegun{Card: in, Was: d.state.Cards[in].Text}
}

// alike holds a state that was read against the one in memory.
func alike(t testing.TB, what string, got, want *casework.State) {
	t.Helper()
	if got.Seq != want.Seq || got.Ink != want.Ink {
		t.Errorf("%s: up to %d and %d, not %d and %d", what, got.Seq, got.Ink, want.Seq, want.Ink)
	}
	same(t, what, withoutSteps(got), withoutSteps(want))
	for id, c := range want.Cards {
		read := got.Cards[id]
		if read == nil {
			continue
		}
		if n := len(c.Steps) - len(read.Steps); n < 0 || !reflect.DeepEqual(read.Steps, c.Steps[n:]) && len(read.Steps) > 0 {
			t.Errorf("%s: the steps at hand of %s are\n%+v\nof\n%+v", what, id, read.Steps, c.Steps)
		}
		// Whoever reads anew has few steps at hand: what else there was is fetched.
		if n := len(read.Steps); n > 0 && read.Steps[n-1].Text != read.Text.ID {
			t.Errorf("%s: the steps of %s lead to %s, not to %s", what, id, read.Steps[n-1].Text, read.Text.ID)
		}
	}
}

func withoutSteps(s *casework.State) *casework.State {
	bare := s.WithTexts(func(*casework.Text) {})
	for _, c := range bare.Cards {
		c.Steps = nil
	}
	return bare
}

// What is read of writing is what was written: before, between and after snapshots,
// from any state that was known before, and without texts.
func TestWritingIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	known := []*casework.State{d.state}
	take := func(what string, changes ...casework.Change) {
		t.Helper()
		d.do(t, changes...)
		alike(t, "read after "+what, d.load(t, d.c), d.state)
		for _, was := range known {
			d.catchesUp(t, what, was)
		}
		known = append(known, d.state)
	}
	snapshot := func() {
		t.Helper()
		if err := d.SaveSnapshot(t.Context(), d.state); err != nil {
			t.Fatal(err)
		}
		alike(t, "read from a snapshot", d.load(t, d.c), d.state)
	}
	take("the first step", append([]casework.Change{d.begun(card)}, d.typed(t, card, 1)...)...)
	snapshot()
	take("steps that go on", d.typed(t, card, 3)...)
	take("steps in two notes", append(d.typed(t, card, 2), append([]casework.Change{d.begun(other)}, d.typed(t, other, 2)...)...)...)
	take("a change of another sort", &casework.CardRetitled{Card: card, Title: text("again", "Titel")})
	snapshot()
	take("an era", &casework.CardReclassed{Card: card, Class: casework.Confidential})
	take("steps of the new era", append([]casework.Change{d.begun(card)}, d.typed(t, card, 2)...)...)
	take("steps and an era in one batch", append(d.typed(t, card, 2), &casework.CardReclassed{Card: card, Class: casework.Shared})...)
	take("a name", &casework.NoteNamed{Card: card, Text: d.state.Cards[card].Text, Name: text("name1", "Besproken")})
	take("many steps", d.typed(t, card, 70)...)
	take("the end", &casework.CaseClosed{})
	if at := d.load(t, d.c).Cards[card].Changed; !at.Equal(d.state.Cards[card].Changed) || at.Location() != time.UTC {
		t.Errorf("changed at %v", at)
	}
	var kept []string
	if err := d.super.Select(&kept, `SELECT id FROM text WHERE object = $1 ORDER BY id`, card); err != nil || len(kept) != 6 {
		t.Errorf("versions, titles and names that are kept: %v, %v", kept, err)
	}
}

// catchesUp brings an earlier state up to the present one.
func (d *desk) catchesUp(t testing.TB, what string, was *casework.State) {
	t.Helper()
	events, err := d.ChangesAfter(t.Context(), d.Reader(), was)
	if err != nil {
		t.Fatal(err)
	}
	now, err := was.Apply(events...)
	if err != nil {
		t.Fatalf("%s, from %d and %d on: %v", what, was.Seq, was.Ink, err)
	}
	alike(t, fmt.Sprintf("%s, from %d and %d on", what, was.Seq, was.Ink), now, d.state)
	structure, err := d.LoadStructure(t.Context(), d.Reader(), d.c)
	if err != nil {
		t.Fatal(err)
	}
	for id, c := range d.state.Cards {
		if s := structure.Cards[id]; s.Text.ID != c.Text.ID || !s.Changed.Equal(c.Changed) || flat(s.Writers) != flat(c.Writers) || s.Era != c.Era {
			t.Errorf("%s: without texts %s is %+v, not %+v", what, id, s, c)
		}
	}
}

// between does something before the steps are read, when the events are.
type between struct {
	store.Queryer
	first func()
}

func (b between) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	b.come(query)
	return b.Queryer.QueryContext(ctx, query, args...)
}

func (b between) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	b.come(query)
	return b.Queryer.QueryxContext(ctx, query, args...)
}

func (b between) come(query string) {
	if strings.Contains(query, "FROM note_step") {
		b.first()
	}
}

// What is committed while changes are read is read as far as it follows on what was
// read before it.
func TestChangesInTheirOrderWhateverIsCommittedMeanwhile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 2)...)...)
	known := d.state
	d.do(t, append(d.typed(t, card, 2), append([]casework.Change{d.begun(other)}, d.typed(t, other, 1)...)...)...)
	upTo := d.state
	read := func(meanwhile ...func()) *casework.State {
		t.Helper()
		events, err := d.ChangesAfter(t.Context(), between{d.Reader(), func() {
			for _, commit := range meanwhile {
				commit()
			}
		}}, known)
		if err != nil {
			t.Fatal(err)
		}
		state, err := known.Apply(events...)
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	alike(t, "in peace", read(), upTo)
	step := func() { d.do(t, d.typed(t, card, 1)...) }
	event := func() { d.do(t, &casework.CardRetitled{Card: card, Title: d.after(casework.Text{}, "Titel")}) }
	if got := read(step); got.Seq != upTo.Seq || got.Ink != upTo.Ink+1 {
		t.Errorf("with a step between: up to %d and %d", got.Seq, got.Ink)
	}
	upTo = d.state
	if got := read(event, step); got.Seq != upTo.Seq || got.Ink != upTo.Ink {
		t.Errorf("with an event and a step between: up to %d and %d", got.Seq, got.Ink)
	}
	upTo = d.state
	if got := read(step, event, step); got.Seq != upTo.Seq || got.Ink != upTo.Ink+1 {
		t.Errorf("with steps round an event between: up to %d and %d", got.Seq, got.Ink)
	}
	d.catchesUp(t, "after all", known)
}

// A note that was written in ten thousand times is read at the cost of its text: the
// text that was saved is never far behind, and no more steps are looked at.
func TestReadingCostsLikeTheText(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 50)...)...)
	d.do(t, append([]casework.Change{d.begun(other)}, d.typed(t, other, 1)...)...)
	for d.state.Ink < 10_000 {
		d.do(t, d.typed(t, card, 1+int(d.state.Ink*7)%60)...)
		if d.state.Ink%8 == 0 {
			d.do(t, d.typed(t, other, 1)...)
		}
		if behind := one[int64](t, d.super, `SELECT max(s.behind) FROM (SELECT n.saved_ink, count(*) AS behind FROM note n
			JOIN note_step s ON s.case_id = n.case_id AND s.card = n.card AND s.ink > n.saved_ink GROUP BY n.card, n.saved_ink UNION SELECT 0, 0) s`); behind >= 64 {
			t.Fatalf("the saved text is %d steps behind", behind)
		}
		if d.state.Ink > 300 && d.state.Ink%3 > 0 {
			d.do(t, d.typed(t, card, 400)...)
		}
	}
	must(t, d.super, `ANALYZE`)
	d.transact(t, func(tx *store.Tx) error {
		state, err := d.LoadState(t.Context(), tx, d.c)
		if err != nil {
			return err
		}
		alike(t, "after ten thousand steps", state, d.state)
		if read := one[int64](t, tx, `SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_xact_user_tables WHERE relname = 'note_step'`); read > 2*64 {
			t.Errorf("%d steps were looked at", read)
		}
		return nil
	})
}
