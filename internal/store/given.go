package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// Gift is something that was given to a member of a case, with what is kept of it
// beyond what its reading goes by.
type Gift struct {
	casework.Given // without rights
	Case           casework.CaseID
	To             casework.UserID
	By             casework.UserID
	Reason         string
	Ended          time.Time       // zero: nobody ended it
	EndedBy        casework.UserID // empty: nobody
}

// Over tells whether it is in force no more at now, whether somebody or the clock
// ended it.
func (g Gift) Over(now time.Time) bool {
	return !g.Ended.IsZero() || !g.Until.IsZero() && !g.Until.After(now)
}

func giftAD(id casework.GivenID) string { return "given/" + string(id) }

// Give keeps something that was given. The caller bumps the access epoch.
func (tx *Tx) Give(ctx context.Context, g Gift) error {
	sealed, err := tx.store.sealFor(ctx, tx, g.Case, giftAD(g.ID), g.Reason)
	if err != nil {
		return err
	}
	var until *time.Time
	if !g.Until.IsZero() {
		until = &g.Until
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO given (id, case_id, account, kind, card, person, reason, given_by, valid_from, valid_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		g.ID, g.Case, g.To, g.Kind, g.Card, g.Person, sealed, g.By, g.From, until)
	return plain(err)
}

// EndGiven ends at a moment what is in force then; it is casework.Absent when it is
// not. The caller bumps the access epoch.
func (tx *Tx) EndGiven(ctx context.Context, id casework.CaseID, given casework.GivenID, by casework.UserID, at time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE given SET ended_at = $3, ended_by = $4
		WHERE case_id = $1 AND id = $2 AND ended_at IS NULL AND (valid_until IS NULL OR valid_until > $3)`, id, given, at, by)
	if err != nil {
		return plain(err)
	}
	switch ended, err := result.RowsAffected(); {
	case err != nil:
		return plain(err)
	case ended == 0:
		return casework.Absent()
	}
	return nil
}

// EndLends ends at a moment every lend of a case that is in force then, or would be
// later. The caller bumps the access epoch.
func (tx *Tx) EndLends(ctx context.Context, id casework.CaseID, by casework.UserID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE given SET ended_at = $2, ended_by = $3
		WHERE case_id = $1 AND kind = 'lend' AND ended_at IS NULL AND (valid_until IS NULL OR valid_until > $2)`, id, at, by)
	return plain(err)
}

type givenRow struct {
	ID      casework.GivenID  `db:"id"`
	Case    casework.CaseID   `db:"case_id"`
	To      casework.UserID   `db:"account"`
	Kind    casework.Grant    `db:"kind"`
	Card    casework.CardID   `db:"card"`
	Person  casework.PersonID `db:"person"`
	Reason  []byte            `db:"reason"`
	By      casework.UserID   `db:"given_by"`
	From    time.Time         `db:"valid_from"`
	Until   *time.Time        `db:"valid_until"`
	Ended   *time.Time        `db:"ended_at"`
	EndedBy casework.UserID   `db:"ended_by"`
}

func (r givenRow) given() casework.Given {
	g := casework.Given{ID: r.ID, Kind: r.Kind, Card: r.Card, Person: r.Person, From: r.From.UTC()}
	if r.Until != nil {
		g.Until = r.Until.UTC()
	}
	return g
}

// Gifts lists everything that was ever given in a case, latest first.
func (tx *Tx) Gifts(ctx context.Context, id casework.CaseID) ([]Gift, error) {
	var rows []givenRow
	err := tx.SelectContext(ctx, &rows, `SELECT id, case_id, account, kind, card, person, reason, given_by, valid_from, valid_until, ended_at, ended_by
		FROM given WHERE case_id = $1 ORDER BY valid_from DESC, id`, id)
	if err != nil {
		return nil, plain(err)
	}
	list := make([]Gift, len(rows))
	for i, r := range rows {
		list[i] = Gift{Given: r.given(), Case: r.Case, To: r.To, By: r.By, EndedBy: r.EndedBy}
		if r.Ended != nil {
			list[i].Ended = r.Ended.UTC()
		}
		if err := tx.store.openFor(ctx, tx, id, giftAD(r.ID), r.Reason, &list[i].Reason); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// given reads what members of each case were given that nobody ended; what the clock
// ended may be among it.
func given(ctx context.Context, q sqlx.QueryerContext, ids []casework.CaseID) (map[casework.CaseID]map[casework.UserID][]casework.Given, error) {
	var rows []givenRow
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT id, case_id, account, kind, card, person, valid_from, valid_until
		FROM given WHERE case_id = ANY($1) AND ended_at IS NULL ORDER BY valid_from, id`, pq.Array(ids))
	if err != nil {
		return nil, plain(err)
	}
	all := map[casework.CaseID]map[casework.UserID][]casework.Given{}
	for _, r := range rows {
		if all[r.Case] == nil {
			all[r.Case] = map[casework.UserID][]casework.Given{}
		}
		all[r.Case][r.To] = append(all[r.Case][r.To], r.given())
	}
	return all, nil
}
