package store

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// RetentionRules are how long an organisation keeps what is its own, in years: a case
// after it was closed, and the lines of the access log.
type RetentionRules struct {
	CaseYears int `db:"case_years"`
	LogYears  int `db:"log_years"`
}

// RetentionRules reads those of an organisation.
func (tx *Tx) RetentionRules(ctx context.Context, organisation casework.OrganisationID) (rules RetentionRules, err error) {
	return rules, plain(tx.GetContext(ctx, &rules, `SELECT case_years, log_years FROM organisation WHERE id = $1`, organisation))
}

// SetRetentionRules replaces them: they hold for cases that are closed already too.
func (tx *Tx) SetRetentionRules(ctx context.Context, organisation casework.OrganisationID, rules RetentionRules) error {
	_, err := tx.ExecContext(ctx, `UPDATE organisation SET case_years = $2, log_years = $3 WHERE id = $1`, organisation, rules.CaseYears, rules.LogYears)
	return plain(err)
}

// ClosedCase is a case that is closed now, and until when it is kept.
type ClosedCase struct {
	ID     casework.CaseID `db:"case_id"`
	Closed time.Time       `db:"closed_at"`
	Until  time.Time       `db:"kept_until"`
	Held   bool            `db:"held"`
}

// ClosedCases lists those of an organisation, the one that is over first at the top.
func (tx *Tx) ClosedCases(ctx context.Context, organisation casework.OrganisationID) (list []ClosedCase, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT case_id, closed_at, kept_until, held FROM closed_case WHERE organisation = $1 ORDER BY kept_until, case_id`, organisation)
	for i, c := range list {
		list[i].Closed, list[i].Until = c.Closed.UTC(), c.Until.UTC()
	}
	return list, plain(err)
}

// CasesOf lists the cases of an organisation, but for those that are only practised in.
func (tx *Tx) CasesOf(ctx context.Context, organisation casework.OrganisationID) (ids []casework.CaseID, err error) {
	err = tx.SelectContext(ctx, &ids, `SELECT id FROM cases c WHERE organisation = $1
		AND NOT EXISTS (SELECT FROM membership m WHERE m.case_id = c.id AND m.ground = 'practice')`, organisation)
	return ids, plain(err)
}

// KeptLonger is the decision to keep a closed case longer than its period.
type KeptLonger struct {
	ID     string
	Case   casework.CaseID
	Until  time.Time
	Ground string // a code
	By     casework.UserID
	At     time.Time
}

// KeepLonger keeps it.
func (tx *Tx) KeepLonger(ctx context.Context, k KeptLonger) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO kept_longer (id, case_id, until, ground, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		k.ID, k.Case, k.Until, k.Ground, k.By, k.At)
	return plain(err)
}

// LegalHold says that nothing of a case may go.
type LegalHold struct {
	ID     string          `db:"id"`
	Case   casework.CaseID `db:"case_id"`
	Ground string          `db:"ground"` // a code
	By     casework.UserID `db:"placed_by"`
	At     time.Time       `db:"placed_at"`
}

// PlaceHold keeps one; false when the case is held already.
func (tx *Tx) PlaceHold(ctx context.Context, h LegalHold) (placed bool, err error) {
	result, err := tx.ExecContext(ctx, `INSERT INTO legal_hold (id, case_id, ground, placed_by, placed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (case_id) WHERE lifted_at IS NULL DO NOTHING`, h.ID, h.Case, h.Ground, h.By, h.At)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n == 1, plain(err)
}

// HoldsOf lists the holds that are on cases of an organisation now, oldest first.
func (tx *Tx) HoldsOf(ctx context.Context, organisation casework.OrganisationID) (list []LegalHold, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT h.id, h.case_id, h.ground, h.placed_by, h.placed_at FROM legal_hold h JOIN cases c ON c.id = h.case_id
		WHERE c.organisation = $1 AND h.lifted_at IS NULL ORDER BY h.placed_at, h.id`, organisation)
	for i, h := range list {
		list[i].At = h.At.UTC()
	}
	return list, plain(err)
}

// LiftHold ends the hold on a case, in the name of two people; casework.Absent when
// there is none.
func (tx *Tx) LiftHold(ctx context.Context, id casework.CaseID, by, with casework.UserID, at time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE legal_hold SET lifted_at = $4, lifted_by = $2, lifted_with = $3 WHERE case_id = $1 AND lifted_at IS NULL`,
		id, by, with, at)
	if err != nil {
		return plain(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return absentUnless(err)
	}
	return nil
}
