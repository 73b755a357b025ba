package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// Duty is what a member is at the table for: each one sentence, or empty.
type Duty struct {
	Task    string `json:"task,omitempty"`
	Mandate string `json:"mandate,omitempty"`
}

// SealedDuty is a duty under the key of its case; empty: there is none.
type SealedDuty []byte

// SetDuty replaces the duty of a member.
func (tx *Tx) SetDuty(ctx context.Context, id casework.CaseID, user casework.UserID, duty Duty) error {
	sealed := []byte{}
	if duty != (Duty{}) {
		var err error
		if sealed, err = tx.store.sealFor(ctx, tx, id, dutyAD(user), duty); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE membership SET duty = $3 WHERE case_id = $1 AND account = $2`, id, user, sealed)
	return plain(err)
}

// OpenDuty reads the duty of a member.
func (s *Store) OpenDuty(ctx context.Context, q Queryer, id casework.CaseID, user casework.UserID, sealed SealedDuty) (duty Duty, err error) {
	if len(sealed) == 0 {
		return Duty{}, nil
	}
	return duty, s.openFor(ctx, q, id, dutyAD(user), sealed, &duty)
}

func dutyAD(user casework.UserID) string { return "duty/" + string(user) }

// sealFor seals a value with the key of a case, for one place in it.
func (s *Store) sealFor(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, place string, value any) ([]byte, error) {
	seal, err := s.sealerOf(ctx, q, id)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("seal something of a case: %w", err)
	}
	return seal.Encrypt(body, []byte(string(id)+"/"+place))
}

// openFor opens what was sealed for that place; ErrWrongKey when it was not.
func (s *Store) openFor(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, place string, sealed []byte, value any) error {
	seal, err := s.sealerOf(ctx, q, id)
	if err != nil {
		return err
	}
	body, err := seal.Decrypt(sealed, []byte(string(id)+"/"+place))
	if err != nil {
		return fmt.Errorf("something of a case does not open: %w", ErrWrongKey)
	}
	if err := json.Unmarshal(body, value); err != nil {
		return fmt.Errorf("open something of a case: %w", err)
	}
	return nil
}

// TeamRules are what an organisation asks of the teams that its people make.
type TeamRules struct {
	Professionals int      // more than this is told, and not held back
	Grounds       []string // codes, at least one
}

// TeamRules reads those of an organisation.
func (tx *Tx) TeamRules(ctx context.Context, organisation casework.OrganisationID) (TeamRules, error) {
	var row struct {
		Professionals int            `db:"professionals"`
		Grounds       pq.StringArray `db:"grounds"`
	}
	err := tx.GetContext(ctx, &row, `SELECT professionals, grounds FROM organisation WHERE id = $1`, organisation)
	return TeamRules{row.Professionals, row.Grounds}, plain(err)
}

// SetTeamRules replaces them.
func (tx *Tx) SetTeamRules(ctx context.Context, organisation casework.OrganisationID, rules TeamRules) error {
	_, err := tx.ExecContext(ctx, `UPDATE organisation SET professionals = $2, grounds = $3 WHERE id = $1`,
		organisation, rules.Professionals, pq.Array(rules.Grounds))
	return plain(err)
}

// Chairless lists the open tables without a chair that concern an organisation: its
// own cases, and those that a colleague who left was the chair of. Practice cases are
// not among them.
func (tx *Tx) Chairless(ctx context.Context, organisation casework.OrganisationID, at time.Time) (tables []casework.CaseID, err error) {
	err = tx.SelectContext(ctx, &tables, `
		WITH chair AS (SELECT m.case_id, a.active, a.organisation FROM membership m JOIN account a ON a.id = m.account
			WHERE m.role = 'chair' AND m.valid_from <= $2 AND (m.valid_until IS NULL OR m.valid_until > $2))
		SELECT c.id FROM cases c
		LEFT JOIN LATERAL (SELECT type FROM event WHERE case_id = c.id AND type IN ('case_closed', 'case_reopened')
			ORDER BY seq DESC LIMIT 1) last ON true
		WHERE (c.organisation = $1 OR EXISTS (SELECT FROM chair WHERE case_id = c.id AND organisation = $1))
			AND NOT EXISTS (SELECT FROM chair WHERE case_id = c.id AND active)
			AND last.type IS DISTINCT FROM 'case_closed' AND NOT EXISTS (SELECT FROM practice p WHERE p.case_id = c.id)`, organisation, at)
	return tables, plain(err)
}
