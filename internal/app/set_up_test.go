package app_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

var first = app.NewUser{Organisation: "De Linde", Name: "Ada", Login: "ada@linde.example", Password: password, Language: "nl"}

func (d door) setUpLink(t *testing.T) string {
	t.Helper()
	token, err := d.NewSetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// The first start makes one administrator, by one link, in its time; what is wrong
// with the answers spends nothing.
func TestSetUp(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	late := d.setUpLink(t)
	d.clock.turn(identity.SetUpLife)
	link := d.setUpLink(t)
	unknown, _ := identity.NewToken(zeroes{})
	for name, token := range map[string]string{"late": late, "unknown": unknown, "none": "", "odd": "\x00\xff"} {
		if _, err := d.SetUp(t.Context(), token, first, home); !errors.Is(err, app.ErrSetUpOver) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for why, change := range map[string]func(*app.NewUser){
		"organisation_name": func(n *app.NewUser) { n.Organisation = " " },
		"name_empty":        func(n *app.NewUser) { n.Name = "" },
		"bad_address":       func(n *app.NewUser) { n.Login = "ada" },
		"password_short":    func(n *app.NewUser) { n.Password = "kort" },
	} {
		n := first
		change(&n)
		if _, err := d.SetUp(t.Context(), link, n, home); reason(err) != why {
			t.Errorf("want %s, got %v", why, err)
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM account`) + one[int](t, d, `SELECT count(*) FROM organisation`); n != 0 {
		t.Fatalf("%d made by what was refused", n)
	}
	other := d.setUpLink(t) // of another node
	var both sync.WaitGroup
	sessions := make([]string, 2)
	for i, token := range []string{link, other} {
		both.Go(func() {
			n := first
			n.Login = []string{"ada@linde.example", "bo@berk.example"}[i]
			sessions[i], _ = d.SetUp(t.Context(), token, n, home)
		})
	}
	both.Wait()
	session, err := d.SessionOf(t.Context(), sessions[0]+sessions[1])
	if !errors.Is(err, app.ErrSecondFactor) || session.Account.Discipline != casework.Admin || session.Account.OrganisationName != "De Linde" || one[int](t, d, `SELECT count(*) FROM account`) != 1 {
		t.Fatalf("made %+v, %v", session.Account, err)
	}
	for _, token := range []string{link, other} {
		if _, err := d.SetUp(t.Context(), token, first, home); !errors.Is(err, app.ErrSetUpOver) {
			t.Errorf("once more: %v", err)
		}
	}
	if token := d.setUpLink(t); token != "" {
		t.Error("there is a fresh link while there is an account")
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE event = 'set_up' AND outcome = 'done'`); n != 1 {
		t.Errorf("%d records", n)
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE event = 'set_up' AND outcome = 'refused'`); n != 7 {
		t.Errorf("%d refusals are on the record", n)
	}
}

// An account that was made on the command line meanwhile ends the link.
func TestSetUpAfterTheFirstAccount(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	link := d.setUpLink(t)
	d.user(t, "iris")
	if err := d.LookAtSetUp(t.Context(), link, home); !errors.Is(err, app.ErrSetUpOver) {
		t.Errorf("the link holds: %v", err)
	}
	if _, err := d.SetUp(t.Context(), link, first, home); !errors.Is(err, app.ErrSetUpOver) {
		t.Errorf("it makes an administrator: %v", err)
	}
}
