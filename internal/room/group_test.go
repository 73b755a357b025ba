package room

import (
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

func TestRingReachesBackAsFarAsItHolds(t *testing.T) {
	g := &group{since: 10}
	for turn := int64(11); turn <= 10+ringFrames+5; turn++ {
		g.keep(turn, outgoing{size: 10})
	}
	if _, ok := g.missed(10); ok {
		t.Error("frames that were dropped are said to be there")
	}
	frames, ok := g.missed(15)
	if !ok || len(frames) != ringFrames {
		t.Errorf("after the dropped ones: %d frames, %v; want %d", len(frames), ok, ringFrames)
	}
	if frames, ok := g.missed(10 + ringFrames + 5); !ok || len(frames) != 0 {
		t.Errorf("nothing missed gives %d frames, %v", len(frames), ok)
	}
}

func TestRingIsBoundInBytes(t *testing.T) {
	g := &group{}
	for turn := int64(1); turn <= 10; turn++ {
		g.keep(turn, outgoing{size: ringBytes / 3})
	}
	if g.bytes > ringBytes || len(g.ring) != 3 {
		t.Errorf("the ring holds %d frames of %d bytes", len(g.ring), g.bytes)
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
	moment := view.Moment{State: state, Access: access}
	r := &room{groups: map[string]*group{}}
	if g := r.groupOf(reader("b"), moment, 0); g.reader.User != "" {
		t.Error("somebody stands for a group of people who never acted")
	}
	if g := r.groupOf(reader("a"), moment, 0); g.reader.User != "a" {
		t.Error("who acted is not itself in its own group")
	}
}
