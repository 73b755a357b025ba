package policy

import (
	"fmt"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/casustafel/casustafel/internal/casework"
)

// judges are one for each role and act, each over only the lines that speak of
// both: the matcher is a conjunction, so the other lines could not match.
type judges map[jurisdiction]judge

type jurisdiction struct {
	role casework.Role
	act  casework.Act
}

// judge is a casbin enforcer with the allow lines among its lines. The enforcer
// is never changed after it is made, since casbin enforces concurrently only
// while nothing changes.
type judge struct {
	enforcer *casbin.Enforcer
	openers  []reach
	lines    []Rule
	answered *sync.Map // the mask of each question that was asked before
}

// question is all that a judge's answers about cells can depend on, by the matcher: its
// lines all speak of the role and the act that it is asked about, and those that do not
// speak of the grant and the status match no cell.
type question struct {
	cells casework.Mask
	lines string // a mark for each line: whether it speaks of the grant and the status
}

func (j judge) question(q Request, cells casework.Mask) question {
	marks := make([]byte, len(j.lines))
	for i, r := range j.lines {
		if has(r.Grant, string(q.Grant)) && has(r.Status, string(q.Status)) {
			marks[i] = 1
		}
	}
	return question{cells, string(marks)}
}

func newJudges(rules []Rule) (judges, error) {
	all := judges{}
	byIDs := map[string]judge{} // the same lines are judged by the same judge
	for _, role := range casework.Roles {
		for _, act := range Acts() {
			var lines []Rule
			var ids strings.Builder
			for _, r := range rules {
				if has(r.Role, string(role)) && has(r.Act, string(act)) {
					lines = append(lines, r)
					ids.WriteString(r.ID + " ")
				}
			}
			// Without lines there is nothing to ask, and casbin would match empty words.
			if len(lines) == 0 {
				continue
			}
			one, made := byIDs[ids.String()]
			if !made {
				var err error
				if one, err = newJudge(lines); err != nil {
					return nil, fmt.Errorf("policy: casbin: %w", err)
				}
				byIDs[ids.String()] = one
			}
			all[jurisdiction{role, act}] = one
		}
	}
	return all, nil
}

func newJudge(rules []Rule) (judge, error) {
	var lines [][]string
	var openers []reach
	for _, r := range rules {
		lines = append(lines, r.words())
		if r.Effect == allow {
			openers = append(openers, newReach(r))
		}
	}
	enforcer, err := newEnforcer(lines)
	return judge{enforcer, openers, rules, &sync.Map{}}, err
}

func newEnforcer(lines [][]string) (*casbin.Enforcer, error) {
	m := model.NewModel()
	for _, s := range sections() {
		m.AddDef(s.key, s.key, s.value)
	}
	if err := m.AddPolicies("p", "p", lines); err != nil {
		return nil, err
	}
	enforcer, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	enforcer.AddFunction("has", func(args ...any) (any, error) {
		return has(args[0].(string), args[1].(string)), nil
	})
	return enforcer, nil
}

// has tells whether a cell of a line holds the word.
func has(cell, word string) bool {
	for w := range strings.SplitSeq(cell, "|") {
		if w == word || cell == EveryWord {
			return true
		}
	}
	return false
}

// mask is the set of cells on which casbin allows the request, whose own cell
// is not looked at. It is asked only about cells that some allow line reaches.
func (j judges) mask(q Request) casework.Mask {
	var mask casework.Mask
	judge := j[jurisdiction{q.Role, q.Act}]
	worthAsking := allowed(judge.openers, q.situation())
	if worthAsking == (casework.Mask{}) {
		return mask
	}
	asked := judge.question(q, worthAsking)
	if known, before := judge.answered.Load(asked); before {
		return known.(casework.Mask)
	}
	for _, q.Cell = range append(casework.Cells(), casework.NoCell) {
		if !worthAsking.Has(q.Cell) {
			continue
		}
		if yes, err := judge.enforcer.Enforce(q.words()...); err == nil && yes {
			mask.Add(q.Cell)
		}
	}
	judge.answered.Store(asked, mask)
	return mask
}

func (j judges) decide(q Request) Decision {
	judge, found := j[jurisdiction{q.Role, q.Act}]
	if !found || !q.asked() {
		return Decision{Why: Unruled}
	}
	allowed, line, err := judge.enforcer.EnforceEx(q.words()...)
	if err != nil || len(line) == 0 {
		return Decision{Why: Unruled}
	}
	return Decision{Allowed: allowed, Rule: line[0], Why: line[len(line)-1]}
}
