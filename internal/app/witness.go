package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// askedWithin is how far the clock of a witness may be off.
const askedWithin = 5 * time.Minute

// witnesses are the partners who may see how the log grows, and no more of it.
type witnesses struct {
	known []*audit.CosignVerifier
	mu    sync.Mutex
	asked map[string]time.Time // when each asked last, by its key
}

// first tells whether something asked at a moment is not an old question of the same
// witness once more.
func (w *witnesses) first(by *audit.CosignVerifier, at, now time.Time) bool {
	if off := now.Sub(at); off > askedWithin || off < -askedWithin {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !at.After(w.asked[by.String()]) {
		return false
	}
	if w.asked == nil {
		w.asked = map[string]time.Time{}
	}
	w.asked[by.String()] = at
	return true
}

// ShowWitness answers what a witness signed that it asks: with the newest checkpoint,
// and the proof that the tree that it saw last is in it. For anybody else, and for what
// a witness asked before, there is nothing here: casework.Absent. What the log cannot
// prove it does not prove: the witness then says so.
func (a *App) ShowWitness(ctx context.Context, signed []byte) ([]byte, error) {
	asks, by, err := audit.ReadAsks(signed, a.witnesses.known)
	if err != nil || a.signing == nil || !a.witnesses.first(by, asks.At, a.moment()) {
		return nil, casework.Absent()
	}
	keys, err := a.signing.Keys()
	if err != nil {
		return nil, a.fault("show the log to a witness", err)
	}
	if asks.Origin != keys.Origin() {
		return nil, casework.Absent()
	}
	grown := audit.Grown{Old: asks.Size}
	err = a.store.AtOneMoment(ctx, func(q store.Queryer) error {
		newest, err := store.NewestCheckpoint(ctx, q)
		if err != nil {
			return err
		}
		grown.Checkpoint = []byte(newest.Note)
		if asks.Size == 0 || asks.Size >= newest.Size {
			return nil
		}
		grown.Proof, err = tlog.ProveTree(newest.Size, asks.Size, store.TreeHashes(ctx, q))
		if lost := (*audit.LostHash)(nil); errors.As(err, &lost) {
			a.log.Error("the growth of the access log cannot be proven to a witness: run casustafel audit verify", "witness", by.Name(), "err", err)
			return nil
		}
		return err
	})
	if err != nil {
		return nil, a.fault("show the log to a witness", err)
	}
	if len(grown.Checkpoint) == 0 {
		return nil, casework.Refuse(casework.Unavailable, "unavailable") // nothing was signed yet
	}
	return grown.Write(), nil
}

// Cosign keeps what a witness signed under a checkpoint that this log gave. Anything
// else is as if there were nothing here: casework.Absent.
func (a *App) Cosign(ctx context.Context, signed []byte) error {
	text, line, by, at, err := audit.CosignatureOf(signed, a.witnesses.known)
	if err != nil {
		return casework.Absent()
	}
	checkpoint, err := audit.ReadCheckpoint(text)
	if off := a.moment().Sub(at); err != nil || off > askedWithin || off < -askedWithin {
		return casework.Absent()
	}
	known, err := a.store.Cosign(ctx, store.Cosignature{Size: checkpoint.Size, Witness: by.Name(), At: at, Line: line}, text)
	if err != nil {
		return a.fault("keep what a witness signed", err)
	}
	if !known {
		return casework.Absent()
	}
	return nil
}
