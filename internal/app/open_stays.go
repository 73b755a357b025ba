package app

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	// confirmStaysEvery is how often a node says that its stays go on.
	confirmStaysEvery = 5 * time.Second
	// coveredFor is how long after that anything may go out to anybody in a room.
	coveredFor = 30 * time.Second
	// cutOffAfter is how long after that a stay may be taken for over. The difference is
	// for clocks that go at another pace, and for what was on its way.
	cutOffAfter = time.Minute
	// endStaysEvery is how often ends that are missing are looked for.
	endStaysEvery = 5 * time.Second
)

// openStays are the stays in rooms of this node whose beginning is on the record and
// whose end is not yet. They are those of one life of the node: when others took that
// for over they all end with it, and new ones begin in the next.
type openStays struct {
	life atomic.Pointer[life] // nil: none just now

	mu      sync.Mutex
	unended map[string]time.Time // by connection when a stay ended, where that could not be recorded
}

// life is a life of the node, and when it was last asked to go on: as the machine's
// clock and the time that it was on both tell, which stands still in its sleep.
type life struct {
	id    string
	asked time.Time
}

func (l *life) age() time.Duration {
	now := time.Now()
	return max(now.Sub(l.asked), now.Round(0).Sub(l.asked.Round(0)))
}

// ConfirmStays says that the stays in rooms of this node go on. If they were taken for
// over meanwhile goOn is false: then every connection is to be closed before the next
// call, which begins a new life. Calls come one at a time.
func (a *App) ConfirmStays(ctx context.Context) (goOn bool, err error) {
	now := &life{asked: time.Now()}
	before := a.stays.life.Load()
	switch {
	case before == nil:
		now.id = casework.NewID[string](a.random)
		if err := a.store.BeginLife(ctx, now.id); err != nil {
			return false, err
		}
	case before.age() < confirmStaysEvery:
		return true, nil
	default:
		now.id = before.id
		if goOn, err = a.store.ConfirmLife(ctx, before.id); err != nil {
			return false, err
		}
		if !goOn {
			a.log.Warn("the stays in rooms of this node were taken for over, as it did not say that they go on: everybody comes back and joins again")
			a.stays.life.Store(nil)
			return false, nil
		}
	}
	a.stays.life.Store(now)
	return true, nil
}

// Covered tells whether the stays in rooms of this node are on the record as going on.
// While they are not nothing goes out to anybody there.
func (a *App) Covered() bool {
	l := a.stays.life.Load()
	return l != nil && l.age() <= coveredFor
}

// beginStay puts the beginning of a stay on the record, so that its end will be.
func (a *App) beginStay(ctx context.Context, tx *store.Tx, join audit.Record) error {
	l := a.stays.life.Load()
	if l == nil {
		return casework.Refuse(casework.Unavailable, "unavailable")
	}
	if err := tx.Record(ctx, join); err != nil {
		return err
	}
	return tx.BeginStay(ctx, l.id, join)
}

// endStay takes it that a stay is over; not open: its end is on the record.
func (a *App) endStay(ctx context.Context, tx *store.Tx, connection string) (open bool, err error) {
	l := a.stays.life.Load()
	if l == nil {
		return false, nil // all stays were taken for over
	}
	return tx.EndStay(ctx, l.id, connection)
}

// over remembers that a stay is over, of which that could not be recorded or is not
// known to be.
func (s *openStays) over(connection string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unended == nil {
		s.unended = map[string]time.Time{}
	}
	s.unended[connection] = at
}

// endStays puts the ends of stays on the record that are missing there: of this node
// those that could not be recorded, of nodes that are gone all.
func (a *App) endStays(ctx context.Context) {
	err := a.endUnended(ctx)
	for more := true; err == nil && more; {
		more, err = a.endCutOff(ctx)
	}
	if err != nil {
		a.log.Warn("stays that are over have no end on the record yet", "err", err)
	}
}

func (a *App) endUnended(ctx context.Context) error {
	l := a.stays.life.Load()
	a.stays.mu.Lock()
	missing := maps.Clone(a.stays.unended)
	a.stays.mu.Unlock()
	if l == nil || len(missing) == 0 {
		return nil
	}
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		joins, err := tx.OpenStays(ctx, l.id, slices.Collect(maps.Keys(missing)))
		if err != nil {
			return err
		}
		var ends []audit.Record
		for _, join := range joins {
			if open, err := tx.EndStay(ctx, l.id, join.Request); err != nil {
				return err
			} else if open {
				ends = append(ends, a.endOf(join, missing[join.Request]))
			}
		}
		return tx.Record(ctx, ends...)
	})
	if err != nil {
		return err
	}
	a.stays.mu.Lock()
	defer a.stays.mu.Unlock()
	for connection := range missing {
		delete(a.stays.unended, connection)
	}
	return nil
}

// endCutOff ends the stays of one node that is gone, or was away for so long that it
// will end them itself when it comes back. Their ends stand where they may have lasted
// until; beside it stands until when they lasted for sure.
func (a *App) endCutOff(ctx context.Context) (found bool, err error) {
	own := ""
	if l := a.stays.life.Load(); l != nil {
		own = l.id // this node is there, and says so itself
	}
	stays := 0
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		joins, confirmed, one, err := tx.CutOff(ctx, cutOffAfter, own)
		if found = one; err != nil {
			return err
		}
		ends := make([]audit.Record, len(joins))
		for i, join := range joins {
			ends[i] = a.endOf(join, confirmed.Add(cutOffAfter))
			ends[i].Detail[audit.CutOff] = confirmed.Format(time.RFC3339)
		}
		stays = len(ends)
		return tx.Record(ctx, ends...)
	})
	if err == nil && stays > 0 {
		a.log.Info("stays that were cut off have their end on the record", "stays", stays)
	}
	return found && err == nil, err
}

// endOf is the end of the stay that a record begins, as of the same person in the same
// place.
func (a *App) endOf(join audit.Record, at time.Time) audit.Record {
	end := join
	end.ID, end.Event, end.Source = casework.NewID[string](a.random), "leave", a.source
	if end.At = at; at.Before(join.At) {
		end.At = join.At // the clocks of the node and of the database differ
	}
	end.Detail = maps.Clone(join.Detail)
	if end.Detail == nil {
		end.Detail = map[string]string{} // it was erased
	}
	delete(end.Detail, "persons") // nothing is shown in leaving
	return end
}
