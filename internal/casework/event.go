package casework

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Event is one committed change of a case.
type Event struct {
	Seq int64 // per case, from 1, without gaps; of a step: of the event before it
	// Ink numbers the steps of a case, from 1, without gaps; 0: it stands in the log.
	Ink     int64
	Epoch   int64 // access epoch under which it was decided
	Actor   UserID
	At      time.Time
	Command CommandID
	// Undoes names the command that this event takes back, if it does.
	Undoes CommandID
	Change Change
}

// Change is what an event did. Its JSON form is stored for ever: a field may be
// added with a zero value that means "as before", anything else is a new type.
type Change interface {
	// Type names the change in the log.
	Type() string
	// Texts are the free texts that hang beside the event.
	Texts() []*Text
	apply(*State, Event) error
}

// ErrUnknownChange means that the log holds a type of event this program does
// not know; the case must not be served by it.
var ErrUnknownChange = errors.New("unknown type of event")

// DecodeChange reads a change from the log. The version of a type is part of
// its name from the second one on ("card_moved/2").
func DecodeChange(typ string, data []byte) (Change, error) {
	make, ok := changes[typ]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrUnknownChange, typ)
	}
	c := make()
	if err := json.Unmarshal(data, c); err != nil {
		return nil, fmt.Errorf("read event %q: %w", typ, err)
	}
	return c, nil
}

var changes = registry(
	func() Change { return &CaseOpened{} }, func() Change { return &CaseRenamed{} },
	func() Change { return &CaseClosed{} }, func() Change { return &CaseReopened{} },
	func() Change { return &PersonAdded{} }, func() Change { return &PersonChanged{} },
	func() Change { return &PersonRemoved{} }, func() Change { return &PersonReclassed{} },
	func() Change { return &ConsentRecorded{} }, func() Change { return &ConsentTakenBack{} },
	func() Change { return &CustodyGiven{} }, func() Change { return &CustodyTaken{} },
	func() Change { return &ColumnAdded{} }, func() Change { return &ColumnRenamed{} },
	func() Change { return &ColumnLabelled{} },
	func() Change { return &ColumnMoved{} }, func() Change { return &ColumnRemoved{} },
	func() Change { return &CardDrafted{} }, func() Change { return &CardTabled{} },
	func() Change { return &CardRetitled{} }, func() Change { return &CardEdited{} },
	func() Change { return &CardLabelled{} }, func() Change { return &CardMoved{} },
	func() Change { return &CardArchived{} }, func() Change { return &CardRestored{} },
	func() Change { return &CardLinked{} }, func() Change { return &CardUnlinked{} },
	func() Change { return &CardReclassed{} }, func() Change { return &CardReperspectived{} },
	func() Change { return &CardAsked{} }, func() Change { return &CardConfirmed{} },
	func() Change { return &CardDeclined{} }, func() Change { return &CardWithdrawn{} },
	func() Change { return &NoteBegun{} }, func() Change { return &NoteNamed{} },
	func() Change { return &TextsErased{} },
	func() Change { return &MemberAttends{} }, func() Change { return &MemberLeft{} },
	func() Change { return &GuestAttends{} }, func() Change { return &GuestLeft{} },
	func() Change { return &ScreenShown{} }, func() Change { return &ScreenBlanked{} },
)

func registry(makers ...func() Change) map[string]func() Change {
	all := make(map[string]func() Change, len(makers))
	for _, make := range makers {
		all[make().Type()] = make
	}
	return all
}

// ChangeTypes lists every type of event that this program can read, sorted.
func ChangeTypes() []string { return slices.Sorted(maps.Keys(changes)) }

// ObjectOf is the id of what a change's texts belong to: a card, a person, a
// column or a guest; empty for the case's own name.
func ObjectOf(c Change) string {
	switch c := c.(type) {
	case *PersonAdded:
		return string(c.Person)
	case *PersonChanged:
		return string(c.Person)
	case *ColumnAdded:
		return string(c.Column)
	case *ColumnRenamed:
		return string(c.Column)
	case *CardDrafted:
		return string(c.Card)
	case *CardAsked:
		return string(c.Card)
	case *CardRetitled:
		return string(c.Card)
	case *CardEdited:
		return string(c.Card)
	case *NoteBegun:
		return string(c.Card)
	case *NoteNamed:
		return string(c.Card)
	case *GuestAttends:
		return string(c.Guest)
	case *TextsErased:
		return c.Object()
	}
	return ""
}

// VersionIn names the text that a change keeps as a version: it stood in the note
// before, so it may be kept already.
func VersionIn(c Change) TextID {
	switch c := c.(type) {
	case *NoteBegun:
		return c.Was.ID
	case *NoteNamed:
		return c.Text.ID
	}
	return ""
}

// NameIn is the case's new name, when the change gives it one.
func NameIn(c Change) *Text {
	switch c := c.(type) {
	case *CaseOpened:
		return &c.Name
	case *CaseRenamed:
		return &c.Name
	}
	return nil
}
