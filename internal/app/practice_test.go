package app_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// stranger makes an account of another organisation.
func (c conference) stranger(t *testing.T, login string, role casework.Role) app.Session {
	t.Helper()
	id, err := c.AddUser(t.Context(), app.NewUser{Login: login, Name: login, Discipline: role, Organisation: "Elders", Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	return c.session(t, id, role)
}

func (c conference) practises(t *testing.T, session app.Session, over casework.CaseID) casework.CaseID {
	t.Helper()
	id, err := c.Practise(t.Context(), session, over)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Whoever presses at one time, on whichever node, comes to one table, each in
// the own discipline beside the persons that go with it.
func TestPractiseTogether(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	other := c.node(t, "other", c.store)
	var all sync.WaitGroup
	led := make([]casework.CaseID, 8)
	for i := range led {
		all.Go(func() {
			door := []*app.App{c.App, other}[i%2]
			name, role := "iris", casework.ChildWorker
			if i > 3 {
				name, role = "ruben", casework.PerpetratorSupport
			}
			var err error
			if led[i], err = door.Practise(t.Context(), c.session(t, c.users[name], role), ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(slices.Compact(slices.Clone(led))) != 1 || one[int](t, c.door, `SELECT count(*) FROM cases`) != 2 {
		t.Fatalf("led to %v", led)
	}
	access, err := c.Access(t.Context(), led[0])
	if err != nil || len(access.Team) != 5+2 {
		t.Fatal(access, err)
	}
	state := c.state(t, led[0])
	iris, _ := access.Reader(c.users["iris"], c.clock.Now())
	beside := []casework.PersonID{state.Family[1], state.Family[2]}
	if iris.Role != casework.ChildWorker || !slices.Equal(iris.Beside, beside) || state.Persons[beside[0]].Name.Body != "Jip" {
		t.Errorf("Iris sits as %+v", iris.Member)
	}
	// Not counted among the real ones, and known as what it is.
	for _, listed := range c.listing(t, "iris") {
		if listed.Practice != (listed.ID == led[0]) {
			t.Errorf("%+v", listed)
		}
	}
	if got := c.line(t, `case_id = $1 AND ground <> 'practice' AND event <> 'member'`, led[0]); got != "" {
		t.Errorf("records that do not tell it is practice: %s", got)
	}
	if elsewhere := c.practises(t, c.stranger(t, "sam", casework.AmbulantWorker), ""); elsewhere == led[0] {
		t.Error("two organisations share a practice case")
	}
}

// On the table lies a card of every class, and each role reads its own share.
func TestPracticeShowsEveryClass(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	id := c.practises(t, c.session(t, c.users["iris"], casework.ChildWorker), "")
	c.practises(t, c.session(t, c.users["ruben"], casework.PerpetratorSupport), "")
	state := c.state(t, id)
	classes := map[casework.Class]int{}
	for _, card := range state.Cards {
		if card.Draft() || card.Text.Body == "" {
			t.Errorf("%s is not on the table, or says nothing", card.Title.Body)
		}
		classes[card.Class]++
	}
	if len(classes) != len(casework.Classes) || !state.Practice {
		t.Errorf("classes %v, practice %v", classes, state.Practice)
	}
	access, err := c.Access(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	reads := func(name string) map[casework.Class]bool {
		reader, _ := access.Reader(c.users[name], c.clock.Now())
		p := view.Project(state, access, reader, c.clock.Now())
		if !p.Case.Practice {
			t.Error("the projection does not say that it is practice")
		}
		seen := map[casework.Class]bool{}
		for _, card := range p.Cards {
			seen[card.Class] = true
		}
		return seen
	}
	if iris, ruben := reads("iris"), reads("ruben"); !iris[casework.Private] || !iris[casework.Safety] || ruben[casework.Safety] || ruben[casework.Private] || !ruben[casework.Confidential] {
		t.Errorf("Iris reads %v, Ruben %v", iris, ruben)
	}
}

// An invented colleague sits at that table and nowhere else.
func TestInventedColleaguesComeNowhereElse(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.practises(t, c.session(t, c.users["iris"], casework.ChildWorker), "")
	if n := one[int](t, c.door, `SELECT count(*) FROM account WHERE invented`); n != 5 {
		t.Fatalf("%d colleagues", n)
	}
	lotte := casework.UserID(one[string](t, c.door, `SELECT id FROM account WHERE invented AND discipline = 'child_worker'`))
	login := one[string](t, c.door, `SELECT login FROM account WHERE id = $1`, lotte)
	if id, err := c.UserByLogin(t.Context(), login); casework.KindOf(err) != casework.NotFound || id != "" {
		t.Errorf("found by login: %v", err)
	}
	if _, err := c.SignIn(t.Context(), login, "", "127.0.0.1"); casework.KindOf(err) != casework.Denied {
		t.Errorf("signed in: %v", err)
	}
	link, err := c.NewSignInLink(t.Context(), lotte)
	if err != nil {
		t.Fatal(err)
	}
	if token, err := c.SignInByLink(t.Context(), link, "127.0.0.1"); err == nil || token != "" {
		t.Error("signed in by a link")
	}
	m := store.Membership{Ground: "treatment", Member: casework.Member{User: lotte, Role: casework.ChildWorker, From: c.clock.Now()}}
	if err := c.SetMember(t.Context(), c.actor("hanneke"), c.id, m); casework.KindOf(err) != casework.NotFound {
		t.Errorf("seated at a real table: %v", err)
	}
}

// Beginning anew leaves the old table to whoever is at it. Pressed twice it
// begins once, and who has no place at a table has none here.
func TestPractiseAnew(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	iris, daan := c.session(t, c.users["iris"], casework.ChildWorker), c.session(t, c.users["daan"], casework.AmbulantWorker)
	old := c.practises(t, iris, "")
	c.practises(t, daan, "")
	c.clock.turn(time.Minute)
	fresh := c.practises(t, iris, old)
	if again := c.practises(t, iris, old); fresh == old || again != fresh || c.practises(t, iris, "") != fresh {
		t.Errorf("from %s to %s, then to %s", old, fresh, again)
	}
	if _, err := c.Enter(t.Context(), c.actor("daan"), old, view.Eyes{}, nil); err != nil {
		t.Error("Daan lost his place:", err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM account WHERE invented`); n != 5 {
		t.Errorf("%d colleagues", n)
	}
	for _, role := range []casework.Role{casework.Manager, casework.Admin, casework.Guest} {
		session := c.person(t, string(role), role)
		if id, err := c.Practise(t.Context(), session, ""); casework.KindOf(err) != casework.Denied || id != "" || c.MayPractise(role) {
			t.Errorf("%s practises: %v", role, err)
		}
		if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE account = $1 AND event = 'open_practice' AND outcome = 'refused'`, session.Account.ID); n != 1 {
			t.Errorf("%d records of a refusal", n)
		}
	}
}

// An organisation begins anew once a minute, whoever of it presses and on
// whichever node; the table that is there stays open to all.
func TestPractiseAnewOnceAMinute(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	iris, daan := c.session(t, c.users["iris"], casework.ChildWorker), c.session(t, c.users["daan"], casework.AmbulantWorker)
	id := c.practises(t, iris, "")
	other := c.node(t, "other", c.store)
	for try := range 3 {
		if anew, err := other.Practise(t.Context(), daan, id); casework.KindOf(err) != casework.TooMany || anew != "" {
			t.Errorf("try %d led to %q, %v", try, anew, err)
		}
		c.clock.turn(19 * time.Second)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM cases`); n != 2 {
		t.Errorf("%d cases", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'open_practice' AND outcome = 'refused' AND detail->>'reason' = 'practice_young'`); n != 3 {
		t.Errorf("%d records of refusals", n)
	}
	if c.practises(t, daan, "") != id {
		t.Error("the table is closed to who comes without beginning anew")
	}
	// Others are not held back by it.
	sam := c.stranger(t, "sam", casework.AmbulantWorker)
	elsewhere := c.practises(t, sam, "")
	c.clock.turn(3 * time.Second)
	if anew := c.practises(t, daan, id); anew == id {
		t.Error("after a minute nothing begins anew")
	}
	c.clock.turn(time.Minute)
	if anew := c.practises(t, sam, elsewhere); anew == elsewhere {
		t.Error("another organisation may not begin anew")
	}
}
