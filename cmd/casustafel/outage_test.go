package main

import (
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/room"
)

// A node that lost its database cannot know who may still read: within a second
// it tells nobody anything, not even what it has in memory. When the database
// is back it goes on, and whoever lost a right meanwhile gets nothing of it.
func TestNodeWithoutDatabaseTellsNothing(t *testing.T) {
	tb, a := newTable(t)
	gate := newGate(t, tb)
	b := tb.startAs(serveCmd{Node: "second", limits: room.Limits{FramesPerSecond: 1e6, Burst: 1e6}}, gate.database())
	t.Cleanup(func() { b.close() }) //nolint:errcheck // connections that were cut say so
	iris, ruben, daan := tb.watch(a, "Iris"), tb.watch(b, "Ruben"), tb.watch(b, "Daan")
	write := func(title string) {
		card := iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": title, "class": "shared", "kind": "fact",
			"person": tb.person(iris, "Fenna")})
		iris.must(t, "table_card", map[string]any{"card": card})
	}
	who := func() casework.ErrorKind {
		id := casework.NewID[casework.CommandID](rand.Reader)
		if err := daan.client.Send(map[string]any{"t": "who", "id": id, "class": "shared"}); err != nil {
			t.Fatal(err)
		}
		m, ok := daan.answerTo(within(t), id)
		if !ok {
			t.Fatal("no answer to who")
		}
		if m.Error != nil {
			return m.Error.Kind
		}
		return ""
	}
	if got := who(); got != "" {
		t.Fatal("who may read:", got)
	}

	gate.shut()
	daan.until(t, "the node to be unsure", func() bool { return !b.hub.Fresh() })
	if got := who(); got != casework.Unavailable {
		t.Errorf("who may read, without a database: %q", got)
	}
	if code := status(t, b, "/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("readyz without a database: %d", code)
	}
	if code := status(t, a, "/readyz"); code != http.StatusOK {
		t.Errorf("readyz of the other node: %d", code)
	}
	write("voor het einde")
	if err := a.app.EndMember(t.Context(), chair, tb.id, tb.users["Ruben"]); err != nil {
		t.Fatal(err)
	}
	write("na het einde")

	gate.open(t)
	if code := ruben.closedWith(t); code != 4101 {
		t.Errorf("Ruben's connection ended with %d", code)
	}
	if ruben.got("na het einde") {
		t.Error("Ruben got what was written after his end")
	}
	daan.until(t, "what it missed", func() bool { _, ok := cardTitled(daan.state, "na het einde"); return ok })
	if got := who(); got != "" {
		t.Errorf("who may read, with the database back: %q", got)
	}
}

func status(t *testing.T, n *node, path string) int {
	t.Helper()
	response, err := http.Get(n.origins[0] + path) //nolint:noctx // of a test
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // nothing is read
	return response.StatusCode
}

// gate is a way to PostgreSQL that can be shut: nobody gets through, and whoever
// was through is cut off.
type gate struct {
	table    *table
	dir      string
	behind   string // the true socket
	mu       sync.Mutex
	listener net.Listener
	through  []net.Conn
}

const socketFile = ".s.PGSQL.5432"

func newGate(t *testing.T, tb *table) *gate {
	t.Helper()
	dir, err := os.MkdirTemp("", "gate-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) }) //nolint:errcheck // a directory for tests
	_, rest, _ := strings.Cut(server.DSN(tb.database), "host='")
	behind, _, _ := strings.Cut(rest, "'")
	g := &gate{table: tb, dir: dir, behind: filepath.Join(behind, socketFile)}
	g.open(t)
	t.Cleanup(g.shut)
	return g
}

// database is the table's database as reached through the gate.
func (g *gate) database() *database {
	db := g.table.db()
	for _, dsn := range []*string{&db.owner, &db.committer, &db.reader} {
		*dsn = strings.Replace(*dsn, filepath.Dir(g.behind), g.dir, 1)
	}
	return db
}

func (g *gate) open(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("unix", filepath.Join(g.dir, socketFile))
	if err != nil {
		t.Fatal(err)
	}
	g.mu.Lock()
	g.listener = listener
	g.mu.Unlock()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			g.pass(conn)
		}
	}()
}

func (g *gate) pass(from net.Conn) {
	to, err := net.Dial("unix", g.behind)
	if err != nil {
		from.Close() //nolint:errcheck // there is nothing behind the gate
		return
	}
	g.mu.Lock()
	g.through = append(g.through, from, to)
	g.mu.Unlock()
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		go func() {
			io.Copy(way[0], way[1]) //nolint:errcheck // ends when either side does
			way[0].Close()          //nolint:errcheck // the other side ended
			way[1].Close()          //nolint:errcheck // the other side ended
		}()
	}
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.listener.Close() //nolint:errcheck // shut twice is shut
	for _, c := range g.through {
		c.Close() //nolint:errcheck // may be over already
	}
	g.through = nil
}
