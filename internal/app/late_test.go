package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
)

// ours is a note in which everybody at the table may write: its card, and its text.
func (c conference) ours(t *testing.T) (casework.CardID, string) {
	t.Helper()
	c.clock.turn(time.Since(c.clock.Now()))
	card := c.card(t, "hanneke", "Samen", with{"kind": "fact", "text": "begin"})
	return card, string(c.state(t, c.id).Cards[card].Text.ID)
}

// sends queues a write, or whatever is asked, under an id.
func (c conference) sends(t *testing.T, name string, id casework.CommandID, fields with) <-chan board.Answer {
	t.Helper()
	decoded, err := board.Decode("write_note", body(t, fields))
	if err != nil {
		t.Fatal(err)
	}
	answer, ok := c.Enqueue(c.actor(name), c.id, id, "write_note", decoded)
	if !ok {
		t.Fatal("not accepted")
	}
	return answer
}

func writing(card casework.CardID, base, changes string) with {
	return with{"card": card, "base": base, "changes": json.RawMessage(changes)}
}

// body is the text of a note as it was committed.
func (c conference) body(t *testing.T, card casework.CardID) string {
	t.Helper()
	return c.state(t, c.id).Cards[card].Text.Body
}

// written counts the transactions in which steps were written.
func (c conference) written(t *testing.T) int {
	t.Helper()
	return one[int](t, c.door, `SELECT count(DISTINCT xmin::text) FROM note_step`)
}

// Many write from one text in one batch, more than the steps that are kept at hand:
// nobody is late for the others, and who writes what cannot be fails alone.
func TestManyWritersInOneBatch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, base := c.ours(t)
	letGo := c.stall(t)
	names := []string{"hanneke", "iris", "daan"}
	var good []<-chan board.Answer
	bad := map[string]<-chan board.Answer{}
	want := "begin"
	for i := range casework.MaxSteps + 60 {
		words := fmt.Sprint(" ", i)
		good = append(good, c.queue(t, names[i%3], c.id, "write_note", writing(card, base, fmt.Sprintf(`[5,[0,%q]]`, words))))
		switch want += words; i {
		case 70:
			bad["bad_changes"] = c.queue(t, "iris", c.id, "write_note", writing(card, base, `[6,[0,"x"]]`))
		case 90:
			bad["note_moved_on"] = c.queue(t, "iris", c.id, "write_note", writing(card, strings.Repeat("A", 16), `[5,[0,"x"]]`))
		case 110:
			bad["text_too_long"] = c.queue(t, "daan", c.id, "write_note", writing(card, base, fmt.Sprintf(`[5,[0,%q]]`, strings.Repeat("x", 17<<10))))
		case 130:
			bad["not_found"] = c.queue(t, "daan", c.id, "write_note", writing("NOTTHERENOTTHERE", base, `[5,[0,"x"]]`))
		}
	}
	letGo()
	for i, a := range good {
		if got := answer(t, a); got.Refusal != nil {
			t.Fatalf("write %d: %v", i, got.Refusal)
		}
	}
	for reason, a := range bad {
		if got := answer(t, a); got.Refusal == nil || got.Refusal.Reason != reason {
			t.Errorf("refused for %v and not %s", got.Refusal, reason)
		}
	}
	if got := c.body(t, card); got != want {
		t.Errorf("the text is %q", got)
	}
	if n := c.written(t); n != 1 {
		t.Errorf("%d transactions", n)
	}
	if got := c.line(t, `detail->>'command' = 'write_note' AND outcome = 'done' AND (action <> 'U' OR object_kind <> 'card' OR object <> $1)`, card); got != "" {
		t.Errorf("recorded as other than a change of the card: %s", got)
	}
	if done, refused := one[int](t, c.door, `SELECT count(*) FROM record WHERE detail->>'command' = 'write_note' AND outcome = 'done'`),
		one[int](t, c.door, `SELECT count(*) FROM record WHERE detail->>'command' = 'write_note' AND outcome = 'refused'`); done != 3 || refused != 4 {
		t.Errorf("%d records of stretches, %d of refusals", done, refused)
	}
}

// What PostgreSQL does not take of one writer costs nobody else a keystroke.
func TestBadWriteFailsAlone(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, base := c.ours(t)
	c.exec(t, `CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.account = '`+"'"+string(c.users["daan"])+`'' THEN RAISE EXCEPTION ''poison''; END IF; RETURN NEW; END'`,
		`CREATE TRIGGER poison BEFORE INSERT ON note_step FOR EACH ROW EXECUTE FUNCTION poison()`)
	letGo := c.stall(t)
	first := c.queue(t, "iris", c.id, "write_note", writing(card, base, `[5,[0," een"]]`))
	poisoned := c.queue(t, "daan", c.id, "write_note", writing(card, base, `[5,[0," gif"]]`))
	second := c.queue(t, "hanneke", c.id, "write_note", writing(card, base, `[5,[0," twee"]]`))
	letGo()
	for _, a := range []<-chan board.Answer{first, second} {
		if got := answer(t, a); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	if got := answer(t, poisoned); got.Refusal == nil || got.Refusal.Kind != casework.Internal {
		t.Errorf("answered %v", got.Refusal)
	}
	if got := c.body(t, card); got != "begin een twee" {
		t.Errorf("the text is %q", got)
	}
}

// Writing from long ago is taken over all that came since, and comes after what was
// there first at the same spot, also from several texts in one batch of a node that
// has none of it at hand.
func TestLateWritersInOneBatch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, begin := c.ours(t)
	texts := []string{begin}
	was := "begin"
	for range 70 {
		c.made(t, "iris", "write_note", with{"card": card, "base": texts[len(texts)-1], "changes": casetest.Writing(was, 0, "x")})
		was = "x" + was
		texts = append(texts, string(c.state(t, c.id).Cards[card].Text.ID))
	}
	xs := strings.TrimSuffix(was, "begin")
	second := c
	second.App = c.node(t, "second", c.store)
	before := c.written(t)
	letGo := second.stall(t)
	answers := []<-chan board.Answer{
		second.queue(t, "daan", c.id, "write_note", writing(card, begin, `[[0,"!"],5]`)),
		second.queue(t, "hanneke", c.id, "write_note", writing(card, begin, `[[0,"?"],3,[1],1]`)),
		second.queue(t, "daan", c.id, "write_note", writing(card, texts[2], `[2,[0,"-"],5]`)),
		second.queue(t, "hanneke", c.id, "write_note", writing(card, texts[len(texts)-1], fmt.Sprintf(`[[0,"y"],%d]`, len(was)))),
	}
	unknown := second.queue(t, "daan", c.id, "write_note", writing(card, strings.Repeat("A", 16), `[[0,"!"],5]`))
	letGo()
	for i, a := range answers {
		if got := answer(t, a); got.Refusal != nil {
			t.Errorf("write %d: %v", i, got.Refusal)
		}
	}
	if got := answer(t, unknown); got.Refusal == nil || got.Refusal.Reason != "note_moved_on" {
		t.Errorf("from a text that never was: %v", got.Refusal)
	}
	if got, want := c.body(t, card), "y"+xs+"!?-begn"; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	if n := c.written(t) - before; n != 1 {
		t.Errorf("%d transactions", n)
	}
}

// What the batch erases before it, nobody who is late brings back.
func TestLateAfterErasureInOneBatch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, begin := c.ours(t)
	c.made(t, "iris", "write_note", writing(card, begin, `[[0,"Kastanjelaan "],5]`))
	last := c.state(t, c.id).Cards[card].Text.ID
	letGo := c.stall(t)
	late := c.queue(t, "daan", c.id, "write_note", writing(card, begin, `[5,[0," 9"]]`))
	erase := c.queue(t, "hanneke", c.id, "redact", with{"card": card})
	later := c.queue(t, "daan", c.id, "write_note", writing(card, begin, `[5,[0," 9"]]`))
	known := c.queue(t, "iris", c.id, "write_note", writing(card, string(last), `[18,[0," 9"]]`))
	letGo()
	for _, a := range []<-chan board.Answer{late, erase} {
		if got := answer(t, a); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	for _, a := range []<-chan board.Answer{later, known} {
		if got := answer(t, a); got.Refusal == nil || got.Refusal.Reason != "note_moved_on" {
			t.Errorf("after it: %v", got.Refusal)
		}
	}
	if got := c.state(t, c.id).Cards[card].Text; got.Body != "" || !got.Redacted {
		t.Errorf("it is %+v", got)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM note_step WHERE sealed <> ''`); n != 0 {
		t.Errorf("%d steps hold words", n)
	}
}

// A write that comes twice is done once: in one batch, later, on another node.
func TestRepeatedWriteIsDoneOnce(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, base := c.ours(t)
	id, write := fresh(), writing(card, base, `[5,[0,"!"]]`)
	letGo := c.stall(t)
	answers := []<-chan board.Answer{c.sends(t, "iris", id, write), c.sends(t, "daan", fresh(), write), c.sends(t, "iris", id, write)}
	letGo()
	for _, a := range answers {
		if got := answer(t, a); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	second := c
	second.App = c.node(t, "second", c.store)
	for _, node := range []conference{c, second} {
		if _, refusal := node.repeat(t, "iris", id, "write_note", write); refusal != nil {
			t.Error(refusal)
		}
	}
	if got := c.body(t, card); got != "begin!!" {
		t.Errorf("the text is %q", got)
	}
}

// A stretch of writing is on the record with whose it is, of which card; after a
// pause of five minutes, or a quarter of an hour, another one is.
func TestRecordsOfStretches(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, _ := c.ours(t)
	write := func(name string, after time.Duration) casework.CommandID {
		t.Helper()
		c.clock.turn(after)
		id, now := fresh(), c.state(t, c.id).Cards[card].Text
		if _, refusal := c.repeat(t, name, id, "write_note", with{"card": card, "base": now.ID, "changes": casetest.Writing(now.Body, 0, "x")}); refusal != nil {
			t.Fatal(refusal)
		}
		return id
	}
	recorded := func(what string, id casework.CommandID, want string) {
		t.Helper()
		if got := one[string](t, c.door, `SELECT coalesce(string_agg(concat_ws(' ', action, outcome, object_kind, object), ', '), '') FROM record WHERE request = $1`, id); got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	begins := "U done card " + string(card)
	recorded("the first of Iris", write("iris", 0), begins)
	recorded("she goes on", write("iris", 4*time.Minute), "")
	recorded("Daan comes", write("daan", time.Second), begins)
	recorded("she still goes on", write("iris", 4*time.Minute), "")
	recorded("after a pause", write("iris", 5*time.Minute), begins)
	for range 4 {
		recorded("without one", write("iris", 3*time.Minute), "")
	}
	recorded("after a quarter of an hour", write("iris", 3*time.Minute), begins)
	id := fresh()
	c.repeat(t, "iris", id, "write_note", writing(card, strings.Repeat("A", 16), `[[0,"x"]]`))
	recorded("refused in the middle of it", id, "U refused card "+string(card))
}

// A list of My cases follows writing, for those who read the note.
func TestMyCasesFollowWriting(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, _ := c.ours(t)
	private := c.card(t, "iris", "Alleen kinderwerk", with{"class": "private", "kind": "question", "text": "begin"})
	write := func(card casework.CardID) {
		now := c.state(t, c.id).Cards[card].Text
		c.made(t, "iris", "write_note", with{"card": card, "base": now.ID, "changes": casetest.Writing(now.Body, 0, "x")})
	}
	write(card) // so that from here on steps go on alone
	write(private)
	c.look(t, "daan", c.id)
	c.clock.turn(time.Minute)
	write(private)
	if news := c.listing(t, "daan")[0].News; news.Changed != 0 {
		t.Errorf("of what he may not read: %+v", news)
	}
	write(card)
	if news := c.listing(t, "daan")[0].News; news.Changed != 1 || !news.Last.Equal(c.clock.Now().Truncate(time.Microsecond)) {
		t.Errorf("of what he reads: %+v", news)
	}
}

// A node that knows a case from before steps that are gone by now reads it anew.
func TestNodeThatKnowsACaseFromLongAgo(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card, base := c.ours(t)
	second := c
	second.App = c.node(t, "second", c.store)
	second.made(t, "iris", "write_note", writing(card, base, `[5,[0,"!"]]`))
	known := c.state(t, c.id)
	for range 70 {
		now := c.state(t, c.id).Cards[card].Text
		c.made(t, "daan", "write_note", with{"card": card, "base": now.ID, "changes": casetest.Writing(now.Body, 0, "x")})
	}
	c.exec(t, `UPDATE note_step SET at = at - interval '31 days'`)
	if n, err := c.store.DropOldSteps(t.Context()); err != nil || n < 60 {
		t.Fatalf("%d went, %v", n, err)
	}
	if commit, err := second.CatchUp(t.Context(), known); err != nil || commit.State.Cards[card].Text != c.state(t, c.id).Cards[card].Text || commit.Epoch == 0 {
		t.Errorf("caught up with %+v, %v", commit, err)
	}
	now := c.state(t, c.id).Cards[card].Text
	second.made(t, "iris", "write_note", with{"card": card, "base": now.ID, "changes": casetest.Writing(now.Body, 0, "y")})
	if got := c.body(t, card); got != "y"+now.Body {
		t.Errorf("the text is %q", got)
	}
}
