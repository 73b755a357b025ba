package store

import (
	"context"
	"encoding/json"
	"fmt"

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
