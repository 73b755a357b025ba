package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
)

// BeginLife begins a life of a node, in which stays can begin.
func (s *Store) BeginLife(ctx context.Context, life string) error {
	return s.Transact(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO node_life (id) VALUES ($1)`, life)
		return err
	})
}

// ConfirmLife says that a life of a node goes on; false when it was taken for over, and
// its stays have their end on the record.
func (s *Store) ConfirmLife(ctx context.Context, life string) (goesOn bool, err error) {
	err = s.Transact(ctx, func(tx *Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE node_life SET confirmed = clock_timestamp() WHERE id = $1`, life)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		goesOn = n > 0
		return err
	})
	return goesOn, err
}

// BeginStay keeps that the stay which a record begins has no end yet. In a life that is
// over none begins.
func (tx *Tx) BeginStay(ctx context.Context, life string, join audit.Record) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO stay (life, connection, record, at) VALUES ($1, $2, $3, $4)`, life, join.Request, join.ID, join.At)
	return plain(err)
}

// EndStay takes away what BeginStay kept of a connection; false when that is not there,
// as its end is on the record.
func (tx *Tx) EndStay(ctx context.Context, life, connection string) (open bool, err error) {
	result, err := tx.ExecContext(ctx, `DELETE FROM stay WHERE life = $1 AND connection = $2`, life, connection)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// OpenStays gives the records that begin the open stays of a life: of some connections,
// or (nil) of all.
func (tx *Tx) OpenStays(ctx context.Context, life string, connections []string) (joins []audit.Record, err error) {
	var rows []recordRow
	err = tx.SelectContext(ctx, &rows, `SELECT r.id, r.at, `+recordColumns+` FROM stay s JOIN record r ON r.at = s.at AND r.id = s.record
		WHERE s.life = $1 AND ($2::text[] IS NULL OR s.connection = ANY($2)) ORDER BY s.at, s.record`, life, pq.Array(connections))
	for _, row := range rows {
		if join, readable := row.record(); readable {
			joins = append(joins, join)
		}
	}
	return joins, plain(err)
}

// CutOff takes one life away that was not confirmed for so long and is another than the
// own, with its stays: the records that begin them, and when it was confirmed last. Their
// ends are to be recorded in this transaction. found tells whether there is one.
func (tx *Tx) CutOff(ctx context.Context, unconfirmed time.Duration, own string) (joins []audit.Record, confirmed time.Time, found bool, err error) {
	var life string
	err = tx.QueryRowxContext(ctx, `SELECT id, confirmed FROM node_life WHERE confirmed < clock_timestamp() - make_interval(secs => $1) AND id <> $2
		ORDER BY confirmed LIMIT 1 FOR UPDATE SKIP LOCKED`, unconfirmed.Seconds(), own).Scan(&life, &confirmed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, confirmed, false, nil
	}
	if err != nil {
		return nil, confirmed, false, plain(err)
	}
	if joins, err = tx.OpenStays(ctx, life, nil); err != nil {
		return nil, confirmed, false, err
	}
	for _, statement := range []string{`DELETE FROM stay WHERE life = $1`, `DELETE FROM node_life WHERE id = $1`} {
		if _, err := tx.ExecContext(ctx, statement, life); err != nil {
			return nil, confirmed, false, plain(err)
		}
	}
	return joins, confirmed.UTC(), true, nil
}
