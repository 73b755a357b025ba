package app

import (
	"context"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	leavesAtOnce  = 2000                   // in one transaction
	sequencePause = 300 * time.Millisecond // gathers records: a leaf is there within a second
	sequenceTick  = time.Second            // before a look for records of others
	lastRound     = 5 * time.Second        // at most, before the node stops
	monthsEvery   = 24 * time.Hour         // are tables made for the records to come
	lookEvery     = 5 * time.Second        // how far the tree has come
	tellEvery     = time.Minute            // what does not pass is told again
)

// LogState is how the access log of this node's database is doing.
type LogState struct {
	store.LogState
	Held string // why the tree is not gone on with; empty when it is
}

// LogState is how the access log was doing a moment ago.
func (a *App) LogState() LogState {
	if state := a.logState.Load(); state != nil {
		return *state
	}
	return LogState{}
}

// sequencer gives records their leaves in the tree of the access log, and signs it.
// Every node has one, and one at a time goes on with the tree. Nobody waits for it.
type sequencer struct {
	app                          *App
	months, signed, looked, told time.Time // when last
	ended                        time.Time // when stays that have no end last were looked for
}

// Sequence gives every record its leaf until ctx ends, and then once more for what
// came last.
func (a *App) Sequence(ctx context.Context) {
	s := &sequencer{app: a}
	for {
		s.run(ctx, batchTimeout)
		select {
		case <-ctx.Done():
			s.run(ctx, lastRound)
			return
		case <-time.After(sequencePause):
		}
		select {
		case <-ctx.Done():
		case <-a.store.Recorded():
		case <-time.After(sequenceTick - sequencePause):
		}
	}
}

// run does what there is to do now, whole even when it is to stop. What fails is tried
// again at the next tick.
func (s *sequencer) run(ctx context.Context, within time.Duration) {
	last := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			_ = s.app.panicked("the sequencer")
		}
	}()
	if time.Since(s.ended) > endStaysEvery {
		s.app.endStays(ctx)
		s.ended = time.Now()
	}
	err := s.catchUp(ctx)
	if err == nil {
		err = s.sign(ctx, last)
	}
	s.tell(ctx, err)
}

func (s *sequencer) catchUp(ctx context.Context) error {
	if time.Since(s.months) > monthsEvery {
		if err := s.app.store.MakeRecordMonths(ctx, s.app.moment()); err != nil {
			return err
		}
		s.months = time.Now()
	}
	for {
		waiting, err := s.app.store.AnyWaiting(ctx)
		if err != nil || !waiting {
			return err
		}
		if more, err := s.app.giveLeaves(ctx); err != nil || !more {
			return err
		}
	}
}

func (s *sequencer) sign(ctx context.Context, last bool) error {
	if s.app.signing == nil || !last && time.Since(s.signed) < s.app.checkpointEvery {
		return nil
	}
	_, err := s.app.sign(ctx, last)
	if err == nil {
		s.signed = time.Now()
	}
	return err
}

// tell makes known how the log is doing: what is wrong at once, and again and again.
func (s *sequencer) tell(ctx context.Context, err error) {
	if errors.Is(err, errTreeBusy) {
		err = nil // another node does it
	}
	state := s.app.LogState()
	state.Held = whyHeld(err)
	if err != nil && time.Since(s.told) > tellEvery {
		s.told = time.Now()
		if state.Held == "" {
			s.app.log.Error("records wait for their place in the tree of the access log", "err", err)
		} else {
			s.app.log.Error("THE ACCESS LOG IS HELD: it is not what this server signed. Records wait; run casustafel audit verify, and see docs/audit.md", "why", state.Held)
		}
	}
	if time.Since(s.looked) > lookEvery {
		if state.LogState, err = s.app.store.LogState(ctx); err == nil {
			s.looked = time.Now()
		}
	}
	s.app.logState.Store(&state)
}

// giveLeaves gives a batch of records their leaves, in the order of the queue: what
// a clock says of records that were committed at different moments changes nothing.
// There may be more when the batch was full.
func (a *App) giveLeaves(ctx context.Context) (more bool, err error) {
	err = a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		more, err = a.giveLeavesIn(ctx, tx)
		return err
	})
	return more && err == nil, err
}

// giveLeavesIn does so in a transaction, which holds the tree until its end.
func (a *App) giveLeavesIn(ctx context.Context, tx *store.Tx) (more bool, err error) {
	if err := holdTree(ctx, tx); err != nil {
		return false, err
	}
	size, err := store.TreeSize(ctx, tx)
	if err != nil {
		return false, err
	}
	if a.signing != nil {
		if _, err := a.stand(ctx, tx, size); err != nil {
			return false, err
		}
	}
	tree, err := audit.OpenTree(size, store.TreeHashes(ctx, tx))
	if err != nil {
		return false, err
	}
	var leaves []store.NewLeaf
	for w, err := range tx.WaitingRecords(ctx, leavesAtOnce) {
		if err != nil {
			return false, err
		}
		parts := w.Record.Leaf(w.Salts, tlog.Hash{})
		leaves = append(leaves, store.NewLeaf{Record: w.Record.ID, At: w.Record.At, DetailHash: parts[len(parts)-1], Hashes: tree.Append(audit.LeafHash(parts))})
	}
	return len(leaves) == leavesAtOnce, tx.AppendLeaves(ctx, size, leaves)
}
