package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// writeMore puts words behind the note of a card, as far as the writer has it.
func (w *watcher) writeMore(t testing.TB, card casework.CardID, words string) {
	t.Helper()
	has := w.sees().Cards[card].Text
	w.must(t, "write_note", map[string]any{"card": card, "base": has.Base, "changes": note.Between(has.Body, has.Body+words)})
}

// note puts a card with a text on the table.
func (w *watcher) note(t testing.TB, with map[string]any) casework.CardID {
	t.Helper()
	all := map[string]any{"column": w.sees().Columns[0].ID, "title": "Een notitie", "text": "Eerst.", "class": "shared", "kind": "question"}
	for k, v := range with {
		all[k] = v
	}
	card := w.must(t, "draft_card", all)
	w.must(t, "table_card", map[string]any{"card": card})
	return cardOf(card)
}

// question asks and gives the answer.
func (w *watcher) question(t testing.TB, kind string, with map[string]any) liveclient.Message {
	t.Helper()
	id := casework.NewID[casework.CommandID](rand.Reader)
	all := map[string]any{"t": kind, "id": id}
	for k, v := range with {
		all[k] = v
	}
	if err := w.client.Send(all); err != nil {
		t.Fatal(err)
	}
	m, ok := w.answerTo(within(t), id)
	if !ok {
		t.Fatalf("%s: no answer to %s: %v", w.name, kind, w.failed())
	}
	return m
}

func (w *watcher) has(t testing.TB, card casework.CardID, text string) {
	t.Helper()
	w.until(t, text, func() bool { c := w.state.Cards[card]; return c.Text != nil && c.Text.Body == text })
}

// since lists the frames of a type that came after the first n.
func (w *watcher) since(n int, kind string) (list []json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.frames[n:] {
		var m liveclient.Message
		if json.Unmarshal(f, &m) == nil && m.Type == kind {
			list = append(list, f)
		}
	}
	return list
}

func (w *watcher) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.frames)
}

// What is written goes out step by step to who reads along, on every node, and
// where it is written; the note is the same for all.
func TestWritingReachesItsReaders(t *testing.T) {
	tb, a := newTable(t)
	b := tb.node("second")
	iris, ruben, hanneke := tb.watch(a, "Iris"), tb.watch(b, "Ruben"), tb.watch(b, "Hanneke")
	card := iris.note(t, map[string]any{"person": tb.person(iris, "Fenna")})
	ruben.has(t, card, "Eerst.")
	hanneke.has(t, card, "Eerst.")
	iris.writeMore(t, card, " Dan.") // from now on Iris has a view of her own
	ruben.has(t, card, "Eerst. Dan.")
	from := ruben.count()
	for _, words := range []string{" 😀", "\nEn dit.", ""} {
		iris.writeMore(t, card, words)
	}
	text := iris.sees().Cards[card].Text
	ruben.has(t, card, "Eerst. Dan. 😀\nEn dit.")
	hanneke.has(t, card, text.Body)
	for _, f := range ruben.since(from, "change") {
		var d view.Difference
		if err := json.Unmarshal(f, &d); err != nil || len(d.Written) != 1 || len(d.Cards) > 0 {
			t.Errorf("not step by step: %s (%v)", f, err)
		}
	}
	if err := iris.client.Send(map[string]any{"t": "caret", "card": card, "base": text.Base, "anchor": 2, "head": 5}); err != nil {
		t.Fatal(err)
	}
	want := []liveclient.Caret{{User: tb.users["Iris"], Card: card, Base: text.Base, Anchor: 2, Head: 5}}
	ruben.until(t, "where Iris writes", func() bool { return slices.Equal(ruben.carets, want) })
	iris.leave()
	ruben.until(t, "nobody who writes", func() bool { return ruben.carets != nil && len(ruben.carets) == 0 })
	if n := len(iris.since(0, "carets")); n != 0 {
		t.Errorf("Iris was told %d times where she writes", n)
	}
}

// Whose right goes while others write gets nothing that is written after it, be it
// the note that is hidden or the place at the table that ends; nor where.
func TestNothingWrittenComesAfterTheRight(t *testing.T) {
	tb, a := newTable(t)
	b := tb.node("second")
	iris := tb.watch(a, "Iris")
	for _, way := range []struct {
		what     string
		withdraw func(card casework.CardID)
	}{
		{"shielded", func(card casework.CardID) {
			iris.must(t, "shield_card", map[string]any{"card": card, "class": "confidential"})
		}},
		{"away from the table", func(casework.CardID) { // the last: Ruben does not come back
			tb.member(a, tb.users["Ruben"], casework.Member{Role: casework.PerpetratorSupport, Until: time.Now()})
		}},
	} {
		what, withdraw := way.what, way.withdraw
		ruben := tb.watch(b, "Ruben")
		card := iris.note(t, map[string]any{"person": tb.person(iris, "Fenna")})
		ruben.has(t, card, "Eerst.")
		var written atomic.Int64
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := written.Add(1)
				has := iris.sees().Cards[card].Text
				iris.ask(t.Context(), "write_note", map[string]any{"card": card, "base": has.Base, "changes": note.Between(has.Body, has.Body+fmt.Sprintf(" w%d.", n))})
				iris.client.Send(map[string]any{"t": "caret", "card": card, "base": iris.sees().Cards[card].Text.Base, "anchor": 0, "head": 0}) //nolint:errcheck // told by what follows
			}
		}()
		ruben.until(t, "some words and where they are written", func() bool {
			c := ruben.state.Cards[card]
			return c.Text != nil && strings.Contains(c.Text.Body, " w5.") && len(ruben.carets) > 0
		})
		withdraw(card)
		last := written.Load() // under way at the latest
		iris.until(t, "more words", func() bool {
			return strings.Contains(iris.state.Cards[card].Text.Body, fmt.Sprintf(" w%d.", last+10))
		})
		close(stop)
		<-stopped
		if what == "shielded" {
			ruben.until(t, "that the note is gone", func() bool { _, there := ruben.state.Cards[card]; return !there })
			ruben.question(t, "who", map[string]any{"class": "shared"}) // all that was sent before is here
		} else {
			ruben.closedWith(t)
		}
		after := false
		for _, f := range ruben.since(0, "change") {
			for n := last + 1; n <= written.Load(); n++ {
				if bytes.Contains(f, fmt.Appendf(nil, " w%d.", n)) {
					t.Errorf("%s: word %d of %d came: %s", what, n, last, f)
				}
			}
		}
		ruben.mu.Lock()
		for _, f := range ruben.frames {
			if after && bytes.Contains(f, []byte(card)) {
				t.Errorf("%s: after it was gone came %s", what, f)
			}
			after = after || bytes.Contains(f, []byte(`"gone":["`+string(card)))
		}
		ruben.mu.Unlock()
	}
}

// A version is told to who is told the line that names it, and to nobody else: not
// of another card, not from before others could read, not once it is erased.
func TestVersionsAreThoseOfOnesOwnHistory(t *testing.T) {
	tb, n := newTable(t)
	iris, daan, ruben := tb.watch(n, "Iris"), tb.watch(n, "Daan"), tb.watch(n, "Ruben")
	card := iris.note(t, map[string]any{"person": tb.person(iris, "Fenna"), "class": "confidential"})
	other := iris.note(t, map[string]any{"person": tb.person(iris, "Fenna")})
	daan.has(t, other, "Eerst.")
	iris.writeMore(t, card, " Geheim.")
	iris.must(t, "name_version", map[string]any{"card": card, "name": "Voor het besluit"})
	iris.writeMore(t, card, " En verder.")
	iris.writeMore(t, other, " Anders.")
	lines := func(w *watcher, card casework.CardID) (list []string, versions []casework.TextID) {
		for _, l := range w.question(t, "history", map[string]any{"card": card}).Lines {
			if l.Version != "" {
				versions = append(versions, l.Version)
			}
			list = append(list, l.What+l.Name)
		}
		return list, versions
	}
	told := func(w *watcher, card casework.CardID, version casework.TextID) string {
		m := w.question(t, "version", map[string]any{"card": card, "version": version})
		if m.Error != nil {
			return string(m.Error.Kind) + " " + m.Error.Reason
		}
		return m.Body
	}
	const absent = "not_found not_found"
	list, secrets := lines(iris, card)
	if fmt.Sprint(list) != "[drafted tabled edited namedVoor het besluit]" || len(secrets) != 2 {
		t.Fatalf("Iris is told %v, with the versions %v", list, secrets)
	}
	_, open := lines(daan, other)
	for _, c := range []struct {
		w       *watcher
		card    casework.CardID
		version casework.TextID
		want    string
	}{
		{iris, card, secrets[0], "Eerst."}, {iris, card, secrets[1], "Eerst. Geheim."},
		{iris, card, iris.sees().Cards[card].Text.Base, absent}, // no line names it
		{iris, card, "", absent}, {iris, card, casework.TextID(strings.Repeat("Z", casework.IDLength)), absent},
		{iris, other, secrets[0], absent}, {iris, card, open[0], absent},
		{daan, other, open[0], "Eerst."}, {ruben, other, open[0], "Eerst."},
		{ruben, card, secrets[0], absent}, {ruben, other, secrets[0], absent},
	} {
		if got := told(c.w, c.card, c.version); got != c.want {
			t.Errorf("%s is told of version %s of %s: %q, not %q", c.w.name, c.version, c.card, got, c.want)
		}
	}
	iris.must(t, "share_card", map[string]any{"card": card, "class": "shared"})
	ruben.has(t, card, "Eerst. Geheim. En verder.")
	for _, w := range []*watcher{iris, ruben} {
		for _, version := range secrets {
			if got := told(w, card, version); got != absent {
				t.Errorf("after the share %s is told: %q", w.name, got)
			}
		}
	}
	if list, versions := lines(ruben, card); len(versions) != 0 {
		t.Errorf("after the share Ruben is told %v", list)
	}
	iris.must(t, "redact", map[string]any{"card": other})
	if got := told(iris, other, open[0]); got != absent {
		t.Errorf("an erased version is told: %q", got)
	}
	if list, versions := lines(iris, other); len(versions) != 0 || !slices.Contains(list, "erased") {
		t.Errorf("after the erasing Iris is told %v", list)
	}
}

// A note points to nothing that one of its readers may not know: it is the words
// that were typed, for everybody.
func TestNotesPointToWhatAllTheirReadersSee(t *testing.T) {
	tb, n := newTable(t)
	daan, ruben := tb.watch(n, "Daan"), tb.watch(n, "Ruben")
	hidden, ok := cardTitled(daan.sees(), "Is oma's adres bekend bij Joris?")
	if !ok {
		t.Fatal("no safety card")
	}
	shown, ok := cardTitled(ruben.sees(), "Kwam naar drie van vijf gesprekken.")
	if !ok {
		t.Fatal("no shared card")
	}
	words := fmt.Sprintf("Zie #%s en #%s, @Daan en @Mirthe.", hidden.ID[:5], shown.ID[:5])
	shared := daan.note(t, map[string]any{"text": words})
	safety := daan.note(t, map[string]any{"text": words, "class": "safety", "person": tb.person(daan, "Ans")})
	ruben.has(t, shared, words)
	type aims struct {
		Cards []casework.CardID
		Users []casework.UserID
		HTML  string
	}
	ask := func(w *watcher, kind string, card casework.CardID) (a aims) {
		if m := w.question(t, kind, map[string]any{"card": card}); m.Error == nil && json.Unmarshal(m.Raw, &a) != nil {
			t.Fatalf("%s", m.Raw)
		}
		return a
	}
	for _, c := range []struct {
		w                   *watcher
		card                casework.CardID
		hidden, shown, both bool // can be pointed to; and Ruben can be mentioned
	}{
		{daan, shared, false, true, true}, {ruben, shared, false, true, true},
		{daan, safety, true, true, false}, {ruben, safety, false, false, false},
	} {
		may := ask(c.w, "targets", c.card)
		if slices.Contains(may.Cards, hidden.ID) != c.hidden || slices.Contains(may.Cards, shown.ID) != c.shown ||
			slices.Contains(may.Users, tb.users["Ruben"]) != c.both {
			t.Errorf("%s can point from %s to %+v", c.w.name, c.card, may)
		}
		html := ask(c.w, "render", c.card).HTML
		if strings.Contains(html, string(hidden.ID)) != c.hidden || strings.Contains(html, string(shown.ID)) != c.shown {
			t.Errorf("%s gets of %s: %s", c.w.name, c.card, html)
		}
	}
}
