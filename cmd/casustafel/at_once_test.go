package main

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/policies"
)

// What takes a right from many boards at one time, while others write: other rules
// for everybody, another password, and the end of one's other sessions. From that
// commit on nothing later comes to a board on either node.
func TestManyBoardsAtOnceUnderTraffic(t *testing.T) {
	t.Parallel()
	tb, a := newTable(t)
	r := &withdrawals{table: tb, a: a, b: tb.node("second"), db: sqlx.MustOpen("postgres", server.DSN(tb.database))}
	t.Cleanup(func() { r.db.Close() }) //nolint:errcheck // nothing to save
	r.prepareCards()
	wies, err := a.app.AddUser(t.Context(), app.NewUser{Login: "wies@demo.example", Name: "Wies", Discipline: casework.ChildWorker, Organisation: "Elders", Password: words, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	tb.users["Wies"] = wies
	tb.member(a, wies, casework.Member{Role: casework.ChildWorker, Beside: []casework.PersonID{tb.person(r.cards[0].writer, "Fenna")}})
	stop, writing := make(chan struct{}), sync.WaitGroup{}
	for _, card := range r.cards {
		writing.Go(func() { r.keepWriting(card, stop) })
	}
	everything := []casework.Class{casework.Shared, casework.Safety, casework.Confidential}
	for _, end := range []struct {
		how    string
		hidden []casework.Class
		code   int // with which the boards end; 0: they stay
		do     func(context.Context, app.Session) error
	}{
		{"another password", everything, 4100, func(ctx context.Context, s app.Session) error {
			return a.app.ChangePassword(ctx, s, words, "een heel ander woord", "192.0.2.7")
		}},
		{"the sessions page", everything, 4100, func(ctx context.Context, s app.Session) error { return a.app.SignOutElsewhere(ctx, s) }},
		{"other rules", []casework.Class{casework.Confidential}, 0, func(ctx context.Context, _ app.Session) error {
			var without [][]byte
			for line := range bytes.Lines(policies.Lines) {
				if !bytes.HasPrefix(line, []byte("p, A-20,")) { // what a child told in confidence
					without = append(without, line)
				}
			}
			return a.app.PublishPolicy(ctx, policies.Model, bytes.Join(without, nil), app.SourceFile)
		}},
	} {
		r.endsAtOnce(end.how, end.hidden, end.code, end.do)
	}
	close(stop)
	writing.Wait()
	r.check(6) // three times two boards
}

// endsAtOnce opens a board on each node, takes a right away under a third session,
// and keeps what came.
func (r *withdrawals) endsAtOnce(how string, hidden []casework.Class, code int, do func(context.Context, app.Session) error) {
	own, err := r.a.app.SessionOf(r.t.Context(), tokenIn(r.t, r.browser(r.a, "Wies")))
	if err != nil {
		r.t.Fatal(err)
	}
	boards := []*watcher{r.watch(r.a, "Wies"), r.watch(r.b, "Wies")}
	for _, w := range boards {
		w.until(r.t, "some writing", func() bool { return len(w.frames) >= 5 })
	}
	if err := do(r.t.Context(), own); err != nil {
		r.t.Fatal(how, err)
	}
	var from int64
	if err := r.db.GetContext(r.t.Context(), &from, `SELECT epoch FROM access_epoch`); err != nil {
		r.t.Fatal(err)
	}
	for _, w := range boards {
		w.until(r.t, "the end of "+how, func() bool {
			told := slices.IndexFunc(w.frames, func(f []byte) bool { return bytes.HasPrefix(f, []byte(`{"t":"me"`)) })
			return w.err != nil || code == 0 && told >= 0 && len(w.frames) >= told+5
		})
		w.leave()
		s := stay{how: how, from: from, hidden: hidden, came: map[string]bool{}}
		w.mu.Lock()
		if got := liveclient.CloseCode(w.err); code != 0 && got != code {
			r.t.Errorf("%s: a board ended with %d (%v)", how, got, w.err)
		}
		for _, f := range w.frames {
			for _, id := range casetest.IDsIn(f) {
				s.came[id] = true
			}
		}
		w.mu.Unlock()
		r.seen = append(r.seen, s)
	}
}
