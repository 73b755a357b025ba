package room

import (
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/view"
	"github.com/casustafel/casustafel/policies"
)

// gives lets somebody hold these things and nothing else, and shows what comes of it.
func (w *writingRoom) gives(user casework.UserID, list ...casework.Given) {
	w.t.Helper()
	p, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		w.t.Fatal(err)
	}
	next := *w.demo.Access
	next.Epoch++
	next.Team = slices.Clone(next.Team)
	for i, m := range next.Team {
		if m.User != user {
			continue
		}
		next.Team[i].Given = slices.Clone(list)
		for n := range list {
			next.Team[i].Given[n].Rights = p.Rights(m.Role, list[n].Kind)
		}
	}
	w.demo.Access = &next
	w.happens()
	w.tellHere()
}

// lent and barred are what is given of a card.
func (w *writingRoom) lent(card casework.CardID) casework.Given {
	return casework.Given{ID: "lend", Kind: casework.GrantLend, Card: card, From: w.demo.At, Until: w.demo.At.Add(time.Hour)}
}

func (w *writingRoom) barred(card casework.CardID) casework.Given {
	return casework.Given{ID: "bar", Kind: casework.GrantBar, Card: card, From: w.demo.At}
}

// looksTo tells at which card somebody looks, as a client is told.
func (w *writingRoom) looksTo(c *client, user casework.UserID) (card casework.CardID) {
	for _, p := range w.presentTo(c.group.reader) {
		if p.User == user {
			card = p.Card
		}
	}
	return card
}

// Where somebody looks tells neither what was lent to that person nor of what it was
// shut out, but to who knows of that.
func TestPresenceTellsOfNothingGiven(t *testing.T) {
	w := newWritingRoom(t)
	d := w.demo
	iris, mirthe, hanneke := w.sit(d.Iris, view.Eyes{}), w.sit(d.Mirthe, view.Eyes{}), w.sit(d.Hanneke, view.Eyes{})
	w.gives(d.Iris, w.lent(d.Cards[9]))
	w.look(iris, d.Cards[9])
	if card := w.looksTo(mirthe, d.Iris); card != "" {
		t.Error("Mirthe is told that Iris looks at the card that was lent to her")
	}
	if card := w.looksTo(iris, d.Iris); card != d.Cards[9] {
		t.Errorf("Iris is told that she looks at %q", card)
	}
	if _, sees := view.SeatOf(hanneke.group.reader, w.moment).Card(d.Cards[9]); !sees || w.looksTo(hanneke, d.Iris) != d.Cards[9] {
		t.Errorf("Hanneke, who knows of the lend, sees the card: %v; is told that Iris looks at %q", sees, w.looksTo(hanneke, d.Iris))
	}

	w.look(w.sit(d.Ruben, view.Eyes{}), d.Cards[7])
	w.gives(d.Ruben, w.barred(d.Cards[7]))
	if w.looksTo(mirthe, d.Ruben) != d.Cards[7] || w.looksTo(hanneke, d.Ruben) != "" {
		t.Errorf("of a look at what Ruben is shut out of, Mirthe is told %q and Hanneke %q", w.looksTo(mirthe, d.Ruben), w.looksTo(hanneke, d.Ruben))
	}
}

// Who shares a view with somebody is sent nothing at the moment at which something
// given to that one begins or ends.
func TestNoFrameTellsOfWhatWasGivenToAnother(t *testing.T) {
	for _, kind := range []casework.Grant{casework.GrantBar, casework.GrantLend} {
		w := newWritingRoom(t)
		d := w.demo
		m := d.Member(d.Iris)
		for _, name := range []string{"Pim", "Tess"} {
			m.User, m.Name = casework.UserID(name), name
			d.Seat(m)
		}
		w.happens()
		pim, tess := w.sit("Pim", view.Eyes{}), w.sit("Tess", view.Eyes{})
		if pim.group != tess.group {
			t.Fatal("Pim and Tess share no view")
		}
		w.hereDue = true
		w.tellHere()
		given := w.lent(d.Cards[9])
		if kind == casework.GrantBar {
			given = w.barred(d.Cards[1])
		}
		for _, now := range [][]casework.Given{{given}, nil} {
			tess.here, tess.queue, pim.queue = nil, nil, nil
			w.gives("Pim", now...)
			if tess.here != nil || len(tess.queue) > 0 {
				t.Errorf("%s: Tess is sent a frame when Pim holds %d things", kind, len(now))
			}
			if len(pim.queue) == 0 {
				t.Errorf("%s: Pim is told nothing", kind)
			}
		}
	}
}

// Who was away while a card went out of sight is not told by the way back whether it
// was shielded from everybody or from that one alone.
func TestWayBackTellsOfNoBar(t *testing.T) {
	for _, stays := range []bool{true, false} {
		for _, acted := range []bool{true, false} {
			for _, what := range []string{"bar", "shield"} {
				w := newWritingRoom(t)
				d := w.demo
				if !acted {
					delete(d.State.Involved, d.Ruben) // he shares a view with his role
				}
				ruben := w.sit(d.Ruben, view.Eyes{})
				w.turn++
				m := &join{Cursor: w.cursor(), Seat: w.seatToken(ruben)}
				if !stays {
					w.remove(ruben)
				}
				if what == "bar" {
					w.gives(d.Ruben, w.barred(d.Cards[7]))
				} else {
					if a := d.Do(d.Daan, "shield_card", casetest.Fields{"card": d.Cards[7], "class": casework.Confidential}); !a.OK {
						t.Fatalf("%+v", a)
					}
					w.happens()
				}
				back := w.sit(d.Ruben, view.Eyes{})
				seen, was, resumed := w.resume(back, back.group, m)
				if !resumed {
					t.Errorf("after a %s, away %v, acted %v: everything is sent anew", what, !stays, acted)
					continue
				}
				diff := view.Differ(seen, was, w.moment, back.group.reader, view.Compare(seen.State, w.moment.State))
				if !slices.Contains(diff.Gone, d.Cards[7]) {
					t.Errorf("after a %s, away %v, acted %v: the card is not gone: %+v", what, !stays, acted, diff)
				}
			}
		}
	}
}

// Once a bar ends, everything is sent anew: what was written meanwhile is not told
// step by step.
func TestWayBackAfterTheEndOfABar(t *testing.T) {
	w := newWritingRoom(t)
	d := w.demo
	w.gives(d.Ruben, w.barred(d.Cards[7]))
	ruben := w.sit(d.Ruben, view.Eyes{})
	m := &join{Cursor: w.cursor(), Seat: w.seatToken(ruben)}
	w.gives(d.Ruben)
	back := w.sit(d.Ruben, view.Eyes{})
	if _, _, resumed := w.resume(back, back.group, m); resumed {
		t.Error("who saw less for a while goes on")
	}
}
