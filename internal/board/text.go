package board

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/casustafel/casustafel/internal/casework"
)

// Limits, in characters unless said otherwise. Those that count objects count
// what the actor sees.
const (
	MaxName        = 200
	MaxTitle       = 200
	MaxColumnTitle = 80
	MaxText        = 16 << 10 // bytes
	MaxColumns     = 60
	MaxCards       = 2000
	MaxPersons     = 60
	MaxLinks       = 50
)

// line cleans one line of text: blanks around it go, anything a person cannot
// type or see is refused.
func line(s string, max int, empty, long string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "" && empty != "":
		return "", casework.Refuse(casework.Invalid, empty)
	case utf8.RuneCountInString(s) > max:
		return "", casework.Refuse(casework.Invalid, long)
	case !printable(s, ""):
		return "", casework.Refuse(casework.Invalid, "bad_text")
	}
	return s, nil
}

// Name cleans the name of a case.
func Name(s string) (string, error) { return line(s, MaxName, "name_empty", "name_too_long") }

func title(s string) (string, error) { return line(s, MaxTitle, "title_empty", "title_too_long") }

// body cleans a text of many lines: CRLF becomes LF, blanks at the end go.
func body(s string) (string, error) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	switch {
	case len(s) > MaxText:
		return "", casework.Refuse(casework.Invalid, "text_too_long")
	case !printable(s, "\n\t"):
		return "", casework.Refuse(casework.Invalid, "bad_text")
	}
	return s, nil
}

// printable refuses broken UTF-8, control characters but the allowed ones, and
// U+FFFD, which is what a broken character becomes on its way here.
func printable(s, allowed string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune(allowed, r)
	})
}

// birthDate cleans a birth date, empty when unknown.
func birthDate(s string, now time.Time) (string, error) {
	if s == "" {
		return "", nil
	}
	born, err := time.Parse(time.DateOnly, s)
	if err != nil || born.After(now) || born.Year() < now.Year()-130 {
		return "", casework.Refuse(casework.Invalid, "bad_date")
	}
	return s, nil
}

// text makes a text with an id of its own; no words, no text.
func text(s string, env Env) casework.Text {
	if s == "" {
		return casework.Text{}
	}
	return casework.Text{ID: casework.NewID[casework.TextID](env.Random), Body: s}
}
