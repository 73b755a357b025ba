package app_test

import (
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// A guest's name is sealed while the guest is there and gone after that, on the
// record as an object without a name.
func TestGuestLeavesNoName(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	id := fresh()
	made, refusal := c.repeat(t, "hanneke", id, "add_guest", with{"name": "Wijkagent Piet", "from": "politie"})
	if refusal != nil || made == "" {
		t.Fatal(made, refusal)
	}
	if again, _ := c.repeat(t, "hanneke", id, "add_guest", with{"name": "Wijkagent Piet", "from": "politie"}); again != made {
		t.Errorf("the same command makes %q, not %q", again, made)
	}
	texts := func() int {
		return one[int](t, c.door, `SELECT count(*) FROM text WHERE object = $1`, made)
	}
	if n := texts(); n != 2 {
		t.Errorf("%d texts of the guest", n)
	}
	if answer := c.ask(t, "hanneke", "remove_guest", with{"guest": made}); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	if n := texts(); n != 0 {
		t.Errorf("%d texts are left of a guest who left", n)
	}
	if guests := c.state(t, c.id).Guests; len(guests) > 0 {
		t.Errorf("%d guests are left", len(guests))
	}
}

// Other eyes are on the record with the ids of everybody who looks; when they
// are refused it does not say whom somebody wanted to look as.
func TestOtherEyesAreOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	enter := func(who string, eyes view.Eyes) string {
		t.Helper()
		actor := c.actor(who)
		actor.Request = string(fresh())
		entry, err := c.Enter(t.Context(), actor, c.id, eyes, nil)
		if (err == nil) != (entry.Reader.Joint != nil) {
			t.Errorf("%s through %+v: %v, %+v", who, eyes, err, entry.Reader.Joint)
		}
		return one[string](t, c.door, `SELECT concat_ws(' ', outcome, detail->>'eyes', detail->>'together') FROM record WHERE request = $1`, actor.Request)
	}
	if answer := c.ask(t, "hanneke", "tick_member", with{"member": c.users["iris"]}); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	hanneke, iris := string(c.users["hanneke"]), string(c.users["iris"])
	got := []string{enter("hanneke", view.Eyes{Screen: true}), enter("hanneke", view.Eyes{As: c.users["iris"]}),
		enter("hanneke", view.Eyes{As: casework.UserID(fresh())}), enter("iris", view.Eyes{Screen: true})}
	if answer := c.ask(t, "hanneke", "show_screen", nil); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	got = append(got, enter("hanneke", view.Eyes{Screen: true}))
	want := []string{"done blank_screen", "done as " + hanneke + " " + iris, "refused as", "refused screen", "done screen " + hanneke + " " + iris + " " + hanneke}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nnot\n%q", got, want)
	}
}

// While a case is read to look through other eyes no right is held: whoever loses
// a right loses it at once, and nobody looks through those eyes any more.
func TestOtherEyesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.duringRead(t, func() {
		if _, err := c.Enter(t.Context(), c.actor("hanneke"), c.id, view.Eyes{As: c.users["iris"]}, nil); casework.KindOf(err) != casework.NotFound {
			t.Error("looks as somebody who is no member any more:", err)
		}
	}, func() {
		if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["iris"]); err != nil {
			t.Error("a right is not withdrawn at once:", err)
		}
	})
}
