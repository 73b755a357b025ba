package app_test

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/identity"
)

// A code of an app and a recovery code open the account of their person alone, and
// are not spent by who shows them for another.
func TestSecondFactorOfSomebodyElse(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	d.user(t, "ruben")
	d.signIn(t, "iris")
	d.signIn(t, "ruben")
	d.clock.turn(time.Minute)
	half := d.halfway(t, "iris")
	for kind, code := range map[identity.FactorKind]string{identity.TOTP: d.codeOf(t, d.second.secrets["ruben"]), identity.Recovery: d.second.codes["ruben"][0]} {
		if token, err := d.ProveByCode(t.Context(), half, kind, code, home); err == nil || err.Error() != "denied: second_failed" || token != "" {
			t.Errorf("a %s of somebody else: %v", kind, err)
		}
		if _, err := d.ProveByCode(t.Context(), d.halfway(t, "ruben"), kind, code, elsewhere); err != nil {
			t.Errorf("it is spent for its own person: %v", err)
		}
	}
}

// Nobody is made to choose another password for its age.
func TestPasswordsDoNotExpire(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	d.clock.turn(5 * 365 * 24 * time.Hour)
	if _, err := d.SignIn(t.Context(), "iris", password, home); err != nil {
		t.Error(err)
	}
}

// A session of a clock that was put back has lasted nobody knows how long: it is
// over, for a page and for an open socket.
func TestSessionOfAClockThatWasPutBack(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	before := d.signIn(t, "iris")
	d.clock.turn(10 * time.Minute)
	ahead := d.signIn(t, "iris")
	d.clock.turn(-10 * time.Minute)
	if !d.holds(t, before) || d.holds(t, ahead) {
		t.Error("the wrong session is over")
	}
}
