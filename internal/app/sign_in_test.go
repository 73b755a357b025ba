package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

const home, elsewhere = "192.0.2.7", "198.51.100.9"

func TestSignIn(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	ctx := app.WithRequest(t.Context(), "REQUEST")
	first, err := d.SignIn(ctx, " IRIS ", password, home)
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.SignIn(ctx, "iris", password, home)
	if err != nil || first == second {
		t.Fatalf("two sign-ins gave %q and %q, %v", first, second, err)
	}
	session, err := d.SessionOf(ctx, first)
	if !errors.Is(err, app.ErrSecondFactor) || session.Account.ID != iris || session.Account.OrganisationName != "De Linde" || session.Account.Language != "nl" {
		t.Errorf("session is of %+v, %v", session.Account, err)
	}
	stored, _ := identity.HashToken(first)
	if n := one[int](t, d, `SELECT count(*) FROM session WHERE token_hash = $1 AND strpos(encode(token_hash, 'escape'), $2) = 0`, stored, first); n != 1 {
		t.Errorf("%d sessions are stored under the hash alone", n)
	}
	got := one[string](t, d, `SELECT string_agg(concat_ws(' ', account, role, access_point, request, detail), ';') FROM record
		WHERE event = 'sign_in' AND outcome = 'done' AND action = 'E'`)
	line := fmt.Sprintf(`%s child_worker test/web REQUEST {"by": "password"}`, iris)
	if want := line + ";" + line; got != want {
		t.Errorf("records %s", got)
	}
}

// Nobody learns by trying which logins there are, who has left, or whether a
// password was right: the words, the kind and the work are one.
func TestFailuresAreAlike(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	d.user(t, "ruben")
	if err := d.Deactivate(t.Context(), d.user(t, "weg")); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := d.SignIn(t.Context(), "ruben", "fout", home); err == nil {
			t.Fatal("a wrong password signed in")
		}
	}
	cheapest := time.Hour // that comparing a password can be
	compare := func() {
		var p identity.Passwords
		for range 5 {
			start := time.Now()
			if _, err := p.Matches(t.Context(), "fout", ""); err != nil {
				t.Fatal(err)
			}
			cheapest = min(cheapest, time.Since(start))
		}
	}
	compare()
	for _, c := range []struct{ name, login, password, reason string }{
		{"wrong password", "iris", "kanarie-woord", "wrong_password"},
		{"unknown login", "kanarie-login", password, "unknown_login"},
		{"deactivated", "weg", password, "deactivated"},
		{"throttled", "ruben", password, "throttled"},
		{"nothing", "", "", "unknown_login"},
		{"no text", "iris\x00", "\xff\x00", "unknown_login"},
		{"a password as login", "Kanarie Woord!", "x", "unknown_login"},
		{"long", strings.Repeat("kanarie", 2000), strings.Repeat("y", 10_000), "unknown_login"},
	} {
		before := one[int](t, d, `SELECT count(*) FROM record`)
		start := time.Now()
		token, err := d.SignIn(t.Context(), c.login, c.password, home)
		took := time.Since(start)
		// Without comparing it takes a hundredth; a machine that others use varies by two or three.
		if took < cheapest/4 {
			compare() // the machine may have been busier before
		}
		if took < cheapest/4 {
			t.Errorf("%s: refused in %v without comparing a password (%v)", c.name, took, cheapest)
		}
		if want := casework.Refuse(casework.Denied, "sign_in_failed"); err == nil || err.Error() != want.Error() || token != "" {
			t.Errorf("%s: %q, %v", c.name, token, err)
		}
		if n := one[int](t, d, `SELECT count(*) FROM record WHERE event = 'sign_in' AND outcome = 'refused' AND detail = jsonb_build_object('reason', $1::text)`, c.reason); n == 0 {
			t.Errorf("%s: no record of %s", c.name, c.reason)
		}
		if after := one[int](t, d, `SELECT count(*) FROM record`); after != before+1 {
			t.Errorf("%s: %d records", c.name, after-before)
		}
	}
	for _, table := range []string{"record", "sign_in_failure", "session"} {
		if n := one[int](t, d, `SELECT count(*) FROM `+table+` x WHERE x::text ~* 'kanarie|192\.0\.2'`); n != 0 {
			t.Errorf("%s holds what was typed, or an address", table)
		}
	}
}

// While no line of the log can be written, a right and a wrong password are as much work:
// how often it is counted what failed. A wrong one counts all the same.
func TestWithoutTheLogRightAndWrongAreAlike(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	if _, err := d.admin.Exec(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''full'' USING ERRCODE = ''53100''; END';
		CREATE TRIGGER full_disk BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION full_disk();
		CREATE SEQUENCE committed;
		CREATE FUNCTION committing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN PERFORM nextval(''committed''); RETURN NULL; END';
		CREATE CONSTRAINT TRIGGER committing AFTER DELETE ON sign_in_failure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION committing()`); err != nil {
		t.Fatal(err)
	}
	rows := func(login, password string) int { // of what failed that were taken back in a transaction that ended well
		t.Helper()
		before := one[int](t, d, `SELECT last_value FROM committed`)
		if _, err := d.SignIn(t.Context(), login, password, home); casework.KindOf(err) != casework.Unavailable {
			t.Errorf("%s: %v", login, err)
		}
		d.clock.turn(time.Second)
		return one[int](t, d, `SELECT last_value FROM committed`) - before
	}
	one[int](t, d, `SELECT nextval('committed')`)
	for _, guess := range []struct{ login, password string }{{"iris", password}, {"iris", "fout"}, {"nobody", "fout"}} {
		if n := rows(guess.login, guess.password); n != 3 {
			t.Errorf("%s, %q: %d rows", guess.login, guess.password, n)
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM sign_in_failure`); n != 6 {
		t.Errorf("%d rows of two wrong ones", n)
	}
}

func TestGuessingSlowsOnlyTheGuesser(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	for range 60 { // from many addresses too
		_, _ = d.SignIn(t.Context(), "iris", "fout", elsewhere)
		d.clock.turn(time.Second)
	}
	if _, err := d.SignIn(t.Context(), "iris", password, elsewhere); err == nil {
		t.Error("a guesser is not slowed down")
	}
	if _, err := d.SignIn(t.Context(), "iris", password, home); err != nil {
		t.Errorf("the owner is locked out by others: %v", err)
	}
	d.clock.turn(2 * time.Minute)
	if _, err := d.SignIn(t.Context(), "iris", password, elsewhere); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if n := one[int](t, d, `SELECT max(n) FROM (SELECT count(*) n FROM sign_in_failure GROUP BY key) x`); n > 60 {
		t.Errorf("%d failures are kept of one key", n)
	}
}

// All are sent before any is answered: each must count the others.
func TestParallelGuessesCountEachOther(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() { _, _ = d.SignIn(t.Context(), "iris", "fout", home) })
	}
	all.Wait()
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE detail->>'reason' = 'wrong_password'`); n != 5 {
		t.Errorf("%d of 12 guesses had their password looked at", n)
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE detail->>'reason' = 'throttled'`); n != 7 {
		t.Errorf("%d were throttled", n)
	}
}

func TestSuccessForgetsMistakes(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	d.user(t, "iris")
	for range 3 {
		for range 4 {
			_, _ = d.SignIn(t.Context(), "iris", "fout", home)
			d.clock.turn(time.Millisecond)
		}
		if _, err := d.SignIn(t.Context(), "iris", password, home); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.turn(identity.ThrottleWindow)
	if _, err := d.SignIn(t.Context(), "iris", password, home); err != nil {
		t.Fatal(err)
	}
	if n := one[int](t, d, `SELECT count(*) FROM sign_in_failure`); n != 0 {
		t.Errorf("%d failures are kept beyond the window", n)
	}
}

func TestSignInLink(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	link := func() string {
		link, err := d.NewSignInLink(t.Context(), iris)
		if err != nil {
			t.Fatal(err)
		}
		return link
	}
	once := link()
	token, err := d.SignInByLink(t.Context(), once, home)
	if err != nil {
		t.Fatal(err)
	}
	if session, err := d.SessionOf(t.Context(), token); !errors.Is(err, app.ErrSecondFactor) || session.Account.ID != iris {
		t.Errorf("session of %s, %v", session.Account.ID, err)
	}
	late, left, early := link(), link(), link()
	d.clock.turn(identity.LinkLife - time.Second)
	if _, err := d.SignInByLink(t.Context(), early, home); err != nil {
		t.Errorf("just in time: %v", err)
	}
	d.clock.turn(time.Second)
	if _, err := d.SignInByLink(t.Context(), late, home); err == nil {
		t.Error("an expired link signed in")
	}
	fresh := link()
	if _, err := d.SignInByLink(t.Context(), fresh, home); err != nil {
		t.Errorf("a fresh link: %v", err)
	}
	unknown, _ := identity.NewToken(strings.NewReader(strings.Repeat("x", 32)))
	gone := link()
	if err := d.Deactivate(t.Context(), iris); err != nil {
		t.Fatal(err)
	}
	afterwards := link()
	for name, link := range map[string]string{"spent": once, "expired": late, "expired too": left, "unknown": unknown, "empty": "",
		"odd": "\x00\xff", "of who has left": gone, "made for who has left": afterwards} {
		if _, err := d.SignInByLink(t.Context(), link, home); err == nil || err.Error() != "denied: sign_in_failed" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOneLinkTwoUses(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	for range 10 {
		link, err := d.NewSignInLink(t.Context(), iris)
		if err != nil {
			t.Fatal(err)
		}
		tokens := make([]string, 2)
		var both sync.WaitGroup
		for i := range tokens {
			both.Go(func() { tokens[i], _ = d.SignInByLink(t.Context(), link, home) })
		}
		both.Wait()
		if won := len(slices.DeleteFunc(tokens, func(s string) bool { return s == "" })); won != 1 {
			t.Fatalf("one link signed in %d times", won)
		}
	}
}

func TestOldHashIsStrengthened(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	iris := d.user(t, "iris")
	weak, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.admin.Exec(`UPDATE account SET password_hash = $1`, weak); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SignIn(t.Context(), "iris", "fout", home); err == nil || one[string](t, d, `SELECT password_hash FROM account WHERE id = $1`, iris) != weak {
		t.Error("a wrong password changed the hash")
	}
	for range 2 {
		if _, err := d.SignIn(t.Context(), "iris", password, home); err != nil {
			t.Fatal(err)
		}
		if identity.Outdated(one[string](t, d, `SELECT password_hash FROM account WHERE id = $1`, iris)) {
			t.Error("the hash is as weak as it was")
		}
	}
}
