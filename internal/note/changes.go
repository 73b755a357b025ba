// Package note holds changes of a text, in the form in which the editor speaks of
// them: the change sets of CodeMirror 6 (ChangeSet.toJSON), whose positions are
// UTF-16 code units. What it computes is, section by section, what
// @codemirror/state computes, so that the server and every browser come to the
// same text. It is pure, and knows nothing of cases or of who writes.
package note

import (
	"errors"
	"iter"
)

// Why changes are not taken.
var (
	ErrForm      = errors.New("this is not a change set")
	ErrHalfPair  = errors.New("a change set holds half a surrogate pair")
	ErrLineBreak = errors.New("a change set has a line break within a line")
	ErrTooMuch   = errors.New("a change set is larger than any note")
	ErrLength    = errors.New("the changes are of a text of another length")
	ErrSplitPair = errors.New("the changes split a surrogate pair")
)

// MaxParts is how many parts the changes that somebody sends may have. Those that
// were rebased may have more.
const MaxParts = 4096

// keep is the ins of a section that leaves its part of the text as it is.
const keep = -1

// section is a part of the text before, and what comes in its place.
type section struct {
	del  int // UTF-16 units of the text before
	ins  int // UTF-16 units that come in their place, or keep
	size int // bytes of these
}

// Changes are changes of one text to the next; they do not change themselves. The
// zero value changes nothing in an empty text.
type Changes struct {
	// sections in the canonical form of @codemirror/state: of neighbours never both
	// are kept, both only deleted, or both only inserted.
	sections []section
	text     string // all that is inserted, one after another
}

// Untouched are changes that leave a text of so many UTF-16 units as it is.
func Untouched(length int) Changes {
	if length == 0 {
		return Changes{}
	}
	return Changes{sections: []section{{del: length, ins: keep}}}
}

// Before is the length of the text that the changes apply to, in UTF-16 units.
func (c Changes) Before() int {
	n := 0
	for _, s := range c.sections {
		n += s.del
	}
	return n
}

// After is the length of the text that they lead to.
func (c Changes) After() int {
	n := 0
	for _, s := range c.sections {
		if s.ins == keep {
			n += s.del
		} else {
			n += s.ins
		}
	}
	return n
}

// Empty tells whether nothing is changed.
func (c Changes) Empty() bool {
	return len(c.sections) == 0 || len(c.sections) == 1 && c.sections[0].ins == keep
}

// Parts is how many parts the text falls into: kept, deleted, replaced.
func (c Changes) Parts() int { return len(c.sections) }

// Weight is about how many bytes the changes are as they are sent.
func (c Changes) Weight() int { return 8*len(c.sections) + len(c.text) }

// Inserted is every piece of text that comes in, in order.
func (c Changes) Inserted() iter.Seq[string] {
	return func(yield func(string) bool) {
		at := 0
		for _, s := range c.sections {
			if s.size > 0 && !yield(c.text[at:at+s.size]) {
				return
			}
			at += s.size
		}
	}
}

// Position is where a position of the text before is afterwards; with assoc below
// zero before what is inserted there, else behind it.
func (c Changes) Position(pos, assoc int) int {
	before, after := 0, 0
	for _, s := range c.sections {
		end := before + s.del
		if s.ins == keep {
			if end > pos {
				return after + max(pos-before, 0)
			}
			after += s.del
		} else {
			if end > pos || end == pos && assoc < 0 && s.del == 0 {
				if pos == before || assoc < 0 {
					return after
				}
				return after + s.ins
			}
			after += s.ins
		}
		before = end
	}
	return after
}

// builder puts sections together, in canonical form.
type builder struct {
	sections []section
	text     []byte
}

// add adds a section; joined makes it part of the one before.
func (b *builder) add(del, ins int, joined bool) {
	if del == 0 && ins <= 0 {
		return
	}
	if n := len(b.sections); n > 0 {
		last := &b.sections[n-1]
		switch {
		case ins <= 0 && ins == last.ins:
			last.del += del
			return
		case del == 0 && last.del == 0:
			last.ins += ins
			return
		case joined:
			last.del += del
			last.ins += ins
			return
		}
	}
	b.sections = append(b.sections, section{del: del, ins: ins})
}

// insert adds to what the last section inserts; its units were counted by add.
func (b *builder) insert(text string) {
	if text == "" {
		return
	}
	b.sections[len(b.sections)-1].size += len(text)
	b.text = append(b.text, text...)
}

func (b *builder) changes() Changes {
	return Changes{sections: b.sections, text: string(b.text)}
}
