package policy

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// reach is the set of requests a line matches. It lets the promises be checked
// over every decision in milliseconds; a test holds it equal to casbin.
type reach struct {
	rule                          Rule
	roles, acts, grants, statuses bits
	cells                         casework.Mask // those that the acts are asked of
}

// bits is a set of places in a word list.
type bits uint32

func (b bits) has(place int) bool { return b&(1<<place) != 0 }

func places[W ~string](cell string, words []W) bits {
	var set bits
	for i, word := range words {
		if has(cell, string(word)) {
			set |= 1 << i
		}
	}
	return set
}

func newReach(r Rule) reach {
	to := reach{rule: r, roles: places(r.Role, casework.Roles), acts: places(r.Act, Acts()),
		grants: places(r.Grant, casework.Grants), statuses: places(r.Status, casework.Statuses)}
	if to.acts>>len(casework.CardActs) != 0 && r.matches(casework.NoCell) {
		to.cells.Add(casework.NoCell)
	}
	if to.acts&(1<<len(casework.CardActs)-1) != 0 {
		for _, cell := range append(casework.Cells(), casework.NoCell) {
			if r.matches(cell) {
				to.cells.Add(cell)
			}
		}
	}
	return to
}

func (r Rule) matches(cell casework.Cell) bool {
	view, beside, class, owner := cellWords(cell)
	return has(r.View, view) && has(r.Beside, beside) && has(r.Class, class) && has(r.Owner, owner)
}

// situation is all of a request but its cell, in places of the word lists.
type situation struct{ role, act, grant, status int }

// situation puts the request in places; its words are known.
func (q Request) situation() situation {
	return situation{slices.Index(casework.Roles, q.Role), actPlace(q.Act),
		slices.Index(casework.Grants, q.Grant), slices.Index(casework.Statuses, q.Status)}
}

// actPlace is the place of an act in Acts; -1 for an unknown one.
func actPlace(act casework.Act) int {
	if i := slices.Index(casework.CardActs, act); i >= 0 {
		return i
	}
	if i := slices.Index(casework.CaseActs, act); i >= 0 {
		return len(casework.CardActs) + i
	}
	return -1
}

func (to reach) covers(s situation) bool {
	return to.roles.has(s.role) && to.acts.has(s.act) && to.grants.has(s.grant) && to.statuses.has(s.status)
}

func newReaches(rules []Rule) []reach {
	lines := make([]reach, len(rules))
	for i, r := range rules {
		lines[i] = newReach(r)
	}
	return lines
}

// about keeps the lines that speak of the role and the act.
func about(lines []reach, role, act int) []reach {
	var kept []reach
	for _, r := range lines {
		if r.roles.has(role) && r.acts.has(act) {
			kept = append(kept, r)
		}
	}
	return kept
}

// allowed is the set of cells on which the lines allow the act.
func allowed(lines []reach, s situation) casework.Mask {
	var opened, closed casework.Mask
	for _, r := range lines {
		switch {
		case !r.covers(s):
		case r.rule.Effect == deny:
			closed = union(closed, r.cells)
		default:
			opened = union(opened, r.cells)
		}
	}
	if s.act >= len(casework.CardActs) {
		var only casework.Mask
		only.Add(casework.NoCell)
		opened = common(opened, only)
	}
	return without(opened, closed)
}

// opener finds the number of the first line that allows the act on one of the
// cells.
func opener(lines []reach, s situation, cells casework.Mask) int {
	for _, r := range lines {
		if r.rule.Effect == allow && r.covers(s) && common(r.cells, cells) != (casework.Mask{}) {
			return r.rule.Line
		}
	}
	return 0
}

// maskOf is the set of the cells, NoCell among them, that hold.
func maskOf(holds func(casework.Cell) bool) casework.Mask {
	var mask casework.Mask
	for _, cell := range append(casework.Cells(), casework.NoCell) {
		if holds(cell) {
			mask.Add(cell)
		}
	}
	return mask
}

func union(a, b casework.Mask) casework.Mask {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

func common(a, b casework.Mask) casework.Mask {
	for i := range a {
		a[i] &= b[i]
	}
	return a
}

func without(a, b casework.Mask) casework.Mask {
	for i := range a {
		a[i] &^= b[i]
	}
	return a
}
