package view_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

func looked(t casetest.Table, user casework.UserID) view.Look {
	reader, ok := t.Reader(user)
	if !ok {
		return nil
	}
	return view.LookAt(t.State, reader)
}

func news(t casetest.Table, user casework.UserID, seen view.Look) string {
	reader, ok := t.Reader(user)
	if !ok {
		return ""
	}
	body, err := json.Marshal(view.NewsSince(seen, t.State, reader))
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// lookEvery is after how many steps the reader of a pair looks again.
const lookEvery = 12

// sameNews plays the other history and holds the reader's looks and news to
// those of the first, for as long as it hears the same in both.
func (of pair) sameNews(start casetest.Table, p played) (told int, err error) {
	other := play(start, of.other(p), of.reader)
	var seen view.Look
	j := 0
	for k, m := range p.moments {
		if m.Step != nil && of.without[m.Step.ID] {
			continue
		}
		n := other.moments[j]
		j++
		if string(p.heard(m, of.reader)) != string(other.heard(n, of.reader)) {
			return told, nil
		}
		one, two := news(m.After, of.reader, seen), news(n.After, of.reader, seen)
		if one != two {
			return told, errors.New("the news tells of what is hidden\n  one   " + one + "\n  other " + two)
		}
		if !maps.Equal(looked(m.After, of.reader), looked(n.After, of.reader)) {
			return told, errors.New("a look holds what is hidden")
		}
		told++
		if k%lookEvery == 0 {
			seen = looked(m.After, of.reader)
		}
	}
	return told, nil
}

// What stands on the page of one's own cases follows from one's own projections
// alone: two histories that differ in hidden steps only have the same news.
func TestNewsTellNothingHidden(t *testing.T) {
	start := newTable(t)
	users := casetest.Users(casetest.Cast())
	left, told := 0, 0
	for n := *seed; n < *seed+uint64(max(10, *histories/100)); n++ {
		p := play(start, casetest.History(n, *length, start), users...)
		random := rand.New(rand.NewPCG(n, 2))
		for _, reader := range users {
			of := p.pairOf(1+2*random.IntN(2), reader, random)
			left += len(of.without)
			same, err := of.sameNews(start, p)
			told += same
			if err != nil {
				t.Fatalf("-seed %d, reader %s: %v\n%s", n, reader, err, story(p.steps, of))
			}
		}
	}
	if left < 200 || told < 1000 {
		t.Errorf("too easy to tell anything: %d hidden steps left out, %d moments compared", left, told)
	}
}

// The news of one case, as its people would put it.
func TestNewsOfACase(t *testing.T) {
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	d := casetest.Zilverlinde(p)
	is := func(user casework.UserID, seen view.Look, want view.News) {
		t.Helper()
		reader, _ := d.Reader(user)
		got := view.NewsSince(seen, d.State, reader)
		got.Last = want.Last
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, not %+v", got, want)
		}
	}
	silent := []casework.PersonID{d.Bram}
	is(d.Daan, nil, view.News{First: true, Unheard: silent})
	daan, ruben := looked(d.Table, d.Daan), looked(d.Table, d.Ruben)
	is(d.Daan, daan, view.News{Unheard: silent})

	// Two cards of Iris, one of which Daan may not know; her draft is hers alone.
	d.Draft(d.Iris, true, casetest.Fields{"person": d.Fenna})
	d.Draft(d.Iris, true, casetest.Fields{"person": d.Fenna, "class": casework.Private})
	d.Draft(d.Iris, false, casetest.Fields{"person": d.Bram, "kind": casework.Words})
	is(d.Daan, daan, view.News{Fresh: 1, Unheard: silent})
	is(d.Iris, looked(d.Table, d.Iris), view.News{Drafts: 1, Unheard: silent})

	// A card that comes into sight by sharing is new, whenever it was written.
	d.Do(d.Daan, "share_card", casetest.Fields{"card": d.Cards[9], "class": casework.Shared})
	is(d.Ruben, ruben, view.News{Fresh: 2, Unheard: silent})
	// What is seen otherwise is changed, what was only moved is not.
	d.Do(d.Iris, "label_card", casetest.Fields{"card": d.Cards[2], "kind": casework.Concern})
	d.Do(d.Iris, "archive_card", casetest.Fields{"card": d.Cards[3]})
	d.Do(d.Iris, "move_card", casetest.Fields{"card": d.Cards[4], "column": d.Columns[1]})
	is(d.Ruben, ruben, view.News{Fresh: 2, Changed: 2, Unheard: silent})
	// Shielded it is gone without a word, and a child whose words one sees is heard.
	d.Do(d.Iris, "shield_card", casetest.Fields{"card": d.Cards[2], "class": casework.Confidential})
	d.Draft(d.Iris, true, casetest.Fields{"person": d.Bram, "kind": casework.Words, "class": casework.Confidential})
	is(d.Ruben, ruben, view.News{Fresh: 2, Changed: 1, Unheard: silent})
	is(d.Hanneke, looked(d.Table, d.Hanneke), view.News{})
	// In a closed case nobody is asked to hear anybody.
	d.Do(d.Hanneke, "close_case", casetest.Fields{})
	is(d.Ruben, looked(d.Table, d.Ruben), view.News{})
}

// A look that was written down reads back, and a damaged one is refused.
func TestLookIsKept(t *testing.T) {
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	d := casetest.Zilverlinde(p)
	for _, look := range []view.Look{{}, looked(d.Table, d.Iris)} {
		if back, err := view.ReadLook(look.Bytes()); err != nil || back == nil || !maps.Equal(back, look) {
			t.Errorf("%v, %v", back, err)
		}
	}
	whole := looked(d.Table, d.Iris).Bytes()
	for _, bad := range [][]byte{nil, {}, {2}, whole[:len(whole)-1], append([]byte{9}, whole[1:]...)} {
		if look, err := view.ReadLook(bad); err == nil {
			t.Errorf("%v reads as %v", bad, look)
		}
	}
}
