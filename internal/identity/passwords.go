package identity

import (
	"context"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// params are one of the equal choices of the OWASP password storage cheat
// sheet: 19 MiB, two passes, one lane.
var params = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// dummy is a hash under params that no password has: its key was drawn at
// random. It is worked through where there is no hash to compare with, so that
// an unknown login takes as long as a wrong password.
const dummy = "$argon2id$v=19$m=19456,t=2,p=1$Dd8IYPWqaCnE+E2bWPbu9g$UWJosaAY0xo3L697EVOFcILMsOwUbry0ohfaXzLXFXg"

// concurrent is how many passwords are hashed at one time: a flood of sign-ins
// waits instead of taking 19 MiB each.
const concurrent = 2

// Passwords hashes and compares passwords. The zero value is ready.
type Passwords struct {
	once  sync.Once
	turns chan struct{}
}

// Hash gives what is stored of a password. The error is that of ctx when it
// ended before it was this password's turn.
func (p *Passwords) Hash(ctx context.Context, password string) (hash string, err error) {
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err = argon2id.CreateHash(normal(password), &params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Matches tells whether hash was made from password. With an empty hash it
// never is, and finding that out takes the same time.
func (p *Passwords) Matches(ctx context.Context, password, hash string) (bool, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	possible := hash != ""
	if !possible {
		hash = dummy
	}
	if utf8.RuneCountInString(password) > PasswordMax*2 {
		password, possible = "", false // no stored password is that long
	}
	same, err := argon2id.ComparePasswordAndHash(normal(password), hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return same && possible, nil
}

// Outdated tells whether hash was made with other parameters than those of
// today and should be made anew at the next sign-in.
func Outdated(hash string) bool {
	made, _, _, err := argon2id.DecodeHash(hash)
	return err != nil || *made != params
}

// turn waits until fewer than concurrent others are hashing.
func (p *Passwords) turn(ctx context.Context) (done func(), err error) {
	p.once.Do(func() { p.turns = make(chan struct{}, concurrent) })
	select {
	case p.turns <- struct{}{}:
		return func() { <-p.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
