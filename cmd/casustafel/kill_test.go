package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/pgkeeper"
)

// killRounds is how often the program, and PostgreSQL under it, are killed.
const killRounds = 2

// Promise 2 on the real program: kill -9 of it, and of PostgreSQL alone, while
// many write. What was answered is stored once, what was not at most once, and
// the log has no gap: told from what the clients noted and the database alone. Every
// stay has its end on the record, also one of a program that was killed or stood still.
func TestKilledUnderLoad(t *testing.T) {
	p := newKillable(t)
	p.start(t)
	l := &load{killable: p, stop: make(chan struct{})}
	for name := range p.links {
		if name != "Els" {
			l.begin(t, name)
		}
	}
	for range killRounds {
		l.busy(t)
		p.kill(t)
		p.start(t)
		l.busy(t)
		p.killPostgres(t)
		l.busy(t)
	}
	close(l.stop)
	l.writing.Wait()
	l.check(t)
	p.aMinuteLater(t)
	killed := p.everyStayEnds(t)
	p.staysOfAStopped(t)
	if stopped := p.everyStayEnds(t); killed == 0 || stopped != killed+1 {
		t.Errorf("%d stays were cut off by a kill, and %d by standing still", killed, stopped-killed)
	}
}

// killable is the built binary with a data directory of its own.
type killable struct {
	dir, binary string
	command     *exec.Cmd
	said        *bytes.Buffer

	mu    sync.Mutex
	base  string
	links map[string]string // sign-in token by name
	id    casework.CaseID
}

func newKillable(t *testing.T) *killable {
	t.Helper()
	dir, err := os.MkdirTemp("", "casustafel-kill-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) }) //nolint:errcheck // a directory for tests
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err) // PostgreSQL runs as another user there
	}
	p := &killable{dir: dir, binary: filepath.Join(dir, "casustafel"), said: &bytes.Buffer{}}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", p.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return p
}

// start runs the program and reads its address and sign-in links.
func (p *killable) start(t *testing.T) {
	t.Helper()
	c := exec.Command(p.binary, "serve", "--demo", "--data-dir="+filepath.Join(p.dir, "data"),
		"--master-key-file="+filepath.Join(p.dir, "key", "master.key"), "--listen=127.0.0.1:0", "--metrics=")
	hold, input, err := os.Pipe() // an open standard input: nobody presses Enter
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log := &logBuffer{}
	c.Stdin, c.Stderr = hold, log
	if err := c.Start(); err != nil {
		t.Fatal("start the program:", err)
	}
	p.command = c
	t.Cleanup(func() {
		input.Close()                     //nolint:errcheck // it is over
		hold.Close()                      //nolint:errcheck // it is over
		c.Process.Signal(syscall.SIGTERM) //nolint:errcheck // may be killed already
		c.Wait()                          //nolint:errcheck // it may have been killed
		if t.Failed() {
			t.Logf("the program said:\n%s", log)
		}
	})
	lines, links := bufio.NewScanner(out), map[string]string{}
	base := ""
	for lines.Scan() {
		line := lines.Text()
		if address, ok := strings.CutPrefix(line, "Casustafel: "); ok {
			base = address
		}
		if _, token, ok := strings.Cut(line, "/enter#"); ok {
			links[strings.Fields(line)[0]] = token
		}
		if strings.HasPrefix(line, "Use a private window") {
			break
		}
	}
	if base == "" || len(links) < 6 {
		t.Fatalf("the program did not come up; it said:\n%s", log)
	}
	go io.Copy(io.Discard, out) //nolint:errcheck // ends with the program
	p.mu.Lock()
	p.base, p.links = base, links
	p.mu.Unlock()
}

func (p *killable) kill(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.command.Wait() //nolint:errcheck // it was killed
}

// killPostgres ends the postmaster alone; the program brings it back.
func (p *killable) killPostgres(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(p.dir, "data", "demo", "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.Fields(string(content))[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal("kill PostgreSQL:", err)
	}
}

// address is where the program is now.
func (p *killable) address() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.base
}

// sql goes to the program's private cluster directly.
func (p *killable) sql(t *testing.T) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", fmt.Sprintf("host=%s port=5432 user=%s dbname=postgres sslmode=disable",
		filepath.Join(p.dir, "data", "demo", "postgres.run"), pgkeeper.SuperRole))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) //nolint:errcheck // nothing to save
	return db
}

// load is many who write without end, and what each noted.
type load struct {
	*killable
	stop    chan struct{}
	writing sync.WaitGroup
	note    casework.CardID // that all write in

	mu       sync.Mutex
	given    []casework.CommandID          // noted before it was sent
	answered map[casework.CommandID]string // what it made, noted when the answer came
}

// writer is one of them, by the session that it keeps.
type writer struct {
	*load
	browser *liveclient.Browser
	client  *liveclient.Client
	writes  bool // in the note, not cards of its own
}

// tableNote puts a card on the table whose text everybody may change.
func (l *load) tableNote(t *testing.T, b *liveclient.Browser) {
	t.Helper()
	c, err := b.Dial(t.Context(), l.id, "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // all was said
	if _, err := c.Until(isHello); err != nil {
		t.Fatal(err)
	}
	m, err := c.Ask("draft_card", map[string]any{"column": c.State.Columns[0].ID, "title": "Samen", "class": "shared", "kind": "fact"})
	if err == nil && m.OK {
		l.note = casework.CardID(m.Made)
		m, err = c.Ask("table_card", map[string]any{"card": l.note})
	}
	if err != nil || !m.OK {
		t.Fatalf("no card to write on: %s %v", m.Raw, err)
	}
}

func (l *load) begin(t *testing.T, name string) {
	t.Helper()
	b, err := liveclient.SignIn(t.Context(), l.address(), l.links[name])
	if err != nil {
		t.Fatal(err)
	}
	if l.id == "" {
		_, page, err := b.Get(t.Context(), "/")
		_, after, ok := strings.Cut(page, `/cases/`)
		if err != nil || !ok {
			t.Fatalf("the list of cases: %v", err)
		}
		l.id = casework.CaseID(after[:casework.IDLength])
		l.answered = map[casework.CommandID]string{}
		l.tableNote(t, b)
	}
	for _, writes := range []bool{false, true} {
		w := &writer{load: l, browser: b, writes: writes}
		l.writing.Go(func() { w.run(t) })
	}
}

// run gives command after command; each is repeated under its own id until it
// is answered.
func (w *writer) run(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	defer w.away()
	for {
		select {
		case <-w.stop:
			return
		default:
		}
		id := casework.NewID[casework.CommandID](rand.Reader)
		w.mu.Lock()
		w.given = append(w.given, id)
		w.mu.Unlock()
		for !w.try(ctx, id) {
			if ctx.Err() != nil {
				t.Error("a command was never answered")
				return
			}
			time.Sleep(10 * time.Millisecond) // as a browser would, though sooner
		}
	}
}

// try gives the command once; true when it is answered for good.
func (w *writer) try(ctx context.Context, id casework.CommandID) bool {
	if w.client == nil {
		b := &liveclient.Browser{Base: w.address(), HTTP: w.browser.HTTP}
		c, err := b.Dial(ctx, w.id, "", "")
		if err != nil {
			return false
		}
		w.client = c
		if _, err := c.Until(isHello); err != nil {
			return w.away()
		}
	}
	if command, with := w.command(id); w.client.DoAs(id, command, with) != nil {
		return w.away()
	}
	m, err := w.client.Until(func(m liveclient.Message) bool { return m.Type == "answer" && m.ID == id })
	if err != nil {
		return w.away()
	}
	if !m.OK {
		return false // the database is away, or too much at a time: once more, by the same id
	}
	w.mu.Lock()
	w.answered[id] = m.Made
	w.mu.Unlock()
	return true
}

// command is another card, or another text in place of the one in the note.
func (w *writer) command(id casework.CommandID) (string, any) {
	if !w.writes {
		return "draft_card", map[string]any{"column": w.client.State.Columns[0].ID, "title": "Onder druk " + string(id), "class": "private", "kind": "fact"}
	}
	was := w.client.State.Cards[w.note].Text
	return "write_note", liveclient.Write{Card: w.note, Base: was.Base, Changes: note.Between(was.Body, string(id))}
}

func (w *writer) away() bool {
	if w.client != nil {
		w.client.Close() //nolint:errcheck // the other side is gone
		w.client = nil
	}
	return false
}

// busy waits until so much more was answered.
func (l *load) busy(t *testing.T) {
	t.Helper()
	count := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.answered)
	}
	deadline := time.After(time.Minute)
	for from := count(); count() < from+40; {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			t.Fatal("nothing is answered any more")
		}
	}
}

func (l *load) check(t *testing.T) {
	t.Helper()
	db := l.sql(t)
	var events []struct {
		Command casework.CommandID `db:"command"`
		Made    string             `db:"made"`
		Count   int                `db:"count"`
	}
	if err := db.Select(&events, `SELECT command, min(data->>'card') AS made, count(*) AS count FROM event
		WHERE case_id = $1 AND type = 'card_drafted' GROUP BY command
		UNION ALL SELECT command, min(text_id), count(*) FROM note_step WHERE case_id = $1 GROUP BY command`, l.id); err != nil {
		t.Fatal(err)
	}
	stored := map[casework.CommandID]string{}
	for _, e := range events {
		stored[e.Command] = e.Made
		if e.Count != 1 {
			t.Errorf("command %s is stored %d times", e.Command, e.Count)
		}
	}
	for id, made := range l.answered {
		if stored[id] == "" || stored[id] != made && made != "" { // what a write made is not told twice
			t.Errorf("command %s was answered with %q, stored is %q", id, made, stored[id])
		}
	}
	unanswered := 0
	for _, id := range l.given {
		if _, ok := l.answered[id]; !ok {
			unanswered++
		}
	}
	var gap bool
	if err := db.Get(&gap, `SELECT NOT (count(*) = max(e.seq) AND min(e.seq) = 1 AND max(e.seq) = max(c.seq))
		FROM event e JOIN cases c ON c.id = e.case_id WHERE c.id = $1`, l.id); err != nil || gap {
		t.Errorf("the log has a gap: %t, %v", gap, err)
	}
	var steps, broken int
	if err := db.Get(&steps, `SELECT count(*) FROM note_step WHERE case_id = $1`, l.id); err != nil || steps == 0 {
		t.Errorf("nobody wrote in the note: %v", err)
	}
	if err := db.Get(&broken, `SELECT count(*) FROM (SELECT from_id, lag(text_id) OVER (ORDER BY ink) AS before, ink, row_number() OVER (ORDER BY ink) AS n
		FROM note_step WHERE case_id = $1) s WHERE ink <> n OR n > 1 AND from_id <> before`, l.id); err != nil || broken != 0 {
		t.Errorf("%d steps of the note do not follow the one before: %v", broken, err)
	}
	t.Logf("%d given, %d answered, %d stored, %d of them in the note, %d never answered", len(l.given), len(l.answered), len(stored), steps, unanswered)
}
