package policy

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Shift is what changes for a role when another policy serves.
type Shift struct {
	Role         casework.Role
	Acts         []casework.Act // for all of which it is the same
	Grant        casework.Grant
	Statuses     []casework.Status
	Gained, Lost casework.Mask
}

// Compare tells who would gain and who would lose what if the policy served
// instead of the one that does, in the order of roles, grants and acts.
func (p *Policy) Compare(serving *Policy) []Shift {
	before, after := newReaches(serving.rules), newReaches(p.rules)
	var all []Shift
	for role := range casework.Roles {
		for grant := range casework.Grants {
			for act, word := range Acts() {
				was, is := about(before, role, act), about(after, role, act)
				for status := range casework.Statuses {
					at := situation{role, act, grant, status}
					had, has := allowed(was, at), allowed(is, at)
					if had != has {
						all = addShift(all, Shift{casework.Roles[role], []casework.Act{word}, casework.Grants[grant],
							[]casework.Status{casework.Statuses[status]}, without(has, had), without(had, has)})
					}
				}
			}
		}
	}
	return withoutEchoes(all)
}

// addShift puts a shift with that of the same act in the other status when both are
// the same.
func addShift(all []Shift, s Shift) []Shift {
	if last := len(all) - 1; last >= 0 && all[last].sameBut(s) && slices.Equal(all[last].Acts, s.Acts) {
		all[last].Statuses = append(all[last].Statuses, s.Statuses...)
		return all
	}
	return append(all, s)
}

func (s Shift) sameBut(o Shift) bool {
	return s.Role == o.Role && s.Grant == o.Grant && s.Gained == o.Gained && s.Lost == o.Lost
}

// withoutEchoes puts acts together for which the same changes, and leaves out of
// a grant what changes without any grant too.
func withoutEchoes(all []Shift) []Shift {
	var kept []Shift
	for _, s := range all {
		echo := s.Grant != casework.NoGrant && slices.ContainsFunc(all, func(o Shift) bool {
			return o.Grant == casework.NoGrant && o.Role == s.Role && slices.Equal(o.Acts, s.Acts) && o.Gained == s.Gained && o.Lost == s.Lost &&
				!slices.ContainsFunc(s.Statuses, func(status casework.Status) bool { return !slices.Contains(o.Statuses, status) })
		})
		if echo {
			continue
		}
		same := slices.IndexFunc(kept, func(o Shift) bool { return o.sameBut(s) && slices.Equal(o.Statuses, s.Statuses) })
		if same < 0 {
			kept = append(kept, s)
		} else {
			kept[same].Acts = append(slices.Clip(kept[same].Acts), s.Acts...)
		}
	}
	return kept
}
