package app_test

import (
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// notices are what somebody is told now.
func (c conference) notices(t *testing.T, session app.Session) []app.Notice {
	t.Helper()
	list, err := c.Notices(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// tell tells people something about the case.
func (c conference) tell(t *testing.T, kind store.NoticeKind, object, by string, to ...casework.UserID) {
	t.Helper()
	err := c.store.Transact(t.Context(), func(tx *store.Tx) error {
		return c.Notify(t.Context(), tx, store.Notice{Case: c.id, Kind: kind, Object: object, By: c.users[by]}, to...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A notice tells its reader what that person may know at the moment, once, until it
// is put away; and nobody else.
func TestNotices(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "Geheim", with{"class": "private", "kind": "question"})
	c.tell(t, store.NoticeLent, string(card), "hanneke", c.users["iris"], c.users["iris"], c.users["ruben"], c.users["hanneke"])

	iris, ruben := c.notices(t, c.as(t, "iris")), c.notices(t, c.as(t, "ruben"))
	if len(iris) != 1 || iris[0].Card != card || iris[0].Case != c.id || iris[0].Name != "Zilverlinde" || iris[0].By != "hanneke" || iris[0].Code != "" {
		t.Errorf("Iris is told %+v", iris)
	}
	if len(ruben) != 1 || ruben[0].Card != "" {
		t.Errorf("Ruben, who does not see the card, is told %+v", ruben)
	}
	if own := c.notices(t, c.as(t, "hanneke")); len(own) != 0 {
		t.Errorf("Hanneke hears of what she did herself: %+v", own)
	}

	// Nobody puts away what is somebody else's.
	if err := c.PutNoticesAway(t.Context(), c.as(t, "ruben"), []string{iris[0].ID, "%", ""}); err != nil || len(c.notices(t, c.as(t, "iris"))) != 1 {
		t.Errorf("Ruben put away what Iris was told: %v", err)
	}
	if err := c.PutNoticesAway(t.Context(), c.as(t, "iris"), []string{iris[0].ID}); err != nil || len(c.notices(t, c.as(t, "iris"))) != 0 {
		t.Errorf("Iris cannot put it away: %v", err)
	}
	if err := c.PutNoticesAway(t.Context(), c.as(t, "iris"), slices.Repeat([]string{iris[0].ID}, 60)); reason(err) != "bad_id" {
		t.Errorf("more than there can be: %v", err)
	}

	// Who leaves the table hears nothing more of it.
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["ruben"]); err != nil {
		t.Fatal(err)
	}
	if left := c.notices(t, c.as(t, "ruben")); len(left) != 0 {
		t.Errorf("Ruben left and is told %+v", left)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'list_notices' AND account = $1`, c.users["iris"]); n != 2 {
		t.Errorf("%d of the looks in which Iris saw something are on the record", n)
	}
}

// Managers hear of a case by its code alone; who must never come near it hears
// nothing, whether that was known when it was told or came to be later.
func TestNoticesOutsideTheTable(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, rik := c.person(t, "els@linde.example", casework.Manager), c.person(t, "rik@linde.example", casework.Manager)
	admin := c.person(t, "ada", casework.Admin)
	if err := c.Exclude(t.Context(), c.as(t, "hanneke"), c.id, "rik@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Minute)
	c.tell(t, store.NoticeGlass, "", "iris", els.Account.ID, rik.Account.ID, admin.Account.ID)
	rik.Account.Login, els.Account.Login = "rik@linde.example", "els@linde.example"
	list := c.notices(t, els)
	if len(list) != 1 || list[0].Case != "" || list[0].Name != "" || list[0].Code != c.store.CaseCode(c.id) || list[0].By != "iris" || list[0].ByOrganisation != "De Linde" || list[0].At != c.clock.Now() {
		t.Errorf("Els is told %+v", list)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM notice WHERE account = $1`, rik.Account.ID); n != 0 || len(c.notices(t, rik)) != 0 {
		t.Errorf("Rik, who must never come near, is told %d", n)
	}
	if list := c.notices(t, admin); len(list) != 0 {
		t.Errorf("an administrator is told %+v", list)
	}
	if err := c.Exclude(t.Context(), c.as(t, "hanneke"), c.id, "els@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	if list := c.notices(t, els); len(list) != 0 {
		t.Errorf("Els must never come near any more and is told %+v", list)
	}
}

// Who left a table is told nothing more of it, whatever that person is outside of it,
// but for what is told to whoever looks after accesses.
func TestNoticesOfATableThatOneLeft(t *testing.T) {
	t.Parallel()
	for _, is := range []casework.Role{casework.Chair, casework.ChildWorker, casework.Manager} {
		c := newConference(t)
		vera := c.person(t, "vera", casework.Chair)
		c.users["vera"] = vera.Account.ID
		c.seat(t, c.id, "vera", casework.ChildWorker)
		kinds := []store.NoticeKind{store.NoticeLent, store.NoticeExported, store.NoticeGlass, store.NoticeGlassAnswered, store.NoticeSecondAnswered}
		for _, kind := range kinds {
			c.tell(t, kind, "", "hanneke", vera.Account.ID)
		}
		if list := c.notices(t, vera); len(list) != len(kinds) {
			t.Fatalf("at the table Vera is told %+v", list)
		}
		if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, vera.Account.ID); err != nil {
			t.Fatal(err)
		}
		c.clock.turn(time.Minute)
		c.tell(t, store.NoticeExported, "", "hanneke", vera.Account.ID)
		list := c.notices(t, c.session(t, vera.Account.ID, is))
		if is == casework.Manager {
			list = slices.DeleteFunc(list, func(n app.Notice) bool { return n.Kind == store.NoticeGlass && n.Code != "" })
		}
		if len(list) != 0 {
			t.Errorf("Vera, by discipline a %s, left and is told %+v", is, list)
		}
		elsewhere := c.session(t, vera.Account.ID, casework.Manager)
		elsewhere.Account.Organisation = "AAAAAAAAAAAAAAAA"
		if list := c.notices(t, elsewhere); len(list) != 0 {
			t.Errorf("of another organisation Vera is told %+v", list)
		}
	}
}

// What somebody may not be shown any more takes no place in the list.
func TestNoticesThatAreHiddenHideNoOthers(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.tell(t, store.NoticeLent, "", "hanneke", c.users["iris"])
	here := c.id
	c.id = c.open(t, "Verleden")
	for range 60 {
		c.tell(t, store.NoticeLent, "", "hanneke", c.users["iris"])
	}
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["iris"]); err != nil {
		t.Fatal(err)
	}
	if list := c.notices(t, c.as(t, "iris")); len(list) != 1 || list[0].Case != here {
		t.Errorf("Iris is told %+v", list)
	}
}
