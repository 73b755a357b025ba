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
	MaxContact     = 100
	MaxColumnTitle = 80
	MaxSentence    = 300
	MaxRemark      = 500
	MaxText        = 16 << 10 // bytes
	MaxColumns     = 60
	MaxCards       = 2000
	MaxPersons     = 60
	MaxLinks       = 50
	MaxAttendance  = 60
)

// line cleans one line of text: blanks around it go, anything a person cannot
// type or see is refused, and what shows nothing is empty.
func line(s string, max int, empty, long string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case utf8.RuneCountInString(s) > max:
		return "", casework.Refuse(casework.Invalid, long)
	case !sound(s, unseen):
		return "", casework.Refuse(casework.Invalid, "bad_text")
	case strings.ContainsFunc(s, visible):
		return s, nil
	case empty != "":
		return "", casework.Refuse(casework.Invalid, empty)
	}
	return "", nil
}

// Name cleans the name of a case, a person, a user or an organisation.
func Name(s string) (string, error) { return line(s, MaxName, "name_empty", "name_too_long") }

// Contact cleans the line that tells how to reach a colleague; it may be empty.
func Contact(s string) (string, error) { return line(s, MaxContact, "", "contact_too_long") }

// Sentence cleans something that is said in one sentence; it may be empty.
func Sentence(s string) (string, error) { return line(s, MaxSentence, "", "sentence_too_long") }

// Remark cleans a few sentences of one's own; it may be empty.
func Remark(s string) (string, error) {
	s, err := body(strings.TrimSpace(s))
	switch {
	case err != nil:
		return "", err
	case utf8.RuneCountInString(s) > MaxRemark:
		return "", casework.Refuse(casework.Invalid, "remark_too_long")
	case !strings.ContainsFunc(s, visible):
		return "", nil
	}
	return s, nil
}

func title(s string) (string, error) { return line(s, MaxTitle, "title_empty", "title_too_long") }

// body cleans a text of many lines: CRLF becomes LF, blanks at the end go.
func body(s string) (string, error) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	switch {
	case len(s) > MaxText:
		return "", casework.Refuse(casework.Invalid, "text_too_long")
	case !sound(s, misleading):
		return "", casework.Refuse(casework.Invalid, "bad_text")
	}
	return s, nil
}

// sound refuses broken UTF-8, U+FFFD, which is what a broken character becomes on
// its way here, and what is bad.
func sound(s string, bad func(rune) bool) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || bad(r) })
}

// Joiners shape what stands beside them, in some scripts and in emoji.
const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'

// unseen tells of what has no place in a line: controls, what ends a line, and
// format characters, with which two lines look the same and are not.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && r != zeroWidthNonJoiner && r != zeroWidthJoiner
}

// misleading tells of what has no place in a text: controls but line break and
// tab, and what makes text read in another order than it is written.
func misleading(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// visible tells whether a character shows something by itself; some letters and
// signs are blank.
func visible(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) && !strings.ContainsRune("\u115f\u1160\u2800\u3164\uffa0", r)
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
