package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	column = casework.ColumnID("COLUMNZZZZZZZZZZ")
	card   = casework.CardID("CARDZZZZZZZZZZZZ")
	other  = casework.CardID("OTHERZZZZZZZZZZZ")
	person = casework.PersonID("PERSONZZZZZZZZZZ")
)

// life is a history that touches everything that has a text.
func life() []casework.Change {
	return []casework.Change{
		&casework.PersonAdded{Person: person, Kind: casework.ViewChild, Class: casework.Shared, Name: text("pname", "Fenna"), Born: text("pborn", "2013-05-01")},
		draft(card, text("title", "Ik slaap pas als Bram slaapt. \U0001F319"), text("body", "regel een\n\tregel twee  'aanhaling' \\x ; --")),
		draft(other, text("otitle", "Blijft"), casework.Text{}),
		&casework.CardTabled{Card: card},
		&casework.CardTabled{Card: other},
		&casework.CardRetitled{Card: card, Title: text("retitled", "Slaapt nu")},
		&casework.CardEdited{Card: card, Text: text("edited", "nieuw")},
		&casework.CardLabelled{Card: card, Labels: casework.Labels{Kind: casework.Words, Domain: "safety"}},
		&casework.CardMoved{Card: card, To: casework.Place{Column: column, After: other}, Was: casework.Place{Column: column}},
		&casework.CardReperspectived{Card: card, Perspective: person},
		&casework.CardLinked{Card: card, To: other},
		&casework.PersonChanged{Person: person, Name: text("pname", "Fenna"), Calls: text("pcalls", "Fen"), Born: text("pborn", "2013-05-01")},
		&casework.ColumnRenamed{Column: column, Title: text("ctitle", "Zorgen")},
		&casework.CaseRenamed{Name: text("cname", "Zilverlinde")},
	}
}

func TestEventsRoundTrip(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	changes := life()
	changes[11].(*casework.PersonChanged).Name, changes[11].(*casework.PersonChanged).Born = text("pname2", "Fenna"), text("pborn2", "2013-05-02")
	wrote := h.append(t, c, iris, changes...)
	read, err := h.EventsAfter(t.Context(), h.Reader(), c, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, wrote) {
		for i := range wrote {
			if !reflect.DeepEqual(read[i], wrote[i]) {
				t.Errorf("wrote %+v %+v\nread  %+v %+v", wrote[i], wrote[i].Change, read[i], read[i].Change)
			}
		}
	}
	if at := read[0].At; at.Location() != time.UTC || at.Nanosecond() != 123456000 {
		t.Errorf("at %v", at)
	}
	if head := one[int64](t, h.super, `SELECT seq FROM cases`); head != 2+int64(len(wrote)) {
		t.Errorf("the head is %d", head)
	}
	if name, err := h.CaseName(t.Context(), h.Reader(), c); err != nil || name != "Zilverlinde" {
		t.Errorf("the name is %q, %v", name, err)
	}
	if tail, err := h.EventsAfter(t.Context(), h.Reader(), c, wrote[0].Seq); err != nil || len(tail) != len(wrote)-1 || tail[0].Seq != wrote[1].Seq {
		t.Errorf("the tail has %d events, %v", len(tail), err)
	}
}

// A moment of any other precision would make a state in memory unlike the same
// state read again.
func TestEveryTimeIsInMicroseconds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var other []string
	err := h.super.Select(&other, `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name <> 'goose_db_version' AND data_type ~ '^time'
		AND (data_type <> 'timestamp with time zone' OR datetime_precision <> 6)`) // days are no moments
	if err != nil || len(other) > 0 {
		t.Errorf("other times: %v, %v", other, err)
	}
}

// fold is the case from its first event on.
func (h house) fold(t testing.TB, c casework.CaseID) *casework.State {
	t.Helper()
	events, err := h.EventsAfter(t.Context(), h.Reader(), c, 0)
	if err != nil {
		t.Fatal(err)
	}
	state, err := casework.NewState(c).Apply(events...)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// However a case is read, it is the same: from the log, from each snapshot on,
// and as it was in memory.
func TestLoadedStateIsTheFoldedOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	memory := h.fold(t, c)
	changes := life()
	changes[11] = &casework.PersonReclassed{Person: person, Kind: casework.ViewParent, Class: casework.Confidential}
	changes = append(changes,
		&casework.TextsErased{Card: card},
		&casework.CardEdited{Card: card, Text: text("after", "na het wissen")},
		&casework.ColumnAdded{Column: "SECOND", Title: text("second", "Tweede"), After: column},
		&casework.ColumnMoved{Column: column, After: "SECOND"},
		&casework.ColumnRemoved{Column: column, To: "SECOND"},
		&casework.CardArchived{Card: other},
		&casework.CardUnlinked{Card: card, To: other},
		&casework.TextsErased{},
		&casework.CaseClosed{})
	for _, change := range changes {
		var err error
		if memory, err = memory.Apply(h.append(t, c, iris, change)...); err != nil {
			t.Fatal(err)
		}
		same(t, "folded after "+change.Type(), h.fold(t, c), memory)
		same(t, "loaded after "+change.Type(), h.load(t, c), memory) // from the snapshot of the change before
		if err := h.SaveSnapshot(t.Context(), memory); err != nil {
			t.Fatal(err)
		}
		same(t, "loaded from the snapshot after "+change.Type(), h.load(t, c), memory)
	}
	if n := one[int](t, h.super, `SELECT count(*) FROM snapshot`); n < 2 {
		t.Errorf("%d snapshots", n)
	}
}

// Of each case the newest two snapshots stay, in whatever order they come.
func TestNewestTwoSnapshotsStay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	neighbour := h.open(t, "NEIGHBOUR", iris)
	c := h.open(t, "CASE", iris)
	states := []*casework.State{h.load(t, c)}
	for _, name := range []string{"n1", "n2", "n3", "n4"} {
		h.append(t, c, iris, &casework.CaseRenamed{Name: text(name, name)})
		states = append(states, h.load(t, c))
	}
	for _, state := range []*casework.State{h.load(t, neighbour), states[0], states[3], states[1], states[4], states[4], states[2]} {
		if err := h.SaveSnapshot(t.Context(), state); err != nil {
			t.Fatal(err)
		}
	}
	if got := one[string](t, h.super, `SELECT string_agg(case_id || ' ' || seq, ', ' ORDER BY case_id, seq) FROM snapshot`); got !=
		fmt.Sprintf("%s 5, %s 6, %s 2", c, c, neighbour) {
		t.Errorf("left: %s", got)
	}
	same(t, "loaded", h.load(t, c), h.fold(t, c))
}

// same compares two states, texts included. A list that is empty and one that is
// absent are the same to everybody.
func same(t testing.TB, what string, got, want *casework.State) {
	t.Helper()
	for part, pair := range map[string][2]any{"seq": {got.Seq, want.Seq}, "name": {got.Name, want.Name}, "status": {got.Status, want.Status},
		"persons": {got.Persons, want.Persons}, "family": {got.Family, want.Family}, "columns": {got.Columns, want.Columns},
		"cards": {got.Cards, want.Cards}, "undo": {got.Undo, want.Undo}, "involved": {got.Involved, want.Involved}} {
		if flat(pair[0]) != flat(pair[1]) {
			t.Errorf("%s the %s: \n%s\nand not\n%s", what, part, flat(pair[0]), flat(pair[1]))
		}
	}
}

// flat shows what the pointers point at, in one order.
func flat(v any) string {
	var lines []string
	switch v := v.(type) {
	case map[casework.CardID]*casework.Card:
		for _, c := range v {
			lines = append(lines, fmt.Sprintf("%+v", *c))
		}
	case map[casework.PersonID]*casework.Person:
		for _, p := range v {
			lines = append(lines, fmt.Sprintf("%+v", *p))
		}
	case []*casework.Column:
		for _, c := range v {
			lines = append(lines, fmt.Sprintf("%+v", *c))
		}
	default:
		lines = append(lines, fmt.Sprintf("%+v", v))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestRedactErasesTheObjectAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	for name, e := range map[string]struct {
		erase  *casework.TextsErased
		object string
		gone   int
	}{
		"CARDCASE":   {&casework.TextsErased{Card: card}, string(card), 4},
		"PERSONCASE": {&casework.TextsErased{Person: person}, string(person), 5},
		"COLUMNCASE": {&casework.TextsErased{Column: column}, string(column), 2},
		"NAMECASE":   {&casework.TextsErased{}, "", 2},
	} {
		c := h.open(t, name, iris)
		changes := life()
		changes[11] = &casework.PersonChanged{Person: person, Name: text("pname2", "F"), Calls: text("pcalls", "Fen"), Born: text("pborn2", "2013-05-02")}
		h.append(t, c, iris, changes...)
		if err := h.SaveSnapshot(t.Context(), h.load(t, c)); err != nil {
			t.Fatal(err)
		}
		texts, snapshots := one[int](t, h.super, `SELECT count(*) FROM text`), one[int](t, h.super, `SELECT count(*) FROM snapshot`)
		h.append(t, c, iris, e.erase)
		if n := one[int](t, h.super, `SELECT count(*) FROM text WHERE case_id = $1 AND object = $2`, c, e.object); n != 0 {
			t.Errorf("%s: %d texts of it are left", name, n)
		}
		if gone := texts - one[int](t, h.super, `SELECT count(*) FROM text`); gone != e.gone {
			t.Errorf("%s: %d texts went, not %d", name, gone, e.gone)
		}
		if n := one[int](t, h.super, `SELECT count(*) FROM snapshot WHERE case_id = $1`, c); n != 0 {
			t.Errorf("%s: %d snapshots are left", name, n)
		}
		if gone := snapshots - one[int](t, h.super, `SELECT count(*) FROM snapshot`); gone != 1 {
			t.Errorf("%s: %d snapshots went", name, gone)
		}
		same(t, "after it", h.load(t, c), h.fold(t, c))
		if err := h.SaveSnapshot(t.Context(), h.load(t, c)); err != nil { // for the next one to leave alone
			t.Fatal(err)
		}
	}
}

// What a batch wrote before an erasure goes with it, what it writes after stays.
func TestErasureKeepsItsPlaceInABatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	h.append(t, c, iris,
		draft(card, text("title", "adres"), text("body", "adres")),
		&casework.TextsErased{Card: card},
		&casework.CardRetitled{Card: card, Title: text("clean", "zonder adres")})
	h.append(t, c, iris,
		&casework.CardRetitled{Card: card, Title: text("again", "weer het adres")},
		&casework.TextsErased{Card: card},
		&casework.CardEdited{Card: card, Text: text("note", "zonder")},
		draft(other, text("otitle", "anders"), casework.Text{}))
	state := h.load(t, c)
	if got := state.Cards[card]; !got.Title.Redacted || got.Text.Body != "zonder" || got.Text.Redacted {
		t.Errorf("the card is %+v", got)
	}
	if got := one[string](t, h.super, `SELECT string_agg(id, ' ' ORDER BY id) FROM text WHERE object IN ($1, $2)`, card, other); got !=
		id[string]("note")+" "+id[string]("otitle") {
		t.Errorf("texts left: %s", got)
	}
	same(t, "after both", state, h.fold(t, c))
}

// A case that is not there has no state, no name and no key.
func TestAbsentCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	err := h.Transact(t.Context(), func(tx *store.Tx) error {
		return tx.AppendEvents(t.Context(), []store.Append{{Case: "NOWHERE", Events: []casework.Event{{Seq: 1, At: noon, Change: &casework.CaseClosed{}}}}})
	})
	if casework.KindOf(err) != casework.NotFound {
		t.Errorf("appended: %v", err)
	}
	if state := h.load(t, "NOWHERE"); state.Seq != 0 {
		t.Errorf("state %+v", state)
	}
}
