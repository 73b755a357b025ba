package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// figures are what one part measured at one server, by name; the order of the
// names is that of the report.
type figures []figure

type figure struct {
	name  string
	value float64
}

// part is one of the things that are measured. It has the server to itself,
// freshly started.
type part struct {
	name    string
	measure func(b *bench, r *running, round int) (figures, error)
}

var parts = []part{{"paced", (*bench).paced}, {"max", (*bench).max}, {"hot", (*bench).hot}, {"note", (*bench).note}, {"idle", (*bench).idle}, {"join", (*bench).join}}

func (b *bench) paced(r *running, round int) (figures, error) {
	t, err := b.traffic(r, b.world.rounds[round].paced, func(c *crowd) (traffic, error) {
		return c.paced(r, b.window(), b.Rate)
	})
	return append(delays(t), costs(t)...), err
}

func (b *bench) max(r *running, round int) (figures, error) {
	t, err := b.traffic(r, b.world.rounds[round].max, func(c *crowd) (traffic, error) {
		return c.greedy(r, b.window())
	})
	return append(figures{{"edits/s", float64(t.edits) / t.seconds}}, costs(t)...), err
}

func (b *bench) hot(r *running, round int) (figures, error) {
	t, err := b.traffic(r, b.world.rounds[round].hot, func(c *crowd) (traffic, error) {
		return c.paced(r, b.window(), b.HotRate)
	})
	return append(delays(t), costs(t)...), err
}

func (b *bench) window() window { return window{b.WarmUp, b.Window} }

func delays(t traffic) figures {
	return figures{{"p50 ms", t.percentile(0.5)}, {"p99 ms", t.percentile(0.99)}}
}

func costs(t traffic) figures {
	return figures{{"server CPU us/delivery", t.perDelivery(t.cost.process)}, {"with PostgreSQL us/delivery", t.perDelivery(t.cost.process + t.cost.database)},
		{"bytes/delivery", float64(t.size) / float64(max(t.deliveries, 1))}}
}

func (b *bench) traffic(r *running, seats []seat, measure func(*crowd) (traffic, error)) (traffic, error) {
	c, err := gatherCrowd(b.ctx, r, seats)
	if err != nil {
		return traffic{}, err
	}
	t, err := measure(c)
	if left := c.leave(); err == nil {
		err = left
	}
	return t, err
}

// idle measures what connections cost that nobody uses: the growth of resident
// memory from one connection a room to all of them.
func (b *bench) idle(r *running, round int) (figures, error) {
	seats := b.world.rounds[round].max
	var first, rest []seat
	for i := range b.Idle {
		rest = append(rest, seats[i%len(seats)])
	}
	for _, s := range seats {
		if s.place == 0 {
			first = append(first, s)
		}
	}
	before, err := b.memoryWith(r, first)
	if err != nil {
		return nil, err
	}
	defer before.crowd.leave() //nolint:errcheck // nothing was asked of it
	after, err := b.memoryWith(r, rest)
	if err != nil {
		return nil, err
	}
	return figures{{"KiB/connection", float64(after.kib-before.kib) / float64(len(rest))}}, after.crowd.leave()
}

type memory struct {
	crowd *crowd
	kib   int64
}

func (b *bench) memoryWith(r *running, seats []seat) (memory, error) {
	c, err := gatherCrowd(b.ctx, r, seats)
	if err != nil {
		return memory{}, err
	}
	if err := pause(b.ctx, b.WarmUp); err != nil {
		return memory{}, errors.Join(err, c.leave())
	}
	kib, err := residentKiB(r.cmd.Process.Pid)
	if err != nil {
		return memory{}, errors.Join(err, c.leave())
	}
	return memory{c, kib}, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// warmJoins are timed after the first.
const warmJoins = 20

// join times how long it takes from opening a socket to hello: in a case with a
// long history, in one with a note of as many changes, and in a new one. The
// references have no history at all.
func (b *bench) join(r *running, round int) (figures, error) {
	fresh := b.world.rounds[round].paced[:b.Clients]
	var all figures
	for _, table := range []struct {
		name  string
		seats []seat
	}{{"after history", b.world.long}, {"after writing", b.world.written}, {"new case", fresh}} {
		var took []float64
		for i := range 1 + warmJoins {
			start := time.Now()
			c, err := gatherCrowd(b.ctx, r, table.seats[i%len(table.seats):][:1])
			if err != nil {
				return nil, err
			}
			took = append(took, float64(time.Since(start))/float64(time.Millisecond))
			if err := c.leave(); err != nil {
				return nil, err
			}
		}
		first := took[0]
		slices.Sort(took[1:])
		all = append(all, figure{fmt.Sprintf("%s, first ms", table.name), first}, figure{fmt.Sprintf("%s, later ms", table.name), took[1+warmJoins/2]})
	}
	return all, nil
}
