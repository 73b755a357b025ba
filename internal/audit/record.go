// Package audit holds the access log's records: who did or saw what, when, in
// which role and on which ground, and with what outcome (NEN 7513). A record
// never holds content, names of the family or addresses.
package audit

import (
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Action is the kind of access: create, read, update, delete or execute
// (FHIR AuditEvent.action).
type Action string

// Actions.
const (
	Create  Action = "C"
	Read    Action = "R"
	Update  Action = "U"
	Delete  Action = "D"
	Execute Action = "E"
)

// Outcome of what was tried.
type Outcome string

// Outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// Record is one line of the access log.
type Record struct {
	ID           string
	At           time.Time
	Event        Event
	Action       Action
	Outcome      Outcome
	User         casework.UserID // empty: nobody was signed in
	Role         casework.Role
	Organisation casework.OrganisationID
	AccessPoint  string // which door of which node: "node-a/live"
	Case         casework.CaseID
	ObjectKind   string // card, person, column, case; empty for an object its actor may not see
	Object       string
	PolicyRule   string
	Policy       string            // version
	Ground       string            // of the membership
	Request      string            // id of the command, connection or request
	Detail       map[string]string // codes only, such as the reason of a refusal
}

// Actor is who does something, and through which door.
type Actor struct {
	User    casework.UserID
	Door    string // kind of access point: "live", "web", "command line"
	Request string // id of the connection or request
}
