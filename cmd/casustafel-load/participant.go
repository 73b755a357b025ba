package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	// answerWithin is how long an answer may take before the run fails.
	answerWithin = 20 * time.Second
	// dueKept is how many edits of a stream keep when they were due: no reader
	// may be further behind.
	dueKept = 1 << 10
)

// participant is one connection that counts all it receives and may write.
type participant struct {
	seat    seat
	crowd   *crowd
	table   []*participant // everybody in the room, by place
	speaker speaker
	conn    *websocket.Conn
	limit   *rate.Limiter // of frames that the server takes; nil: none
	answers chan struct{} // of length 1
	ended   chan struct{} // by the reader
	closing atomic.Bool   // the end of the connection is no failure

	written [streams]atomic.Int64          // edits answered
	due     [streams][dueKept]atomic.Int64 // when each was to be sent, on the meter's clock

	// Of the reader.
	tally    tally
	received atomic.Int64    // edits, one's own too
	delays   []time.Duration // from due to received, of others' edits in the window
}

// listen reads until the connection ends.
func (p *participant) listen() {
	defer close(p.ended)
	for {
		_, frame, err := p.conn.ReadMessage()
		if err != nil {
			p.fail(fmt.Errorf("connection lost: %w", err))
			return
		}
		p.crowd.meter.frame(len(frame))
		answered, err := p.speaker.hear(frame, p.hear)
		if err != nil {
			p.fail(err)
			return
		}
		if answered {
			p.answers <- struct{}{}
		}
	}
}

func (p *participant) fail(err error) {
	if !p.closing.Load() {
		p.crowd.fail(fmt.Errorf("room %s, place %d (%s): %w", p.seat.room, p.seat.place, p.seat.role, err))
	}
}

// hear counts an edit that came in.
func (p *participant) hear(author, stream, number int) error {
	e, err := p.tally.count(author, stream, number)
	if err != nil {
		return err
	}
	if !p.mayRead(author, stream) {
		return fmt.Errorf("got a confidential edit of place %d (%s)", author, roleAt(author))
	}
	now := p.crowd.meter.now()
	p.received.Add(1)
	if !p.crowd.meter.delivered(now) || author == p.seat.place {
		return nil
	}
	if due := p.table[author].due[stream][e.n%dueKept].Load(); p.crowd.meter.within(due) {
		p.delays = append(p.delays, time.Duration(now-due))
	}
	return nil
}

// mayRead tells whether the edits of an author's stream are for this reader.
func (p *participant) mayRead(author, stream int) bool {
	return stream == shared || !p.speaker.selective() || author == p.seat.place || readsInConfidence(p.seat.role, roleAt(author))
}

// expected is how many edits this reader is to receive of all that were answered.
func (p *participant) expected() (n int64) {
	for author, from := range p.table {
		for stream := range from.written {
			if p.mayRead(author, stream) {
				n += from.written[stream].Load()
			}
		}
	}
	return n
}

// write makes the next edit of a stream at a moment (passed already: at once)
// and returns when it is answered.
func (p *participant) write(ctx context.Context, stream int, at int64) error {
	e := edit{p.seat.place, stream, int(p.written[stream].Load()) + 1}
	for prepares := true; prepares; {
		frame, again, err := p.speaker.ask(e)
		if err != nil {
			return fmt.Errorf("write an edit: %w", err)
		}
		if prepares = again; !prepares {
			due, err := p.crowd.meter.sleepUntil(ctx, at)
			if err != nil {
				return err
			}
			p.due[stream][e.n%dueKept].Store(due)
		}
		if p.limit != nil {
			if err := p.limit.Wait(ctx); err != nil {
				return err
			}
		}
		if err := p.conn.WriteMessage(websocket.TextMessage, frame); err != nil {
			return fmt.Errorf("write an edit: %w", err)
		}
		select {
		case <-p.answers:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(answerWithin):
			return errors.New("an edit was not answered in time")
		}
	}
	p.written[stream].Add(1)
	p.crowd.meter.answered()
	return nil
}

// close ends the connection and waits for the reader.
func (p *participant) close() error {
	p.closing.Store(true)
	err := p.conn.Close()
	<-p.ended
	return err
}
