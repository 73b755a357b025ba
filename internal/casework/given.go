package casework

import (
	"slices"
	"time"
)

// GivenID names something that was given to a member.
type GivenID string

// Given is an extra access of one member for a time, or the reverse of it: a
// GrantLend of one card or person, a GrantGlass, or a GrantBar.
type Given struct {
	ID     GivenID
	Kind   Grant
	Card   CardID   // that card alone
	Person PersonID // that person and what hangs on it; with Card empty too: everything
	From   time.Time
	Until  time.Time // zero: until somebody ends it
	Rights Rights    // of the member's role under that word
}

// Opens tells whether it lets somebody read more. A bar does the reverse.
func (g Given) Opens() bool { return g.Kind != GrantBar }

// CoversCard tells whether it is about the card.
func (g Given) CoversCard(c *Card) bool {
	if g.Card != "" {
		return g.Card == c.ID
	}
	return g.CoversAbout(c.Perspective)
}

// CoversAbout tells whether it is about all that hangs on the person.
func (g Given) CoversAbout(person PersonID) bool {
	return g.Card == "" && (g.Person == "" || g.Person == person)
}

// holds tells whether it is in force at now for a member. What opens goes with the
// place at the table that it was given to: who leaves and comes back has to be
// given it anew. Who was shut out stays so.
func (g Given) holds(m Member, now time.Time) bool {
	if g.Opens() && g.From.Before(m.From) {
		return false
	}
	return !now.Before(g.From) && (g.Until.IsZero() || now.Before(g.Until))
}

// Holding is the reader with only those things given that are in force at now.
func (r Reader) Holding(now time.Time) Reader {
	return r.WithGiven(func(g Given) bool { return g.holds(r.Member, now) })
}

// WithGiven is the reader with only those things given for which keep says so.
func (r Reader) WithGiven(keep func(Given) bool) Reader {
	if len(r.Given) == 0 {
		return r
	}
	var kept []Given
	for _, g := range r.Given {
		if keep(g) {
			kept = append(kept, g)
		}
	}
	r.Given = kept
	return r
}

// SameGiven tells whether two readers were given the same things. A thing that was
// given never changes but by its end, so its id stands for all of it.
func SameGiven(a, b Reader) bool {
	return slices.EqualFunc(a.Given, b.Given, func(x, y Given) bool { return x.ID == y.ID && x.Until.Equal(y.Until) })
}
