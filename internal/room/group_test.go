package room

import (
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

func TestGroupLooksBackAsFarAsItKeeps(t *testing.T) {
	g := &group{}
	moment := func(turn int64) view.Moment { return view.Moment{State: &casework.State{Seq: turn}} }
	for turn := int64(10); turn < 10+2*(pastMoments+5); turn += 2 {
		g.remember(turn, moment(turn))
	}
	if _, ok := g.at(10); ok {
		t.Error("a moment that was dropped is said to be there")
	}
	for _, c := range []struct{ turn, seen int64 }{{30, 30}, {31, 30}, {1000, 10 + 2*(pastMoments+4)}} {
		if m, ok := g.at(c.turn); !ok || m.State.Seq != c.seen {
			t.Errorf("whose last turn was %d saw %v, %v; want %d", c.turn, m.State, ok, c.seen)
		}
	}
}

// A colleague who never acted shares a view with the others of the role; who
// acted has a view of its own.
func TestAudience(t *testing.T) {
	access := &casework.Access{Policy: "one"}
	state := casework.NewState("C")
	reader := func(user casework.UserID, beside ...casework.PersonID) casework.Reader {
		return casework.Reader{Member: casework.Member{User: user, Role: casework.ChildWorker, Organisation: "O", Beside: beside}}
	}
	if audience(reader("a", "p", "q"), access, state) != audience(reader("b", "q", "p"), access, state) {
		t.Error("two who never acted do not share a view")
	}
	if audience(reader("a", "p"), access, state) == audience(reader("a", "q"), access, state) {
		t.Error("standing beside another person makes no other view")
	}
	state.Involved["a"] = true
	if audience(reader("a"), access, state) == audience(reader("b"), access, state) {
		t.Error("who acted shares a view with who did not")
	}
	if audience(reader("b"), access, state) == audience(reader("b"), &casework.Access{Policy: "two"}, state) {
		t.Error("another policy makes no other view")
	}
	asked := casework.NewState("C")
	asked.Cards["K"] = &casework.Card{ID: "K", Class: casework.Shared, Author: casework.Author{User: "writer"}, For: "a"}
	reads := casework.Mask{}
	for _, cell := range casework.Cells() {
		reads.Add(cell)
	}
	mayRead := func(r casework.Reader) casework.Reader {
		r.Rights.Open = map[casework.Act]casework.Mask{casework.ActRead: reads}
		return r
	}
	asked.Status = casework.Open
	if audience(mayRead(reader("a")), access, asked) == audience(mayRead(reader("b")), access, asked) {
		t.Error("whom a card is asked of shares a view with a colleague of the role")
	}
	asked.Cards["D"] = &casework.Card{ID: "D", Class: casework.Shared, Author: casework.Author{User: "writer"}}
	many := groupIn(map[string]*group{}, view.Eyes{}, mayRead(reader("b")), view.Moment{State: asked, Access: access}, 0).reader
	for id := range asked.Cards {
		if _, sees := view.SeatOf(many, view.Moment{State: asked, Access: access}).Card(id); sees {
			t.Errorf("a group of people who never acted sees the draft %s", id)
		}
	}
	joint := func(dark bool, users ...casework.UserID) casework.Reader {
		r := reader("chair")
		r.Joint = &casework.Joint{Screen: true, Dark: dark}
		for _, user := range users {
			r.Joint.Eyes = append(r.Joint.Eyes, reader(user))
		}
		return r
	}
	if audience(joint(false, "a"), access, state) == audience(joint(false, "a", "b"), access, state) {
		t.Error("a Scherm before one more is the same view")
	}
	if audience(joint(false, "a", "b"), access, state) != audience(joint(false, "a", "b"), access, asked) {
		t.Error("a Scherm tells that somebody acted, or is asked something, which the others may not know")
	}
	if audience(joint(true), access, state) != audience(joint(true), &casework.Access{Policy: "two"}, casework.NewState("C")) {
		t.Error("a blank Scherm depends on what it does not show")
	}
	lens := joint(false, "a", "b")
	lens.Joint.Screen = false
	if audience(lens, access, state) == audience(joint(false, "a", "b"), access, state) {
		t.Error("Kijk als shares a view with the Scherm")
	}
	moment := view.Moment{State: state, Access: access}
	groups := map[string]*group{}
	if g := groupIn(groups, view.Eyes{}, reader("b"), moment, 0); g.reader.User != "" {
		t.Error("somebody stands for a group of people who never acted")
	}
	if g := groupIn(groups, view.Eyes{}, reader("a"), moment, 0); g.reader.User != "a" {
		t.Error("who acted is not itself in its own group")
	}
}
