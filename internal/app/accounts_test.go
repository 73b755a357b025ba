package app_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

func TestAddUserRefuses(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	good := app.NewUser{Login: "daan", Name: "Daan", Discipline: casework.AmbulantWorker, Organisation: "De Linde", Password: password}
	for _, c := range []struct {
		reason string
		change func(*app.NewUser)
	}{
		{"login_taken", func(n *app.NewUser) { n.Login = " IRIS" }},
		{"bad_login", func(n *app.NewUser) { n.Login = "daan de vries" }},
		{"name_empty", func(n *app.NewUser) { n.Name = "  " }},
		{"name_empty", func(n *app.NewUser) { n.Organisation = "" }},
		{"name_too_long", func(n *app.NewUser) { n.Name = strings.Repeat("é", 201) }},
		{"bad_text", func(n *app.NewUser) { n.Name = "Da\x00an" }},
		{"bad_text", func(n *app.NewUser) { n.Organisation = "\xff" }},
		{"bad_role", func(n *app.NewUser) { n.Discipline = "boss" }},
		{"bad_role", func(n *app.NewUser) { n.Discipline = casework.NoRole }},
		{"bad_language", func(n *app.NewUser) { n.Language = "fr" }},
		{"password_short", func(n *app.NewUser) { n.Password = "" }},
		{"password_is_login", func(n *app.NewUser) { n.Login, n.Password = "daan-de-vries", "Daan-de-Vries" }},
	} {
		n := good
		c.change(&n)
		_, err := d.AddUser(t.Context(), n)
		var refusal *casework.Error
		if !errors.As(err, &refusal) || refusal.Reason != c.reason {
			t.Errorf("want %s, got %v", c.reason, err)
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM account`); n != 1 {
		t.Errorf("%d accounts", n)
	}
	if _, err := d.AddUser(t.Context(), good); err != nil {
		t.Error(err)
	}
	if n := one[int](t, d, `SELECT count(*) FROM record r JOIN account a ON r.object = a.id WHERE event = 'add_user' AND access_point = 'test/command line'`); n != 2 {
		t.Errorf("%d records", n)
	}
}

// An account without a password has one way in: its link.
func TestDemoUser(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	id, err := d.AddUser(t.Context(), app.NewUser{Login: "iris", Name: "Iris", Discipline: casework.ChildWorker, Organisation: "De Linde", Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"", "iris", password} {
		if _, err := d.SignIn(t.Context(), "iris", password, home); err == nil {
			t.Errorf("signed in with %q", password)
		}
	}
	if found, err := d.UserByLogin(t.Context(), "IRIS"); err != nil || found != id {
		t.Errorf("UserByLogin = %s, %v", found, err)
	}
	for _, login := range []string{"daan", "\x00"} {
		if _, err := d.UserByLogin(t.Context(), login); casework.KindOf(err) != casework.NotFound {
			t.Errorf("UserByLogin(%q): %v", login, err)
		}
	}
}

func TestOneOrganisationPerName(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			_, err := d.AddUser(t.Context(), app.NewUser{Login: fmt.Sprintf("u%d", i), Name: "U", Discipline: casework.Chair, Organisation: " De Linde ", Demo: true})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := one[int](t, d, `SELECT count(*) FROM organisation`); n != 1 {
		t.Errorf("%d organisations of one name", n)
	}
}

func TestSetLanguage(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	token := d.signIn(t, "iris")
	if err := d.SetLanguage(t.Context(), iris, "en"); err != nil {
		t.Fatal(err)
	}
	if err := d.SetLanguage(t.Context(), iris, "fr"); casework.KindOf(err) != casework.Invalid {
		t.Errorf("French: %v", err)
	}
	if session, err := d.SessionOf(t.Context(), token); err != nil || session.Account.Language != "en" {
		t.Errorf("reads %q, %v", session.Account.Language, err)
	}
}
