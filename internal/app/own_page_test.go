package app_test

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

const freshPassword = "een heel ander woord"

// session is that of a login that just signed in.
func (d door) session(t *testing.T, login string) app.Session {
	t.Helper()
	session, err := d.SessionOf(t.Context(), d.signIn(t, login))
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// Guessing the password of now at an open screen is slowed down as at the door,
// with one answer, and everything is on the record.
func TestChangePassword(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	session, other := d.session(t, "iris"), d.signIn(t, "iris")
	link, err := d.NewSignInLink(t.Context(), iris)
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if err := d.ChangePassword(t.Context(), session, "fout", freshPassword, home); err == nil || err.Error() != "denied: current_password" {
			t.Fatal(err)
		}
	}
	if err := d.ChangePassword(t.Context(), session, password, freshPassword, home); err == nil || err.Error() != "denied: current_password" {
		t.Errorf("a guesser is not slowed down: %v", err)
	}
	d.clock.turn(10 * time.Second)
	epoch := one[int](t, d, `SELECT epoch FROM access_epoch`)
	if err := d.ChangePassword(t.Context(), session, password, freshPassword, home); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SessionOf(t.Context(), other); err != app.ErrSignedOut {
		t.Errorf("another session: %v", err)
	}
	if _, err := d.SignInByLink(t.Context(), link, home); err == nil {
		t.Error("a link of before signs in")
	}
	if one[int](t, d, `SELECT epoch FROM access_epoch`) != epoch+1 {
		t.Error("open sockets of other sessions are not closed")
	}
	if got := one[string](t, d, `SELECT string_agg(concat_ws(' ', outcome, detail->>'reason', n), ', ' ORDER BY outcome, detail->>'reason') FROM (
		SELECT outcome, detail, count(*) n FROM record WHERE event = 'change_password' AND account = $1 GROUP BY 1, 2) x`, iris); got != "done 1, refused throttled 2, refused wrong_password 5" {
		t.Errorf("records: %s", got)
	}
	if err := d.ChangePassword(t.Context(), session, freshPassword, password, home); err != nil {
		t.Errorf("mistakes of before still count: %v", err)
	}
}

// Who signs in by link has no password to change, and cannot get one by asking.
func TestNoPasswordToChange(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	id, err := d.AddUser(t.Context(), app.NewUser{Login: "iris", Name: "Iris", Discipline: casework.ChildWorker, Organisation: "De Linde", Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	link, err := d.NewSignInLink(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	token, err := d.SignInByLink(t.Context(), link, home)
	if err != nil {
		t.Fatal(err)
	}
	session, err := d.SessionOf(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ChangePassword(t.Context(), session, "", freshPassword, home); casework.KindOf(err) != casework.Denied {
		t.Errorf("changed: %v", err)
	}
	if n := one[int](t, d, `SELECT count(*) FROM account WHERE password_hash <> ''`); n != 0 {
		t.Error("it has a password now")
	}
}
