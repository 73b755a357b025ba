package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	joinsAtOnce   = 16
	arrivesWithin = 20 * time.Second
	lookEvery     = 5 * time.Millisecond
)

// crowd is everybody who is connected to one server, in rooms of equal size.
type crowd struct {
	ctx    context.Context // ends with the first failure
	fail   context.CancelCauseFunc
	meter  *meter
	people []*participant
}

// gatherCrowd connects somebody to every seat. Seats of one room stand together,
// in the order of their places.
func gatherCrowd(ctx context.Context, r *running, seats []seat) (*crowd, error) {
	c := &crowd{meter: newMeter()}
	c.ctx, c.fail = context.WithCancelCause(ctx)
	from := 0
	for i, s := range seats {
		if s.room != seats[from].room {
			from = i
		}
		p := &participant{seat: s, crowd: c, speaker: r.speaker(r.address, s), answers: make(chan struct{}, 1), ended: make(chan struct{})}
		if r.frames > 0 {
			p.limit = rate.NewLimiter(r.frames, r.burst)
		}
		c.people = append(c.people, p)
		if i+1 == len(seats) || seats[i+1].room != s.room {
			table := c.people[from : i+1]
			for _, p := range table {
				p.table, p.tally = table, newTally(len(table))
			}
		}
	}
	err := inParallel(len(c.people), joinsAtOnce, func(i int) (err error) {
		c.people[i].conn, err = c.people[i].speaker.join(c.ctx)
		return err
	})
	for _, p := range c.people {
		if p.conn != nil {
			go p.listen()
		}
	}
	if err != nil {
		return nil, errors.Join(err, c.leave())
	}
	return c, nil
}

// each lets everybody do something at the same time.
func (c *crowd) each(do func(context.Context, *participant) error) error {
	return inParallel(len(c.people), len(c.people), func(i int) error { return do(c.ctx, c.people[i]) })
}

// settle lets everybody put a first card on the table.
func (c *crowd) settle() error {
	return c.each(func(ctx context.Context, p *participant) error { return p.write(ctx, shared, 0) })
}

// allArrived waits until everybody received what they are to receive. One more
// edit in every room closes the row: as the order is kept, whatever came twice
// before it was noticed.
func (c *crowd) allArrived() error {
	err := c.each(func(ctx context.Context, p *participant) error {
		if p.seat.place != 0 {
			return nil
		}
		return p.write(ctx, shared, 0)
	})
	if err != nil {
		return err
	}
	deadline := time.Now().Add(arrivesWithin)
	for _, p := range c.people {
		for p.received.Load() != p.expected() {
			if time.Now().After(deadline) {
				return fmt.Errorf("room %s, place %d (%s): received %d of %d edits: the rest is lost", p.seat.room, p.seat.place, p.seat.role, p.received.Load(), p.expected())
			}
			select {
			case <-time.After(lookEvery):
			case <-c.ctx.Done():
				return context.Cause(c.ctx)
			}
		}
	}
	return context.Cause(c.ctx)
}

// leave closes all connections. A failure that nobody has heard of yet is told.
func (c *crowd) leave() error {
	for _, p := range c.people {
		p.closing.Store(true)
	}
	for _, p := range c.people {
		if p.conn != nil {
			p.close() //nolint:errcheck // the server may have closed it first
		}
	}
	err := context.Cause(c.ctx)
	c.fail(nil)
	return err
}

// inParallel does n things, some at once, and gives the first error.
func inParallel(n, atOnce int, do func(int) error) error {
	var group sync.WaitGroup
	turns := make(chan int)
	failed := make(chan error, n)
	for range min(n, atOnce) {
		group.Go(func() {
			for i := range turns {
				if err := do(i); err != nil {
					failed <- err
				}
			}
		})
	}
	for i := range n {
		turns <- i
	}
	close(turns)
	group.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}
