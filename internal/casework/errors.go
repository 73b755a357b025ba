package casework

import (
	"errors"
	"fmt"
)

// ErrorKind says what an error means to the person who caused it. It is mapped
// to an answer or a status once, at the border.
type ErrorKind string

// Error kinds. NotFound is the one answer for hidden and absent alike.
const (
	Invalid     ErrorKind = "invalid"     // the input is wrong; Reason says which rule
	NotFound    ErrorKind = "not_found"   // absent, or hidden from this person
	Denied      ErrorKind = "denied"      // seen, but this role may not do that here
	Conflict    ErrorKind = "conflict"    // somebody was first; nothing is lost
	TooMany     ErrorKind = "too_many"    // a limit is reached
	Unavailable ErrorKind = "unavailable" // not now; trying again is right
	Internal    ErrorKind = "internal"    // a fault of ours
)

// NotRecorded is the reason of an Unavailable: the access log cannot be written, and
// without a record nothing is done and nothing goes out.
const NotRecorded = "not_recorded"

// Error is an error a person is told about. Reason is a key of the language
// files; it never holds content. Err is for the log.
type Error struct {
	Kind   ErrorKind
	Reason string
	// Act and Cell say what was denied, so that the policy's why can be shown.
	Act  Act
	Cell Cell
	// Current is the text that was there first, when Kind is Conflict over a
	// text this person may read.
	Current *Text
	Err     error
}

// Error implements error.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Reason, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Reason)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Refuse makes an error of a kind with a reason.
func Refuse(kind ErrorKind, reason string) *Error { return &Error{Kind: kind, Reason: reason} }

// Absent is the one refusal for what is hidden and what does not exist.
func Absent() *Error { return Refuse(NotFound, "not_found") }

// KindOf is the kind of err; any error that is not meant for people is Internal.
func KindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
