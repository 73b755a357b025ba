package main

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

// aMinuteLater makes it longer than a minute ago that any node said that its stays go on.
func (p *killable) aMinuteLater(t *testing.T) {
	t.Helper()
	if _, err := p.sql(t).Exec(`UPDATE node_life SET confirmed = confirmed - interval '2 minutes'`); err != nil {
		t.Fatal(err)
	}
}

// everyStayEnds waits until every stay has its one end on the record, and gives how many
// of them say that they were cut off.
func (p *killable) everyStayEnds(t *testing.T) (cut int) {
	t.Helper()
	db := p.sql(t)
	eventually(t, func() (bool, string) {
		var open, odd int
		if err := db.QueryRow(`SELECT (SELECT count(*) FROM stay), count(*) FILTER (WHERE joins <> 1 OR leaves <> 1), coalesce(sum(cut), 0)
			FROM (SELECT count(*) FILTER (WHERE event = 'join') AS joins, count(*) FILTER (WHERE event = 'leave') AS leaves, count(*) FILTER (WHERE detail ? 'cut_off') AS cut
				FROM record WHERE event IN ('join', 'leave') AND outcome = 'done' GROUP BY request) stays`).Scan(&open, &odd, &cut); err != nil {
			t.Fatal(err)
		}
		return open == 0 && odd == 0, fmt.Sprintf("%d stays are open, %d have not one beginning and one end, %d were cut off", open, odd, cut)
	})
	return cut
}

// besides does what another node does beside this one, once.
func (p *killable) besides(t *testing.T) {
	t.Helper()
	dsn, err := pgkeeper.Beside(filepath.Join(p.dir, "data", "demo"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := store.OpenKeyFile(filepath.Join(p.dir, "key", "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	err = useApp(t.Context(), private(dsn, nil), keys, func(a *app.App, _ *store.Store) error {
		once, stop := context.WithCancel(t.Context())
		stop()
		a.Sequence(once)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// staysOfAStopped lets the program stand still for so long that its stays are taken for
// over: when it goes on everybody is sent away first, and a stay that begins then is
// another one.
func (p *killable) staysOfAStopped(t *testing.T) {
	t.Helper()
	b, err := liveclient.SignIn(t.Context(), p.address(), p.links["Iris"])
	if err != nil {
		t.Fatal(err)
	}
	sits := func() *liveclient.Client {
		t.Helper()
		for ctx := within(t); ; time.Sleep(50 * time.Millisecond) { // as a browser comes back, though sooner
			c, err := b.Dial(ctx, p.id, "", "")
			if err == nil {
				if _, err = c.Until(isHello); err == nil {
					return c
				}
				c.Close() //nolint:errcheck // it is closed
			}
			if ctx.Err() != nil {
				t.Fatal(err)
			}
		}
	}
	c := sits()
	defer c.Close() //nolint:errcheck // it may be closed
	signal := func(s syscall.Signal) {
		if err := p.command.Process.Signal(s); err != nil {
			t.Error(err)
		}
	}
	signal(syscall.SIGSTOP)
	defer signal(syscall.SIGCONT)
	p.aMinuteLater(t)
	db := p.sql(t)
	eventually(t, func() (bool, string) { // the program may have been in the middle of something
		p.besides(t)
		var open int
		if err := db.Get(&open, `SELECT count(*) FROM stay`); err != nil {
			t.Fatal(err)
		}
		return open == 0, "the stay of a program that stands still goes on"
	})
	signal(syscall.SIGCONT)
	if _, err := c.Until(func(liveclient.Message) bool { return false }); liveclient.CloseCode(err) != 4000 && liveclient.CloseCode(err) != 4002 {
		t.Errorf("the connection whose stay is over ended with %v", err)
	}
	again := sits()
	if err := again.SayGoodbye(); err != nil {
		t.Error(err)
	}
	again.Close() //nolint:errcheck // all was said
}
