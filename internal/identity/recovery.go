package identity

import (
	"encoding/base32"
	"io"
	"strings"
)

// RecoveryCodes is how many codes somebody gets at a time.
const RecoveryCodes = 10

const (
	recoveryLength   = 10
	recoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz" // after Crockford: read aloud and typed over without doubt
)

var recoveryEncoding = base32.NewEncoding(recoveryAlphabet).WithPadding(base32.NoPadding)

// NewRecoveryCodes draws codes as people write them down: "4t7zk-9m2qx". It
// panics when random fails, as a guessable code is worse than none.
func NewRecoveryCodes(random io.Reader) []string {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		var raw [(recoveryLength*5 + 7) / 8]byte
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			panic("identity: no randomness: " + err.Error())
		}
		code := recoveryEncoding.EncodeToString(raw[:])[:recoveryLength]
		codes[i] = code[:recoveryLength/2] + "-" + code[recoveryLength/2:]
	}
	return codes
}

// CleanRecoveryCode gives the code that was meant by what somebody typed; false
// when it has not the form of one.
func CleanRecoveryCode(typed string) (code string, ok bool) {
	code = strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(digits(strings.ToLower(typed)))
	return code, len(code) == recoveryLength && strings.Trim(code, recoveryAlphabet) == ""
}
