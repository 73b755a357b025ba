// Package wording reads which terms get a hint while somebody writes: why they
// are better avoided and what could be written instead. The browser finds them;
// what is written goes nowhere for it.
package wording

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hint is one line of the file.
type Hint struct {
	// Terms are words, or groups of words with spaces between them. A * at the
	// end or the beginning of a word stands for any letters.
	Terms   []string `json:"terms"`
	Except  []string `json:"except,omitempty"` // what is left alone though Terms find it
	Why     string   `json:"why"`
	Instead []string `json:"instead"`
}

const (
	mostBytes   = 64 << 10 // it goes with every board
	mostHints   = 400
	longestWhy  = 300 // characters
	longestTerm = 80
	// shortestStem is how many letters a word has beside its *, so that no line
	// finds half the language.
	shortestStem = 3
)

// Parse reads a file of hints, or tells what is wrong with it and in which line.
func Parse(file []byte) ([]Hint, error) {
	if len(file) > mostBytes {
		return nil, fmt.Errorf("it has %d bytes, and may have %d", len(file), mostBytes)
	}
	if !utf8.Valid(file) {
		return nil, errors.New("it is not UTF-8: save it as such")
	}
	lines := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	lines.Comment, lines.TrimLeadingSpace, lines.FieldsPerRecord = '#', true, -1
	hints, first := []Hint{}, map[string]int{}
	for {
		fields, err := lines.Read()
		if err == io.EOF {
			return hints, nil
		}
		if err != nil {
			return nil, err // with its line
		}
		line, _ := lines.FieldPos(0)
		hint, err := read(fields)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		for _, term := range hint.Terms {
			if earlier, double := first[term]; double {
				return nil, fmt.Errorf("line %d: %q is in line %d already", line, term, earlier)
			}
			first[term] = line
		}
		if hints = append(hints, hint); len(hints) > mostHints {
			return nil, fmt.Errorf("line %d: there may be %d hints at most", line, mostHints)
		}
	}
}

func read(fields []string) (hint Hint, err error) {
	if len(fields) != 4 {
		return hint, fmt.Errorf("it has %d fields and takes four, with commas between them: terms, except, why, instead", len(fields))
	}
	if hint.Terms, err = terms(fields[0]); err != nil {
		return hint, err
	}
	if hint.Except, err = terms(fields[1]); err != nil {
		return hint, err
	}
	hint.Why, hint.Instead = strings.TrimSpace(fields[2]), parts(fields[3])
	switch {
	case len(hint.Terms) == 0:
		return hint, errors.New("it has no terms")
	case hint.Why == "":
		return hint, errors.New("it does not say why")
	case utf8.RuneCountInString(hint.Why) > longestWhy:
		return hint, fmt.Errorf("why takes %d characters at most", longestWhy)
	case len(hint.Instead) == 0:
		return hint, errors.New("it has nothing to write instead")
	}
	return hint, nil
}

func parts(field string) (all []string) {
	for part := range strings.SplitSeq(field, "|") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func terms(field string) ([]string, error) {
	all := parts(field)
	for i, term := range all {
		if utf8.RuneCountInString(term) > longestTerm {
			return nil, fmt.Errorf("a term takes %d characters at most", longestTerm)
		}
		for word := range strings.FieldsSeq(term) {
			if err := sound(word); err != nil {
				return nil, err
			}
		}
		all[i] = strings.ToLower(term)
	}
	return all, nil
}

// sound tells what keeps a word from being found as it stands.
func sound(word string) error {
	stem := strings.TrimSuffix(strings.TrimPrefix(word, "*"), "*")
	for _, r := range stem {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) {
			return fmt.Errorf("%q: a word is letters, with * before or after them; words have a space between them", word)
		}
	}
	if stem == "" || stem != word && utf8.RuneCountInString(stem) < shortestStem {
		return fmt.Errorf("%q: with * a word takes %d letters at least", word, shortestStem)
	}
	return nil
}
