package app_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/identity"
)

const (
	origin = "https://tafel.test"
	host   = "tafel.test"
)

// secondSteps are what the people of a test show as their second factor: an app that
// makes codes, and the recovery codes that came with it.
type secondSteps struct {
	mu      sync.Mutex
	secrets map[string]string
	codes   map[string][]string
}

// halfway is a session of somebody whose password was right.
func (d door) halfway(t *testing.T, login string) app.Session {
	t.Helper()
	token, err := d.SignIn(t.Context(), login, password, home)
	if err != nil {
		t.Fatal(err)
	}
	session, err := d.SessionOf(t.Context(), token)
	if !errors.Is(err, app.ErrSecondFactor) {
		t.Fatalf("a password alone: %v", err)
	}
	return session
}

// showSecond shows the second factor, which is set up the first time, and gives
// the token of the session from then on.
func (d door) showSecond(t *testing.T, login string, half app.Session) (token string) {
	t.Helper()
	d.second.mu.Lock()
	defer d.second.mu.Unlock()
	if d.second.secrets[login] == "" {
		set, err := d.NewTOTP(half)
		if err != nil {
			t.Fatal(err)
		}
		added, err := d.AddTOTP(t.Context(), half, set.Token, d.codeOf(t, set.Secret), home)
		if err != nil || len(added.Codes) != identity.RecoveryCodes {
			t.Fatalf("%d recovery codes, %v", len(added.Codes), err)
		}
		d.second.secrets[login], d.second.codes[login] = set.Secret, added.Codes
		return added.Fresh
	}
	codes := d.second.codes[login]
	if len(codes) == 0 {
		t.Fatal("all recovery codes are used up")
	}
	d.second.codes[login] = codes[1:]
	token, err := d.ProveByCode(t.Context(), half, identity.Recovery, codes[0], home)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// codeOf is what the app of a secret shows now.
func (d door) codeOf(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, d.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// nextCodeOf is what the app of a secret shows when its clock is a step ahead.
func (d door) nextCodeOf(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, d.clock.Now().Add(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// of is the session of a token.
func (d door) of(t *testing.T, token string) app.Session {
	t.Helper()
	session, err := d.SessionOf(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return session
}
