package identity

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/casustafel/casustafel/internal/casework"
)

func TestTOTPStep(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 10, 0, time.UTC)
	secret := NewTOTPSecret(rand.Reader)
	if secret == NewTOTPSecret(rand.Reader) || len(secret) != 32 {
		t.Fatalf("secret %q", secret)
	}
	code := func(ago time.Duration) string {
		code, err := totp.GenerateCode(secret, now.Add(-ago))
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	today := now.Unix() / 30
	for _, c := range []struct {
		name  string
		typed string
		last  int64
		want  int64
	}{
		{"now", code(0), 0, today},
		{"with spaces", " " + code(0)[:3] + " " + code(0)[3:], 0, today},
		{"a slow clock", code(30 * time.Second), 0, today - 1},
		{"a fast clock", code(-30 * time.Second), 0, today + 1},
		{"too old", code(time.Minute), 0, 0},
		{"too new", code(-time.Minute), 0, 0},
		{"twice", code(0), today, 0},
		{"the one before, after this one", code(30 * time.Second), today, 0},
		{"the next one, after this one", code(-30 * time.Second), today, today + 1},
		{"after a clock that was put back", code(0), today + 1000, 0},
		{"nothing", "", 0, 0}, {"short", code(0)[:5], 0, 0}, {"long", code(0) + "0", 0, 0}, {"no digits", "abcdef", 0, 0},
		{"NUL", "\x00\xff", 0, 0}, {"very long", strings.Repeat("1", 100_000), 0, 0},
	} {
		if step, ok := TOTPStep(secret, c.typed, now, c.last); step != c.want || ok != (c.want != 0) {
			t.Errorf("%s: step %d, %v; want %d", c.name, step-today, ok, c.want-today)
		}
	}
	if address := TOTPAddress("SECRET", "iris@x.nl"); address != "otpauth://totp/Casustafel:iris@x.nl?secret=SECRET&issuer=Casustafel" {
		t.Error(address)
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	codes := NewRecoveryCodes(rand.Reader)
	if len(codes) != RecoveryCodes || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != RecoveryCodes {
		t.Fatalf("%q", codes)
	}
	for _, code := range codes {
		clean, ok := CleanRecoveryCode(code)
		again, also := CleanRecoveryCode(" " + strings.ToUpper(strings.ReplaceAll(code, "-", " ")) + " ")
		if !ok || !also || clean != again || len(clean) != recoveryLength {
			t.Errorf("%q becomes %q and %q", code, clean, again)
		}
	}
	if got, ok := CleanRecoveryCode("OIL00-11111"); !ok || got != "0110011111" {
		t.Errorf("read as %q", got)
	}
	for _, odd := range []string{"", "4t7zk", "4t7zk-9m2qx1", "4t7zk-9m2qu", "\x004t7zk9m2q", "4t7zk-9m2q\xff", strings.Repeat("a", 10_000)} {
		if got, ok := CleanRecoveryCode(odd); ok {
			t.Errorf("%q is taken for %q", odd, got)
		}
	}
}

func TestProvenAndHalf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name         string
		demo         bool
		second       time.Time
		proven, half bool
	}{
		{"never shown", false, time.Time{}, false, true},
		{"just now", false, now, true, false},
		{"just in time", false, now.Add(-ProvenFor + 1), true, false},
		{"too long ago", false, now.Add(-ProvenFor), false, false},
		{"by a clock that was put back", false, now.Add(time.Second), false, false},
		{"the demo", true, time.Time{}, true, false},
	} {
		if proven, half := Proven(Account{Demo: c.demo}, c.second, now), Half(Account{Demo: c.demo}, c.second); proven != c.proven || half != c.half {
			t.Errorf("%s: proven %v, half %v", c.name, proven, half)
		}
	}
}

func TestThrottledSecond(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	failed := func(count int) Failures { return Failures{count, now} }
	for _, c := range []struct {
		name string
		a    Attempt
		own  bool
		want bool
	}{
		{"nothing failed", Attempt{}, false, false},
		{"mistakes", Attempt{Pair: failed(4), Login: failed(4)}, false, false},
		{"a guesser", Attempt{Pair: failed(5), Login: failed(5)}, false, true},
		{"a guesser from many addresses", Attempt{Login: failed(10)}, false, true},
		{"the owner at an own place meanwhile", Attempt{Login: failed(10_000)}, true, false},
		{"a guesser at the owner's place", Attempt{Pair: failed(5), Login: failed(5)}, true, true},
		{"one address through all accounts", Attempt{Address: failed(50)}, true, true},
	} {
		if got := ThrottledSecond(now, c.a, c.own); got != c.want {
			t.Errorf("%s: throttled is %v", c.name, got)
		}
	}
}

func TestBrowserOf(t *testing.T) {
	t.Parallel()
	const webkit = "AppleWebKit/537.36 (KHTML, like Gecko) "
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0":                 "firefox windows",
		"Mozilla/5.0 (X11; Linux x86_64) " + webkit + "Chrome/130.0.0.0 Safari/537.36":                     "chrome linux",
		"Mozilla/5.0 (X11; Linux x86_64) " + webkit + "HeadlessChrome/130.0.0.0 Safari/537.36":             "chrome linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + "Chrome/130.0.0.0 Safari/537.36 Edg/130":   "edge windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + webkit + "Version/18.0 Safari/605.1.15":       "safari mac",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) " + webkit + "Version/18.0 Mobile Safari/": "safari ios",
		"Mozilla/5.0 (Linux; Android 14) " + webkit + "Chrome/130.0.0.0 Mobile Safari/537.36":              "chrome android",
		"": "other", "curl/8": "other", "\x00<script>": "other",
	} {
		if got := BrowserOf(agent); got != want {
			t.Errorf("BrowserOf(%.60q) = %q, want %q", agent, got, want)
		}
	}
}

// A bare number, or an address without encryption, has no passkeys.
func TestWhereThereArePasskeys(t *testing.T) {
	t.Parallel()
	p, err := NewPasskeys([]string{"https://tafel.example.org", "https://tafel.example.org:8443", "http://localhost:8080", "http://127.0.0.1:8080", "http://tafel.lan", "https://192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{"tafel.example.org": true, "localhost": true, "127.0.0.1": false, "tafel.lan": false, "192.0.2.1": false, "": false, "example.org": false} {
		if p.Offered(host) != want {
			t.Errorf("passkeys at %q: %v", host, !want)
		}
	}
	account := Account{ID: casework.NewID[casework.UserID](rand.Reader), Login: "iris", Name: "Iris"}
	for _, odd := range []string{"", "{}", "null", `{"id":"AQ"}`, "\x00\xff", strings.Repeat("[", 50_000)} {
		if _, err := p.Take("localhost", account, []byte("{}"), []byte(odd)); err == nil {
			t.Errorf("%.20q was taken for a passkey", odd)
		}
		if _, err := p.Judge("localhost", account, nil, []byte("{}"), []byte(odd)); err == nil {
			t.Errorf("%.20q was taken for an answer", odd)
		}
		if _, ok := HolderIn([]byte(odd)); ok {
			t.Errorf("%.20q says whose it is", odd)
		}
	}
	if _, err := p.Ask("127.0.0.1", Account{}, nil); casework.KindOf(err) != casework.Invalid {
		t.Errorf("where there are none: %v", err)
	}
}
