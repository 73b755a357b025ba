// Package audit holds the access log's records: who did or saw what, when, in
// which role and on which ground, and with what outcome (NEN 7513). A record
// never holds content, names of the family or addresses.
package audit

import (
	"strings"
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

// Check is something that was looked at before the outcome, and that it rests on. Of a
// refusal the last that stands here may be what was not so.
type Check string

// Checks.
const (
	ByPassword Check = "password" // of the account
	BySession  Check = "session"  // somebody is signed in, and the session is neither over nor locked
	ByFactor   Check = "factor"   // with a second factor
	ByStepUp   Check = "step_up"  // which was shown again just now
	BySeat     Check = "seat"     // a place at the table that holds today
	ByPolicy   Check = "policy"   // a rule of the policy
	ByList     Check = "list"     // who must never come near the case
	BySecond   Check = "second"   // the yes of a second person
	ByToken    Check = "token"    // what was sent to one person, once
	ByOperator Check = "operator" // whoever runs the server
)

// Record is one line of the access log. Fields that say nothing are empty.
type Record struct {
	ID           string
	At           time.Time
	Event        Event
	Action       Action
	Outcome      Outcome
	Checks       []Check
	User         casework.UserID // empty: nobody was signed in
	Role         casework.Role
	Organisation casework.OrganisationID // at the table
	Behalf       []casework.UserID       // through whose eyes it was seen, when others than the own
	AccessPoint  string                  // which door of which node: "node-a/live"
	Source       string                  // which program, in which version
	Case         casework.CaseID
	ObjectKind   string // card, person, column, case; empty for an object its actor may not see
	Object       string
	Version      string // of the object
	PolicyRule   string
	Policy       string   // version
	Relation     Relation // of the actor to the case
	Ground       string   // of the membership
	Question     string   // what was searched by, as a keyed hash
	Request      string   // id of the command, connection or request
	Detail       map[string]string

	// In whose logs it stands: set by the store, from the account and the case.
	ActorOrganisation casework.OrganisationID
	CaseOrganisation  casework.OrganisationID
}

// Relation is what connects somebody to a case, as NEN 7513 asks.
type Relation string

// Relations. Empty: none, or it is about no case.
const (
	AtTable  Relation = "team"     // has a place there
	Outside  Relation = "outside"  // was let in to one thing from outside: a second person, a reviewer
	ByGlass  Relation = "glass"    // broke the glass
	Operates Relation = "operator" // runs the server
)

// Actor is who does something, and through which door.
type Actor struct {
	User    casework.UserID
	Door    string  // kind of access point: "live", "web", "command line"
	Request string  // id of the connection or request
	Checks  []Check // what the door saw of who came
}

// Spaced are words as a record keeps several in one field: with a space between.
func Spaced[Word ~string](words []Word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return strings.Join(all, " ")
}

// Words are those that Spaced put together; nil for none.
func Words[Word ~string](spaced string) (words []Word) {
	for _, w := range strings.Fields(spaced) {
		words = append(words, Word(w))
	}
	return words
}
