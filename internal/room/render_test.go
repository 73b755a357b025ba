package room

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/markdown"
	"github.com/casustafel/casustafel/internal/view"
)

// A card that was hidden from a reader of the note while an answer about it was
// worked out is not in what goes out.
func TestWhatWasHiddenMeanwhileIsNotPointedTo(t *testing.T) {
	for what, ask := range map[string]func(c *client, card casework.CardID) question{
		"render": func(c *client, card casework.CardID) question {
			m := &render{ID: "Q", Card: card}
			return question{card: card, refuse: m.refuse, answer: func(r casework.Reader, at view.Moment) (any, error) { return m.answer(c, r, at) }}
		},
		"targets": func(_ *client, card casework.CardID) question {
			m := &targets{ID: "Q", Card: card}
			return question{card: card, answer: m.answer, refuse: m.refuse}
		},
	} {
		for _, hides := range []bool{false, true} {
			w := newWritingRoom(t)
			d := w.demo
			other := d.Draft(d.Iris, true, casetest.Fields{"text": "Ander", "person": d.Fenna})
			card := d.Draft(d.Iris, true, casetest.Fields{"text": "Zie #" + string(other)[:5], "person": d.Fenna})
			w.moment = d.Moment()
			w.hub.confirmedAt(d.At)
			ruben := w.sit(d.Ruben, view.Eyes{})
			ruben.user = newUserLimits(w.hub.Limits)
			q := ask(ruben, card)
			var refused *refusal
			refuse := q.refuse
			q.refuse = func(why *refusal) any { refused = why; return refuse(why) }
			reader, begun, err := w.sight(ruben, card)
			if err != nil {
				t.Fatal(err)
			}
			reply, err := q.answer(reader, w.moment)
			if err != nil || !strings.Contains(encoded(t, reply), string(other)) {
				t.Fatalf("%s: it does not point to the other card: %v", what, err)
			}
			if hides {
				d.Do(d.Iris, "shield_card", casetest.Fields{"card": other, "class": casework.Confidential})
			}
			w.happens()
			if w.give(ruben, q, begun, reply, nil); (refused != nil) != hides || refused != nil && refused.Kind != casework.Unavailable {
				t.Errorf("%s, hidden %v: refused with %v", what, hides, refused)
			}
		}
	}
}

func encoded(t *testing.T, reply any) string {
	t.Helper()
	raw, err := json.Marshal(reply)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Renderings take turns: one of a user, and so many of a node.
func TestRenderingsTakeTurns(t *testing.T) {
	h := NewHub(Config{Limits: Limits{Renderings: 1}})
	iris, daan := newUserLimits(h.Limits), newUserLimits(h.Limits)
	leave, err := h.takeTurn(t.Context(), iris)
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	for _, user := range []*userLimits{iris, daan} {
		if _, err := h.takeTurn(impatient, user); casework.KindOf(err) != casework.TooMany {
			t.Errorf("two have their turn: %v", err)
		}
	}
	leave()
	for _, user := range []*userLimits{iris, daan} {
		leave, err := h.takeTurn(t.Context(), user)
		if err != nil {
			t.Fatal("a turn that was not taken is not given back:", err)
		}
		leave()
	}
}

// Many readers of one note cost one rendering, until its text or what it may point
// to is another; a text that the case holds no more is not kept, nor is more than
// the bounds.
func TestRenderingsAreSharedAndForgotten(t *testing.T) {
	state := casework.NewState("C")
	card := &casework.Card{ID: "K", Text: casework.Text{ID: "T", Body: "tekst"}}
	state.Cards["K"] = card
	var r renderings
	r.keep(state)
	made := 0
	of := func(card *casework.Card, to markdown.Links) {
		t.Helper()
		if _, err := r.of(card, to, func() (string, error) { made++; return card.Text.Body, nil }); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what string, n int) {
		t.Helper()
		if made != n {
			t.Errorf("%s: rendered %d times, not %d", what, made, n)
		}
	}
	of(card, markdown.Links{})
	of(card, markdown.Links{})
	expect("the same", 1)
	of(card, markdown.Links{Cards: []string{"OTHER"}})
	expect("other pointers", 2)
	if _, err := r.of(card, markdown.Links{Cards: []string{"LATE"}}, func() (string, error) { return "", errors.New("fails") }); err == nil || len(r.kept) != 2 {
		t.Errorf("what failed is kept: %d", len(r.kept))
	}
	erased := casework.NewState("C")
	erased.Cards["K"] = &casework.Card{ID: "K", Text: casework.Text{ID: "T", Redacted: true}}
	r.keep(erased)
	of(card, markdown.Links{}) // by somebody who began before
	if expect("erased", 3); len(r.kept) != 0 {
		t.Error("an erased text is kept")
	}
	r.keep(state)
	long := strings.Repeat("x", renderedBytesKept/3)
	for n := range 2 * renderingsKept {
		of(card, markdown.Links{Cards: []string{strings.Repeat("A", n)}})
		r.of(card, markdown.Links{Cards: []string{strings.Repeat("B", n)}}, func() (string, error) { return long, nil }) //nolint:errcheck // does not fail
	}
	bytes := 0
	for _, one := range r.kept {
		bytes += len(one.html)
	}
	if len(r.kept) > renderingsKept || bytes > renderedBytesKept {
		t.Errorf("%d are kept, of %d bytes", len(r.kept), bytes)
	}
}
