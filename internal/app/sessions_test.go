package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// signIn signs somebody in with both factors.
func (d door) signIn(t *testing.T, login string) (token string) {
	t.Helper()
	return d.showSecond(t, login, d.halfway(t, login))
}

// named is what open sockets know the session of a token by.
func (d door) named(t *testing.T, token string) []byte {
	t.Helper()
	hash, _ := identity.HashToken(token)
	return one[[]byte](t, d, `SELECT coalesce(first_hash, token_hash) FROM session WHERE token_hash = $1`, hash)
}

// holds tells whether a session holds, for a page and for an open socket alike.
func (d door) holds(t *testing.T, token string) bool {
	t.Helper()
	hash := d.named(t, token)
	live, err := d.LiveSessions(t.Context(), [][]byte{hash})
	if err != nil {
		t.Fatal(err)
	}
	session, err := d.SessionOf(t.Context(), token)
	state := casework.SessionOpen
	switch {
	case errors.Is(err, app.ErrSignedOut), errors.Is(err, app.ErrSecondFactor):
		state = casework.SessionOver
	case errors.Is(err, app.ErrLocked):
		state = casework.SessionLocked
	case err != nil:
		t.Fatal(err)
	}
	if state != live[string(hash)] {
		t.Errorf("session of %q: %v for a page, %v for a socket", session.Account.Login, err, live[string(hash)])
	}
	return err == nil
}

func TestSessionTimes(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	idle, used := d.signIn(t, "iris"), d.signIn(t, "iris")
	d.clock.turn(20 * time.Minute)
	if !d.holds(t, used) {
		t.Fatal("over before its time")
	}
	d.clock.turn(10 * time.Minute)
	if d.holds(t, idle) {
		t.Error("holds after half an hour of nothing")
	}
	for range 34 { // until 11 h 50 min after sign-in
		if !d.holds(t, used) {
			t.Fatal("a session in use ended")
		}
		d.clock.turn(20 * time.Minute)
	}
	if !d.holds(t, used) {
		t.Fatal("a session in use ended")
	}
	d.clock.turn(10 * time.Minute)
	if d.holds(t, used) {
		t.Error("holds after twelve hours")
	}
}

func TestSessionRuleIsConfigured(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{Idle: 2 * time.Minute})
	d.user(t, "iris")
	token := d.signIn(t, "iris")
	d.clock.turn(2 * time.Minute)
	if d.holds(t, token) {
		t.Error("holds beyond the configured time")
	}
}

// What comes over the socket keeps a session awake, and seldom costs a write.
func TestSeenOnceAMinute(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	token := d.signIn(t, "iris")
	hash := d.named(t, token)
	seen := func() time.Duration {
		return one[time.Time](t, d, `SELECT seen_at FROM session`).Sub(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	}
	for _, use := range []func() error{
		func() error { _, err := d.SessionOf(t.Context(), token); return err },
		func() error { return d.SeeSession(t.Context(), hash) },
	} {
		before := seen()
		d.clock.turn(59 * time.Second)
		if err := use(); err != nil || seen() != before {
			t.Errorf("marked after %v, %v", seen()-before, err)
		}
		d.clock.turn(time.Second)
		if err := use(); err != nil || seen() != before+time.Minute {
			t.Errorf("marked after %v, %v", seen()-before, err)
		}
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	token, other := d.signIn(t, "iris"), d.signIn(t, "iris")
	epoch := one[int](t, d, `SELECT epoch FROM access_epoch`)
	for range 2 { // the second time there is nothing to end
		if err := d.SignOut(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	for _, odd := range []string{"", "x", "\x00"} {
		if err := d.SignOut(t.Context(), odd); err != nil {
			t.Error(err)
		}
	}
	if d.holds(t, token) || !d.holds(t, other) {
		t.Error("signing out ended the wrong session")
	}
	if now := one[int](t, d, `SELECT epoch FROM access_epoch`); now != epoch+1 {
		t.Errorf("access epoch went from %d to %d", epoch, now)
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE event = 'sign_out' AND outcome = 'done'`); n != 1 {
		t.Errorf("%d records", n)
	}
	if err := d.SeeSession(t.Context(), d.named(t, token)); err != nil || d.holds(t, token) {
		t.Error("use woke a session that was ended")
	}
}

func TestDeactivate(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	d.user(t, "ruben")
	hers, also, his := d.signIn(t, "iris"), d.signIn(t, "iris"), d.signIn(t, "ruben")
	epoch := one[int](t, d, `SELECT epoch FROM access_epoch`)
	if err := d.Deactivate(t.Context(), iris); err != nil {
		t.Fatal(err)
	}
	if d.holds(t, hers) || d.holds(t, also) || !d.holds(t, his) {
		t.Error("deactivating ended the wrong sessions")
	}
	if n := one[int](t, d, `SELECT count(*) FROM session WHERE account = $1 AND ended_at IS NOT NULL`, iris); n != 2 {
		t.Errorf("%d sessions are marked as ended", n)
	}
	if _, err := d.admin.Exec(`UPDATE account SET active = false`); err != nil || d.holds(t, his) {
		t.Errorf("a session that nobody ended holds for an account that is not active, %v", err)
	}
	if now := one[int](t, d, `SELECT epoch FROM access_epoch`); now != epoch+1 {
		t.Errorf("access epoch went from %d to %d", epoch, now)
	}
	if err := d.Deactivate(t.Context(), "GEENBESTAANDEUSER"); err == nil || err.Error() != "not_found: not_found" {
		t.Errorf("nobody: %v", err)
	}
}
