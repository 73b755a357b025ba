package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"time"
)

// LinkLife is how long a sign-in link can be used, once.
const LinkLife = 8 * time.Hour

const tokenBytes = 32

// NewToken draws a token for a session or a sign-in link. Its owner keeps the
// token; only the hash is stored. It panics when random fails, as a guessable
// token is worse than none.
func NewToken(random io.Reader) (token string, hash []byte) {
	var raw [tokenBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		panic("identity: no randomness: " + err.Error())
	}
	token = base64.RawURLEncoding.EncodeToString(raw[:])
	hash, _ = HashToken(token)
	return token, hash
}

// HashToken gives the stored form of a token; false when it has not the form of
// one. A token holds 256 random bits, so a plain hash cannot be turned back.
func HashToken(token string) (hash []byte, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenBytes || len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return nil, false
	}
	sum := sha256.Sum256([]byte(token))
	return sum[:], true
}
