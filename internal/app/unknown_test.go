package app_test

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// The backend dies at COMMIT, once: nothing was committed, the command is tried
// again and stored once.
func TestBackendThatDiesAtCommit(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.exec(t, `CREATE SEQUENCE deaths`,
		`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN
			IF NEW.type = ''case_renamed'' AND nextval(''deaths'') <= 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); END IF;
			RETURN NULL; END'`,
		`CREATE CONSTRAINT TRIGGER die AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`)
	letGo := c.stall(t)
	answers := []<-chan board.Answer{c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Een"}),
		c.queue(t, "iris", c.id, "draft_card", with{"column": c.column(t), "title": "Kaart", "class": "shared", "kind": "question"}),
		c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Twee"})}
	letGo()
	for _, a := range answers {
		if got := answer(t, a); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	if n := one[int](t, c.door, `SELECT last_value FROM deaths`); n < 3 {
		t.Errorf("only %d tries: nothing died", n)
	}
	state := c.state(t, c.id)
	if state.Name.Body != "Twee" && state.Name.Body != "Een" || len(state.Cards) != 1 {
		t.Errorf("the case is %q with %d cards", state.Name.Body, len(state.Cards))
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM event WHERE type = 'case_renamed'`); n != 2 {
		t.Errorf("renamed %d times", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE detail->>'command' = 'draft_card'`); n != 1 {
		t.Errorf("%d records of one command", n)
	}
}

// An error that the server itself gives at COMMIT is no lost connection: the
// command is refused at once, and only that one.
func TestRefusalAtCommit(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
			IF NEW.type = ''column_renamed'' THEN RAISE EXCEPTION ''late''; END IF; RETURN NULL; END'`,
		`CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`)
	column := c.column(t)
	letGo := c.stall(t)
	bad := c.queue(t, "hanneke", c.id, "rename_column", with{"column": column, "title": "Nooit"})
	good := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Wel"})
	letGo()
	if got := answer(t, bad); got.Refusal == nil || got.Refusal.Kind != casework.Internal {
		t.Errorf("answered %v", got.Refusal)
	}
	if got := answer(t, good); got.Refusal != nil {
		t.Errorf("its neighbour: %v", got.Refusal)
	}
	if state := c.state(t, c.id); state.Name.Body != "Wel" || state.Columns[0].Title.Body == "Nooit" {
		t.Errorf("the case is %q", state.Name.Body)
	}
}

// The connection is lost after COMMIT was carried out and before its answer: the
// command is found by its id, answered, and stored once.
func TestAnswerToCommitIsLost(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	line := newWire(t, c.config.Committer)
	behind := c
	behind.store = storetest.Open(t, store.Config{Committer: line.dsn, Reader: c.config.Reader, Keys: c.config.Keys})
	behind.App = c.node(t, "behind", behind.store)
	column := c.column(t)
	line.cut.Store(true)
	got := behind.ask(t, "iris", "draft_card", with{"column": column, "title": "Kaart", "class": "shared", "kind": "question"})
	if got.Refusal != nil || got.Made == "" {
		t.Fatalf("answered %v", got.Refusal)
	}
	if line.cut.Load() {
		t.Error("no answer was lost")
	}
	if state := c.state(t, c.id); len(state.Cards) != 1 || state.Cards[casework.CardID(got.Made)] == nil {
		t.Errorf("%d cards, and not the one that was answered", len(state.Cards))
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE detail->>'command' = 'draft_card'`); n != 1 {
		t.Errorf("%d records of one command", n)
	}
}

// wire is a way to PostgreSQL that can lose the answer to the next COMMIT.
type wire struct {
	dsn string
	cut atomic.Bool
}

var socketDir = regexp.MustCompile(`host='([^']*)' port=(\d+)`)

func newWire(t *testing.T, dsn string) *wire {
	t.Helper()
	at := socketDir.FindStringSubmatch(dsn)
	if at == nil {
		t.Fatal("no socket in", dsn)
	}
	dir, err := os.MkdirTemp("", "wire-") // a socket's path has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	name := ".s.PGSQL." + at[2]
	listener, err := net.Listen("unix", filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	w := &wire{dsn: strings.Replace(dsn, at[1], dir, 1)}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", filepath.Join(at[1], name))
			if err != nil {
				near.Close()
				return
			}
			go w.carry(near, far)
		}
	}()
	return w
}

// carry passes both ways until either side ends, or the answer to a COMMIT is
// the one to lose.
func (w *wire) carry(near, far net.Conn) {
	defer near.Close()
	defer far.Close()
	var losing atomic.Bool
	go func() {
		defer far.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := near.Read(buffer)
			if bytes.Contains(buffer[:n], []byte("COMMIT\x00")) && w.cut.CompareAndSwap(true, false) {
				losing.Store(true)
			}
			if n > 0 {
				if _, err := far.Write(buffer[:n]); err != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := far.Read(buffer)
		if losing.Load() {
			return // the answer came this far
		}
		if _, broken := near.Write(buffer[:n]); err != nil || broken != nil {
			return
		}
	}
}
