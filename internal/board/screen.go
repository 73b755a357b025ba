package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// ShowScreen shows the Scherm to everybody on the attendance list.
	ShowScreen struct{}
	// BlankScreen blanks it.
	BlankScreen struct{}
	// TakeSeat is somebody who comes to sit at the table: who is not on the list
	// blanks the Scherm by it.
	TakeSeat struct{}
)

// Target implements Command.
func (*ShowScreen) Target() (string, string)  { return "case", "" }
func (*BlankScreen) Target() (string, string) { return "case", "" }
func (*TakeSeat) Target() (string, string)    { return "case", "" }

// Decide implements Command. With nobody on the list the Scherm would show all
// that the chair reads, and somebody on it who left the case may read nothing.
// Who shows it is there.
func (*ShowScreen) Decide(seat Seat, _ Env) (Decision, error) {
	if err := allow(seat, casework.ActLead, casework.NoCell); err != nil {
		return Decision{}, err
	}
	switch {
	case seat.Screen():
		return Decision{}, nil
	case attendees(seat) == 0:
		return Decision{}, casework.Refuse(casework.Conflict, "attendance_empty")
	case slices.ContainsFunc(seat.Attends(), func(user casework.UserID) bool { return !seat.Enters(user) }):
		return Decision{}, casework.Refuse(casework.Conflict, "attendance_ended")
	}
	me, changes := seat.Author().User, []casework.Change{}
	if !slices.Contains(seat.Attends(), me) {
		changes = append(changes, &casework.MemberAttends{Member: me})
	}
	return Decision{Changes: append(changes, &casework.ScreenShown{})}, nil
}

// Decide implements Command.
func (*BlankScreen) Decide(seat Seat, _ Env) (Decision, error) {
	if err := allow(seat, casework.ActLead, casework.NoCell); err != nil {
		return Decision{}, err
	}
	if !seat.Screen() {
		return Decision{}, nil
	}
	return one(&casework.ScreenBlanked{})
}

// Decide implements Command. It takes no right but to be here.
func (*TakeSeat) Decide(seat Seat, _ Env) (Decision, error) {
	if !seat.Screen() || slices.Contains(seat.Attends(), seat.Author().User) {
		return Decision{}, nil
	}
	return one(&casework.ScreenBlanked{})
}
