package app_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

func (d door) lock(t *testing.T, token string) {
	t.Helper()
	if err := d.Lock(t.Context(), token); err != nil {
		t.Fatal(err)
	}
}

// records of locking and unlocking, in order.
func (d door) lockRecords(t *testing.T) string {
	t.Helper()
	return one[string](t, d, `SELECT coalesce(string_agg(concat_ws(' ', event, outcome, detail->>'by', detail->>'reason'), ';' ORDER BY at, event), '')
		FROM record WHERE event IN ('lock', 'unlock')`)
}

func TestLockAndUnlock(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	token, other := d.signIn(t, "iris"), d.signIn(t, "iris")
	epoch := one[int](t, d, `SELECT epoch FROM access_epoch`)
	d.lock(t, token)
	d.clock.turn(time.Second)
	d.lock(t, token) // is locked already
	if d.holds(t, token) || !d.holds(t, other) {
		t.Error("the wrong session was locked")
	}
	if session, err := d.SessionOf(t.Context(), token); !errors.Is(err, app.ErrLocked) || session.Account.ID != iris {
		t.Errorf("locked: %q, %v", session.Account.ID, err)
	}
	if now := one[int](t, d, `SELECT epoch FROM access_epoch`); now != epoch+1 {
		t.Errorf("access epoch went from %d to %d", epoch, now)
	}
	d.clock.turn(time.Second)
	if _, err := d.Unlock(t.Context(), token, "fout", home); err == nil || err.Error() != "denied: unlock_failed" || d.holds(t, token) {
		t.Errorf("a wrong password: %v", err)
	}
	d.clock.turn(time.Second)
	session, err := d.Unlock(t.Context(), token, password, home)
	if err != nil || session.Account.ID != iris || !d.holds(t, token) {
		t.Errorf("the right password: %v", err)
	}
	if got, want := d.lockRecords(t), "lock done;unlock refused wrong_password;unlock done password"; got != want {
		t.Errorf("records %s, want %s", got, want)
	}
	for _, nobody := range []string{"", "x", "\x00"} {
		if err := d.Lock(t.Context(), nobody); err != nil {
			t.Error(err)
		}
		if _, err := d.Unlock(t.Context(), nobody, password, home); !errors.Is(err, app.ErrSignedOut) {
			t.Errorf("nobody unlocks: %v", err)
		}
	}
}

// A lock ends with the session and does not lengthen its life.
func TestLockedSessionEndsInItsTime(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	idle, signedOut, used := d.signIn(t, "iris"), d.signIn(t, "iris"), d.signIn(t, "iris")
	for _, token := range []string{idle, signedOut, used} {
		d.lock(t, token)
	}
	if err := d.SignOut(t.Context(), signedOut); err != nil {
		t.Fatal(err)
	}
	for range 28 { // until 11 h 40 min after sign-in
		d.clock.turn(25 * time.Minute)
		if _, err := d.Unlock(t.Context(), used, password, home); err != nil {
			t.Fatal("unlocking is no use of a session:", err)
		}
		d.lock(t, used)
	}
	// Asking after a locked session is none.
	d.clock.turn(20 * time.Minute)
	for name, token := range map[string]string{"idle": idle, "signed out": signedOut, "twelve hours old": used} {
		if _, err := d.Unlock(t.Context(), token, password, home); !errors.Is(err, app.ErrSignedOut) {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone := d.signIn(t, "iris")
	d.lock(t, gone)
	if err := d.Deactivate(t.Context(), iris); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Unlock(t.Context(), gone, password, home); !errors.Is(err, app.ErrSignedOut) {
		t.Errorf("who has left unlocks: %v", err)
	}
}

// Guesses at a lock count as those at the front door, and with them.
func TestUnlockIsThrottled(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	token := d.signIn(t, "iris")
	d.lock(t, token)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() { _, _ = d.Unlock(t.Context(), token, "fout", home) })
	}
	all.Wait()
	if n := strings.Count(d.lockRecords(t), "wrong_password"); n != 5 {
		t.Errorf("%d of 12 guesses had their password looked at", n)
	}
	if _, err := d.Unlock(t.Context(), token, password, home); err == nil || err.Error() != "denied: unlock_failed" {
		t.Errorf("a guesser unlocks: %v", err)
	}
	if _, err := d.SignIn(t.Context(), "iris", password, home); err == nil {
		t.Error("what is guessed at the lock does not count at the front door")
	}
	d.clock.turn(identity.ThrottleWindow)
	if _, err := d.Unlock(t.Context(), token, password, home); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

// Many at one time come to one end, whoever is first.
func TestParallelLocksAndUnlocks(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	token := d.signIn(t, "iris")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() { d.lock(t, token) })
	}
	all.Wait()
	if got := d.lockRecords(t); got != "lock done" {
		t.Errorf("records %s", got)
	}
	for range 3 {
		all.Go(func() {
			if _, err := d.Unlock(t.Context(), token, password, home); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := d.lockRecords(t); got != "lock done;unlock done password" || !d.holds(t, token) {
		t.Errorf("records %s", got)
	}
}

// Without a password an account of the demo unlocks by a press, and no other.
func TestUnlockWithoutPassword(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	for _, demo := range []bool{true, false} {
		id, err := d.AddUser(t.Context(), app.NewUser{Login: map[bool]string{true: "noor", false: "daan"}[demo], Name: "x", Discipline: casework.ChildWorker,
			Organisation: "De Linde", Demo: true})
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
		if _, err := d.admin.Exec(`UPDATE account SET demo = $2 WHERE id = $1`, id, demo); err != nil {
			t.Fatal(err)
		}
		d.lock(t, token)
		if _, err := d.Unlock(t.Context(), token, "", home); (err == nil) != demo || d.holds(t, token) != demo {
			t.Errorf("demo %v: %v", demo, err)
		}
	}
}

// What still comes over a socket wakes no locked session.
func TestLockedSessionIsNotSeen(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	token := d.signIn(t, "iris")
	d.lock(t, token)
	before := one[time.Time](t, d, `SELECT seen_at FROM session`)
	d.clock.turn(20 * time.Minute)
	hash, _ := identity.HashToken(token)
	if err := d.SeeSession(t.Context(), hash); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SessionOf(t.Context(), token); !errors.Is(err, app.ErrLocked) {
		t.Fatal(err)
	}
	if now := one[time.Time](t, d, `SELECT seen_at FROM session`); !now.Equal(before) {
		t.Errorf("seen %v later", now.Sub(before))
	}
}

// A browser that was closed or broke down leaves no open session behind for who
// comes next: it locks without a page, for page and socket alike, what still
// comes over a socket opens it no more, and the password does.
func TestSessionLocksByItself(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{Lock: 10 * time.Minute})
	d.user(t, "iris")
	token := d.signIn(t, "iris")
	d.clock.turn(12*time.Minute - time.Second)
	if !d.holds(t, token) {
		t.Fatal("locked while a page may still hold it open")
	}
	d.clock.turn(12 * time.Minute)
	hash, _ := identity.HashToken(token)
	if err := d.SeeSession(t.Context(), hash); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SessionOf(t.Context(), token); !errors.Is(err, app.ErrLocked) || d.holds(t, token) {
		t.Fatalf("left alone, it is %v", err)
	}
	if _, err := d.Unlock(t.Context(), token, "fout", home); err == nil || d.holds(t, token) {
		t.Error("a wrong password opens it")
	}
	if _, err := d.Unlock(t.Context(), token, password, home); err != nil || !d.holds(t, token) {
		t.Errorf("the right password: %v", err)
	}
	d.clock.turn(12 * time.Minute)
	d.lock(t, token)
	if got := d.lockRecords(t); got != "unlock refused wrong_password;unlock done password;lock done" {
		t.Errorf("records %s", got)
	}
}
