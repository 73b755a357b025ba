package policy

import "github.com/casustafel/casustafel/internal/casework"

// computeGains finds every reclassification after which somebody who is
// neither the author nor named could read what was closed to that person
// before, whoever is at the table today.
func (p *Policy) computeGains() map[casework.Reclassification]bool {
	gains := map[casework.Reclassification]bool{}
	for _, role := range casework.CaseRoles {
		reads := p.judges.mask(Request{Role: role, Act: casework.ActRead, Grant: casework.NoGrant, Status: casework.Open})
		for _, owner := range []casework.Owner{casework.OwnerPeer, casework.OwnerOther} {
			for _, change := range reclassifications() {
				if gained(reads, change, owner) {
					gains[change] = true
				}
			}
		}
	}
	return gains
}

func reclassifications() []casework.Reclassification {
	var all []casework.Reclassification
	for _, fromView := range casework.Views {
		for _, fromClass := range casework.Classes {
			for _, toView := range casework.Views {
				for _, toClass := range casework.Classes {
					for _, other := range []bool{false, true} {
						all = append(all, casework.Reclassification{FromView: fromView, FromClass: fromClass,
							ToView: toView, ToClass: toClass, Other: other})
					}
				}
			}
		}
	}
	return all
}

// gained looks for a reader who cannot read before and can after. Who stands
// beside a person stays beside that person, whatever kind the person is.
func gained(reads casework.Mask, change casework.Reclassification, owner casework.Owner) bool {
	for _, before := range besides(change.FromView) {
		for _, after := range besides(change.ToView) {
			if !change.Other && before != after {
				continue
			}
			from := casework.Cell{View: change.FromView, Beside: before, Class: change.FromClass, Owner: owner}
			to := casework.Cell{View: change.ToView, Beside: after, Class: change.ToClass, Owner: owner}
			if reads.Has(to) && !reads.Has(from) {
				return true
			}
		}
	}
	return false
}

// besides are the ways a reader can stand to a person of that view.
func besides(view casework.View) []bool {
	if view.IsPersonKind() {
		return []bool{false, true}
	}
	return []bool{false}
}
