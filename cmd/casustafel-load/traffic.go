package main

import (
	"context"
	"slices"
	"time"
)

// traffic is what a window of edits showed.
type traffic struct {
	delays                          []time.Duration // sorted: from due to received
	edits, deliveries, frames, size int64
	seconds                         float64
	cost                            cost
}

// window is for how long it is measured, after warming up.
type window struct{ warmUp, length time.Duration }

// paced lets everybody write in turn, rate edits a second together.
func (c *crowd) paced(r *running, w window, rate float64) (traffic, error) {
	return c.watch(r, w, func(ctx context.Context, p *participant, index int, from, until int64) error {
		for k := 1; ; k++ {
			turn := float64(index + (k-1)*len(c.people))
			at := from + int64(turn/rate*float64(time.Second))
			if at >= until {
				return nil
			}
			if err := p.write(ctx, streamOf(k), at); err != nil {
				return err
			}
		}
	})
}

// greedy lets everybody write again as soon as the last edit is answered.
func (c *crowd) greedy(r *running, w window) (traffic, error) {
	return c.watch(r, w, func(ctx context.Context, p *participant, _ int, _, until int64) error {
		for k := 1; c.meter.now() < until; k++ {
			if err := p.write(ctx, streamOf(k), 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// watch lets everybody write from now on until the window ends, measures in the
// window, and then checks that everything arrived once.
func (c *crowd) watch(r *running, w window, write func(ctx context.Context, p *participant, index int, from, until int64) error) (traffic, error) {
	if err := c.settle(); err != nil {
		return traffic{}, err
	}
	from := c.meter.now()
	opens := from + int64(w.warmUp)
	until := opens + int64(w.length)
	c.meter.open(opens, until)
	costs := make(chan costOrError, 1)
	go func() { costs <- c.costBetween(r, opens, until) }()
	err := inParallel(len(c.people), len(c.people), func(i int) error { return write(c.ctx, c.people[i], i, from, until) })
	if err != nil {
		c.fail(err)
	}
	measured := <-costs
	if err == nil {
		err = c.allArrived()
	}
	if err == nil {
		err = measured.err
	}
	if err != nil {
		return traffic{}, err
	}
	t := traffic{edits: c.meter.edits.Load(), deliveries: c.meter.deliveries.Load(), frames: c.meter.frames.Load(), size: c.meter.size.Load(),
		seconds: w.length.Seconds(), cost: measured.cost}
	for _, p := range c.people {
		t.delays = append(t.delays, p.delays...)
	}
	slices.Sort(t.delays)
	return t, nil
}

type costOrError struct {
	cost cost
	err  error
}

// costBetween is what the server takes between two moments.
func (c *crowd) costBetween(r *running, opens, until int64) costOrError {
	var at [2]cost
	for i, moment := range []int64{opens, until} {
		if _, err := c.meter.sleepUntil(c.ctx, moment); err != nil {
			return costOrError{err: err}
		}
		var err error
		if at[i], err = r.cost(); err != nil {
			return costOrError{err: err}
		}
	}
	return costOrError{cost: cost{at[1].process - at[0].process, at[1].database - at[0].database}}
}

// percentile of the delays in milliseconds; the crowd was too small without any.
func (t traffic) percentile(p float64) float64 {
	if len(t.delays) == 0 {
		return 0
	}
	return float64(t.delays[int(p*float64(len(t.delays)-1))]) / float64(time.Millisecond)
}

// perDelivery is CPU in microseconds.
func (t traffic) perDelivery(d time.Duration) float64 {
	return float64(d.Microseconds()) / float64(max(t.deliveries, 1))
}
