package policy

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Unruled is the Why of a refusal that no line of the policy speaks about.
const Unruled = "No line of the policy allows this"

// Request is one person, with one role in one case, doing one act on one kind
// of card; an act that is not about a card has casework.NoCell.
type Request struct {
	Role   casework.Role
	Act    casework.Act
	Cell   casework.Cell
	Grant  casework.Grant
	Status casework.Status
}

// Decision is the answer to a request, with the id and the why of the line
// that decided. Rule is "" when no line did.
type Decision struct {
	Allowed bool
	Rule    string
	Why     string
}

// Decide asks the policy one question and tells which line answered. A request
// with unknown words, or one that an act is never asked of, is refused.
func (p *Policy) Decide(q Request) Decision { return p.judges.decide(q) }

// asked tells whether the request can be asked at all: an act about a card of
// each kind of card and of no card (to redact the name of a case), an act about
// a case of no card.
func (q Request) asked() bool {
	c := q.Cell
	switch {
	case !slices.Contains(casework.Roles, q.Role), !slices.Contains(casework.Grants, q.Grant),
		!slices.Contains(casework.Statuses, q.Status):
		return false
	case c == casework.NoCell:
		return slices.Contains(casework.CardActs, q.Act) || slices.Contains(casework.CaseActs, q.Act)
	}
	return c.Index() >= 0 && (!c.Beside || c.View.IsPersonKind()) && slices.Contains(casework.CardActs, q.Act)
}

// words are the request as the model defines one.
func (q Request) words() []any {
	view, beside, class, owner := cellWords(q.Cell)
	return []any{string(q.Role), string(q.Act), view, beside, class, owner, string(q.Grant), string(q.Status)}
}

// cellWords are the words of a cell as the lines write them.
func cellWords(c casework.Cell) (view, beside, class, owner string) {
	switch {
	case c == casework.NoCell:
		return NoWord, NoWord, NoWord, NoWord
	case c.View == casework.ViewProfessional:
		beside = NoWord
	case c.Beside:
		beside = "yes"
	default:
		beside = "no"
	}
	return string(c.View), beside, string(c.Class), string(c.Owner)
}
