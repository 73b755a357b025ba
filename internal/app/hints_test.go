package app_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

func (c conference) hints(t *testing.T, name string) []string {
	t.Helper()
	left, err := c.HintsFor(t.Context(), c.users[name])
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// Hints that were put away stay away, in every window and on every node, and
// come back when they are asked for.
func TestHintsStayAway(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	if left := c.hints(t, "iris"); !slices.Equal(left, app.Hints) {
		t.Errorf("at first %v", left)
	}
	other := c.node(t, "other", c.store)
	var all sync.WaitGroup
	for i, hint := range []string{"focus", "readers", "focus"} {
		all.Go(func() {
			if err := []*app.App{c.App, other}[i%2].PutHintsAway(t.Context(), c.users["iris"], hint); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if left := c.hints(t, "iris"); !slices.Equal(left, []string{"draft"}) {
		t.Errorf("left are %v", left)
	}
	if left := c.hints(t, "daan"); !slices.Equal(left, app.Hints) {
		t.Errorf("Daan lost his: %v", left)
	}
	if err := c.PutHintsAway(t.Context(), c.users["iris"], "draft", "nonsense"); casework.KindOf(err) != casework.Invalid {
		t.Errorf("nonsense: %v", err)
	}
	if err := c.ShowHintsAgain(t.Context(), c.users["iris"]); err != nil {
		t.Fatal(err)
	}
	if left := c.hints(t, "iris"); !slices.Equal(left, app.Hints) {
		t.Errorf("again %v", left)
	}
}

// Who has hints to see and one real case begins at its table: the practice case
// does not count, and the look at the list is on the record.
func TestFirstTable(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	begins := func(name string, want casework.CaseID) {
		t.Helper()
		if first, err := c.FirstTable(t.Context(), c.users[name]); err != nil || first != want {
			t.Errorf("%s begins at %q, %v", name, first, err)
		}
	}
	begins("iris", c.id)
	c.practises(t, c.session(t, c.users["iris"], casework.ChildWorker), "")
	begins("iris", c.id)
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'list_cases' AND account = $1`, c.users["iris"]); n != 2 {
		t.Errorf("%d records", n)
	}
	c.open(t, "Nog een")
	begins("iris", "")
	if err := c.PutHintsAway(t.Context(), c.users["daan"], app.Hints...); err != nil {
		t.Fatal(err)
	}
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["daan"]); err != nil {
		t.Fatal(err)
	}
	begins("daan", "")
}
