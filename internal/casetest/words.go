package casetest

import (
	"fmt"
	"regexp"
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

var canaries = regexp.MustCompile(`kanarie[0-9]+[nx]|19[4-6][0-9]-[01][0-9]-[0-3][0-9]`)

// CanariesIn lists the canaries in a message.
func CanariesIn(message []byte) []string {
	var found []string
	for _, w := range canaries.FindAll(message, -1) {
		found = append(found, string(w))
	}
	return found
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
			steps[i].With = canaries.ReplaceAllFunc(slices.Clone(s.With), func(w []byte) []byte {
				if !replace[string(w)] {
					return w
				}
				return []byte(otherWord(string(w)))
			})
		}
	}
	return steps
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
