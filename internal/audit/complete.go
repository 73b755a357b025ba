package audit

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Complete says what follows from the rest of a record and was not said by whoever
// made it, so that nobody can forget it: what connects its actor to the case, and what
// the outcome rests on.
func (r Record) Complete() Record {
	operated := r.User == "" && slices.Contains(r.Checks, ByOperator)
	if r.Relation == "" && r.Case != "" {
		switch {
		case operated:
			r.Relation = Operates
		case r.Ground != "":
			r.Relation = AtTable
		case r.Outcome == Done && r.User != "":
			r.Relation = Outside
		}
	}
	if len(r.Checks) == 0 && r.User != "" {
		r = r.restsOn(BySession)
	}
	// Who is refused something of a case is alike on the record whether that is hidden
	// from them or not there at all.
	if r.Case != "" && !operated && r.User != "" && r.Relation != Outside {
		r = r.restsOn(BySeat)
	}
	if r.PolicyRule != "" || r.Relation == AtTable || r.Relation == ByGlass {
		r = r.restsOn(ByPolicy)
	}
	return r
}

// restsOn adds a check to those of a record.
func (r Record) restsOn(check Check) Record {
	if !slices.Contains(r.Checks, check) {
		r.Checks = append(slices.Clip(r.Checks), check)
	}
	return r
}

// Seat says as whom, at the table of its case, the actor of a record did it.
func (r *Record) Seat(reader casework.Reader, ground string) {
	if reader.User == "" {
		return
	}
	r.Role, r.Organisation, r.Ground, r.Relation = reader.Role, reader.Organisation, ground, AtTable
	if slices.ContainsFunc(reader.Given, func(g casework.Given) bool { return g.Kind == casework.GrantGlass }) {
		r.Relation = ByGlass
	}
}
