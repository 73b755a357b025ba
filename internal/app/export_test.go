package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// QueueLength is how many commands wait at most.
const QueueLength = queueLength

// Enqueue queues a command, as Do does, and leaves its answer to be waited for:
// that gives tests the order. It is false when nothing is accepted.
func (a *App) Enqueue(actor audit.Actor, id casework.CaseID, command casework.CommandID, name string, c board.Command) (<-chan board.Answer, bool) {
	r := &request{actor: actor, key: store.CommandKey{Case: id, User: actor.User, ID: command}, command: c, name: name,
		since: time.Now(), answer: make(chan board.Answer, 1)}
	return r.answer, a.committer.accept(r)
}

// LockedOut is how long the committer waits for a case that another node holds.
const LockedOut = lockedOut

// TakeWhileStopping is how long a committer that stops takes to look as many
// times whether a case is still locked out.
func TakeWhileStopping(times int) time.Duration {
	c := &committer{queue: make(chan *request), stop: make(chan struct{})}
	close(c.stop)
	began := time.Now()
	for range times {
		c.take([]*request{{}})
	}
	return time.Since(began)
}

// Notify tells people something, as a change would.
func (a *App) Notify(ctx context.Context, tx *store.Tx, about store.Notice, to ...casework.UserID) error {
	return a.notify(ctx, tx, about, to...)
}

// LettersAreOut waits until nothing that was written is on its way.
func (a *App) LettersAreOut() { a.postman.Wait() }

// TidyErasedOnce does what a node does about erased cases now and then.
func (a *App) TidyErasedOnce(ctx context.Context) error { return a.tidyErased(ctx) }

// DropOldRecordsOnce does what a node does every day about lines whose period is over.
func (a *App) DropOldRecordsOnce(ctx context.Context) error { return a.dropOldRecords(ctx) }

// CheckOlderThan checks the next stretch of a number of leaves of those before the newest,
// of which there are so many.
func (a *App) CheckOlderThan(ctx context.Context, newest, stretch int64) (audit.Verdict, error) {
	verdict, _, err := a.checkOlder(ctx, newest, stretch)
	return verdict, err
}

// NextOlder is when the next stretch is checked of so many leaves.
func NextOlder(leaves int64) time.Duration { return nextOlder(leaves, olderLeaves) }

// GiveLeaves gives the records that wait their leaves.
func (a *App) GiveLeaves(ctx context.Context) error {
	_, err := a.giveLeaves(ctx)
	return err
}

// Unconfirmed makes it so much longer ago that this node said that its stays go on.
func (a *App) Unconfirmed(longer time.Duration) {
	l := *a.stays.life.Load()
	l.asked = l.asked.Add(-longer)
	a.stays.life.Store(&l)
}

// GoesOn tells whether a decision only goes on with a stretch of writing.
func GoesOn(d board.Decision) bool { return goesOn(d) }
