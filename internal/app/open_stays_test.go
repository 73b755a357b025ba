package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/internal/view"
)

// sits lets somebody into the room of the case, by a connection of its own.
func (c conference) sits(t *testing.T, name string) audit.Actor {
	t.Helper()
	actor := audit.Actor{User: c.users[name], Door: "live", Request: "CONNECTIONOF" + name}
	if _, err := c.Enter(t.Context(), actor, c.id, view.Eyes{}, nil); err != nil {
		t.Fatal(err)
	}
	return actor
}

func (c conference) leaves(t *testing.T, actor audit.Actor) error {
	t.Helper()
	return c.Observe(t.Context(), c.id, "leave", audit.StayMoment{Actor: actor})
}

// tick lets the sequencer of a node do what there is to do now.
func tick(t *testing.T, node interface{ Sequence(context.Context) }) {
	t.Helper()
	done, stop := context.WithCancel(t.Context())
	stop()
	node.Sequence(done)
}

const ends = `SELECT count(*) FROM record WHERE event = 'leave'`

// The stays of a node that says no more that they go on get their ends on the record
// from another, once, each as the same person in the same place and with until when it
// may have lasted. When that node was only away, everybody joins again before anything
// goes out to them.
func TestStaysThatWereCutOffEnd(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	other := c.node(t, "other", storetest.Open(t, c.config))
	iris, ruben := c.sits(t, "iris"), c.sits(t, "ruben")
	tick(t, other)
	if n := one[int](t, c.door, ends); n != 0 {
		t.Fatalf("%d stays that go on have an end", n)
	}
	if err := c.leaves(t, ruben); err != nil {
		t.Fatal(err)
	}
	c.exec(t, `UPDATE node_life SET confirmed = confirmed - interval '2 minutes'`)
	tick(t, c) // its own stays a node does not end so: it is there
	if n := one[int](t, c.door, ends); n != 1 {
		t.Fatalf("%d stays have an end", n)
	}
	tick(t, other)
	tick(t, other)
	if n := one[int](t, c.door, ends); n != 2 {
		t.Fatalf("%d stays have an end", n)
	}
	if !one[bool](t, c.door, `SELECT l.account = j.account AND l.case_id = j.case_id AND l.role = j.role AND l.ground = j.ground AND l.relation = j.relation
			AND l.actor_organisation = j.actor_organisation AND l.case_organisation = j.case_organisation AND l.access_point = j.access_point AND l.action = j.action
			AND l.object = j.object AND l.checks = j.checks AND l.policy = j.policy AND l.id <> j.id AND l.at >= j.at
			AND l.detail->>'beside' = j.detail->>'beside' AND NOT l.detail ? 'persons'
			AND l.at BETWEEN now() - interval '3 minutes' AND now() AND (l.detail->>'cut_off')::timestamptz BETWEEN l.at - interval '61 seconds' AND l.at - interval '59 seconds'
		FROM record l JOIN record j ON j.event = 'join' AND j.request = l.request WHERE l.event = 'leave' AND l.request = $1`, iris.Request) {
		t.Errorf("the end is not that of the stay:\n%s", c.line(t, `event IN ('join', 'leave')`))
	}
	if waiting := one[int](t, c.door, `SELECT count(*) FROM record_waiting`); waiting != 0 {
		t.Errorf("%d wait for a leaf", waiting)
	}

	// In a life that is over no stay begins, nor ends twice.
	late := audit.Actor{User: c.users["daan"], Door: "live", Request: "TOOLATE"}
	if _, err := c.Enter(t.Context(), late, c.id, view.Eyes{}, nil); err == nil {
		t.Error("a stay began in a life that is over")
	}
	if err := c.leaves(t, iris); err != nil {
		t.Fatal(err)
	}
	if n, joined := one[int](t, c.door, ends), one[int](t, c.door, `SELECT count(*) FROM record WHERE request = 'TOOLATE'`); n != 2 || joined != 0 {
		t.Errorf("%d ends, %d beginnings too late", n, joined)
	}
}

// A node that was taken for gone is covered by nothing until it began anew.
func TestLifeThatIsOverCoversNothing(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	node := c.node(t, "away", storetest.Open(t, c.config))
	confirm := func(want, covered bool) {
		t.Helper()
		if goOn, err := node.ConfirmStays(t.Context()); err != nil || goOn != want || node.Covered() != covered {
			t.Fatalf("goes on: %v, %v; covered: %v", goOn, err, node.Covered())
		}
	}
	confirm(true, true)
	c.exec(t, `UPDATE node_life SET confirmed = confirmed - interval '2 minutes'`)
	tick(t, c)
	node.Unconfirmed(time.Minute) // as long as it was away for
	if node.Covered() {
		t.Fatal("what goes out after a minute away is covered")
	}
	confirm(false, false)
	if _, err := node.Enter(t.Context(), c.actor("iris"), c.id, view.Eyes{}, nil); casework.KindOf(err) != casework.Unavailable {
		t.Errorf("entered while no life is there: %v", err)
	}
	confirm(true, true)
	if _, err := node.Enter(t.Context(), c.actor("iris"), c.id, view.Eyes{}, nil); err != nil {
		t.Error(err)
	}
	if goOn, err := c.ConfirmStays(t.Context()); err != nil || !goOn {
		t.Errorf("the node that was there: %v, %v", goOn, err)
	}
}

// An end that could not be written is made up for when the log works again, with the
// time at which it was.
func TestEndThatFailedIsMadeUpFor(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	actor := c.sits(t, "iris")
	c.clock.turn(time.Hour)
	c.exec(t, `REVOKE INSERT ON record FROM casustafel_committer`)
	if err := c.leaves(t, actor); reason(err) != casework.NotRecorded {
		t.Fatalf("left: %v", err)
	}
	left := c.clock.Now()
	c.clock.turn(time.Hour)
	tick(t, c)
	if n := one[int](t, c.door, `SELECT count(*) FROM stay`); n != 1 {
		t.Errorf("%d stays are open while nothing can be recorded", n)
	}
	c.exec(t, `GRANT INSERT ON record TO casustafel_committer`)
	tick(t, c)
	if n, open := one[int](t, c.door, ends+` AND NOT detail ? 'cut_off' AND at = $1 AND account = $2`, left, actor.User), one[int](t, c.door, `SELECT count(*) FROM stay`); n != 1 || open != 0 {
		t.Errorf("%d ends are on the record, %d stays are open", n, open)
	}
}
