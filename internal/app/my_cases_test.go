package app_test

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// look keeps what somebody sees of a case now, as a room does.
func (c conference) look(t *testing.T, name string, id casework.CaseID) {
	t.Helper()
	access, err := c.Access(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	reader, ok := access.Reader(c.users[name], c.clock.Now())
	if !ok {
		t.Fatalf("%s is not at the table", name)
	}
	if err := c.SaveLook(t.Context(), reader.User, id, c.clock.Now(), view.LookAt(c.state(t, id), reader)); err != nil {
		t.Fatal(err)
	}
}

func (c conference) listing(t *testing.T, name string) []app.CaseListing {
	t.Helper()
	list, err := c.MyCases(t.Context(), c.users[name])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What stands in the list is what changed for its reader, on any node, and what
// nobody hears of leaves no trace in it.
func TestMyCasesTellWhatIsNew(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	person := c.made(t, "hanneke", "add_person", with{"kind": "child", "class": "shared", "name": "Fenna", "calls": "Fen"})
	beside := store.Membership{Ground: "treatment", Member: casework.Member{User: c.users["iris"], Role: casework.ChildWorker,
		Beside: []casework.PersonID{casework.PersonID(person)}, From: c.clock.Now()}}
	if err := c.SetMember(t.Context(), c.actor("hanneke"), c.id, beside); err != nil {
		t.Fatal(err)
	}
	if first := c.listing(t, "daan"); len(first) != 1 || !first[0].News.First || !first[0].Since.IsZero() {
		t.Errorf("at first %+v", first)
	}
	c.look(t, "daan", c.id)
	looked := c.clock.Now()
	if same := c.listing(t, "daan")[0]; same.Since != looked || !reflect.DeepEqual(same.Unheard, []string{"Fen"}) ||
		same.News.First || same.News.Fresh+same.News.Changed+same.News.Drafts > 0 {
		t.Errorf("after a look %+v", same)
	}

	// Hidden from Daan: nothing in his list may move, not even the time.
	before := c.listing(t, "daan")
	c.clock.turn(time.Hour)
	c.card(t, "iris", "Alleen kinderwerk", with{"class": "private", "person": person, "kind": "words"})
	c.made(t, "iris", "draft_card", with{"column": c.column(t), "title": "Concept", "class": "shared", "kind": "question"})
	if after := c.listing(t, "daan"); !reflect.DeepEqual(after, before) {
		t.Errorf("a hidden card shows in the list:\n%+v\n%+v", before, after)
	}
	if iris := c.listing(t, "iris")[0].News; iris.Drafts != 1 || len(iris.Unheard) != 0 {
		t.Errorf("Iris finds %+v", iris)
	}
	c.card(t, "iris", "Ik slaap pas als Bram slaapt.", with{"person": person, "kind": "words"})
	other := c.node(t, "other", c.store)
	list, err := other.MyCases(t.Context(), c.users["daan"])
	if err != nil || list[0].News.Fresh != 1 || len(list[0].Unheard) != 0 || list[0].News.Last != c.clock.Now() {
		t.Errorf("Daan finds %+v, %v", list, err)
	}
	c.look(t, "daan", c.id)
	if again := c.listing(t, "daan")[0]; again.News.Waits() {
		t.Errorf("after he saw it %+v", again)
	}
}

// Cases that ask something come first, closed ones last; a case that cannot be
// read stands in the list and hides no other.
func TestMyCasesInOrder(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	quiet, waiting, over, broken := c.id, c.open(t, "Wacht"), c.open(t, "Voorbij"), c.open(t, "Kapot")
	c.look(t, "iris", quiet)
	c.look(t, "iris", over)
	at := c
	at.id = over
	if answer := at.ask(t, "hanneke", "close_case", with{}); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	c.exec(t, fmt.Sprintf(`UPDATE event SET type = 'of_tomorrow' WHERE case_id = '%s' AND seq = 2`, broken))
	var order []casework.CaseID
	for _, listed := range c.listing(t, "iris") {
		order = append(order, listed.ID)
		if listed.Broken != (listed.ID == broken) || listed.Name == "" {
			t.Errorf("%+v", listed)
		}
	}
	if want := []casework.CaseID{broken, waiting, quiet, over}; !reflect.DeepEqual(order, want) {
		t.Errorf("in order %v, not %v", order, want)
	}
}

// A look that cannot be read makes everything new once more, and no more.
func TestLostLook(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.look(t, "iris", c.id)
	c.exec(t, `UPDATE look SET seen = '\x00'`)
	if list := c.listing(t, "iris"); len(list) != 1 || list[0].Broken || !list[0].News.First {
		t.Errorf("%+v", list)
	}
}

// duringRead changes something while a read of cases, as they are in the log, is under way.
func (c conference) duringRead(t *testing.T, read, change func()) {
	t.Helper()
	holding, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holding.Exec(`LOCK TABLE snapshot`); err != nil { // every read begins with it
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(read)
	c.blocked(t, 1)
	change()
	if err := holding.Rollback(); err != nil {
		t.Fatal(err)
	}
	reading.Wait()
}

// While cases are read for a list no right is held: others lose theirs at once,
// and what comes out goes by the rights at its end.
func TestMyCasesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	kept, lost := c.id, c.open(t, "Voorbij")
	person := c.made(t, "hanneke", "add_person", with{"kind": "child", "class": "shared", "name": "Fenna"})
	c.exec(t, `UPDATE membership SET beside = ARRAY['`+person+`'] WHERE account = '`+string(c.users["daan"])+`'`, `SELECT bump_access()`)
	c.look(t, "iris", kept)
	c.card(t, "daan", "Het adres", with{"class": "safety", "kind": "fact", "person": person})
	var list []app.CaseListing
	listing := func() {
		var err error
		if list, err = c.MyCases(t.Context(), c.users["iris"]); err != nil {
			t.Error(err)
		}
	}
	c.duringRead(t, listing, func() {
		if err := c.EndMember(t.Context(), c.actor("hanneke"), lost, c.users["iris"]); err != nil {
			t.Error("a right is not withdrawn at once:", err)
		}
	})
	if len(list) != 1 || list[0].ID != kept || list[0].News.Fresh != 1 {
		t.Errorf("with the right withdrawn %+v", list)
	}
	c.duringRead(t, listing, func() {
		c.exec(t, `UPDATE membership SET role = 'perpetrator_support' WHERE account = '`+string(c.users["iris"])+`'`, `SELECT bump_access()`)
	})
	if len(list) != 1 || list[0].Role != casework.PerpetratorSupport || list[0].News.Fresh != 0 {
		t.Errorf("in another role %+v", list)
	}
}
