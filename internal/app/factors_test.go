package app_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// A code counts once, however many show it at one time, and however many sessions.
func TestCodeCountsOnce(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	d.signIn(t, "iris")
	d.clock.turn(time.Minute)
	for _, kind := range []identity.FactorKind{identity.TOTP, identity.Recovery} {
		code := d.second.codes["iris"][0]
		if kind == identity.TOTP {
			code = d.codeOf(t, d.second.secrets["iris"])
		}
		half := []app.Session{d.halfway(t, "iris"), d.halfway(t, "iris")}
		tokens := make([]string, 8)
		var all sync.WaitGroup
		for i := range tokens {
			all.Go(func() {
				tokens[i], _ = d.ProveByCode(t.Context(), half[i%2], kind, code, fmt.Sprintf("192.0.2.%d", i))
			})
		}
		all.Wait()
		right := 0
		for _, token := range tokens {
			if token != "" && d.holds(t, token) {
				right++
			}
		}
		if right != 1 {
			t.Errorf("one %s opened %d sessions", kind, right)
		}
		if _, err := d.ProveByCode(t.Context(), half[0], kind, code, home); err == nil || err.Error() != "denied: second_failed" {
			t.Errorf("a %s again: %v", kind, err)
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE event = 'second_factor' AND outcome = 'refused' AND detail->>'reason' = 'wrong_code'`); n == 0 {
		t.Error("refusals are not on the record")
	}
	if n := one[int](t, d, `SELECT count(*) FROM factor WHERE strpos(encode(sealed, 'escape'), $1) > 0`, d.second.secrets["iris"]); n != 0 {
		t.Error("the secret is stored as it is")
	}
}

// Who guesses codes, from however many addresses, has few looked at, and keeps
// nobody out: not another account, not the owner at a place of its own, and not
// another kind of factor.
func TestGuessingCodesSlowsOnlyTheGuesser(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	d.user(t, "ruben")
	d.signIn(t, "iris")
	d.signIn(t, "ruben")
	guesser := d.halfway(t, "iris")
	for i := range 30 {
		_, _ = d.ProveByCode(t.Context(), guesser, identity.TOTP, "000000", fmt.Sprintf("198.51.100.%d", i))
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE event = 'second_factor' AND detail->>'reason' = 'wrong_code'`); n != 10 {
		t.Errorf("%d of 30 guesses were looked at", n)
	}
	code := d.nextCodeOf(t, d.second.secrets["iris"])
	if _, err := d.ProveByCode(t.Context(), guesser, identity.TOTP, code, elsewhere); err == nil {
		t.Error("a guesser with a right code is not slowed down")
	}
	if _, err := d.ProveByCode(t.Context(), guesser, identity.Recovery, d.second.codes["iris"][9], elsewhere); err != nil {
		t.Errorf("a recovery code waits for guesses of codes: %v", err)
	}
	if _, err := d.ProveByCode(t.Context(), d.halfway(t, "iris"), identity.TOTP, code, home); err != nil {
		t.Errorf("the owner is locked out: %v", err)
	}
	if _, err := d.ProveByCode(t.Context(), d.halfway(t, "ruben"), identity.TOTP, d.nextCodeOf(t, d.second.secrets["ruben"]), elsewhere); err != nil {
		t.Errorf("somebody else is locked out: %v", err)
	}
}

// Half a session ends in a quarter of an hour, used or not, and opens no socket.
func TestHalfASessionEnds(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	token, err := d.SignIn(t.Context(), "iris", password, home)
	if err != nil {
		t.Fatal(err)
	}
	if d.holds(t, token) {
		t.Error("a password alone opens something")
	}
	if err := d.Lock(t.Context(), token); err != nil {
		t.Errorf("lock: %v", err)
	}
	d.clock.turn(identity.HalfLife - time.Second)
	half, err := d.SessionOf(t.Context(), token)
	if !errors.Is(err, app.ErrSecondFactor) {
		t.Fatalf("just in time: %v", err)
	}
	if _, err := d.Unlock(t.Context(), token, password, home); !errors.Is(err, app.ErrSecondFactor) {
		t.Errorf("a password unlocks it: %v", err)
	}
	d.clock.turn(time.Second)
	if _, err := d.SessionOf(t.Context(), token); !errors.Is(err, app.ErrSignedOut) {
		t.Errorf("too late: %v", err)
	}
	if err := d.SignOut(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	set, err := d.NewTOTP(half)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddTOTP(t.Context(), half, set.Token, d.codeOf(t, set.Secret), home); !errors.Is(err, app.ErrSignedOut) {
		t.Errorf("a session that is over got a factor: %v", err)
	}
	if n := one[int](t, d, `SELECT count(*) FROM factor`); n != 0 {
		t.Errorf("%d factors are left of it", n)
	}
}

// Two set one up at the same time with the password alone: the first one counts.
func TestOneFirstFactor(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	results := make([]error, 4)
	var all sync.WaitGroup
	for i := range results {
		half := d.halfway(t, "iris")
		set, err := d.NewTOTP(half)
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() { _, results[i] = d.AddTOTP(t.Context(), half, set.Token, d.codeOf(t, set.Secret), home) })
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if !errors.Is(err, app.ErrNotProven) {
			t.Error(err)
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM factor`); won != 1 || n != 1 {
		t.Errorf("%d set one up, %d factors", won, n)
	}
}

// A reset needs two people and a delay; its person hears of it and can stop it.
// When it takes effect all factors go, and every session that they opened.
func TestResetOfFactors(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{Idle: 100 * time.Hour, Absolute: 100 * time.Hour})
	ada, ben := d.works(t, "ada", casework.Admin, "De Linde"), d.works(t, "ben", casework.Manager, "De Linde")
	chair, other := d.works(t, "hanneke", casework.Chair, "De Linde"), d.works(t, "otto", casework.Admin, "De Berk")
	d.user(t, "iris")
	token := d.signIn(t, "iris")
	iris := d.of(t, token)
	for name, c := range map[string]struct {
		by    app.Session
		login string
		want  string
	}{
		"a chair":              {chair, "iris", "not_found"},
		"a manager":            {ben, "iris", "not_found"},
		"another organisation": {other, "iris", "no_colleague"},
		"nobody":               {ada, "niemand", "no_colleague"},
		"no address":           {ada, "\x00", "no_colleague"},
		"of another":           {ada, "otto", "no_colleague"},
		"oneself":              {ada, "ada", "reset_self"},
	} {
		if err := d.AskReset(t.Context(), c.by, c.login); reason(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	ask := func() string {
		if err := d.AskReset(t.Context(), ada, " IRIS "); err != nil {
			t.Fatal(err)
		}
		return one[string](t, d, `SELECT id FROM factor_reset WHERE closed_at IS NULL`)
	}
	id := ask()
	if err := d.AskReset(t.Context(), ada, "iris"); reason(err) != "reset_asked" {
		t.Errorf("twice: %v", err)
	}
	for name, c := range map[string]struct {
		by   app.Session
		id   string
		want string
	}{
		"who asked": {ada, id, "reset_second"}, "a chair": {chair, id, "not_found"}, "its person": {iris, id, "not_found"},
		"another organisation": {other, id, "not_found"}, "nothing": {ben, "\x00", "not_found"},
	} {
		if err := d.ConfirmReset(t.Context(), c.by, c.id); reason(err) != c.want {
			t.Errorf("%s confirms: %v", name, err)
		}
	}
	if err := d.ConfirmReset(t.Context(), ben, id); err != nil {
		t.Fatal(err)
	}
	if err := d.ConfirmReset(t.Context(), ben, id); reason(err) != "reset_decided" {
		t.Errorf("confirmed twice: %v", err)
	}
	if own, err := d.OwnFactors(t.Context(), iris); err != nil || own.ResetDue == nil || len(own.Factors) != 1 {
		t.Errorf("its person hears %+v, %v", own, err)
	}
	if err := d.KeepFactors(t.Context(), iris); err != nil {
		t.Fatal(err)
	}
	d.clock.turn(identity.ResetDelay)
	if ways, err := d.SecondWays(t.Context(), d.halfway(t, "iris"), host); err != nil || !ways.TOTP {
		t.Errorf("what was stopped took effect: %+v, %v", ways, err)
	}

	ada, ben = d.of(t, d.signIn(t, "ada")), d.of(t, d.signIn(t, "ben"))
	if err := d.ConfirmReset(t.Context(), ben, ask()); err != nil {
		t.Fatal(err)
	}
	d.clock.turn(identity.ResetDelay - time.Second)
	if ways, err := d.SecondWays(t.Context(), d.halfway(t, "iris"), host); err != nil || !ways.TOTP || !d.holds(t, token) {
		t.Errorf("before its time: %+v, %v", ways, err)
	}
	d.clock.turn(time.Second)
	if d.holds(t, token) {
		t.Error("a session that was opened by a factor holds past the moment that it was to go")
	}
	live, err := d.LiveSessions(t.Context(), [][]byte{iris.Hash})
	if err != nil || live[string(iris.Hash)] != casework.SessionOver {
		t.Errorf("its open socket: %v, %v", live, err)
	}
	half := d.halfway(t, "iris")
	if ways, err := d.SecondWays(t.Context(), half, host); err != nil || !ways.None() || d.holds(t, token) {
		t.Errorf("in its time: %+v, %v; the session before holds: %v", ways, err, d.holds(t, token))
	}
	delete(d.second.secrets, "iris")
	if again := d.showSecond(t, "iris", half); !d.holds(t, again) {
		t.Error("nothing can be set up after it")
	}
	if got := one[string](t, d, `SELECT string_agg(event || ' ' || outcome, ', ' ORDER BY at, event) FROM record WHERE event LIKE '%reset' AND object <> '' AND outcome = 'done'`); got !=
		"ask_factor_reset done, cancel_factor_reset done, confirm_factor_reset done, ask_factor_reset done, confirm_factor_reset done, factor_reset done" {
		t.Errorf("records: %s", got)
	}
}

// Another password, another factor and an end to a colleague's account ask for a
// second factor of a moment ago.
func TestProvenAgain(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada := d.works(t, "ada", casework.Admin, "De Linde")
	iris := d.user(t, "iris")
	other := invitee("bo@linde.example")
	other.Discipline = casework.Manager
	asked, _, err := d.InviteUser(t.Context(), ada, other)
	if err != nil {
		t.Fatal(err)
	}
	d.clock.turn(identity.ProvenFor)
	other.Login = "bas@linde.example"
	for name, err := range map[string]error{
		"password":   d.ChangePassword(t.Context(), ada, password, freshPassword, home),
		"deactivate": d.DeactivateUser(t.Context(), ada, iris),
		"reset":      d.AskReset(t.Context(), ada, "iris"),
		"remove":     d.RemoveFactor(t.Context(), ada, "X"),
		"invite":     func() error { _, _, err := d.InviteUser(t.Context(), ada, other); return err }(),
		"again":      func() error { _, _, err := d.InviteUserAgain(t.Context(), ada, asked.ID); return err }(),
		"codes":      func() error { _, err := d.NewRecoveryCodes(t.Context(), ada); return err }(),
		"passkey":    func() error { _, err := d.AskNewPasskey(t.Context(), ada, host); return err }(),
	} {
		if !errors.Is(err, app.ErrNotProven) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := d.InviteUser(t.Context(), ada, invitee("daan@linde.example")); err != nil {
		t.Errorf("somebody who sits at tables is invited as before: %v", err)
	}
}

// Of two people who reset factors, both have to be there still: what somebody asked
// who left is confirmed by nobody.
func TestResetOfSomebodyWhoLeft(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada, ben := d.works(t, "ada", casework.Admin, "De Linde"), d.works(t, "ben", casework.Manager, "De Linde")
	d.user(t, "iris")
	if err := d.AskReset(t.Context(), ada, "iris"); err != nil {
		t.Fatal(err)
	}
	if err := d.Deactivate(t.Context(), ada.Account.ID); err != nil {
		t.Fatal(err)
	}
	id := one[string](t, d, `SELECT id FROM factor_reset WHERE closed_at IS NULL`)
	if err := d.ConfirmReset(t.Context(), ben, id); reason(err) != "reset_decided" {
		t.Errorf("confirmed: %v", err)
	}
	if err := d.DeclineReset(t.Context(), ben, id); err != nil {
		t.Errorf("called off: %v", err)
	}
}
