package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
)

// note is a card of Iris on the table. It is today: how long steps are kept goes by
// the clock of the database.
func (c conference) note(t *testing.T) casework.CardID {
	t.Helper()
	c.clock.turn(time.Since(c.clock.Now()))
	card := c.made(t, "iris", "draft_card", with{"column": c.column(t), "title": "Kaart", "class": "shared", "kind": "question", "text": "begin"})
	c.made(t, "iris", "table_card", with{"card": card})
	return casework.CardID(card)
}

// write puts words before the text that base names, which is as body says, and gives
// the base to go on from.
func (c conference) write(t *testing.T, card casework.CardID, base, body, words string) string {
	t.Helper()
	c.made(t, "iris", "write_note", with{"card": card, "base": base, "changes": casetest.Writing(body, 0, words)})
	return string(c.state(t, c.id).Cards[card].Text.ID)
}

// Nobody is refused for being late: also a node that was just started goes on from
// a text of many steps ago, as long as its steps are kept. A restarted node has the
// text without reading every step of it.
func TestWritingLate(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.note(t)
	begin := string(c.state(t, c.id).Cards[card].Text.ID)
	base, text := begin, "begin"
	for i := range casework.MaxSteps + 100 {
		words := fmt.Sprint(i, " ")
		base, text = c.write(t, card, base, text, words), words+text
	}
	known := c.state(t, c.id).Cards[card]
	if known.Text.Body != text || string(known.Text.ID) != base || len(known.Steps) > 64 {
		t.Fatalf("read anew it is %.40q with %d steps at hand", known.Text.Body, len(known.Steps))
	}
	second := c
	second.App = c.node(t, "second", c.store)
	for _, node := range []conference{c, second} {
		if a := node.ask(t, "iris", "write_note", with{"card": card, "base": begin, "changes": json.RawMessage(`[5,[0,"!"]]`)}); a.Refusal != nil {
			t.Fatalf("late: %v", a.Refusal)
		}
		text += "!"
		if got := c.state(t, c.id).Cards[card].Text.Body; got != text {
			t.Errorf("late, the text ends in %q", got[max(0, len(got)-20):])
		}
	}
	if a := c.ask(t, "iris", "write_note", with{"card": card, "base": begin, "changes": json.RawMessage(`[6,[0,"!"]]`)}); a.Refusal == nil || a.Refusal.Reason != "bad_changes" {
		t.Errorf("late and of another length: %v", a.Refusal)
	}
	if a := c.ask(t, "iris", "write_note", with{"card": card, "base": strings.Repeat("A", 16), "changes": json.RawMessage(`[]`)}); a.Refusal == nil || a.Refusal.Reason != "note_moved_on" {
		t.Errorf("a base that never was: %v", a.Refusal)
	}
}

// Steps stay for thirty days, and for as long as the text needs them. Who goes on
// from before is told to merge.
func TestOldSteps(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.note(t)
	begin := string(c.state(t, c.id).Cards[card].Text.ID)
	base, text := begin, "begin"
	for range 70 { // the whole is written down at the first and the sixty-fifth
		base, text = c.write(t, card, base, text, "x"), "x"+text
	}
	steps := func() int { return one[int](t, c.door, `SELECT count(*) FROM note_step`) }
	drop := func() {
		t.Helper()
		if _, err := c.store.DropOldSteps(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if drop(); steps() != 70 {
		t.Errorf("%d new steps are left", steps())
	}
	c.exec(t, `UPDATE note_step SET at = at - interval '31 days'`)
	if drop(); steps() != 5 {
		t.Errorf("%d old steps are left, want those that the whole text does not hold", steps())
	}
	if got := c.state(t, c.id).Cards[card].Text; got.Body != text || string(got.ID) != base {
		t.Errorf("the text is %q", got.Body)
	}
	second := c
	second.App = c.node(t, "second", c.store)
	if a := second.ask(t, "iris", "write_note", with{"card": card, "base": begin, "changes": json.RawMessage(`[5,[0,"!"]]`)}); a.Refusal == nil || a.Refusal.Reason != "note_moved_on" {
		t.Errorf("from before: %v", a.Refusal)
	}
	second.write(t, card, base, text, "y")
}

// Writing is on the record where a stretch begins, and a refusal always is.
func TestWritingIsOnTheRecordByTheStretch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.note(t)
	base, text := string(c.state(t, c.id).Cards[card].Text.ID), "begin"
	lines := func() int {
		return one[int](t, c.door, `SELECT count(*) FROM record WHERE detail->>'command' = 'write_note' AND outcome = 'done'`)
	}
	for range 5 {
		base, text = c.write(t, card, base, text, "x"), "x"+text
	}
	if lines() != 1 {
		t.Errorf("%d records of one stretch", lines())
	}
	c.made(t, "iris", "archive_card", with{"card": card})
	c.ask(t, "iris", "write_note", with{"card": card, "base": base, "changes": casetest.Writing(text, 0, "y")})
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE detail->>'command' = 'write_note' AND outcome = 'refused'`); n != 1 {
		t.Errorf("%d records of a refusal", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM event WHERE type = 'note_begun'`); n != 1 {
		t.Errorf("the log has %d stretches", n)
	}
}

// What was erased is erased from its steps too, and goes on being erased for nodes
// that read the case anew; what is written after it stays.
func TestErasedWriting(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	second := c
	second.App = c.node(t, "second", c.store)
	card := c.note(t)
	base := c.write(t, card, string(c.state(t, c.id).Cards[card].Text.ID), "begin", "Kastanjelaan 9 ")
	known := c.state(t, c.id)
	base = c.write(t, card, base, "Kastanjelaan 9 begin", "nu: ")
	c.made(t, "iris", "redact", with{"card": card})
	if got := c.state(t, c.id).Cards[card].Text; !got.Redacted || got.Body != "" || string(got.ID) != base {
		t.Errorf("read anew it is %+v", got)
	}
	caught, err := second.CatchUp(t.Context(), known)
	if err != nil {
		t.Fatal(err)
	}
	if got := caught.State.Cards[card]; !got.Text.Redacted || len(got.Steps) > 0 || caught.State.Head() != c.state(t, c.id).Head() {
		t.Errorf("caught up it is %+v", got)
	}
	second.write(t, card, base, "", "Veilig")
	if got := c.state(t, c.id).Cards[card].Text; got.Body != "Veilig" || got.Redacted {
		t.Errorf("written anew it is %+v", got)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM note_step WHERE sealed <> ''`); n != 1 {
		t.Errorf("%d steps hold words, want the one after", n)
	}
}

// A case that was only written in is changed, on the page of My cases too.
func TestWritingIsNews(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.note(t)
	before := c.state(t, c.id).Cards[card]
	base := c.write(t, card, string(before.Text.ID), "begin", "a")
	c.clock.turn(time.Minute)
	c.write(t, card, base, "abegin", "b")
	structure, err := c.store.LoadStructure(t.Context(), c.store.Reader(), c.id)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := structure.Cards[card].Changed, c.clock.Now().UTC().Truncate(time.Microsecond); !got.Equal(want) {
		t.Errorf("changed at %s, want %s", got, want)
	}
}
