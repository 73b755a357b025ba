package liveclient

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// Writer is somebody who writes in the notes of a case, over one connection after
// another. What is typed without a connection waits.
type Writer struct {
	Pause time.Duration // between two writes in one note, at least
	// Given is called with each write as it is first given, Told with what is told of
	// writing; both under the writer's lock.
	Given func(Write)
	Told  func([]view.Step)

	id casework.CaseID

	mu      sync.Mutex
	news    chan struct{} // closed and replaced when anything happened
	client  *Client       // nil: without a connection
	closed  error         // why the last connection ended
	kept    Client        // what it had, to go on from
	user    casework.UserID
	notes   map[casework.CardID]*Note
	last    map[casework.CardID]time.Time // of the write before
	journal []*Sent
	fault   error
}

// Sent is a write that was given to a server, maybe more than once.
type Sent struct {
	Write
	Over     string // the text that it was made in
	Given    int    // how often
	Answered bool   // that it is stored
	Refused  string // why it was, when it was answered last
}

// NewWriter is a writer without a connection.
func NewWriter(id casework.CaseID) *Writer {
	return &Writer{Given: func(Write) {}, Told: func([]view.Step) {}, id: id, news: make(chan struct{}), notes: map[casework.CardID]*Note{}, last: map[casework.CardID]time.Time{}}
}

// Connect sits down at a server, and goes on from the connection before.
func (w *Writer) Connect(ctx context.Context, b *Browser) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.client != nil {
		return errors.New("there is a connection")
	}
	c, err := b.Dial(ctx, w.id, w.kept.Cursor, w.kept.Seat)
	if err != nil {
		return err
	}
	c.State = w.kept.State
	hello, err := c.Until(func(m Message) bool { return m.Type == "hello" })
	if err != nil {
		return errors.Join(err, c.Close())
	}
	w.client, w.user, w.closed = c, hello.Me.User, nil
	w.take(hello)
	for _, n := range w.notes {
		if n.flight != nil {
			w.give(n.flight)
		}
	}
	w.send()
	w.tell()
	go w.read(c)
	return nil
}

// Drop ends the connection without a goodbye; it returns when reading has ended.
func (w *Writer) Drop(ctx context.Context) {
	w.mu.Lock()
	if w.client != nil {
		w.client.Kill() //nolint:errcheck // that is the point
	}
	w.mu.Unlock()
	w.Await(ctx, func() bool { return w.client == nil })
}

func (w *Writer) read(c *Client) {
	for {
		m, err := c.Next()
		w.mu.Lock()
		if err != nil {
			w.kept, w.client, w.closed = Client{State: c.State, Seat: c.Seat, Cursor: c.Cursor}, nil, err
			c.Close() //nolint:errcheck // the other side is gone
		} else {
			w.take(m)
			w.send()
		}
		w.tell()
		w.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (w *Writer) tell() {
	close(w.news)
	w.news = make(chan struct{})
}

// Await waits until something holds, which is asked under the writer's lock.
func (w *Writer) Await(ctx context.Context, holds func() bool) bool {
	for {
		w.mu.Lock()
		ok, news := holds(), w.news
		w.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-news:
		}
	}
}

// Type changes a note as it stands before its writer's eyes; false when there is
// no such card before them. Change gives what is to be done with the text.
func (w *Writer) Type(card casework.CardID, change func(text string) note.Changes) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.note(card)
	if n == nil {
		return false, w.fault
	}
	text, err := n.Text()
	if err == nil {
		err = n.Type(change(text))
	}
	w.send()
	return true, errors.Join(err, w.fault)
}

// Reads is a note as it stands before its writer's eyes, and which text of the
// server lies under it; for Await.
func (w *Writer) Reads(card casework.CardID) (text string, base casework.TextID, err error) {
	n := w.note(card)
	if n == nil {
		return "", "", w.fault
	}
	text, err = n.Text()
	return text, n.Base(), errors.Join(err, w.fault)
}

// Gone tells whether there is no connection; for Await.
func (w *Writer) Gone() bool { return w.client == nil }

// Stored tells whether nothing of the writer's waits for the server; for Await.
func (w *Writer) Stored() bool {
	for _, n := range w.notes {
		if !n.Stored() {
			return false
		}
	}
	return true
}

// Here tells whether there is a connection.
func (w *Writer) Here() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.client != nil
}

// Closed is why the last connection ended.
func (w *Writer) Closed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// Journal is every write that was given to a server, in order.
func (w *Writer) Journal() []Sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Sent, len(w.journal))
	for i, s := range w.journal {
		all[i] = *s
	}
	return all
}

// note is the note of a card that the writer sees.
func (w *Writer) note(id casework.CardID) *Note {
	if n := w.notes[id]; n != nil {
		return n
	}
	card, ok := w.sees().Cards[id]
	if !ok || card.Text == nil {
		return nil
	}
	w.notes[id] = newNote(w.user, *card.Text)
	return w.notes[id]
}

func (w *Writer) sees() view.Projection {
	if w.client != nil {
		return w.client.State
	}
	return w.kept.State
}

// take takes a message in.
func (w *Writer) take(m Message) {
	for id, n := range w.notes {
		card, seen := w.client.State.Cards[id]
		if !seen {
			w.faulty(n.giveUp())
			delete(w.notes, id)
			continue
		}
		written := written(m.Change, id)
		w.faulty(n.become(written, *card.Text))
		if written != nil {
			w.Told(written.Steps)
		}
	}
	if m.Type == "answer" {
		w.answer(m)
	}
}

// written is what a change tells of the writing in a note.
func written(d *view.Difference, card casework.CardID) *view.Written {
	if d != nil {
		for i := range d.Written {
			if d.Written[i].Card == card {
				return &d.Written[i]
			}
		}
	}
	return nil
}

// answer takes in what became of a write.
func (w *Writer) answer(m Message) {
	sent := w.sent(m.ID)
	if sent == nil {
		return
	}
	n := w.notes[sent.Card]
	under := n != nil && n.flight != nil && n.flight.ID == m.ID // else its own step was here before
	if m.OK {
		if sent.Answered = true; under {
			// Of a write that others left nothing of there is no step.
			if n.late == nil && sent.Given == 1 && !n.flight.Changes.Empty() {
				w.faulty(errors.New("a write was answered before its step was told"))
			}
			w.faulty(n.stored())
		}
		return
	}
	sent.Refused = m.Error.Reason
	switch {
	case !under:
	case m.Error.Kind == casework.TooMany && m.Error.Reason == "rate", m.Error.Kind == casework.Unavailable:
		flight := n.flight
		time.AfterFunc(retryAfter, func() { w.later(func() { w.give(flight) }) })
	case m.Error.Reason == "note_moved_on":
		w.faulty(n.again())
	default:
		w.faulty(n.giveUp())
	}
}

// retryAfter is how long a write waits that was given too fast, or too early.
const retryAfter = 20 * time.Millisecond

// sent is what the journal holds of a write; none when it is of somebody else.
func (w *Writer) sent(id casework.CommandID) *Sent {
	for i := len(w.journal) - 1; i >= 0; i-- { // it is one of the last
		if w.journal[i].ID == id {
			return w.journal[i]
		}
	}
	return nil
}

// later does something when there is still a connection.
func (w *Writer) later(what func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.client != nil {
		what()
	}
}

// send sends what waits, unless it is too soon after the write before.
func (w *Writer) send() {
	if w.client == nil {
		return
	}
	for id, n := range w.notes {
		if rest := w.Pause - time.Since(w.last[id]); rest > 0 && !n.unsent.Empty() && n.flight == nil {
			time.AfterFunc(rest, func() { w.later(w.send) })
			continue
		}
		write := n.send(casework.NewID[casework.CommandID](rand.Reader), id)
		if write == nil {
			continue
		}
		w.last[id] = time.Now()
		w.journal = append(w.journal, &Sent{Write: *write, Over: n.server})
		w.Given(*write)
		w.give(write)
	}
}

// give asks for a write; one that is lost with its connection is given anew.
func (w *Writer) give(write *Write) {
	n := w.notes[write.Card]
	if n == nil || n.flight != write {
		return
	}
	write.Base = n.base // and its changes are of that text by now
	w.sent(write.ID).Given++
	w.client.DoAs(write.ID, "write_note", write) //nolint:errcheck // who reads hears of a broken line
}

// faulty keeps the first thing that should never happen.
func (w *Writer) faulty(err error) {
	if err != nil && w.fault == nil {
		w.fault = fmt.Errorf("a note of %s: %w", w.user, err)
	}
}
