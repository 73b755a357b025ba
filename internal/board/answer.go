package board

import "github.com/casustafel/casustafel/internal/casework"

// Answer is what the author of a command is told once it is decided and, if
// anything changed, committed.
type Answer struct {
	Made    string          // id of the object that is new, as far as its author sees it
	Refusal *casework.Error // nil: done
	Rule    string          // with a denial: the line of the policy that decided
	Why     string          // and its reason, for people
}
