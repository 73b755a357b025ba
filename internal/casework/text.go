package casework

import "time"

// Text is a piece of free text. Events and snapshots carry its id alone; the
// body lies beside them, sealed, and can be erased on its own.
type Text struct {
	ID       TextID `json:"id"`
	Body     string `json:"-"`
	Redacted bool   `json:"-"` // the body was erased
}

// Author stamps who wrote something, in which discipline and for which
// organisation, at that moment.
type Author struct {
	User         UserID         `json:"user"`
	Discipline   Role           `json:"discipline"`
	Organisation OrganisationID `json:"organisation"`
}

// Person is someone in the family system.
type Person struct {
	ID      PersonID  `json:"id"`
	Kind    View      `json:"kind"`
	Class   Class     `json:"class"`
	Name    Text      `json:"name"`
	Calls   Text      `json:"calls"` // how this person prefers to be called
	Born    Text      `json:"born"`  // birth date as 2006-01-02; empty when unknown
	Added   Author    `json:"added"`
	At      time.Time `json:"at"`
	Removed bool      `json:"removed,omitempty"`
}

// TableGuest is somebody in the meeting room without an account.
type TableGuest struct {
	ID   GuestID `json:"id"`
	Name Text    `json:"name"`
	From Text    `json:"from"` // a word for where the guest comes from; empty when unsaid
}

// Column of the board. Cards holds its cards in the full order, hidden and
// archived ones too.
type Column struct {
	ID    ColumnID `json:"id"`
	Title Text     `json:"title"`
	Kind  Kind     `json:"kind,omitempty"` // what new cards here mostly are; empty when unsaid
	Cards []CardID `json:"cards"`
}

// Card on the board.
type Card struct {
	ID     CardID   `json:"id"`
	Column ColumnID `json:"column"`
	Title  Text     `json:"title"`
	Text   Text     `json:"text"`
	// Perspective is the person the card speaks from; empty for professional.
	Perspective PersonID  `json:"perspective,omitempty"`
	Class       Class     `json:"class"`
	Named       []UserID  `json:"named,omitempty"` // with class named: who may read
	Kind        Kind      `json:"kind"`
	Domain      Domain    `json:"domain,omitempty"`
	Seen        Seen      `json:"seen,omitempty"`
	Author      Author    `json:"author"`
	For         UserID    `json:"for,omitempty"`      // of whom it is asked; nobody once that is answered
	Declined    UserID    `json:"declined,omitempty"` // who would not have the draft in their name
	At          time.Time `json:"at"`                 // drafted
	Tabled      time.Time `json:"tabled,omitzero"`    // put on the table; zero while a draft
	Changed     time.Time `json:"changed"`            // last change of title, text or labels
	Archived    bool      `json:"archived,omitempty"`
	Links       []CardID  `json:"links,omitempty"`
	// Era counts the reclassifications: what was written in an earlier era is
	// never brought back, as other people could read then.
	Era int `json:"era,omitempty"`
	// Steps are the last changes of the text, newest last, at most MaxSteps. They
	// are unbroken: each begins at the text that the one before ended at, and the
	// last ends at the card's. The slice is never changed.
	Steps []Step `json:"-"`
	// Writers are those whose stretch of writing is open.
	Writers []Writer `json:"writers,omitempty"`
}

// Draft tells whether the card is not on the table: only its author sees it,
// and whoever it is asked of.
func (c *Card) Draft() bool { return c.Tabled.IsZero() }

// AskedOf tells whether the card waits for the user's answer. Nobody's cards do
// not wait for a reader who stands for many and is no user.
func (c *Card) AskedOf(user UserID) bool { return c.For != "" && c.For == user }
