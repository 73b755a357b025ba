package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// PlaceOf is a place at the table of a case of an organisation, as its manager is told
// of it: whose, in which role, and whether it is written what it is for.
type PlaceOf struct {
	Case casework.CaseID `db:"case_id"`
	User casework.UserID `db:"account"`
	Role casework.Role   `db:"role"`
	Duty bool            `db:"duty"` // a task or a mandate, whatever it says
}

// PlacesOf lists the places in the cases of an organisation that were somebody's in a
// period, but for those of cases that its reader must never learn of and for practice.
func (tx *Tx) PlacesOf(ctx context.Context, organisation casework.OrganisationID, never []casework.CaseID, from, until time.Time) (list []PlaceOf, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT m.case_id, m.account, m.role, octet_length(m.duty) > 0 AS duty
		FROM membership m JOIN cases c ON c.id = m.case_id
		WHERE c.organisation = $1 AND m.case_id <> ALL($2) AND m.valid_from < $4 AND (m.valid_until IS NULL OR m.valid_until > $3) AND m.ground <> 'practice'`,
		organisation, pq.Array(append([]casework.CaseID{}, never...)), from, until)
	return list, plain(err)
}

// LookedBack tells of each record of a broken glass whether somebody looked back at
// it. They are told by their ids, with the moments of the first and the last.
func (tx *Tx) LookedBack(ctx context.Context, records []string, first, last time.Time) (map[string]bool, error) {
	var ids []string
	err := tx.SelectContext(ctx, &ids, `SELECT r.id FROM record r JOIN glass_review g ON g.given = r.object
		WHERE r.id = ANY($1) AND r.at BETWEEN $2 AND $3`, pq.Array(records), first, last)
	answered := make(map[string]bool, len(ids))
	for _, id := range ids {
		answered[id] = true
	}
	return answered, plain(err)
}
