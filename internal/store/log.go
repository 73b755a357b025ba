package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"math"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
)

const (
	leavesInAPage      = 2000
	checkpointsInAPage = 500
)

// ReadLog reads the whole access log of the database that dsn reaches as of one moment,
// page by page, and changes nothing. It needs no key.
func ReadLog(ctx context.Context, dsn string, fn func(audit.Log) error) error {
	db, err := connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing to save
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return plain(err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	if _, err := tx.ExecContext(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
		return plain(err)
	}
	log := audit.Log{Leaves: LeavesFrom(ctx, tx, math.MinInt64), Checkpoints: allCheckpoints(ctx, tx)}
	if err := tx.GetContext(ctx, &log.Now, `SELECT now()`); err != nil {
		return plain(err)
	}
	if log.Loose, err = loose(ctx, tx); err != nil {
		return err
	}
	if log.Loose.Miscounted, err = miscounted(ctx, tx); err != nil {
		return err
	}
	if log.Dropped, err = DroppedMonths(ctx, tx); err != nil {
		return err
	}
	return fn(log)
}

// LeavesFrom gives all leaves with their records from a number on, page by page.
func LeavesFrom(ctx context.Context, q sqlx.QueryerContext, from int64) iter.Seq2[audit.Leaf, error] {
	return func(yield func(audit.Leaf, error) bool) {
		for from := from; ; {
			page, err := Leaves(ctx, q, from, leavesInAPage)
			if err != nil {
				yield(audit.Leaf{}, err)
				return
			}
			for _, l := range page {
				if !yield(l, nil) {
					return
				}
			}
			if len(page) < leavesInAPage {
				return
			}
			from = page[len(page)-1].Number + 1
		}
	}
}

func allCheckpoints(ctx context.Context, q sqlx.QueryerContext) iter.Seq2[audit.KeptCheckpoint, error] {
	return func(yield func(audit.KeptCheckpoint, error) bool) {
		for size := int64(math.MinInt64); ; {
			var page []audit.KeptCheckpoint
			err := sqlx.SelectContext(ctx, q, &page, `SELECT c.size, c.note, coalesce((SELECT string_agg(s.line, '' ORDER BY s.witness) FROM cosignature s WHERE s.size = c.size), '') AS cosigned
				FROM checkpoint c WHERE c.size > $1 ORDER BY c.size LIMIT $2`, size, checkpointsInAPage)
			if err = plain(err); err != nil {
				yield(audit.KeptCheckpoint{}, err)
				return
			}
			for _, c := range page {
				if !yield(c, nil) {
					return
				}
			}
			if len(page) < checkpointsInAPage {
				return
			}
			size = page[len(page)-1].Size
		}
	}
}

// loose finds what stands in the log but not in the tree.
func loose(ctx context.Context, q *sqlx.Tx) (l audit.Loose, err error) {
	err = q.QueryRowxContext(ctx, `SELECT
		(SELECT count(*) FROM record r WHERE NOT EXISTS (SELECT FROM leaf l WHERE l.record = r.id AND l.at = r.at)
			AND NOT EXISTS (SELECT FROM record_waiting w WHERE w.record = r.id AND w.at = r.at)),
		(SELECT count(*) FROM record_waiting w WHERE NOT EXISTS (SELECT FROM record r WHERE r.id = w.record AND r.at = w.at)),
		(SELECT min(at) FROM record_waiting WHERE isfinite(at))`).Scan(&l.Unknown, &l.Gone, &l.Oldest)
	if err != nil {
		return l, plain(err)
	}
	var twice int64
	err = q.GetContext(ctx, &twice, `SELECT max(number) FROM leaf GROUP BY record, at HAVING count(*) > 1 ORDER BY 1 LIMIT 1`)
	switch {
	case err == nil:
		l.Twice = &twice
	case !errors.Is(err, sql.ErrNoRows):
		return l, plain(err)
	}
	return l, nil
}
