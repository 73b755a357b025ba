package policy

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// promise is what no policy may break, whatever its lines say.
type promise struct {
	words string
	// applies tells whether the promise speaks of this role, act and grant.
	applies func(casework.Role, casework.Act, casework.Grant) bool
	// closed tells which cells must then stay closed; nil: those of the cards
	// that may not be read.
	closed func(casework.Cell) bool
	mask   casework.Mask // of closed
}

// promises are checked for every role, act, grant and status. That a deny line
// opens nothing needs no check: the model's effect is known.
func promises() []promise {
	type c = casework.Cell
	other := func(cell c) bool { return cell != casework.NoCell && cell.Owner != casework.OwnerSelf }
	anyone := func(casework.Role, casework.Act, casework.Grant) bool { return true }
	only := func(roles ...casework.Role) func(casework.Role, casework.Act, casework.Grant) bool {
		return func(role casework.Role, _ casework.Act, _ casework.Grant) bool { return slices.Contains(roles, role) }
	}
	return []promise{
		{words: "perpetrator support never reaches another's safety card",
			applies: only(casework.PerpetratorSupport),
			closed:  func(cell c) bool { return other(cell) && cell.Class == casework.Safety }},
		{words: "perpetrator support never reaches what others wrote in confidence, by name or privately from child, parent or network",
			applies: only(casework.PerpetratorSupport),
			closed: func(cell c) bool {
				return other(cell) && slices.Contains([]casework.View{casework.ViewChild, casework.ViewParent, casework.ViewNetwork}, cell.View) &&
					slices.Contains([]casework.Class{casework.Confidential, casework.Named, casework.Private}, cell.Class)
			}},
		{words: "a manager only audits, confirms, is a second person and decides about keeping, an admin only confirms and manages users and policies, and without a valid membership nothing is allowed",
			applies: func(role casework.Role, act casework.Act, _ casework.Grant) bool {
				own, limited := outside(role)
				return limited && !slices.Contains(own, act)
			},
			closed: func(c) bool { return true }},
		{words: "a guest and a consulted child worker never reach safety, named or private cards",
			applies: only(casework.Guest, casework.ConsultChildWorker),
			closed: func(cell c) bool {
				return slices.Contains([]casework.Class{casework.Safety, casework.Named, casework.Private}, cell.Class)
			}},
		{words: "a card by name is for its author and those whom the author named",
			applies: anyone,
			closed: func(cell c) bool {
				return cell.Class == casework.Named && other(cell) && cell.Owner != casework.OwnerNamed
			}},
		{words: "a private card is for its author and that author's colleagues of one discipline and organisation",
			applies: anyone,
			closed: func(cell c) bool {
				return cell.Class == casework.Private && other(cell) && cell.Owner != casework.OwnerPeer
			}},
		{words: "a bar closes everything that others wrote",
			applies: func(_ casework.Role, _ casework.Act, grant casework.Grant) bool { return grant == casework.GrantBar },
			closed:  other},
		{words: "who may change, open, lend, export or erase a card may read it",
			applies: func(_ casework.Role, act casework.Act, _ casework.Grant) bool {
				return slices.Contains([]casework.Act{casework.ActEdit, casework.ActMove, casework.ActArchive, casework.ActShare,
					casework.ActShield, casework.ActReperspective, casework.ActRedact, casework.ActPersons, casework.ActLend,
					casework.ActExport}, act)
			}},
	}
}

// outside lists all that a role outside every case may do.
func outside(role casework.Role) (own []casework.Act, limited bool) {
	switch role {
	case casework.Manager:
		return []casework.Act{casework.ActAudit, casework.ActConfirm, casework.ActSecond}, true
	case casework.Admin:
		return []casework.Act{casework.ActUsers, casework.ActPolicies, casework.ActConfirm}, true
	case casework.NoRole:
		return nil, true
	}
	return nil, false
}

// checkPromises refuses lines that break a promise, naming the one that does.
func checkPromises(lines []reach) error {
	all := promises()
	for i, promise := range all {
		if promise.closed != nil {
			all[i].mask = maskOf(promise.closed)
		}
	}
	for role := range casework.Roles {
		reading := about(lines, role, actPlace(casework.ActRead))
		for act, word := range Acts() {
			acting := about(lines, role, act)
			for grant := range casework.Grants {
				for status := range casework.Statuses {
					if err := checkSituation(all, word, situation{role, act, grant, status}, acting, reading); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// checkSituation checks all promises where the lines about its role and act,
// and those about its role and reading, decide.
func checkSituation(all []promise, act casework.Act, s situation, acting, reading []reach) error {
	open := allowed(acting, s)
	if open == (casework.Mask{}) {
		return nil
	}
	readable := allowed(reading, situation{s.role, actPlace(casework.ActRead), s.grant, s.status})
	readable.Add(casework.NoCell) // there is nothing to read
	for _, promise := range all {
		if !promise.applies(casework.Roles[s.role], act, casework.Grants[s.grant]) {
			continue
		}
		broken := common(open, promise.mask)
		if promise.closed == nil {
			broken = without(open, readable)
		}
		if broken != (casework.Mask{}) {
			return &Error{LinesFile, opener(acting, s, broken),
				"this would break a promise: " + promise.words + "; take it out, or restore the deny line that kept it"}
		}
	}
	return nil
}
