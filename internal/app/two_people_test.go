package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// An administrator who makes itself a second account is not two people with it:
// neither account of the two asks or confirms with the other for a week, and who
// manages users beside it hears of it.
func TestNewAccountIsNoSecondPerson(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{Idle: 1000 * time.Hour, Absolute: 1000 * time.Hour})
	ada := d.works(t, "ada@linde.example", casework.Admin, "De Linde")
	d.works(t, "ben@linde.example", casework.Admin, "De Linde")
	d.works(t, "els@linde.example", casework.Manager, "De Linde")
	d.works(t, "otto@berk.example", casework.Admin, "De Berk")
	d.works(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	var told []string
	d.Post(func(_ context.Context, l app.Letter) { told = append(told, string(l.Kind)+" "+l.To.Login) })
	_, token, err := d.InviteUser(t.Context(), ada, app.Invitee{Login: "ada2@linde.example", Name: "Ada", Discipline: casework.Admin, Language: "nl"})
	if err != nil {
		t.Fatal(err)
	}
	if d.LettersAreOut(); !slices.Equal(told, []string{"user_invited ben@linde.example"}) {
		t.Errorf("told %v", told)
	}
	if _, err := d.Join(t.Context(), token, "Ada again", password, home); err != nil {
		t.Fatal(err)
	}
	again := func(login string) app.Session { return d.of(t, d.signIn(t, login)) }
	if err := d.AskReset(t.Context(), again("ada2@linde.example"), "iris@linde.example"); reason(err) != "account_new" {
		t.Errorf("the new account asks: %v", err)
	}
	d.clock.turn(24 * time.Hour)
	if err := d.AskReset(t.Context(), again("ada@linde.example"), "iris@linde.example"); err != nil {
		t.Fatal(err)
	}
	id := one[string](t, d, `SELECT id FROM factor_reset WHERE closed_at IS NULL`)
	d.clock.turn(identity.CountsAfter - 24*time.Hour - time.Minute)
	if err := d.ConfirmReset(t.Context(), again("ada2@linde.example"), id); reason(err) != "account_new" {
		t.Errorf("the new account confirms: %v", err)
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE event = 'confirm_factor_reset' AND outcome = 'refused' AND detail->>'reason' = 'account_new'`); n != 1 {
		t.Errorf("%d records of it", n)
	}
	d.clock.turn(time.Minute)
	if err := d.ConfirmReset(t.Context(), again("ada2@linde.example"), id); err != nil {
		t.Errorf("a week later: %v", err)
	}
}
