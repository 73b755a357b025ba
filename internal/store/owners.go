package store

import (
	"context"
	"maps"
	"sync"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// owned is what an organisation has: an account or a case.
type owned struct {
	Kind string `db:"kind"`
	ID   string `db:"id"`
}

func accountOf(r audit.Record) owned { return owned{"account", string(r.User)} }
func caseOf(r audit.Record) owned    { return owned{"case", string(r.Case)} }

// ownersKept is how many are remembered before it begins anew.
const ownersKept = 100_000

// owners are the organisations of accounts and cases that were asked for. They never
// change: no role of the program may.
type owners struct {
	mu sync.RWMutex
	of map[owned]casework.OrganisationID
}

// among copies what is known of those that may be answered by heart, and gives the others.
func (o *owners) among(asked map[owned]bool, known map[owned]casework.OrganisationID) (unknown map[string][]string) {
	unknown = map[string][]string{}
	o.mu.RLock()
	defer o.mu.RUnlock()
	for one, byHeart := range asked {
		if organisation, ok := o.of[one]; ok && byHeart {
			known[one] = organisation
		} else if one.ID != "" {
			unknown[one.Kind] = append(unknown[one.Kind], one.ID)
		}
	}
	return unknown
}

func (o *owners) keep(found map[owned]casework.OrganisationID) {
	if len(found) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil || len(o.of)+len(found) > ownersKept {
		o.of = map[owned]casework.OrganisationID{}
	}
	maps.Copy(o.of, found)
}

// ownersOf are the organisations of whoever did what records tell, and of their cases;
// what is left of an erased case tells it still. What a transaction finds is remembered
// once it is committed: until then it may be of its own making. The case of a refusal is
// always asked for, so that one that is hidden takes as long as one that is not there.
func (tx *Tx) ownersOf(ctx context.Context, records []audit.Record) (map[owned]casework.OrganisationID, error) {
	asked, known := map[owned]bool{}, map[owned]casework.OrganisationID{}
	for _, r := range records {
		asked[accountOf(r)] = true
		if of := caseOf(r); r.Outcome == audit.Refused {
			asked[of] = false
		} else if _, refused := asked[of]; !refused {
			asked[of] = true
		}
	}
	unknown := tx.store.owners.among(asked, known)
	if len(unknown) == 0 {
		return known, nil
	}
	var rows []struct {
		owned
		Organisation casework.OrganisationID `db:"organisation"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT 'account' AS kind, id, organisation FROM account WHERE id = ANY($1)
		UNION ALL SELECT 'case', id, organisation FROM cases WHERE id = ANY($2)
		UNION ALL SELECT 'case', case_id, organisation FROM erased_case WHERE case_id = ANY($2)`,
		pq.Array(unknown["account"]), pq.Array(unknown["case"]))
	if err != nil {
		return nil, plain(err)
	}
	if tx.found == nil {
		tx.found = map[owned]casework.OrganisationID{}
	}
	for _, row := range rows {
		known[row.owned] = row.Organisation
		if row.Organisation != "" { // a case of before organisations had any may get one
			tx.found[row.owned] = row.Organisation
		}
	}
	return known, nil
}
