package main

import (
	"context"
	"sync/atomic"
	"time"
)

// meter counts what happens in a window of time. Its clock is nanoseconds since
// it was made.
type meter struct {
	start       time.Time
	from, until atomic.Int64

	edits, deliveries, frames, size atomic.Int64
}

func newMeter() *meter { return &meter{start: time.Now()} }

func (m *meter) now() int64 { return int64(time.Since(m.start)) }

// open sets the window.
func (m *meter) open(from, until int64) {
	m.until.Store(until)
	m.from.Store(from)
}

func (m *meter) within(at int64) bool {
	from := m.from.Load()
	return from > 0 && at >= from && at < m.until.Load()
}

func (m *meter) answered() {
	if m.within(m.now()) {
		m.edits.Add(1)
	}
}

// delivered counts an edit that a reader got, and tells whether it counted.
func (m *meter) delivered(at int64) bool {
	if !m.within(at) {
		return false
	}
	m.deliveries.Add(1)
	return true
}

func (m *meter) frame(size int) {
	if m.within(m.now()) {
		m.frames.Add(1)
		m.size.Add(int64(size))
	}
}

// sleepUntil waits for a moment and tells since when its work is due: since
// then if it had passed already, for whoever waits counts the wait; else since
// now, as a late alarm is not the server's.
func (m *meter) sleepUntil(ctx context.Context, at int64) (due int64, err error) {
	wait := at - m.now()
	if wait <= 0 {
		return at, nil
	}
	select {
	case <-time.After(time.Duration(wait)):
		return m.now(), nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}
