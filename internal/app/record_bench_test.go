package app_test

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

const (
	tablesAtOnce, writersAtEach = 40, 8
	fullFor, pacedFor           = 2 * time.Second, 2 * time.Second
	pace                        = 5 * time.Millisecond // from one command to the next, of all together
)

// logged is a server in one of the ways that it can do without: whole, as it is served;
// with records that nobody puts into the tree; and without records, which a rule of this
// benchmark's database throws away and no setting of the program does.
type logged struct {
	name, rule string
	sequenced  bool

	app     *app.App
	chair   casework.UserID
	columns map[casework.CaseID]json.RawMessage // one to rename at each table
	renamed atomic.Int64
	speeds, paced,
	full []float64
	spent storetest.Spent
}

// BenchmarkRecords is what the access log costs the boards: commands a second when 320
// people write without a pause, and how long a command takes then and at 200 a second, 99
// of 100 at most, and of what processor time. The ways take turns on one PostgreSQL that syncs, so that a busy machine
// disturbs all of them alike; ratios are of the medians.
func BenchmarkRecords(b *testing.B) {
	ways := []*logged{{name: "whole", sequenced: true}, {name: "no-tree"}, {name: "no-records", rule: `CREATE RULE swallow AS ON INSERT TO record DO INSTEAD NOTHING`}}
	cluster := syncing(b)
	for _, w := range ways {
		w.open(b, cluster)
	}
	for b.Loop() {
		for _, w := range ways {
			before := storetest.SpentBy(b, cluster.Pid())
			w.round(b)
			w.spent = w.spent.And(storetest.SpentBy(b, cluster.Pid()).Since(before))
		}
	}
	whole, bare := ways[0], ways[2]
	for _, w := range ways {
		b.ReportMetric(median(w.speeds), w.name+"-commands/s")
		b.ReportMetric(median(w.full), w.name+"-full-p99-ms")
		b.ReportMetric(median(w.paced), w.name+"-paced-p99-ms")
		w.spent.Report(b, w.name, "command", w.renamed.Load())
	}
	b.ReportMetric(median(whole.speeds)/median(bare.speeds), "whole/no-records")
	b.ReportMetric(median(ways[1].speeds)/median(bare.speeds), "no-tree/no-records")
	b.ReportMetric(median(whole.paced)/median(bare.paced), "paced-p99-ratio")
}

// syncing is a PostgreSQL of its own, which syncs as in production.
func syncing(b *testing.B) *pgkeeper.Cluster {
	b.Helper()
	dir, err := os.MkdirTemp("", "casustafel-bench-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	cluster, err := pgkeeper.Start(b.Context(), pgkeeper.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := cluster.Stop(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return cluster
}

// open makes the database and the tables.
func (w *logged) open(b *testing.B, cluster *pgkeeper.Cluster) {
	b.Helper()
	database := fmt.Sprintf("bench_%p", w)
	w.exec(b, cluster, "postgres", `CREATE DATABASE `+database)
	if err := store.Migrate(b.Context(), cluster.DSN(pgkeeper.SuperRole, database)); err != nil {
		b.Fatal(err)
	}
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		b.Fatal(err)
	}
	s := storetest.Open(b, store.Config{Committer: cluster.DSN("casustafel_committer", database), Reader: cluster.DSN("casustafel_reader", database), Keys: storetest.Keys(b)})
	w.app = app.New(app.Config{Store: s, Policy: rules, Node: w.name, Signing: storetest.Signing(b)})
	b.Cleanup(w.app.Close)
	if w.chair, err = w.app.AddUser(b.Context(), app.NewUser{Login: "hanneke", Name: "Hanneke", Discipline: casework.Chair, Organisation: "De Linde", Demo: true}); err != nil {
		b.Fatal(err)
	}
	w.columns = map[casework.CaseID]json.RawMessage{}
	for range tablesAtOnce {
		session := app.Session{Account: identity.Account{ID: w.chair, Discipline: casework.Chair, Language: "nl"}}
		id, err := w.app.OpenCase(b.Context(), session, fresh(), "Zilverlinde", app.Templates[0])
		if err != nil {
			b.Fatal(err)
		}
		state, err := s.LoadState(b.Context(), s.Reader(), id)
		if err != nil {
			b.Fatal(err)
		}
		w.columns[id], err = json.Marshal(state.Columns[0].ID)
		if err != nil {
			b.Fatal(err)
		}
	}
	if w.rule != "" {
		w.exec(b, cluster, database, w.rule)
	}
	b.Cleanup(func() { w.asNamed(b, cluster, database) })
}

func (w *logged) exec(b *testing.B, cluster *pgkeeper.Cluster, database, statement string) {
	b.Helper()
	db, err := sql.Open("postgres", cluster.DSN(pgkeeper.SuperRole, database))
	if err == nil {
		_, err = db.Exec(statement)
	}
	if err := cmp.Or(err, db.Close()); err != nil {
		b.Fatal(err)
	}
}

// asNamed fails when the server did not do without what its name says, and nothing else.
func (w *logged) asNamed(b *testing.B, cluster *pgkeeper.Cluster, database string) {
	db, err := sql.Open("postgres", cluster.DSN(pgkeeper.SuperRole, database))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var records, leaves int64
	if err := db.QueryRow(`SELECT (SELECT count(*) FROM record WHERE event = 'command'), (SELECT count(*) FROM leaf)`).Scan(&records, &leaves); err != nil {
		b.Fatal(err)
	}
	if w.rule == "" && records < w.renamed.Load() || w.rule != "" && records > 0 || w.sequenced != (leaves > 0) || w.sequenced && leaves < records {
		b.Errorf("%s: %d commands have %d records, and there are %d leaves", w.name, w.renamed.Load(), records, leaves)
	}
}

// round measures once at full load and once paced.
func (w *logged) round(b *testing.B) {
	if w.sequenced {
		ctx, cancel := context.WithCancel(b.Context())
		var sequencer sync.WaitGroup
		sequencer.Go(func() { w.app.Sequence(ctx) })
		defer sequencer.Wait()
		defer cancel()
	}
	over := time.After(fullFor)
	due := make(chan time.Time)
	go func() {
		defer close(due)
		for {
			select {
			case due <- time.Now():
			case <-over:
				return
			}
		}
	}()
	begun := time.Now()
	took := w.under(b, due)
	w.speeds = append(w.speeds, float64(len(took))/time.Since(begun).Seconds())
	w.full = append(w.full, percentile99(took))

	const all = int(pacedFor / pace)
	waiting := make(chan time.Time, all) // nobody waits for who is late
	go func() {
		defer close(waiting)
		for first, n := time.Now(), 0; n < all; n++ {
			at := first.Add(time.Duration(n) * pace)
			time.Sleep(time.Until(at))
			waiting <- at
		}
	}()
	w.paced = append(w.paced, percentile99(w.under(b, waiting)))
}

// under has everybody at every table carry out what is due, and tells how long each took
// since then, in milliseconds.
func (w *logged) under(b *testing.B, due <-chan time.Time) (took []float64) {
	var mu sync.Mutex
	var writers sync.WaitGroup
	actor := audit.Actor{User: w.chair, Door: "live", Request: "CONNECTION"}
	for id, column := range w.columns {
		for range writersAtEach {
			writers.Go(func() {
				var mine []float64
				for at := range due {
					with := fmt.Appendf(nil, `{"column":%s,"title":"Vragen %d"}`, column, w.renamed.Add(1))
					if answer := w.app.Do(b.Context(), actor, id, fresh(), "rename_column", with); answer.Refusal != nil {
						b.Error(answer.Refusal)
					}
					mine = append(mine, float64(time.Since(at).Microseconds())/1000)
				}
				mu.Lock()
				defer mu.Unlock()
				took = append(took, mine...)
			})
		}
	}
	writers.Wait()
	slices.Sort(took)
	return took
}

func percentile99(sorted []float64) float64 { return sorted[len(sorted)*99/100] }

func median(of []float64) float64 {
	of = slices.Sorted(slices.Values(of))
	return of[len(of)/2]
}
