package room

import "github.com/casustafel/casustafel/internal/casework"

// furthest is beyond any place in a text: a text has at most this many units.
const furthest = 16 << 10

// spot is a place in the note of a card, in UTF-16 units of the text that base
// names.
type spot struct {
	Card   casework.CardID `json:"card,omitempty"`
	Base   casework.TextID `json:"base,omitempty"`
	Anchor int             `json:"anchor"`
	Head   int             `json:"head"`
}

// caret tells where its sender writes; without a card: in no note any more.
type caret struct {
	Type string `json:"t"`
	spot
}

// carets tells where others write.
type carets struct {
	Type   string   `json:"t"`
	Carets []placed `json:"carets"`
}

// placed is the caret of somebody.
type placed struct {
	User casework.UserID `json:"user"`
	spot
}

func (m *caret) handle(*client) bool { return m.possible() }

// possible tells whether there can be such a place.
func (s spot) possible() bool {
	if s.Card == "" {
		return s == spot{}
	}
	return casework.ValidID(s.Card) && casework.ValidID(s.Base) && min(s.Anchor, s.Head) >= 0 && max(s.Anchor, s.Head) <= furthest
}
