package casetest

import (
	"encoding/json"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
)

// writing is mostly against the text as it is, sometimes against one of before
// that others have written on since, and now and then fits no text.
func (a *author) writing(f map[string]any, card *casework.Card) {
	a.bodies[card.Text.ID] = card.Text.Body
	base := card.Text.ID
	if n := len(card.Steps); n > 0 && a.chance(40) {
		if earlier := card.Steps[a.IntN(n)].From; a.knows(earlier) {
			base = earlier
		}
	}
	body := a.bodies[base]
	if a.chance(3) {
		body += "?"
	}
	f["base"], f["changes"] = base, a.changes(body)
	if a.chance(3) {
		f["base"] = "AAAAAAAAAAAAAAAA"
	}
}

func (a *author) knows(text casework.TextID) bool {
	_, known := a.bodies[text]
	return known
}

// changes puts a word in, takes one out, or both at one spot. Words stay whole, so
// that each can be found wherever it leaks to.
func (a *author) changes(body string) []any {
	words := strings.SplitAfter(body, " ")
	at := a.IntN(len(words))
	deleted, inserted := "", ""
	if a.chance(35) {
		deleted = words[at]
	}
	if deleted == "" || a.chance(50) {
		inserted = a.noteWord() + pick(a, []string{" ", " ", "🦊 ", "\n "})
	}
	before := note.Length(strings.Join(words[:at], ""))
	after := note.Length(body) - before - note.Length(deleted)
	changes := []any{}
	if before > 0 {
		changes = append(changes, before)
	}
	changes = append(changes, section(note.Length(deleted), inserted))
	if after > 0 {
		changes = append(changes, after)
	}
	return changes
}

// section is a part of changes in which something is put in place of something.
func section(deleted int, inserted string) []any {
	part := []any{deleted}
	if inserted != "" {
		for line := range strings.SplitSeq(inserted, "\n") {
			part = append(part, line)
		}
	}
	return part
}

// noteWord is a new word of a note.
func (a *author) noteWord() string {
	a.words++
	return NoteCanary(a.words)
}

// cardText is the text of a card that is not on the table.
func (a *author) cardText() string {
	if a.chance(15) {
		return ""
	}
	return a.noteWord() + " "
}

// Writing is the changes that put words at a place of a text, in UTF-16 units, as
// the protocol has them.
func Writing(body string, at int, words string) json.RawMessage {
	changes := []any{}
	if at > 0 {
		changes = append(changes, at)
	}
	changes = append(changes, section(0, words))
	if rest := note.Length(body) - at; rest > 0 {
		changes = append(changes, rest)
	}
	raw, err := json.Marshal(changes)
	if err != nil {
		panic(err) // numbers and strings always encode
	}
	return raw
}

// Rewriting is the changes that put one text in place of another.
func Rewriting(was, now string) json.RawMessage {
	raw, err := json.Marshal(note.Between(was, now))
	if err != nil {
		panic(err)
	}
	return raw
}
