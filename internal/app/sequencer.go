package app

import (
	"context"
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
)

// sequencer gives records their leaves in the tree of the access log. Every node has
// one, and one at a time goes on with the tree. Nobody waits for it.
type sequencer struct {
	app    *App
	months time.Time // when their tables were made last
	failed time.Time // when a failure was told of last
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			_ = s.app.panicked("the sequencer")
		}
	}()
	if err := s.catchUp(ctx); err != nil && time.Since(s.failed) > time.Minute {
		s.failed = time.Now()
		s.app.log.Error("records wait for their leaves in the tree of the access log", "err", err)
	}
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

// giveLeaves gives a batch of records their leaves, in the order of the queue: what
// a clock says of records that were committed at different moments changes nothing.
// There may be more when the batch was full.
func (a *App) giveLeaves(ctx context.Context) (more bool, err error) {
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if held, err := tx.HoldTree(ctx); err != nil || !held {
			return err
		}
		waiting, err := tx.WaitingRecords(ctx, leavesAtOnce)
		if err != nil || len(waiting) == 0 {
			return err
		}
		size, err := store.TreeSize(ctx, tx)
		if err != nil {
			return err
		}
		tree, err := audit.OpenTree(size, store.TreeHashes(ctx, tx))
		if err != nil {
			return err
		}
		leaves := make([]store.NewLeaf, len(waiting))
		for i, w := range waiting {
			parts := w.Record.Leaf(w.Salts, tlog.Hash{})
			leaves[i] = store.NewLeaf{Record: w.Record.ID, At: w.Record.At, DetailHash: parts[len(parts)-1], Hashes: tree.Append(audit.LeafHash(parts))}
		}
		more = len(waiting) == leavesAtOnce
		return tx.AppendLeaves(ctx, size, leaves)
	})
	return more && err == nil, err
}
