package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// TeamPlace is a place at the table of a case of an organisation, as its manager is told
// of it: whose, in which role, and whether it is written what it is for.
type TeamPlace struct {
	Case casework.CaseID `db:"case_id"`
	User casework.UserID `db:"account"`
	Role casework.Role   `db:"role"`
	Duty bool            `db:"duty"` // a task or a mandate, whatever it says
}

// TeamPlaces lists the places in the cases of an organisation that were somebody's in a
// period, but for those of cases that its reader must never learn of and for practice.
func (tx *Tx) TeamPlaces(ctx context.Context, organisation casework.OrganisationID, never []casework.CaseID, from, until time.Time) (list []TeamPlace, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT m.case_id, m.account, m.role, octet_length(m.duty) > 0 AS duty
		FROM membership m JOIN cases c ON c.id = m.case_id
		WHERE c.organisation = $1 AND m.case_id <> ALL($2) AND m.valid_from < $4 AND (m.valid_until IS NULL OR m.valid_until > $3) AND m.ground <> 'practice'`,
		organisation, pq.Array(append([]casework.CaseID{}, never...)), from, until)
	return list, plain(err)
}

// GlassAnswer is what came of looking back at a broken glass.
type GlassAnswer struct {
	Record   string          `db:"id"`
	Judged   Judgement       `db:"judged"`
	Reviewer casework.UserID `db:"reviewer"`
	At       time.Time       `db:"at"`
}

// LookedBack gives what came of looking back at broken glasses, by the ids of their
// records; nothing for one at which nobody did yet. They are told by their ids, with the
// moments of the first and the last.
func (tx *Tx) LookedBack(ctx context.Context, records []string, first, last time.Time) (map[string]GlassAnswer, error) {
	var list []GlassAnswer
	err := tx.SelectContext(ctx, &list, `SELECT r.id, g.judged, g.by AS reviewer, g.at FROM record r JOIN glass_review g ON g.given = r.object
		WHERE r.id = ANY($1) AND r.at BETWEEN $2 AND $3`, pq.Array(records), first, last)
	answers := make(map[string]GlassAnswer, len(list))
	for _, one := range list {
		answers[one.Record] = one
	}
	return answers, plain(err)
}
