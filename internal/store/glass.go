package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// Judgement says what came of looking back at a glass that was broken.
type Judgement string

// Judgements.
const (
	Justified    Judgement = "justified"
	NotJustified Judgement = "not_justified"
)

// Judgements lists them, in the order in which they are offered.
var Judgements = []Judgement{Justified, NotJustified}

// Glass is a glass that somebody broke, with the review of it.
type Glass struct {
	ID           casework.GivenID
	Case         casework.CaseID
	By           casework.UserID // who broke it
	From, Until  time.Time       // as it was broken
	Ended        time.Time       // zero: nobody ended it early
	Judged       Judgement       // empty: nobody looked back yet
	Reviewer     casework.UserID
	Reviewed     time.Time
	sealedReason []byte
	sealedReview []byte
}

type glassRow struct {
	ID       casework.GivenID `db:"id"`
	Case     casework.CaseID  `db:"case_id"`
	By       casework.UserID  `db:"account"`
	From     time.Time        `db:"valid_from"`
	Until    time.Time        `db:"valid_until"`
	Ended    *time.Time       `db:"ended_at"`
	Reason   []byte           `db:"reason"`
	Judged   Judgement        `db:"judged"`
	Sealed   []byte           `db:"sealed"`
	Reviewer casework.UserID  `db:"reviewer"`
	Reviewed *time.Time       `db:"reviewed_at"`
}

func (r glassRow) glass() Glass {
	g := Glass{ID: r.ID, Case: r.Case, By: r.By, From: r.From.UTC(), Until: r.Until.UTC(), Judged: r.Judged, Reviewer: r.Reviewer,
		sealedReason: r.Reason, sealedReview: r.Sealed}
	if r.Ended != nil {
		g.Ended = r.Ended.UTC()
	}
	if r.Reviewed != nil {
		g.Reviewed = r.Reviewed.UTC()
	}
	return g
}

const glassQuery = `SELECT g.id, g.case_id, g.account, g.valid_from, g.valid_until, g.ended_at, g.reason,
	coalesce(r.judged, '') AS judged, r.sealed, coalesce(r.by, '') AS reviewer, r.at AS reviewed_at
	FROM given g LEFT JOIN glass_review r ON r.given = g.id WHERE g.kind = 'glass' AND `

// GlassesIn lists the glasses that were broken in a case, latest first.
func (tx *Tx) GlassesIn(ctx context.Context, id casework.CaseID) ([]Glass, error) {
	return tx.glasses(ctx, `g.case_id = $1`, id)
}

// OpenGlassesFor lists those that people of an organisation broke and at which nobody
// looked back, latest first, as far as somebody may do so: not at an own one, and at none
// in a case that is never to be learnt of. Others take no place among those shown.
func (tx *Tx) OpenGlassesFor(ctx context.Context, by identity.Account, never []casework.CaseID) ([]Glass, error) {
	return tx.glasses(ctx, `r.given IS NULL AND g.account IN (SELECT a.id FROM account a WHERE a.organisation = $1) AND g.account <> $2 AND g.case_id <> ALL($3)`,
		by.Organisation, by.ID, pq.Array(append([]casework.CaseID{}, never...)))
}

func (tx *Tx) glasses(ctx context.Context, where string, args ...any) ([]Glass, error) {
	var rows []glassRow
	if err := tx.SelectContext(ctx, &rows, glassQuery+where+` ORDER BY g.valid_from DESC, g.id LIMIT 200`, args...); err != nil {
		return nil, plain(err)
	}
	list := make([]Glass, len(rows))
	for i, r := range rows {
		list[i] = r.glass()
	}
	return list, nil
}

// Glass finds one; casework.Absent when there is none.
func (tx *Tx) Glass(ctx context.Context, id casework.GivenID) (Glass, error) {
	var row glassRow
	err := tx.GetContext(ctx, &row, glassQuery+`g.id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Glass{}, casework.Absent()
	}
	return row.glass(), plain(err)
}

func reviewAD(id casework.GivenID) string { return "glass_review/" + string(id) }

// GlassWords opens why a glass was broken, and what the review says of it.
func (s *Store) GlassWords(ctx context.Context, q Queryer, g Glass) (reason, review string, err error) {
	if err = s.openFor(ctx, q, g.Case, giftAD(g.ID), g.sealedReason, &reason); err == nil && g.Judged != "" {
		err = s.openFor(ctx, q, g.Case, reviewAD(g.ID), g.sealedReview, &review)
	}
	return reason, review, err
}

// ReviewGlass keeps what somebody made of a glass; false when somebody did already.
func (tx *Tx) ReviewGlass(ctx context.Context, g Glass, judged Judgement, words string, by casework.UserID, at time.Time) (first bool, err error) {
	sealed, err := tx.store.sealFor(ctx, tx, g.Case, reviewAD(g.ID), words)
	if err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO glass_review (given, judged, sealed, by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (given) DO NOTHING`,
		g.ID, judged, sealed, by, at)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n == 1, plain(err)
}
