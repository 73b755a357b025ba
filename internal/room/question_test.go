package room

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Words that were erased, or written over, while they were worked out for
// somebody do not go out any more.
func TestErasedWordsAreNotGiven(t *testing.T) {
	reads := casework.Mask{}
	for _, cell := range casework.Cells() {
		reads.Add(cell)
	}
	iris := casework.Reader{Member: casework.Member{User: "iris", Active: true},
		Rights: casework.Rights{Open: map[casework.Act]casework.Mask{casework.ActRead: reads}}}
	for what, c := range map[string]struct {
		now    casework.Text
		refuse bool
	}{
		"the same":     {casework.Text{ID: "T", Body: "woont daar"}, false},
		"erased":       {casework.Text{ID: "T", Redacted: true}, true},
		"written over": {casework.Text{ID: "U", Body: "woont elders"}, true},
	} {
		r := newRoom(NewHub(Config{Now: time.Now}), "C", &casework.Access{Team: []casework.Reader{iris}})
		r.hub.confirmedAt(time.Now())
		card := func(text casework.Text) *casework.Card {
			return &casework.Card{ID: "K", Class: casework.Shared, Author: casework.Author{User: "iris"}, Text: text}
		}
		r.moment.State.Status = casework.Open
		r.moment.State.Cards["K"] = card(c.now)
		var refused *refusal
		q := question{card: "K", refuse: func(why *refusal) any { refused = why; return why }}
		r.give(&client{hub: r.hub, visitor: Visitor{User: "iris"}, writing: true}, q, card(casework.Text{ID: "T", Body: "woont daar"}), "woont daar", nil)
		if (refused != nil) != c.refuse || refused != nil && refused.Kind != casework.Unavailable {
			t.Errorf("%s: refused with %v", what, refused)
		}
	}
}
