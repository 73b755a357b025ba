package identity

import (
	"encoding/base32"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

const (
	totpPeriod  = 30 * time.Second
	totpSkew    = 1 // steps that a clock may be off, either way
	secretBytes = 20
)

var secretEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTPSecret draws the secret of an app that makes codes. It panics when
// random fails, as a guessable secret is worse than none.
func NewTOTPSecret(random io.Reader) string {
	var raw [secretBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		panic("identity: no randomness: " + err.Error())
	}
	return secretEncoding.EncodeToString(raw[:])
}

// TOTPStep tells which step of time a code is of, at most one away from now. No
// code of the step last, or of one before it, is any good.
func TOTPStep(secret, typed string, now time.Time, last int64) (step int64, ok bool) {
	code := digits(typed)
	today := now.Unix() / int64(totpPeriod/time.Second)
	for at := today - totpSkew; at <= today+totpSkew; at++ {
		if at <= last {
			continue
		}
		same, err := hotp.ValidateCustom(code, uint64(at), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && same {
			return at, true
		}
	}
	return 0, false
}

// digits leaves out the spaces that people read a code with.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.TrimSpace(typed))
}

// TOTPAddress is what an app that makes codes reads from a picture.
func TOTPAddress(secret, login string) string {
	const issuer = "Casustafel"
	return (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login,
		RawQuery: "secret=" + secret + "&issuer=" + issuer}).String()
}
