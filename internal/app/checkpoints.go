package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// checkpointsEvery is how often the tree is signed while it grows.
const checkpointsEvery = 10 * time.Second

// errTreeBusy means that another node goes on with the tree at this moment.
var errTreeBusy = errors.New("another node holds the tree")

// holdTree makes a transaction the one that goes on with the tree.
func holdTree(ctx context.Context, tx *store.Tx) error {
	got, err := tx.HoldTree(ctx)
	if err == nil && !got {
		return errTreeBusy
	}
	return err
}

// heldError says why the tree is not gone on with: what is there is not what was
// signed. Whoever runs the server has to look. Records wait meanwhile.
type heldError struct{ why string }

func (e *heldError) Error() string { return "the access log is held: " + e.why }

func held(why string, args ...any) error { return &heldError{fmt.Sprintf(why, args...)} }

// whyHeld is why an error holds the log; empty when it does not.
func whyHeld(err error) string {
	var held *heldError
	if errors.As(err, &held) {
		return held.why
	}
	var lost *audit.LostHash
	if errors.As(err, &lost) {
		return lost.Error()
	}
	return ""
}

// standing is what the tree stands on.
type standing struct {
	keys   audit.Keys
	kept   string           // the newest checkpoint outside the database
	newest store.Checkpoint // the newest in it
}

// stand reads what a tree of that size stands on, and holds the tree to it.
func (a *App) stand(ctx context.Context, tx *store.Tx, size int64) (s standing, err error) {
	if s.keys, err = a.signing.Keys(); err != nil {
		return s, err
	}
	if s.kept, err = a.signing.Newest(); err != nil {
		return s, err
	}
	if s.newest, err = store.NewestCheckpoint(ctx, tx); err != nil {
		return s, err
	}
	return s, a.holdTo(ctx, tx, s, size)
}

// holdTo compares a tree with what was signed of it.
func (a *App) holdTo(ctx context.Context, tx *store.Tx, s standing, size int64) error {
	if seen := a.stood.Load(); seen != nil && seen.kept == s.kept && seen.newest.Note == s.newest.Note && s.newest.Size <= size {
		return nil // it was compared with these before
	}
	signed, err := a.signedOf(s, size)
	if err != nil {
		return err
	}
	for _, checkpoint := range signed {
		if err := a.sameRoot(ctx, tx, checkpoint); err != nil {
			return err
		}
	}
	a.stood.Store(&s)
	return nil
}

// signedOf opens the checkpoints that count for a tree of that size, the newest outside
// the database and the newest in it: the one outside first, which nobody changes who
// changes only the database. It holds the log if they cannot be of that tree, or of one
// another.
func (a *App) signedOf(s standing, size int64) (signed []audit.Checkpoint, err error) {
	if s.kept != "" {
		outside, err := s.keys.Open(s.kept)
		switch {
		case err != nil:
			return nil, held("the checkpoint in %s is not one that the audit key signed", a.signing.Checkpoint)
		case outside.Size > size:
			return nil, held("it has %d leaves, and %d were signed: an older backup was restored, or its end was cut off", size, outside.Size)
		case outside.Size > s.newest.Size:
			return nil, held("its newest checkpoint was signed at %d leaves, and another at %d: the newest are gone", s.newest.Size, outside.Size)
		}
		signed = append(signed, outside.Checkpoint)
	}
	if s.newest.Size > 0 {
		inside, err := s.keys.Open(s.newest.Note)
		switch {
		case err != nil || inside.Size != s.newest.Size:
			return nil, held("its newest checkpoint is not one that the audit key signed")
		case inside.Size > size:
			return nil, held("it has %d leaves, and %d were signed: its end was cut off", size, inside.Size)
		}
		signed = append(signed, inside.Checkpoint)
	}
	return signed, nil
}

func (a *App) sameRoot(ctx context.Context, tx *store.Tx, signed audit.Checkpoint) error {
	root, err := tlog.TreeHash(signed.Size, store.TreeHashes(ctx, tx))
	if err == nil && root != signed.Root {
		return held("its first %d leaves are not those that were signed", signed.Size)
	}
	return err
}

// sign makes a checkpoint of the tree as it is, unless it has one, and gives the
// newest. When it must not be at once, one of a moment ago will do.
func (a *App) sign(ctx context.Context, atOnce bool) (newest store.Checkpoint, err error) {
	var s standing
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := holdTree(ctx, tx); err != nil {
			return err
		}
		size, err := store.TreeSize(ctx, tx)
		if err != nil {
			return err
		}
		if s, err = a.stand(ctx, tx, size); err != nil {
			return err
		}
		newest = s.newest
		if age := a.moment().Sub(newest.At); size == newest.Size || !atOnce && age >= 0 && age < a.checkpointEvery {
			return nil
		}
		tree, err := audit.OpenTree(size, store.TreeHashes(ctx, tx))
		if err != nil {
			return err
		}
		newest = store.Checkpoint{Size: size, At: a.moment()}
		if newest.Note, err = s.keys.Sign(audit.Checkpoint{Size: size, Root: tree.Root(), Previous: s.newest.Size, At: newest.At}, s.newest.Note); err != nil {
			return err
		}
		return tx.PutCheckpoint(ctx, newest)
	})
	if err == nil && newest.Note != s.kept {
		err = a.signing.Keep(newest.Note)
	}
	return newest, err
}

// Checkpoint gives a signed checkpoint of a tree that holds every record committed
// before the call.
func (a *App) Checkpoint(ctx context.Context) (store.Checkpoint, error) {
	if a.signing == nil {
		return store.Checkpoint{}, casework.Refuse(casework.Unavailable, "log_held")
	}
	c, err := a.checkpoint(ctx)
	if whyHeld(err) != "" {
		a.log.Error("no checkpoint can be given", "err", err)
		return c, &casework.Error{Kind: casework.Unavailable, Reason: "log_held", Err: err}
	}
	return c, err
}

func (a *App) checkpoint(ctx context.Context) (c store.Checkpoint, err error) {
	err = a.whenFree(ctx, func() error {
		for {
			if more, err := a.giveLeaves(ctx); err != nil || !more {
				return err
			}
		}
	})
	if err == nil {
		err = a.whenFree(ctx, func() (err error) { c, err = a.sign(ctx, true); return err })
	}
	return c, err
}

// whenFree does what needs the tree, as soon as nobody else holds it.
func (a *App) whenFree(ctx context.Context, do func() error) error {
	for {
		err := do()
		if !errors.Is(err, errTreeBusy) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(treeBusyFor):
		}
	}
}

// treeBusyFor is about how long another node holds the tree.
const treeBusyFor = 20 * time.Millisecond
