package casetest

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// A canary is a word that stands in one text and nowhere else, so that it can
// be found wherever that text leaks to. Birth dates are canaries too: each
// comes from a number as well.

// Canary is the word of a number.
func Canary(n int) string { return "kanarie" + strconv.Itoa(n) + "x" }

// NoteCanary is the word of a number that stands in the text of a card: where
// positions count, words that replace one another are equally long.
func NoteCanary(n int) string { return "kanarie" + strconv.Itoa(n) + "n" }

// Birth is the date of a number.
func Birth(n int) string {
	return time.Date(1940, 1, 1+n%10000, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// CanariesIn lists the canaries in a message.
func CanariesIn(message []byte) []string {
	var found []string
	for at, end := range canaries(message) {
		found = append(found, string(message[at:end]))
	}
	return found
}

// canaries gives where each canary in a message begins and ends. They are looked
// for in all that random histories say: a regular expression takes ten times as long.
func canaries(message []byte) iter.Seq2[int, int] {
	return func(yield func(at, end int) bool) {
		for i := 0; i < len(message); {
			n := 0
			switch message[i] {
			case 'k':
				n = wordAt(message[i:])
			case '1':
				n = birthAt(message[i:])
			}
			if n > 0 && !yield(i, i+n) {
				return
			}
			i += max(n, 1)
		}
	}
}

// wordAt is the length of the word of a number with which a message begins; 0 when
// it begins with something else.
func wordAt(message []byte) int {
	const begin = "kanarie"
	if !bytes.HasPrefix(message, []byte(begin)) {
		return 0
	}
	n := len(begin)
	for n < len(message) && '0' <= message[n] && message[n] <= '9' {
		n++
	}
	if n == len(begin) || n == len(message) || message[n] != 'n' && message[n] != 'x' {
		return 0
	}
	return n + 1
}

// birthAt does the same for the date of a number.
func birthAt(message []byte) int {
	if len(message) < len(time.DateOnly) || message[1] != '9' || message[2] < '4' || message[2] > '6' {
		return 0
	}
	for i, sign := range []byte(time.DateOnly) {
		if hyphen := sign == '-'; hyphen != (message[i] == '-') || !hyphen && (message[i] < '0' || message[i] > '9') {
			return 0
		}
	}
	return len(time.DateOnly)
}

// IDsIn lists everything in a message that has the form of an identifier.
func IDsIn(message []byte) []string {
	var found []string
	for i := 0; i < len(message); i++ {
		if message[i] != '"' {
			continue
		}
		end := i + 1 + casework.IDLength
		if end < len(message) && message[end] == '"' && casework.ValidID(string(message[i+1:end])) {
			found = append(found, string(message[i+1:end]))
		}
	}
	return found
}

// Reworded gives the steps with other words of other lengths in place of the
// canaries that replace names.
func Reworded(steps []Step, replace map[string]bool) []Step {
	steps = slices.Clone(steps)
	for i, s := range steps {
		if s.With != nil {
			steps[i].With = reworded(s.With, replace)
		}
	}
	return steps
}

func reworded(said []byte, replace map[string]bool) []byte {
	other, done := []byte{}, 0
	for at, end := range canaries(said) {
		if w := string(said[at:end]); replace[w] {
			other = append(append(other, said[done:at]...), otherWord(w)...)
			done = end
		}
	}
	return append(other, said[done:]...)
}

func otherWord(w string) string {
	if number, inNote := strings.CutSuffix(w, "n"); inNote {
		return strings.Replace(number, "kanarie", "vinkenn", 1) + "n"
	}
	number, isWord := strings.CutPrefix(strings.TrimSuffix(w, "x"), "kanarie")
	if !isWord {
		return "19" + string(w[2]-4) + w[3:] // forty years before
	}
	n, _ := strconv.Atoi(number)
	return fmt.Sprintf("vink%s%d", strings.Repeat("o", 1+n*7%50), n)
}
