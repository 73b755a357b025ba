package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/view"
)

// watcher is a client whose frames are read as they come, so that a test can
// wait for what it has to come to.
type watcher struct {
	name   string
	client *liveclient.Client

	mu      sync.Mutex
	news    chan struct{} // closed and replaced with every frame
	state   view.Projection
	here    []liveclient.Present
	carets  []liveclient.Caret
	seat    string
	cursor  string
	frames  [][]byte
	answers map[casework.CommandID]liveclient.Message
	err     error // why reading ended
}

// watch reads on from a client that may have been read before.
func watch(t testing.TB, name string, c *liveclient.Client) *watcher {
	w := &watcher{name: name, client: c, news: make(chan struct{}), answers: map[casework.CommandID]liveclient.Message{},
		state: c.State, here: c.Here, seat: c.Seat, cursor: c.Cursor}
	go w.read()
	t.Cleanup(w.leave)
	return w
}

func (w *watcher) read() {
	for {
		m, err := w.client.Next()
		w.mu.Lock()
		w.state, w.here, w.carets, w.seat, w.cursor = w.client.State, w.client.Here, w.client.Carets, w.client.Seat, w.client.Cursor
		if err != nil {
			w.err = err
		} else {
			w.frames = append(w.frames, m.Raw)
		}
		if m.Type != "change" && m.ID != "" {
			w.answers[m.ID] = m
		}
		close(w.news)
		w.news = make(chan struct{})
		w.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (w *watcher) leave() { w.client.Close() } //nolint:errcheck // may be closed already

// await waits until something holds; it is asked again after every frame and,
// as it may also hold by what happens elsewhere, every now and then.
func (w *watcher) await(ctx context.Context, holds func() bool) bool {
	for {
		w.mu.Lock()
		news := w.news
		ok := holds()
		w.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-news:
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return false
		}
	}
}

// until is await with a failure that says for what.
func (w *watcher) until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	if !w.await(within(t), holds) {
		w.mu.Lock()
		defer w.mu.Unlock()
		t.Fatalf("%s waits in vain for %s; %d frames, err %v", w.name, what, len(w.frames), w.err)
	}
}

// ask carries out a command and gives its answer; false when the connection
// ended before it came.
func (w *watcher) ask(ctx context.Context, command string, with any) (liveclient.Message, bool) {
	return w.askAs(ctx, casework.NewID[casework.CommandID](rand.Reader), command, with)
}

func (w *watcher) askAs(ctx context.Context, id casework.CommandID, command string, with any) (liveclient.Message, bool) {
	if w.client.DoAs(id, command, with) != nil {
		return liveclient.Message{}, false
	}
	return w.answerTo(ctx, id)
}

func (w *watcher) answerTo(ctx context.Context, id casework.CommandID) (answer liveclient.Message, ok bool) {
	w.await(ctx, func() bool {
		answer, ok = w.answers[id]
		return ok || w.err != nil
	})
	return answer, ok
}

// must carries out a command that is allowed and gives the id of what it made.
func (w *watcher) must(t testing.TB, command string, with any) string {
	t.Helper()
	m, ok := w.ask(within(t), command, with)
	if !ok || !m.OK {
		t.Fatalf("%s: %s: %s", w.name, command, m.Raw)
	}
	return m.Made
}

// closedWith waits for the end of the connection and gives its code.
func (w *watcher) closedWith(t testing.TB) int {
	t.Helper()
	w.until(t, "the end of the connection", func() bool { return w.err != nil })
	return liveclient.CloseCode(w.err)
}

// sees is what the watcher has now.
func (w *watcher) sees() view.Projection {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// failed is what ended the reading; nil while it goes on.
func (w *watcher) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// got tells whether anything that came holds the words. Quotes tell an id from
// a longer word.
func (w *watcher) got(words string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.frames {
		if bytes.Contains(f, []byte(words)) {
			return true
		}
	}
	return false
}

// sat opens the board for somebody who is signed in already and waits for hello.
func (tb *table) sat(b *liveclient.Browser, name string, id casework.CaseID, from *watcher) *watcher {
	tb.t.Helper()
	w, err := tb.join(b, name, id, from)
	if err != nil {
		tb.t.Fatalf("%s sits down: %v", name, err)
	}
	return w
}

// join does the same, for who may be refused. From is an earlier connection to
// go on from.
func (tb *table) join(b *liveclient.Browser, name string, id casework.CaseID, from *watcher) (*watcher, error) {
	var cursor, seat string
	if from != nil {
		cursor, seat = from.cursor, from.seat
	}
	ctx, cancel := context.WithTimeout(tb.t.Context(), time.Minute)
	defer cancel()
	c, err := b.Dial(ctx, id, cursor, seat)
	if err != nil {
		return nil, err
	}
	if from != nil {
		c.State = from.state
	}
	m, err := c.Until(isHello)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	w := watch(tb.t, name, c)
	w.mu.Lock()
	w.frames = append([][]byte{m.Raw}, w.frames...)
	w.mu.Unlock()
	return w, nil
}

func isHello(m liveclient.Message) bool { return m.Type == "hello" }

// watch signs a person in and opens the board of the demo.
func (tb *table) watch(n *node, name string) *watcher {
	tb.t.Helper()
	return tb.sat(tb.browser(n, name), name, tb.id, nil)
}

// at is the same browser at another node: a session holds on all of them.
func at(n *node, b *liveclient.Browser) *liveclient.Browser {
	return &liveclient.Browser{Base: n.origins[0], HTTP: b.HTTP}
}

// encoded is anything as JSON, to compare by.
func encoded(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// fresh is what a user would see of a case if it were read from the database
// now; false for who has no place at its table.
func fresh(t testing.TB, n *node, id casework.CaseID, user casework.UserID) (view.Projection, bool) {
	t.Helper()
	access, err := n.app.Access(t.Context(), id)
	if err != nil {
		t.Fatal("read who is at the table:", err)
	}
	commit, err := n.app.CatchUp(t.Context(), casework.NewState(id))
	if err != nil {
		t.Fatal("read the case:", err)
	}
	now := time.Now()
	reader, ok := access.Reader(user, now)
	if !ok || !reader.Rights.Allow(casework.ActJoin, casework.NoCell, commit.State.Status) {
		return view.Projection{}, false
	}
	return view.Project(commit.State, access, reader, now), true
}

// text and binary are the kinds of a raw frame.
const (
	textFrame   = websocket.TextMessage
	binaryFrame = websocket.BinaryMessage
)

// parts is what two projections differ in, for a failure to show.
func parts(t testing.TB, has, want view.Projection) string {
	t.Helper()
	var a, b map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal([]byte(encoded(t, has)), &a), json.Unmarshal([]byte(encoded(t, want)), &b)); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, part := range []string{"case", "team", "family", "columns", "cards", "order", "undo", "consents", "custody", "attendance"} {
		if string(a[part]) != string(b[part]) {
			fmt.Fprintf(&all, " has  %s %s\n want %s %s\n", part, a[part], part, b[part])
		}
	}
	return all.String()
}

// cardOf is the id of what a command made.
func cardOf(made string) casework.CardID { return casework.CardID(made) }
