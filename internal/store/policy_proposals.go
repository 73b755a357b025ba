package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// PolicyProposal is a policy that waits for a second person.
type PolicyProposal struct {
	ID     string          `db:"id"`
	Model  string          `db:"model"`
	Lines  string          `db:"lines"`
	By     casework.UserID `db:"proposed_by"`
	ByName string          `db:"name"`
	At     time.Time       `db:"proposed_at"`

	ByOrganisation     casework.OrganisationID `db:"organisation"`
	ByOrganisationName string                  `db:"organisation_name"`
}

// Outcomes of a proposal.
const (
	PolicyPublished = "published"
	PolicyWithdrawn = "withdrawn"
)

// OpenPolicyProposal is the one that waits; false when none does.
func (tx *Tx) OpenPolicyProposal(ctx context.Context) (p PolicyProposal, open bool, err error) {
	err = tx.GetContext(ctx, &p, `SELECT p.id, p.model, p.lines, p.proposed_by, a.name, p.proposed_at, a.organisation, o.name AS organisation_name
		FROM policy_proposal p JOIN account a ON a.id = p.proposed_by JOIN organisation o ON o.id = a.organisation WHERE p.decided_at IS NULL`)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	p.At = p.At.UTC()
	return p, err == nil, plain(err)
}

// ProposePolicy lets a policy wait. The caller locks the policies before, and sees
// that none waits.
func (tx *Tx) ProposePolicy(ctx context.Context, p PolicyProposal) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO policy_proposal (id, model, lines, proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, p.Model, p.Lines, p.By, p.At)
	return plain(err)
}

// DecidePolicyProposal ends the waiting of a proposal.
func (tx *Tx) DecidePolicyProposal(ctx context.Context, id, outcome string, by casework.UserID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE policy_proposal SET outcome = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND decided_at IS NULL`,
		id, outcome, by, at)
	return plain(err)
}

// WorksElsewhere tells whether somebody in one of the disciplines works for another
// organisation than this one.
func (tx *Tx) WorksElsewhere(ctx context.Context, organisation casework.OrganisationID, disciplines []casework.Role) (elsewhere bool, err error) {
	err = tx.GetContext(ctx, &elsewhere, `SELECT EXISTS (SELECT FROM account
		WHERE organisation <> $1 AND active AND NOT invented AND discipline = ANY($2))`, organisation, pq.Array(disciplines))
	return elsewhere, plain(err)
}

// OpenCasesByRole counts, for each role, the open cases of an organisation in which
// somebody has it now; practice cases are not among them.
func (tx *Tx) OpenCasesByRole(ctx context.Context, organisation casework.OrganisationID, at time.Time) (map[casework.Role]int, error) {
	var rows []struct {
		Role  casework.Role `db:"role"`
		Cases int           `db:"cases"`
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT m.role, count(DISTINCT m.case_id) AS cases
		FROM membership m JOIN account a ON a.id = m.account AND a.active JOIN cases c ON c.id = m.case_id AND c.organisation = $2
		LEFT JOIN LATERAL (SELECT type FROM event WHERE case_id = m.case_id AND type IN ('case_closed', 'case_reopened')
			ORDER BY seq DESC LIMIT 1) last ON true
		WHERE m.valid_from <= $1 AND (m.valid_until IS NULL OR m.valid_until > $1) AND last.type IS DISTINCT FROM 'case_closed'
			AND NOT EXISTS (SELECT FROM practice p WHERE p.case_id = m.case_id)
		GROUP BY m.role`, at, organisation)
	counts := map[casework.Role]int{}
	for _, r := range rows {
		counts[r.Role] = r.Cases
	}
	return counts, plain(err)
}
