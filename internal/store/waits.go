package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// Waited is how long lines of the log waited for a checkpoint.
type Waited struct {
	Longest time.Duration // that one did that is signed, rounded up to minutes; zero: none longer than was asked
	Since   time.Time     // when the oldest was made that waits so long and is not signed; zero: none does
}

// wait is a time in which lines waited for a checkpoint: which, by their leaves.
type wait struct {
	Since time.Time `db:"since"`
	Until time.Time `db:"until"` // when they were signed, or now
	First int64     `db:"first"`
	Size  int64     `db:"size"` // of the tree that was signed; unsigned: none was
}

// unsigned is a size that no tree has.
const unsigned = math.MaxInt64

// waitsAtOnce is how many waits one question is about: a month can have many thousands,
// when checkpoints are rare or a clock is behind, and no question may take that long.
const waitsAtOnce = 500

// longest is what no line waited longer than; of what is not signed, any time.
func (w wait) longest() time.Duration {
	if w.Size == unsigned {
		return math.MaxInt64
	}
	return w.Until.Sub(w.Since)
}

// inMinutes is how long it was, rounded up.
func inMinutes(long time.Duration) time.Duration {
	return (long + time.Minute - 1).Truncate(time.Minute)
}

// WaitedFor finds how long lines of a period waited longer than so long, of those that a
// Review finds, in the name of somebody of its organisation. What other lines there are,
// and how long they waited, changes nothing of it.
func (s *Store) WaitedFor(ctx context.Context, user casework.UserID, v Review, longer time.Duration, now time.Time) (w Waited, err error) {
	waits, err := s.waits(ctx, v.From, v.Until, longer, now)
	if err != nil || len(waits) == 0 {
		return w, err
	}
	slices.SortFunc(waits, func(a, b wait) int { return cmp.Compare(b.longest(), a.longest()) })
	err = s.reviewAs(ctx, user, v.Organisation, func(tx *sqlx.Tx) error {
		for some := range slices.Chunk(waits, waitsAtOnce) {
			if some[0].longest() <= w.Longest {
				break // what is left changes nothing
			}
			var found struct {
				Longest int64      `db:"longest"` // in microseconds
				Since   *time.Time `db:"since"`
			}
			query, args := v.waited(some, longer)
			if err := tx.GetContext(ctx, &found, query, args...); err != nil {
				return plain(err)
			}
			if w.Longest = max(w.Longest, inMinutes(time.Duration(found.Longest)*time.Microsecond)); found.Since != nil {
				w.Since = found.Since.UTC()
			}
		}
		return nil
	})
	return w, err
}

// waits are the times in which any line of the log waited so long. Between two checkpoints
// the one that did so longest is the oldest, which need not have the first leaf: a line can
// be written after others that are younger. What is recorded in a period is signed within a
// week, or by the next checkpoint there is.
func (s *Store) waits(ctx context.Context, from, until time.Time, longer time.Duration, now time.Time) (list []wait, err error) {
	err = s.committer.SelectContext(ctx, &list, `
		SELECT l.at AS since, s.at AS until, s.first, s.size FROM (
			SELECT at, size, coalesce(lag(size) OVER (ORDER BY size), (SELECT size FROM checkpoint WHERE at < $1 ORDER BY at DESC LIMIT 1), 0) AS first FROM checkpoint
			WHERE at >= $1 AND at <= greatest($2::timestamptz + interval '7 days', (SELECT min(at) FROM checkpoint WHERE at >= $2))) s
			CROSS JOIN LATERAL (SELECT min(`+earthly("at")+`) AS at FROM leaf WHERE number >= s.first AND number < s.size) l
		WHERE s.at - l.at > $3 * interval '1 second' AND l.at < $2`, from, until, longer.Seconds())
	if err != nil {
		return nil, plain(err)
	}
	var oldest struct {
		Size  int64      `db:"size"`
		Since *time.Time `db:"since"`
	}
	err = s.committer.GetContext(ctx, &oldest, `
		SELECT n.size, least((SELECT min(at) FROM record_waiting WHERE isfinite(at)), (SELECT min(`+earthly("at")+`) FROM leaf WHERE number >= n.size)) AS since
		FROM (SELECT coalesce(max(size), 0) AS size FROM checkpoint) n`)
	if err != nil || oldest.Since == nil || !oldest.Since.Before(until) {
		return list, plain(err)
	}
	return append(list, wait{Since: *oldest.Since, Until: now, First: oldest.Size, Size: unsigned}), nil
}

// waited asks for the oldest line that a Review finds in each of the times.
func (v Review) waited(waits []wait, longer time.Duration) (string, []any) {
	sinces, untils := make([]time.Time, len(waits)), make([]time.Time, len(waits))
	firsts, sizes := make([]int64, len(waits)), make([]int64, len(waits))
	for i, w := range waits {
		sinces[i], untils[i], firsts[i], sizes[i] = w.Since, w.Until, w.First, w.Size
	}
	own, others, args := v.sides()
	rows := `unnest(` + args.add(pq.Array(sinces)) + `::timestamptz[], ` + args.add(pq.Array(untils)) + `::timestamptz[], ` +
		args.add(pq.Array(firsts)) + `::bigint[], ` + args.add(pq.Array(sizes)) + `::bigint[]) AS w (since, until, first, size)`
	none, least := args.add(int64(unsigned))+`::bigint`, args.add(longer.Seconds())+`::float8`
	// A line without a leaf waits: it comes after all that have one. Lines can be older than
	// others that were signed before them, so it is asked by their leaves.
	first := func(whose string) string {
		return `(SELECT r.at FROM record r WHERE ` + whose + ` AND r.at >= w.since AND r.at <= w.until
			AND coalesce(leaf_of(r.id, r.at), ` + none + ` - 1) BETWEEN w.first AND w.size - 1 ORDER BY r.at LIMIT 1)`
	}
	return `SELECT coalesce((extract(epoch FROM max(waited) FILTER (WHERE size < ` + none + `)) * 1000000)::bigint, 0) AS longest, min(at) FILTER (WHERE size = ` + none + `) AS since
		FROM (SELECT size, at, until - at AS waited FROM (SELECT w.size, w.until, least(` + first(own) + `, ` + first(others) + `) AS at FROM ` + rows + `) oldest) each
		WHERE waited > ` + least + ` * interval '1 second'`, args
}
