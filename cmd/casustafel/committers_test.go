package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

const (
	contestedCases = 4
	writersPerNode = 3
	commandsEach   = 25
)

// Two committers write to the same cases: every command is answered once, the
// log has no gap, and nothing ever waits in a circle.
func TestTwoCommittersOnTheSameCases(t *testing.T) {
	tb, a := newTable(t)
	b := tb.node("second")
	db := tb.sql()
	iris := tb.browser(a, "Iris")
	before := deadlocks(t, db)
	var writers sync.WaitGroup
	for range contestedCases {
		id := tb.openCase(a, "Iris")
		for i := range 2 * writersPerNode {
			w := tb.sat(at([]*node{a, b}[i%2], iris), "Iris", id, nil)
			writers.Go(func() { writeMuch(t, w) })
		}
	}
	writers.Wait()
	var broken []string
	if err := db.Select(&broken, `SELECT c.id FROM cases c LEFT JOIN event e ON e.case_id = c.id GROUP BY c.id, c.seq
		HAVING count(*) <> c.seq OR max(e.seq) <> c.seq OR min(e.seq) <> 1`); err != nil || len(broken) > 0 {
		t.Errorf("cases with a gap: %v, %v", broken, err)
	}
	var stored int
	if err := db.Get(&stored, `SELECT count(*) FROM event WHERE type = 'card_drafted' AND case_id <> $1`, tb.id); err != nil {
		t.Fatal(err)
	}
	if want := contestedCases * 2 * writersPerNode * commandsEach; stored != want {
		t.Errorf("%d cards are stored, %d were answered", stored, want)
	}
	if after := deadlocks(t, db); after != before {
		t.Errorf("%d deadlocks", after-before)
	}
	if log, err := os.ReadFile(server.Cluster().LogFile()); err != nil || strings.Contains(string(log), "deadlock") {
		t.Errorf("PostgreSQL's log tells of a deadlock (%v)", err)
	}
}

// writeMuch gives commands without waiting for the one before, and takes the
// answers.
func writeMuch(t *testing.T, w *watcher) {
	column := w.sees().Columns[0].ID
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var ids []casework.CommandID
	for range commandsEach {
		id := casework.NewID[casework.CommandID](rand.Reader)
		if err := w.client.DoAs(id, "draft_card", map[string]any{"column": column, "title": "kaart", "class": "private", "kind": "fact"}); err != nil {
			t.Error(err)
			return
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		if m, ok := w.answerTo(ctx, id); !ok || !m.OK {
			t.Errorf("a command: %s", m.Raw)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	answers := 0
	for _, f := range w.frames {
		if strings.HasPrefix(string(f), `{"t":"answer"`) {
			answers++
		}
	}
	if answers != commandsEach {
		t.Errorf("%d answers to %d commands", answers, commandsEach)
	}
}

// A case whose row somebody holds waits its turn; all others go on.
func TestOneHeldCaseDelaysNoOther(t *testing.T) {
	tb, a := newTable(t)
	b := tb.node("second")
	iris := tb.browser(a, "Iris")
	held, free := tb.openCase(a, "Iris"), tb.openCase(a, "Iris")
	onHeld := []*watcher{tb.sat(iris, "held", held, nil), tb.sat(at(b, iris), "held", held, nil)}
	onFree := []*watcher{tb.sat(iris, "free", free, nil), tb.sat(at(b, iris), "free", free, nil)}
	holder, err := tb.sql().BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback() //nolint:errcheck // it is over by then
	if _, err := holder.Exec(`SELECT 1 FROM cases WHERE id = $1 FOR UPDATE`, held); err != nil {
		t.Fatal(err)
	}
	var waiting []casework.CommandID
	for _, w := range onHeld {
		id := casework.NewID[casework.CommandID](rand.Reader)
		if err := w.client.DoAs(id, "rename_case", map[string]any{"name": fmt.Sprint("Naam ", id)}); err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, id)
	}
	for i := range 20 {
		for _, w := range onFree {
			w.must(t, "draft_card", map[string]any{"column": w.sees().Columns[0].ID, "title": fmt.Sprint("kaart ", i), "class": "private", "kind": "fact"})
		}
	}
	for i, w := range onHeld {
		w.mu.Lock()
		if _, answered := w.answers[waiting[i]]; answered {
			t.Error("a command on the held case was answered while the case was held")
		}
		w.mu.Unlock()
	}
	if err := holder.Rollback(); err != nil {
		t.Fatal(err)
	}
	for i, w := range onHeld {
		if m, ok := w.answerTo(within(t), waiting[i]); !ok || m.Error != nil && m.Error.Kind == casework.Unavailable {
			t.Errorf("after its turn: %s", m.Raw)
		}
	}
}

// sql is a connection to the table's database that no rule binds.
func (tb *table) sql() *sqlx.DB {
	db, err := sqlx.Open("postgres", server.DSN(tb.database))
	if err != nil {
		tb.t.Fatal(err)
	}
	tb.t.Cleanup(func() { db.Close() }) //nolint:errcheck // nothing to save
	return db
}

func deadlocks(t *testing.T, db *sqlx.DB) (n int) {
	t.Helper()
	if err := db.Get(&n, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); err != nil {
		t.Fatal(err)
	}
	return n
}

// openCase opens another case of somebody's own.
func (tb *table) openCase(n *node, name string) casework.CaseID {
	tb.t.Helper()
	id, err := n.app.OpenCase(tb.t.Context(), sessionOf(tb.users[name], casework.ChildWorker), casework.NewID[casework.CommandID](rand.Reader), "Een andere casus", app.Templates[0])
	if err != nil {
		tb.t.Fatal("open a case:", err)
	}
	return id
}

// organisation is the one that somebody of the demo case works for.
func (tb *table) organisation(n *node, name string) casework.OrganisationID {
	tb.t.Helper()
	access, err := n.app.Access(tb.t.Context(), tb.id)
	if err != nil {
		tb.t.Fatal(err)
	}
	for _, m := range access.Team {
		if m.User == tb.users[name] {
			return m.Organisation
		}
	}
	tb.t.Fatal(name, "is not at the table")
	return ""
}

// reopen opens a closed case again as Hanneke asks it and Els says yes, if Hanneke
// may ask it now.
func (tb *table) reopen(n *node, id casework.CaseID) {
	tb.t.Helper()
	hanneke, els := sessionOf(tb.users["Hanneke"], casework.Chair), sessionOf(tb.users["Els"], casework.Manager)
	els.Account.Organisation, els.Account.Demo = tb.organisation(n, "Hanneke"), true
	if err := n.app.AskSecond(tb.t.Context(), hanneke, id, casework.ActReopen, "mistake"); err != nil {
		tb.refused(err)
		return
	}
	asked, err := n.app.Seconds(tb.t.Context(), els)
	if err != nil {
		tb.t.Error("what waits for a second person:", err)
	}
	for _, s := range asked { // others may do the same for their own cases
		tb.refused(n.app.AnswerSecond(tb.t.Context(), els, s.ID, true))
	}
}

// refused takes an error that the program gives for an answer.
func (tb *table) refused(err error) {
	if kind := casework.KindOf(err); err != nil && (kind == casework.Internal || kind == casework.Unavailable) {
		tb.t.Error(err)
	}
}

func sessionOf(user casework.UserID, discipline casework.Role) app.Session {
	return app.Session{Account: identity.Account{ID: user, Discipline: discipline, Language: "nl"}}
}
