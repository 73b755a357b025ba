package view

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Look is what a member saw of a case at one moment: of each card in its
// projection a mark that is another one once the card says something else, or
// says it to others. What is new since then is the difference between a look
// and the projection of today, so it cannot tell of anything else.
type Look map[casework.CardID]Mark

// Mark is of one card; it holds no content.
type Mark [8]byte

// LookAt gives what the reader sees of the state.
func LookAt(s *casework.State, r casework.Reader) Look {
	look := Look{}
	for id, c := range s.Cards {
		if seesCard(r, s, c) {
			look[id] = markOf(c)
		}
	}
	return look
}

// markOf goes by structure alone, so that no text has to be opened for it. The
// place of a card is left out: a card that was moved says nothing new.
func markOf(c *casework.Card) (mark Mark) {
	body, err := json.Marshal(struct {
		Changed  int64
		Person   casework.PersonID
		Class    casework.Class
		Named    []casework.UserID
		Archived bool
	}{c.Changed.UnixMicro(), c.Perspective, c.Class, c.Named, c.Archived})
	if err != nil {
		panic(err) // plain values always encode
	}
	sum := sha256.Sum256(body)
	copy(mark[:], sum[:])
	return mark
}

// News is what a member finds on the page of its own cases about one of them.
type News struct {
	First   bool // it never looked
	Fresh   int  // cards of others that it had not seen yet
	Changed int  // cards that it had seen otherwise
	Drafts  int  // of its own, not on the table
	// Unheard are the children at the table of whom it sees no own words there.
	Unheard []casework.PersonID
	Last    time.Time // of the last change of a card that it sees; zero: it sees none
}

// Waits tells whether the case asks something of the member.
func (n News) Waits() bool {
	return n.First || n.Fresh+n.Changed+n.Drafts+len(n.Unheard) > 0
}

// NewsSince compares what the reader sees now with its last look (nil: none).
func NewsSince(seen Look, s *casework.State, r casework.Reader) News {
	n := News{First: seen == nil}
	heard := map[casework.PersonID]bool{}
	for id, c := range s.Cards {
		if !seesCard(r, s, c) {
			continue
		}
		n.Last = latest(n.Last, c.At, c.Tabled, c.Changed)
		if c.Kind == casework.Words && !c.Draft() && !c.Archived {
			heard[c.Perspective] = true
		}
		was, known := seen[id]
		switch {
		case c.Draft():
			if !c.Archived {
				n.Drafts++
			}
		case n.First:
		case known && was != markOf(c):
			n.Changed++
		case !known && !c.Archived && c.Author.User != r.User:
			n.Fresh++
		}
	}
	if s.Status == casework.Open {
		n.Unheard = unheard(s, r, heard)
	}
	return n
}

func unheard(s *casework.State, r casework.Reader, heard map[casework.PersonID]bool) (children []casework.PersonID) {
	for _, id := range s.Family {
		if p := s.Persons[id]; p.Kind == casework.ViewChild && !p.Removed && !heard[id] && showsPerson(r, s, p) {
			children = append(children, id)
		}
	}
	return children
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// lookForm is the first byte of a written look, so that another form can follow.
const lookForm = 1

// errLook means that a look was written in a form that this program does not
// know, or is damaged.
var errLook = errors.New("a look that cannot be read")

// Bytes writes the look down, smallest card first.
func (l Look) Bytes() []byte {
	out := append(make([]byte, 0, 1+len(l)*(casework.IDLength+len(Mark{}))), lookForm)
	for _, id := range slices.Sorted(maps.Keys(l)) {
		mark := l[id]
		out = append(append(out, id...), mark[:]...)
	}
	return out
}

// ReadLook reads what Bytes wrote.
func ReadLook(raw []byte) (Look, error) {
	const size = casework.IDLength + len(Mark{})
	if len(raw) == 0 || raw[0] != lookForm || len(raw[1:])%size != 0 {
		return nil, errLook
	}
	look := make(Look, len(raw)/size)
	for entry := range slices.Chunk(raw[1:], size) {
		look[casework.CardID(entry[:casework.IDLength])] = Mark(entry[casework.IDLength:])
	}
	return look, nil
}
