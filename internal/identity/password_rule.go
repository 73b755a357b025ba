package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/casustafel/casustafel/internal/casework"
)

// Lengths of a password, in characters. The upper one only keeps hashing cheap.
const (
	PasswordMin = 12
	PasswordMax = 128
)

// CheckPassword tells whether a new password is good enough for an account, of
// which the login, the name and the name of the organisation count. The error is
// casework.Invalid with the rule that was broken as its reason.
func CheckPassword(password string, of Account) error {
	switch length := utf8.RuneCountInString(normal(password)); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return casework.Refuse(casework.Invalid, "password_odd")
	case length < PasswordMin:
		return casework.Refuse(casework.Invalid, "password_short")
	case length > PasswordMax:
		return casework.Refuse(casework.Invalid, "password_long")
	case strings.EqualFold(strings.TrimSpace(password), of.Login):
		return casework.Refuse(casework.Invalid, "password_is_login")
	case len(characters(password)) < 5:
		return casework.Refuse(casework.Invalid, "password_repeats")
	case guessable(password, of):
		return casework.Refuse(casework.Invalid, "password_common")
	}
	return nil
}

// normal makes one password of the ways in which keyboards write it: é as one
// character or as e with an accent.
func normal(password string) string { return norm.NFC.String(password) }

func characters(s string) map[rune]bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return seen
}
