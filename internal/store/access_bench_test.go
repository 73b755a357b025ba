package store_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/store"
)

// way is how a transaction could hold the access epoch, and how a change of
// rights would then count it up.
type way struct{ name, hold, change string }

var ways = []way{
	{"advisory", `SELECT hold_access()`, `SELECT bump_access()`},
	{"for_share", `SELECT epoch FROM access_epoch FOR SHARE`, `UPDATE access_epoch SET epoch = epoch + 1`},
	{"unheld", `SELECT epoch FROM access_epoch`, `UPDATE access_epoch SET epoch = epoch + 1`},
}

// committers at one time, and their commits in a round.
const committers, commits = 8, 400

// BenchmarkHoldAccess is docs/adr/0001: eight committers at one time, each
// transaction holds the epoch and inserts a row. The ways take turns in rounds
// of 400 commits, so that a busy machine disturbs all of them alike. Speeds are
// medians over the rounds; change-ms is how long a change of rights in the middle
// of a round took, the median and the worst; wal-B is per commit.
func BenchmarkHoldAccess(b *testing.B) {
	h := newHouse(b)
	must(b, h.super, `GRANT UPDATE ON access_epoch TO casustafel_committer`) // which FOR SHARE asks for
	speeds, changes, wal := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	var ids atomic.Int64
	for b.Loop() {
		for _, w := range ways {
			before := one[string](b, h.super, `SELECT pg_current_wal_insert_lsn()`)
			speed, change := round(b, h, w, &ids)
			speeds[w.name] = append(speeds[w.name], speed)
			changes[w.name] = append(changes[w.name], float64(change.Microseconds())/1000)
			wal[w.name] = append(wal[w.name], one[float64](b, h.super, `SELECT pg_current_wal_insert_lsn() - $1::pg_lsn`, before)/commits)
		}
	}
	for _, w := range ways {
		b.ReportMetric(median(speeds[w.name]), w.name+"-commits/s")
		b.ReportMetric(median(changes[w.name]), w.name+"-change-ms")
		b.ReportMetric(slices.Max(changes[w.name]), w.name+"-worst-ms")
		b.ReportMetric(median(wal[w.name]), w.name+"-wal-B")
	}
	var ratios []float64
	for i, speed := range speeds["advisory"] {
		ratios = append(ratios, speed/speeds["for_share"][i])
	}
	b.ReportMetric(median(ratios), "advisory/for_share")
}

// round gives commits per second, and how long a change of rights took that came
// in between.
func round(b *testing.B, h house, w way, ids *atomic.Int64) (speed float64, change time.Duration) {
	begin := time.Now()
	var all sync.WaitGroup
	var done atomic.Int64
	for range committers {
		all.Go(func() {
			for range commits / committers {
				err := h.Transact(b.Context(), func(tx *store.Tx) error {
					var epoch int64
					if err := tx.GetContext(b.Context(), &epoch, w.hold); err != nil {
						return err
					}
					_, err := tx.ExecContext(b.Context(), `INSERT INTO organisation VALUES ($1, 'x')`, fmt.Sprint(ids.Add(1)))
					done.Add(1)
					return err
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for done.Load() < commits/4 {
			time.Sleep(100 * time.Microsecond) // until they are well under way
		}
		asked := time.Now()
		if err := h.Transact(b.Context(), func(tx *store.Tx) error { _, err := tx.ExecContext(b.Context(), w.change); return err }); err != nil {
			b.Error(err)
		}
		change = time.Since(asked)
	})
	all.Wait()
	return commits / time.Since(begin).Seconds(), change
}

func median(of []float64) float64 {
	of = slices.Sorted(slices.Values(of))
	return of[len(of)/2]
}
