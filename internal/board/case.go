package board

import "github.com/casustafel/casustafel/internal/casework"

type (
	// RenameCase gives the case another name.
	RenameCase struct {
		Name string `json:"name"`
	}
	// CloseCase makes the case read-only but for narrowing and erasing.
	CloseCase struct{}
	// ReopenCase opens it again.
	ReopenCase struct{}
)

// Target implements Command.
func (*RenameCase) Target() (string, string) { return "case", "" }
func (*CloseCase) Target() (string, string)  { return "case", "" }
func (*ReopenCase) Target() (string, string) { return "case", "" }

// Decide implements Command.
func (c *RenameCase) Decide(seat Seat, env Env) (Decision, error) {
	if err := allow(seat, casework.ActLead, casework.NoCell); err != nil {
		return Decision{}, err
	}
	name, err := Name(c.Name)
	if err != nil {
		return Decision{}, err
	}
	if seat.Status() == casework.Closed {
		return Decision{}, casework.Refuse(casework.Denied, "closed")
	}
	if name == seat.CaseName().Body {
		return Decision{}, nil
	}
	return one(&casework.CaseRenamed{Name: text(name, env)})
}

// Decide implements Command.
func (*CloseCase) Decide(seat Seat, _ Env) (Decision, error) {
	if err := allow(seat, casework.ActClose, casework.NoCell); err != nil {
		return Decision{}, err
	}
	if seat.Status() == casework.Closed {
		return Decision{}, casework.Refuse(casework.Conflict, "already_closed")
	}
	return one(&casework.CaseClosed{})
}

// Decide implements Command.
func (*ReopenCase) Decide(seat Seat, _ Env) (Decision, error) {
	if err := allow(seat, casework.ActReopen, casework.NoCell); err != nil {
		return Decision{}, err
	}
	if seat.Status() == casework.Open {
		return Decision{}, casework.Refuse(casework.Conflict, "already_open")
	}
	return one(&casework.CaseReopened{})
}
