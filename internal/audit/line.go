package audit

import (
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Line is a record as far as whoever reviews the log of an organisation may see it,
// with names: access, and never content. Of an event that changed who may see what it
// says no more than that (Event.Apart), and of a case what it is called, where that
// may be known. What the outcome rests on, through whose eyes somebody looked, which
// thing in the case it was and every detail are not on it.
type Line struct {
	ID           string
	At           time.Time
	Event        Event
	Action       Action
	Refused      bool
	User         casework.UserID // empty: whoever runs the server, or nobody was signed in
	Name         string
	Organisation string // of who did it
	Role         casework.Role
	Relation     Relation
	Ground       string
	Case         casework.CaseCode // empty: it was about none, or about one that may not be known
	Rule, Why    string            // by which a rule refused it, and that rule's reason in words
	Policy       string            // version
	AccessPoint  string
	Source       string
}

// Language gives the words of a language for a key of its file; empty: it has none.
// A file of lines is in the language of who asked for it.
type Language func(key string) string

// event is what was done in words; one of another version of the program is told as
// something else.
func (w Language) event(e Event) string {
	if words := w("access." + string(e)); words != "" {
		return words
	}
	return w("access.other")
}

// ground is a ground in words; one of an operator's own stands for itself.
func (w Language) ground(code string) string {
	if words := w("team_ground." + code); words != "" || code == "" {
		return words
	}
	return code
}

// role is a role in words; who has none has no words.
func (w Language) role(role casework.Role) string {
	if !role.Held() {
		return ""
	}
	return w("role." + string(role))
}

// who is the name of who did it.
func (w Language) who(l Line) string {
	if l.Name == "" {
		return w("records.operator")
	}
	return l.Name
}

// relation is what connects somebody to a case in words.
func (w Language) relation(r Relation) string {
	if r == "" {
		return ""
	}
	return w("log_export.relation." + string(r))
}
