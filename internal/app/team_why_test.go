package app_test

import (
	"errors"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// Who of the team may do what is told with the rule that says so, to members alone,
// and of persons whom the one who asks does not know as of those who never were.
func TestWhy(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.seat(t, c.id, "ruben", casework.PerpetratorSupport)
	ans := casework.PersonID(c.made(t, "hanneke", "add_person", with{"name": "Ans", "kind": "network", "class": "safety"}))
	joris := casework.PersonID(c.made(t, "hanneke", "add_person", with{"name": "Joris", "kind": "partner", "class": "shared"}))
	ask := func(who string, q app.Why) (app.Because, error) {
		_, answer, err := c.Explain(t.Context(), c.as(t, who), c.id, q)
		return answer, err
	}
	reads := func(member string, person casework.PersonID, class casework.Class) app.Why {
		return app.Why{Member: c.users[member], Act: casework.ActRead, Person: person, Class: class, Owner: casework.OwnerOther}
	}
	for _, tt := range []struct {
		what    string
		who     string
		q       app.Why
		allowed bool
		rule    string
	}{
		{"safety, of perpetrator support", "hanneke", reads("ruben", joris, casework.Safety), false, "D-01"},
		{"safety, of a child worker", "ruben", reads("iris", joris, casework.Safety), true, "A-31"},
		{"the whole table", "ruben", reads("ruben", joris, casework.Shared), true, "A-02"},
		{"a person who is kept from the other", "hanneke", reads("hanneke", ans, casework.Confidential), true, "A-40"},
		{"no rule speaks of it", "ruben", reads("iris", joris, casework.Confidential), false, ""},
		{"no card", "iris", app.Why{Member: c.users["iris"], Act: casework.ActInvite}, false, ""},
		{"no card, the chair", "iris", app.Why{Member: c.users["hanneke"], Act: casework.ActInvite}, true, "A-45"},
	} {
		if got, err := ask(tt.who, tt.q); err != nil || got.Allowed != tt.allowed || got.Rule != tt.rule {
			t.Errorf("%s: %+v, %v", tt.what, got, err)
		}
	}
	_, hidden := ask("ruben", reads("iris", ans, casework.Safety))
	_, absent := ask("ruben", reads("iris", "PNEVERWAS2222222", casework.Safety))
	var h, a *casework.Error
	if !errors.As(hidden, &h) || !errors.As(absent, &a) || *h != *a || h.Kind != casework.Invalid {
		t.Errorf("hidden: %v, absent: %v", hidden, absent)
	}
	stranger := c.person(t, "vreemd", casework.Chair)
	if _, _, err := c.Explain(t.Context(), stranger, c.id, reads("iris", joris, casework.Shared)); casework.KindOf(err) != casework.NotFound {
		t.Errorf("a stranger: %v", err)
	}
	for _, bad := range []app.Why{{}, {Member: c.users["iris"], Act: "fly"}, {Member: c.users["iris"], Act: casework.ActRead, Class: "secret", Owner: casework.OwnerOther},
		{Member: c.users["iris"], Act: casework.ActRead, Class: casework.Shared, Owner: "all"}, {Member: stranger.Account.ID, Act: casework.ActJoin}} {
		if _, err := ask("hanneke", bad); casework.KindOf(err) != casework.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
