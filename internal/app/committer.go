package app

import (
	"context"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	maxBatch     = 512                  // commands in one transaction
	queueLength  = 4096                 // commands that wait; more are told to try again
	lockedOut    = 5 * time.Millisecond // before a case that another node holds is tried again
	maxWait      = 15 * time.Second     // of one command
	batchTimeout = 30 * time.Second
)

// request is a command on its way through the committer.
type request struct {
	actor   audit.Actor
	key     store.CommandKey
	command board.Command
	name    string
	since   time.Time
	answer  chan board.Answer // of length 1
}

// committer is the one writer of this node. It takes what all rooms have
// waiting into one transaction; nobody sees a change before it is committed.
type committer struct {
	app     *App
	queue   chan *request
	erased  chan casework.CaseID // to be forgotten
	stop    chan struct{}
	stopped chan struct{}
	tables  tables
}

func newCommitter(a *App) *committer {
	c := &committer{app: a, queue: make(chan *request, queueLength), erased: make(chan casework.CaseID, 64), stop: make(chan struct{}), stopped: make(chan struct{}), tables: tables{}}
	go c.run()
	return c
}

func (c *committer) close() {
	close(c.stop)
	<-c.stopped
}

// Do carries out one command and returns when it is committed or refused. A
// command that was carried out before gets its answer again, under today's
// rights.
func (a *App) Do(ctx context.Context, actor audit.Actor, id casework.CaseID, command casework.CommandID, name string, with []byte) board.Answer {
	if !casework.ValidID(command) || !casework.ValidID(id) {
		return board.Answer{Refusal: casework.Refuse(casework.Invalid, "bad_id")}
	}
	decoded, err := board.Decode(name, with)
	if err != nil {
		return board.Answer{Refusal: a.fault("decode a command", err)}
	}
	r := &request{actor: actor, key: store.CommandKey{Case: id, User: actor.User, ID: command}, command: decoded, name: name,
		since: time.Now(), answer: make(chan board.Answer, 1)}
	if !a.committer.accept(r) {
		return busy()
	}
	select {
	case answer := <-r.answer:
		return answer
	case <-ctx.Done():
		return busy()
	case <-a.committer.stopped:
		select {
		case answer := <-r.answer:
			return answer
		default:
			return busy()
		}
	}
}

// accept queues a request that will be answered; false when nothing is accepted
// any more, or too much waits.
func (c *committer) accept(r *request) bool {
	select {
	case <-c.stop:
		return false
	default:
	}
	select {
	case c.queue <- r:
		return true
	default:
		return false
	}
}

func busy() board.Answer {
	return board.Answer{Refusal: casework.Refuse(casework.Unavailable, "unavailable")}
}

// forget lets go of what is at hand of a case that was erased.
func (c *committer) forget(id casework.CaseID) {
	select {
	case c.erased <- id:
	case <-c.stopped:
	}
}

// run is the committer's loop. Cases that another node holds wait their turn
// without delaying the others.
func (c *committer) run() {
	defer close(c.stopped)
	var waiting []*request
	for {
		batch, more := c.take(waiting)
		if !more {
			return
		}
		waiting = c.carryOut(batch)
	}
}

// take collects what waits: blocking when there is nothing, and giving a locked
// out case a moment when there is nothing else. Once nothing is accepted any
// more, and nothing waits, there is no more to take.
func (c *committer) take(batch []*request) (_ []*request, more bool) {
	var pause <-chan time.Time
	stop := c.stop
	if len(batch) > 0 {
		pause, stop = time.After(lockedOut), nil // it would be ready at once, for as long as a case is locked out
	}
	select {
	case r := <-c.queue:
		batch = append(batch, r)
	case id := <-c.erased:
		delete(c.tables, id)
	case <-pause:
	case <-stop:
		if len(c.queue) == 0 {
			return nil, false
		}
	}
	for len(batch) < maxBatch {
		select {
		case r := <-c.queue:
			batch = append(batch, r)
		default:
			return batch, true
		}
	}
	return batch, true
}

// carryOut commits a batch, answers everybody in it and returns the requests
// whose case was held elsewhere. A batch that fails is tried again one command
// at a time, so that one bad command never fails its neighbours.
func (c *committer) carryOut(batch []*request) (waiting []*request) {
	// While the database is away each of a failed batch would take its time.
	if batch = inTime(batch); len(batch) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	b := newBatch(c.app, c.tables)
	err := c.app.store.Transact(ctx, func(tx *store.Tx) error { return c.guard(ctx, b, tx, batch) })
	if errors.Is(err, errRightsEnd) {
		b = newBatch(c.app, c.tables)
		b.ends = true
		err = c.app.store.Transact(ctx, func(tx *store.Tx) error { return c.guard(ctx, b, tx, batch) })
	}
	if err == nil {
		b.finish()
		return b.waiting
	}
	c.tables.forget(batch)
	if len(batch) > 1 {
		for _, r := range batch {
			waiting = append(waiting, c.carryOut([]*request{r})...)
		}
		return waiting
	}
	if errors.Is(err, store.ErrUnknownOutcome) {
		return batch // whether it happened is found by its command id
	}
	batch[0].answer <- board.Answer{Refusal: c.app.fault("carry out a command", err)}
	return nil
}

// guard keeps the committer alive when a batch panics: the batch fails.
func (c *committer) guard(ctx context.Context, b *batch, tx *store.Tx, requests []*request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = c.app.panicked("a batch")
		}
	}()
	return b.run(ctx, tx, requests)
}

// inTime answers those that waited too long: for their case, behind others, or
// for a database that does not say what happened. Trying again is right.
func inTime(batch []*request) (patient []*request) {
	for _, r := range batch {
		if time.Since(r.since) > maxWait {
			r.answer <- busy()
			continue
		}
		patient = append(patient, r)
	}
	return patient
}
