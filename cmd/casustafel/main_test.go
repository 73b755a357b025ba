package main

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/demo"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/room"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

var server storetest.Server

func TestMain(m *testing.M) { storetest.Main(m, &server) }

// table is a database with the demo case, to serve from one or more nodes.
type table struct {
	t        testing.TB
	database string
	keys     *store.Keyring
	signing  *store.Signing
	log      *logBuffer
	users    map[string]casework.UserID // by name
	id       casework.CaseID
}

// newTable makes the database; the first node seeds the demo case.
func newTable(t testing.TB) (*table, *node) {
	t.Helper()
	tb := tableOn(t, storetest.Keys(t))
	tb.database = server.Database(t)
	n := tb.node("first")
	tb.seed(n)
	return tb, n
}

// tableOn is a table without a database yet.
func tableOn(t testing.TB, keys *store.Keyring) *table {
	return &table{t: t, keys: keys, signing: storetest.Signing(t), log: &logBuffer{}, users: map[string]casework.UserID{}}
}

// seed makes the demo case, or finds it where it was made before.
func (tb *table) seed(n *node) {
	t := tb.t
	t.Helper()
	users, err := demo.Seed(t.Context(), n.app)
	if err != nil {
		t.Fatal("seed the demo case:", err)
	}
	for _, u := range users {
		tb.users[u.Name] = u.ID
		if err := n.app.PutHintsAway(t.Context(), u.ID, app.Hints...); err != nil {
			t.Fatal(err)
		}
	}
	cases, err := n.app.MyCases(t.Context(), tb.users["Iris"])
	if err != nil || len(cases) != 1 {
		t.Fatalf("cases of Iris: %v, %v", cases, err)
	}
	tb.id = cases[0].ID
}

// node serves the table on an address of its own until the test ends.
func (tb *table) node(name string) *node {
	tb.t.Helper()
	n := tb.start(name)
	tb.t.Cleanup(func() {
		if err := n.close(); err != nil {
			tb.t.Error("close a node:", err)
		}
	})
	return n
}

// unlimited is for tests that are about something else.
var unlimited = room.Limits{FramesPerSecond: 1e6, Burst: 1e6, PerUser: 1000}

// start serves the table; the caller closes the node.
func (tb *table) start(name string) *node {
	tb.t.Helper()
	return tb.startAs(serveCmd{Node: name, limits: unlimited}, tb.db())
}

// startAs does the same with settings and a way to the database of its own.
func (tb *table) startAs(s serveCmd, db *database) *node {
	tb.t.Helper()
	s.Listen, s.Demo, s.signing, s.pdfWithin = "127.0.0.1:0", true, tb.signing, time.Minute
	listener, err := s.listen()
	if err != nil {
		tb.t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(tb.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	n, err := s.openOn(tb.t.Context(), db, tb.keys, listener, log)
	if err != nil {
		tb.t.Fatal("start a node:", err)
	}
	return n
}

func (tb *table) db() *database {
	c := server.Config(tb.database, tb.keys)
	return &database{owner: server.DSN(tb.database), committer: c.Committer, reader: c.Reader}
}

// browser signs a person of the demo in at a node.
func (tb *table) browser(n *node, name string) *liveclient.Browser {
	tb.t.Helper()
	link, err := n.app.NewSignInLink(tb.t.Context(), tb.users[name])
	if err != nil {
		tb.t.Fatal("make a link:", err)
	}
	b, err := liveclient.SignIn(tb.t.Context(), n.origins[0], link)
	if err != nil {
		tb.t.Fatal(err)
	}
	return b
}

// sit signs a person in and opens the board; it returns after hello.
func (tb *table) sit(n *node, name string) *liveclient.Client {
	tb.t.Helper()
	c, err := tb.browser(n, name).Dial(within(tb.t), tb.id, "", "")
	if err != nil {
		tb.t.Fatal(err)
	}
	tb.t.Cleanup(func() { c.Close() }) //nolint:errcheck // may be closed already
	if _, err := c.Until(isHello); err != nil {
		tb.t.Fatalf("%s sits down: %v", name, err)
	}
	return c
}

// member changes what somebody is at the table; it holds when it returns.
func (tb *table) member(n *node, user casework.UserID, m casework.Member) {
	tb.t.Helper()
	m.User = user
	if m.From.IsZero() {
		m.From = time.Now().Add(-time.Minute)
	}
	if err := n.app.SetMember(tb.t.Context(), chair, tb.id, store.Membership{Member: m, Ground: "test"}); err != nil {
		tb.t.Fatal(err)
	}
}

// within bounds what a test waits for: only a hang takes this long.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// eventually looks until something holds, for a minute; it says what is the matter until
// then.
func eventually(t testing.TB, looks func() (holds bool, matter string)) {
	t.Helper()
	for ctx := within(t); ; {
		holds, matter := looks()
		if holds {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatal(matter)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// logBuffer keeps everything the nodes log.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
