package view_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// chronicle is a played history with its log and the table after every event's
// step.
type chronicle struct {
	played
	log    []casework.Event
	before map[int64]casetest.Table // by the seq of an event: around the step that it came from
	after  map[int64]casetest.Table
	end    casetest.Table
}

func chronicleOf(start casetest.Table, p played) chronicle {
	c := chronicle{played: p, before: map[int64]casetest.Table{}, after: map[int64]casetest.Table{}, end: start}
	c.log = append(c.log, casework.Event{Seq: 1, Actor: casetest.Users(casetest.Cast())[0], At: start.At, Change: &casework.CaseOpened{Name: start.State.Name}})
	for _, m := range p.moments {
		c.end = m.After
		for _, e := range m.Outcome.Events {
			c.log = append(c.log, e)
			c.before[e.Seq], c.after[e.Seq] = m.Before, m.After
		}
	}
	return c
}

func (c chronicle) history(t *testing.T, card casework.CardID, r casework.Reader) []view.Line {
	t.Helper()
	lines, err := view.History(c.log, card, c.end.Moment(), r)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestHistoryIsReadableThenAndNow holds every line of every history to the plain
// rule: the reader of today reads the card as it was before and after, and
// nothing that decides who may read it has changed since.
func TestHistoryIsReadableThenAndNow(t *testing.T) {
	start := newTable(t)
	told := map[string]int{}
	for n := *seed; n < *seed+streamed/2; n++ {
		c := chronicleOf(start, play(start, casetest.History(n, 3**length, start), casetest.Users(casetest.Cast())...))
		for _, user := range c.users {
			r, seated := c.end.Reader(user)
			if !seated {
				continue
			}
			for id, card := range c.end.State.Cards {
				lines := c.history(t, id, r)
				if !c.end.ReadsCard(r, card) {
					if lines != nil {
						t.Fatalf("-seed %d: %s is told of hidden card %s", n, user, id)
					}
					continue
				}
				for _, line := range lines {
					told[line.What]++
					if line.What == "drafted" || line.What == "tabled" {
						continue // stands on the card
					}
					if !c.mayTell(line, r, card) {
						t.Fatalf("-seed %d: %s is told of %s: %+v", n, user, id, line)
					}
				}
			}
		}
	}
	for _, what := range []string{"drafted", "tabled", "retitled", "edited", "labelled", "moved", "archived", "restored", "reclassed", "reperspectived", "person_reclassed", "erased", "withdrawn"} {
		if told[what] == 0 {
			t.Errorf("no history tells that a card was %s: %v", what, told)
		}
	}
}

// mayTell finds an event that the line can be about.
func (c chronicle) mayTell(line view.Line, r casework.Reader, card *casework.Card) bool {
	return slices.ContainsFunc(c.log, func(e casework.Event) bool {
		before, after := c.before[e.Seq], c.after[e.Seq]
		if !e.At.Equal(line.At) || e.Actor != line.User || before.State == nil {
			return false
		}
		before.Access, before.At, after.Access, after.At = c.end.Access, c.end.At, c.end.Access, c.end.At // the eyes of today
		was, is := before.State.Cards[card.ID], after.State.Cards[card.ID]
		return was != nil && is != nil && before.ReadsCard(r, was) && after.ReadsCard(r, is) && sameCircle(after.State, is, c.end.State, card)
	})
}

// sameCircle tells whether all that decides who may read a card is as it was.
func sameCircle(s *casework.State, c *casework.Card, then *casework.State, d *casework.Card) bool {
	if c.Class != d.Class || c.Perspective != d.Perspective || c.Draft() != d.Draft() || !slices.Equal(c.Named, d.Named) {
		return false
	}
	if c.Perspective == "" {
		return true
	}
	p, q := s.Persons[c.Perspective], then.Persons[c.Perspective]
	return p.Kind == q.Kind && p.Class == q.Class
}

// TestHistoryTellsOfNothingHidden: to somebody who sat at the table all along as
// the same, two cases that looked alike to the end have the same histories.
func TestHistoryTellsOfNothingHidden(t *testing.T) {
	start := newTable(t)
	users := casetest.Users(casetest.Cast())
	compared := 0
	for n := *seed; n < *seed+2*streamed; n++ {
		p := play(start, casetest.History(n, *length, start), users...)
		c := chronicleOf(start, p)
		random := rand.New(rand.NewPCG(n, 3))
		for _, user := range users {
			if !steady(p, user) {
				continue
			}
			of := p.pairOf(random.IntN(8), user, random)
			of.keepNamings(p)
			if of.compare(start, p) != nil {
				continue
			}
			other := chronicleOf(start, play(start, of.other(p), user))
			r, _ := c.end.Reader(user)
			s, _ := other.end.Reader(user)
			for id, card := range c.end.State.Cards {
				if !c.end.ReadsCard(r, card) {
					continue
				}
				one, two := unnamed(c.history(t, id, r)), unnamed(other.history(t, id, s))
				compared++
				if !reflect.DeepEqual(one, two) {
					t.Fatalf("-seed %d, reader %s, card %s, steps with - left out:\n%s\n one   %+v\n other %+v", n, user, id, story(p.steps, of), one, two)
				}
			}
		}
	}
	if compared < 250 {
		t.Errorf("only %d histories compared", compared)
	}
}

// keepNamings leaves no step out that gave a name to a version of what the reader
// saw: the history alone tells of it.
func (of pair) keepNamings(p played) {
	for _, m := range p.moments[1:] {
		r, _ := m.After.Reader(of.reader)
		for _, e := range m.Outcome.Events {
			if named, ok := e.Change.(*casework.NoteNamed); ok && m.After.ReadsCard(r, m.After.State.Cards[named.Card]) {
				delete(of.without, m.Step.ID)
			}
		}
	}
}

// unnamed leaves out how versions are called: nobody gets those words elsewhere, so
// they are other words in the other history.
func unnamed(lines []view.Line) []view.Line {
	for i := range lines {
		if lines[i].Name != "" {
			lines[i].Name = "named"
		}
	}
	return lines
}

// steady tells whether the user sat at the table all along, as the same member.
func steady(p played, user casework.UserID) bool {
	first, seated := p.moments[0].After.Reader(user)
	return seated && !slices.ContainsFunc(p.moments, func(m casetest.Moments) bool {
		now, seated := m.After.Reader(user)
		return !seated || !reflect.DeepEqual(now.Member, first.Member)
	})
}

// A share begins a new history, and no words are ever in one.
func TestHistoryBeginsAnewWithAShare(t *testing.T) {
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	d := casetest.Zilverlinde(p)
	whole := func(user casework.UserID, card casework.CardID) string {
		events := append([]casework.Event{{Seq: 1, Actor: d.Hanneke, At: casetest.Start, Change: &casework.CaseOpened{Name: d.State.Name}}}, d.Log...)
		r, _ := d.Reader(user)
		lines, err := view.History(events, card, d.Moment(), r)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, line := range lines {
			all = append(all, line.What)
		}
		raw, err := json.Marshal(lines)
		if err != nil || strings.Contains(string(raw), "Post blijft dicht") {
			t.Errorf("%s %v", raw, err)
		}
		return strings.Join(all, " ")
	}
	card := d.Cards[9] // confidential, of Daan, about Noor
	d.Do(d.Daan, "label_card", casetest.Fields{"card": card, "kind": casework.Fact})
	if got := whole(d.Mirthe, card); got != "drafted tabled labelled" {
		t.Errorf("Mirthe, who reads it, is told: %s", got)
	}
	if got := whole(d.Ruben, card); got != "" {
		t.Errorf("Ruben, who does not, is told: %s", got)
	}
	if answer := d.Do(d.Daan, "share_card", casetest.Fields{"card": card, "class": casework.Shared}); !answer.OK {
		t.Fatal(answer)
	}
	d.Do(d.Daan, "archive_card", casetest.Fields{"card": card})
	if got := whole(d.Ruben, card); got != "drafted tabled archived" {
		t.Errorf("Ruben, who reads it since, is told: %s", got)
	}
	if got := whole(d.Mirthe, card); got != "drafted tabled reclassed archived" {
		t.Errorf("Mirthe, who read it all along, is told: %s", got)
	}
}
