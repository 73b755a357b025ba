package view

import (
	"reflect"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Attendance is who is in the meeting room, in the order they came, and whether
// the Scherm is shown there. Everybody at the table knows it; the Scherm itself
// tells only whether it is shown.
type Attendance struct {
	Members []casework.UserID `json:"members"`
	Guests  []Guest           `json:"guests"`
	Screen  bool              `json:"screen"`
	// Held are those on the list who do not enter the case any more: because of
	// them the Scherm stays blank.
	Held []casework.UserID `json:"held,omitempty"`
}

// Guest in the meeting room, without an account.
type Guest struct {
	ID       casework.GuestID `json:"id"`
	Name     string           `json:"name"`
	From     string           `json:"from,omitempty"`
	Redacted bool             `json:"redacted,omitempty"`
}

func projectAttendance(s *casework.State, access *casework.Access, r casework.Reader, now time.Time) Attendance {
	a := Attendance{Members: []casework.UserID{}, Guests: []Guest{}, Screen: s.Screen}
	if r.Joint != nil && r.Joint.Screen {
		a.Screen = !r.Joint.Dark
		return a
	}
	moment := Moment{State: s, Access: access, At: now}
	a.Members = append(a.Members, s.Attends...)
	a.Held = slices.DeleteFunc(slices.Clone(s.Attends), func(user casework.UserID) bool {
		_, ok := enters(user, moment)
		return ok
	})
	for _, g := range s.Guests {
		a.Guests = append(a.Guests, Guest{ID: g.ID, Name: g.Name.Body, From: g.From.Body, Redacted: g.Name.Redacted})
	}
	return a
}

func (d *Difference) attendance(before Moment, was casework.Reader, after Moment, is casework.Reader) {
	old := projectAttendance(before.State, before.Access, was, before.At)
	now := projectAttendance(after.State, after.Access, is, after.At)
	if !reflect.DeepEqual(old, now) {
		d.Attendance = &now
	}
}
