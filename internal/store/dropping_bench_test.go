package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

// errAgain takes back what a turn did.
var errAgain = errors.New("again")

// BenchmarkDropping drops a month of the access log that holds all of its lines: how long
// it is looked for, and how long it takes to go, while which no line gets its leaf.
func BenchmarkDropping(b *testing.B) {
	h := newHouse(b)
	month := time.Date(time.Now().Year()-12, time.March, 1, 0, 0, 0, 0, time.UTC)
	ends := month.AddDate(0, 1, 0)
	fullLogOf(b, h, ends.Add(-time.Minute), 30)
	must(b, h.super, `UPDATE organisation SET log_years = 5`)
	// What the leaves are of is another benchmark's: they stay.
	must(b, h.super, `INSERT INTO leaf SELECT row_number() OVER (ORDER BY at, id) - 1, id, at, 1, decode(repeat('00', 32), 'hex'), decode(repeat('00', 64), 'hex') FROM record`)
	must(b, h.super, `INSERT INTO checkpoint SELECT max(number) + 1, $1, '' FROM leaf`, ends.Add(-time.Second))
	must(b, h.super, `VACUUM ANALYZE leaf, record_count`)
	var looked, went time.Duration
	for b.Loop() {
		err := h.Transact(b.Context(), func(tx *store.Tx) error {
			if _, err := tx.HoldDropping(b.Context()); err != nil {
				return err
			}
			begin := time.Now()
			due, ok, err := tx.DueMonth(b.Context())
			if err != nil || !ok || int(due.Lines) != *recordsThere {
				b.Fatal(due, ok, err)
			}
			looked += time.Since(begin)
			said := audit.Record{ID: "SAID", At: time.Now(), Event: audit.LogDropped, Action: audit.Delete, Outcome: audit.Done, Detail: due.Detail()}
			if err := tx.Record(b.Context(), said); err != nil {
				return err
			}
			begin = time.Now()
			if err := tx.DropMonth(b.Context(), due, said); err != nil {
				return err
			}
			went += time.Since(begin)
			return errAgain
		})
		if err != errAgain {
			b.Fatal(err)
		}
	}
	b.ReportMetric(looked.Seconds()/float64(b.N), "s-looked-for")
	b.ReportMetric(went.Seconds()/float64(b.N), "s-going")
}
