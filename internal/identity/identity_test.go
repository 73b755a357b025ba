package identity

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/casustafel/casustafel/internal/casework"
)

func TestCleanLogin(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"iris": "iris", " Iris ": "iris", "IRIS@x.nl": "iris@x.nl", "a": "a",
		"i.r-i_s+1": "i.r-i_s+1"} {
		if got, ok := CleanLogin(typed); !ok || got != want {
			t.Errorf("CleanLogin(%q) = %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", " ", "iris\x00", "\xff", ".iris", "een naam", strings.Repeat("a", 101), "İris", "iris\n x"} {
		if got, ok := CleanLogin(typed); ok {
			t.Errorf("CleanLogin(%q) = %q, but no account can have that", typed, got)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, reason := range map[string]string{
		"":                                   "password_short",
		"elf tekens1":                        "password_short",
		"twaalf teken":                       "",
		strings.Repeat("ёжикы", 25) + "abc":  "", // 128 characters, many more bytes
		strings.Repeat("a1b2c", 25) + "abcd": "password_long",
		"iris@opvang.nl":                     "password_is_login",
		" IRIS@Opvang.nl":                    "password_is_login",
		"abababababab":                       "password_repeats",
		"wachtwoord123":                      "password_common",
		"Welkom01Welkom01!":                  "password_common",
		"P@ssw0rd2026":                       "password_common",
		"qwertyuiop[]":                       "password_common",
		"1234567890987":                      "password_common",
		"1q2w3e4r5t6y7u":                     "password_common",
		"Casustafel2026!":                    "password_common",
		"Iris-Zonnedauw-1":                   "password_common",
		"nl opvang berg":                     "password_common",
		"Welkom bij Zonnedauw, lief mens":    "", // more than a guesser has
		"583920174655":                       "", // drawn by lot, if only digits
		"geen enkele hoofdletter":            "",
		"nul\x00 in het woord":               "password_odd",
		"regel\nin het woord":                "password_odd",
		"geen \xff letters hier":             "password_odd",
		"e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301": "password_short", // six letters, each written as two
	} {
		err := CheckPassword(password, Account{Login: "iris@opvang.nl", Name: "Iris van der Berg", OrganisationName: "Opvang Zonnedauw"})
		var refusal *casework.Error
		switch {
		case reason == "" && err != nil:
			t.Errorf("%q was refused: %v", password, err)
		case reason != "" && (!errors.As(err, &refusal) || refusal.Reason != reason || refusal.Kind != casework.Invalid):
			t.Errorf("%q: %v, want %s", password, err, reason)
		}
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var p Passwords
	hash, err := p.Hash(ctx, "een lang caf\u00e9 woord")
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]bool{
		"een lang caf\u00e9 woord":  true,
		"een lang cafe\u0301 woord": true, // the same, from another keyboard
		"een lang cafe woord":       false,
		"":                          false,
		strings.Repeat("a", 10_000): false,
		"nul\x00\xff":               false,
	} {
		if got, err := p.Matches(ctx, password, hash); err != nil || got != want {
			t.Errorf("Matches(%.30q) = %v, %v", password, got, err)
		}
		if got, err := p.Matches(ctx, password, ""); err != nil || got {
			t.Errorf("Matches(%.30q) without a hash = %v, %v", password, got, err)
		}
	}
	if Outdated(hash) {
		t.Error("a fresh hash is outdated")
	}
	if old, _ := argon2id.CreateHash("x", &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}); !Outdated(old) {
		t.Error("a weaker hash is not outdated")
	}
	if _, err := p.Matches(ctx, "een lang woord", "kapot"); err == nil {
		t.Error("a broken hash compares")
	}
}

// The dummy stands for every hash: it must cost what a hash costs today.
func TestDummyCostsTheSame(t *testing.T) {
	t.Parallel()
	if Outdated(dummy) {
		t.Error("dummy was made with other parameters")
	}
}

func TestPasswordsWaitForATurn(t *testing.T) {
	t.Parallel()
	var p Passwords
	var release []func()
	for range concurrent {
		done, err := p.turn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		release = append(release, done)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Matches(gone, "een lang woord", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("one too many hashed: %v", err)
	}
	release[0]()
	if _, err := p.Matches(context.Background(), "een lang woord", ""); err != nil {
		t.Error(err)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	token, hash := NewToken(rand.Reader)
	other, _ := NewToken(rand.Reader)
	if token == other || len(token) != 43 {
		t.Fatalf("tokens %q and %q", token, other)
	}
	again, ok := HashToken(token)
	if !ok || !bytes.Equal(again, hash) || len(hash) != 32 {
		t.Errorf("hash %x, then %x", hash, again)
	}
	for _, odd := range []string{"", "x", token + "A", token[:42], token[:42] + "=", token[:20] + "\n" + token[20:], token[:42] + "\x00",
		strings.Repeat("A", 42) + "B"} { // B leaves bits over: a second writing of the same bytes
		if _, ok := HashToken(odd); ok {
			t.Errorf("%q is taken for a token", odd)
		}
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return start.Add(d) }
	for _, c := range []struct {
		name             string
		rule             SessionRule
		now, seen, ended time.Time
		want             bool
	}{
		{"fresh", SessionRule{}, at(0), at(0), time.Time{}, false},
		{"just not idle", SessionRule{}, at(30*time.Minute - 1), at(0), time.Time{}, false},
		{"idle", SessionRule{}, at(30 * time.Minute), at(0), time.Time{}, true},
		{"kept awake", SessionRule{}, at(12*time.Hour - 1), at(12*time.Hour - 1), time.Time{}, false},
		{"too old", SessionRule{}, at(12 * time.Hour), at(12*time.Hour - 1), time.Time{}, true},
		{"signed out", SessionRule{}, at(0), at(0), at(0), true},
		{"by a clock that was put back", SessionRule{}, at(-ClocksDiffer - 1), at(-ClocksDiffer - 1), time.Time{}, true},
		{"last seen by a clock that was put back", SessionRule{}, at(0), at(ClocksDiffer + 1), time.Time{}, true},
		{"by a node whose clock is ahead", SessionRule{}, at(-ClocksDiffer), at(0), time.Time{}, false},
		{"shorter idle", SessionRule{Idle: time.Minute}, at(time.Minute), at(0), time.Time{}, true},
		{"shorter absolute", SessionRule{Absolute: time.Minute}, at(time.Minute), at(time.Minute - 1), time.Time{}, true},
	} {
		if got := c.rule.Ended(c.now, start, c.seen, c.ended); got != c.want {
			t.Errorf("%s: ended is %v", c.name, got)
		}
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	failed := func(count int, ago time.Duration) Failures { return Failures{count, now.Add(-ago)} }
	for _, c := range []struct {
		name string
		a    Attempt
		want bool
	}{
		{"nothing failed", Attempt{}, false},
		{"four typing mistakes", Attempt{Pair: failed(4, 0), Login: failed(4, 0), Address: failed(4, 0)}, false},
		{"five: wait a second", Attempt{Pair: failed(5, 0)}, true},
		{"and then try again", Attempt{Pair: failed(5, time.Second)}, false},
		{"eight: eight seconds", Attempt{Pair: failed(8, 8*time.Second-1)}, true},
		{"eight seconds later", Attempt{Pair: failed(8, 8*time.Second)}, false},
		{"never longer than two minutes", Attempt{Pair: failed(5000, 2*time.Minute)}, false},
		{"a hundred: two minutes", Attempt{Pair: failed(100, 2*time.Minute-1)}, true},
		{"the owner, while others guess elsewhere", Attempt{Login: failed(100_000, 0)}, false},
		{"a guesser among many", Attempt{Pair: failed(1, 0), Login: failed(50, 0)}, true},
		{"whose mistakes are of a clock that was put back", Attempt{Pair: failed(5, -time.Hour), Login: failed(5, -time.Hour)}, true},
		{"somebody else meanwhile", Attempt{Login: failed(5, -time.Hour)}, false},
		{"colleagues at one address", Attempt{Address: failed(49, 0)}, false},
		{"one address through all logins", Attempt{Address: failed(50, 0)}, true},
	} {
		if got := Throttled(now, c.a); got != c.want {
			t.Errorf("%s: throttled is %v", c.name, got)
		}
	}
}

func TestAddressKey(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "": "", "@": "@"} {
		if got := AddressKey(from); got != want {
			t.Errorf("AddressKey(%q) = %q, want %q", from, got, want)
		}
	}
}
