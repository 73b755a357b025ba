package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

const droppedColumns = `month, first, last, lines`

// droppedRow is a month of the log that goes, or went.
type droppedRow struct {
	Number int64     `db:"number"`
	Month  time.Time `db:"month"`
	First  int64     `db:"first"`
	Last   int64     `db:"last"`
	Lines  int64     `db:"lines"`
}

func (r droppedRow) dropped() audit.Dropped {
	return audit.Dropped{Number: r.Number, Month: r.Month.UTC(), First: r.First, Last: r.Last, Lines: r.Lines}
}

// HoldDropping makes this transaction the one that drops lines of the log, which may
// take it a while, as may what is checked before; false when another does.
func (tx *Tx) HoldDropping(ctx context.Context) (held bool, err error) {
	if err = tx.GetContext(ctx, &held, `SELECT pg_try_advisory_xact_lock(7513, 6)`); err != nil || !held {
		return false, plain(err)
	}
	_, err = tx.ExecContext(ctx, `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`)
	return err == nil, plain(err)
}

// DueMonth is the oldest month of which the lines may go now; false when there is none.
func (tx *Tx) DueMonth(ctx context.Context) (d audit.Dropped, due bool, err error) {
	var row droppedRow
	err = tx.GetContext(ctx, &row, `SELECT `+droppedColumns+` FROM due_month() WHERE month IS NOT NULL`)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	return row.dropped(), err == nil, plain(err)
}

// DropMonth takes the lines of a month from the log, when a record of this or an earlier
// transaction says so.
func (tx *Tx) DropMonth(ctx context.Context, d audit.Dropped, said audit.Record) error {
	_, err := tx.ExecContext(ctx, `SELECT drop_month($1, $2, $3)`, d.Month.Format(time.DateOnly), said.ID, said.At)
	return plain(err)
}

// DroppedMonths are those that went, as the database says: the log itself has to say the
// same.
func DroppedMonths(ctx context.Context, q sqlx.QueryerContext) (list []audit.Dropped, err error) {
	var rows []droppedRow
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT coalesce((SELECT min(number) FROM leaf l WHERE l.record = d.record AND l.at = d.at), -1) AS number, `+droppedColumns+`
		FROM dropped_month d ORDER BY first`)
	for _, row := range rows {
		list = append(list, row.dropped())
	}
	return list, plain(err)
}

// LogSince is since when a case (empty: any) has all lines of the log about it: lines of
// before went after their period. Zero: none that can have been about it.
func (tx *Tx) LogSince(ctx context.Context, id casework.CaseID) (since time.Time, err error) {
	var found *time.Time
	err = tx.GetContext(ctx, &found, `SELECT max(ends) FROM (SELECT (month + interval '1 month') AT TIME ZONE 'UTC' AS ends FROM dropped_month) m
		WHERE $1 = '' OR ends > (SELECT opened_at FROM cases WHERE id = $1)`, id)
	if err != nil || found == nil {
		return since, plain(err)
	}
	return found.UTC(), nil
}

// OldestLine is when the oldest line was made in the log of an organisation that its
// reader may learn of, whoever must never come near some cases; zero when there is none.
func (tx *Tx) OldestLine(ctx context.Context, organisation casework.OrganisationID, never []casework.CaseID) (at time.Time, err error) {
	var found *time.Time
	err = tx.GetContext(ctx, &found, `SELECT least((SELECT min(at) FROM record r WHERE r.actor_organisation = $1 AND r.case_id <> ALL($2) AND r.event <> ALL($3)),
		(SELECT min(at) FROM record r WHERE r.case_organisation = $1 AND r.case_organisation <> r.actor_organisation AND r.case_id <> ALL($2) AND r.event <> ALL($3)))`,
		organisation, pq.Array(append([]casework.CaseID{}, never...)), pq.Array(audit.Sheltered))
	if err != nil || found == nil {
		return at, plain(err)
	}
	return found.UTC(), nil
}
