package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
)

// Cosignature is what a witness said of a checkpoint.
type Cosignature struct {
	Size    int64
	Witness string // its name
	At      time.Time
	Line    string // of the signed note
}

// Cosign keeps what a witness said of a checkpoint that is kept with this text. False:
// there is none. What a witness says again is kept once.
func (s *Store) Cosign(ctx context.Context, c Cosignature, text string) (known bool, err error) {
	err = s.Transact(ctx, func(tx *Tx) error {
		if err := tx.GetContext(ctx, &known, `SELECT EXISTS (SELECT FROM checkpoint WHERE size = $1 AND left(note, length($2) + 1) = $2 || E'\n')`, c.Size, text); err != nil || !known {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO cosignature (size, witness, at, line) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, c.Size, c.Witness, c.At, c.Line)
		return err
	})
	return known, err
}

// CheckpointsToProve gives the checkpoints that prove lines from a number on up to a
// size, smallest first, each with its cosignatures: the first that has that number in
// it, of every day the last that each witness cosigned, those that hand the log over
// to another key, and the last.
func CheckpointsToProve(ctx context.Context, q sqlx.QueryerContext, from, size int64) (list []Checkpoint, err error) {
	err = sqlx.SelectContext(ctx, q, &list, `SELECT c.size, c.at, c.note || coalesce((SELECT string_agg(s.line, '' ORDER BY s.witness) FROM cosignature s WHERE s.size = c.size), '') AS note
		FROM checkpoint c WHERE c.size IN (
			SELECT min(size) FROM checkpoint WHERE size > $1 AND size <= $2
			UNION SELECT max(c.size) FROM checkpoint c JOIN cosignature s ON s.size = c.size
				WHERE c.size > $1 AND c.size <= $2 GROUP BY s.witness, date_trunc('day', c.at AT TIME ZONE 'UTC')
			UNION SELECT size FROM checkpoint WHERE size <= $2 AND note LIKE E'%\n— %\n— %'
			UNION SELECT $2)
		ORDER BY c.size`, from, size)
	return list, plain(err)
}

// LeavesOf gives the leaves of records, by their ids; those that have none yet are not
// there.
func LeavesOf(ctx context.Context, q sqlx.QueryerContext, records []ReviewedRecord) (map[string]audit.Leaf, error) {
	ids, ats := make([]string, len(records)), make([]time.Time, len(records))
	for i, r := range records {
		ids[i], ats[i] = r.ID, r.At
	}
	list, err := leavesOf(ctx, q, `unnest($1::text[], $2::timestamptz[]) AS w (record, at) JOIN leaf l ON l.record = w.record AND l.at = w.at`, ``, pq.Array(ids), pq.Array(ats))
	if err != nil {
		return nil, err
	}
	by := make(map[string]audit.Leaf, len(list))
	for _, l := range list {
		by[l.Record.ID] = l
	}
	return by, nil
}
