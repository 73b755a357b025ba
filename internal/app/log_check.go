package app

import (
	"context"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	checkedLeaves = 20_000           // how many of the newest are checked
	checkEvery    = 24 * time.Hour   // does a node check them
	checkAgain    = 10 * time.Minute // when it could not, or found something
	checkWithin   = 5 * time.Minute
)

// CheckLog checks the newest stretch of the access log now and once a day, and those
// before it in turn, until ctx ends. It is no proof, as casustafel audit verify is: it
// finds early what was changed, and tells every organisation.
func (a *App) CheckLog(ctx context.Context) {
	if a.signing == nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() {
		a.checkOn(ctx, func(ctx context.Context) (audit.Verdict, time.Duration, error) {
			verdict, err := a.CheckNewest(ctx)
			return verdict, checkEvery, err
		})
	})
	both.Go(func() { a.checkOn(ctx, a.CheckOlder) })
	both.Wait()
}

// checkOn checks again and again, until ctx ends. A check says when to do so next.
func (a *App) checkOn(ctx context.Context, check func(context.Context) (audit.Verdict, time.Duration, error)) {
	for {
		verdict, wait, err := a.checkOnce(ctx, check)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = checkAgain
			a.log.Error("the access log could not be checked", "err", err)
		case verdict.Status == audit.Tampered:
			wait = checkAgain
			a.log.Error("THE ACCESS LOG IS NOT WHAT WAS SIGNED: run casustafel audit verify, and see docs/audit.md", "verdict", verdict.String())
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (a *App) checkOnce(ctx context.Context, check func(context.Context) (audit.Verdict, time.Duration, error)) (verdict audit.Verdict, next time.Duration, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = a.panicked("checking the access log")
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	return check(ctx)
}

// CheckNewest checks the newest stretch of the access log against what was signed of
// it, and keeps what it finds. A stretch that was found wrong is checked again until it
// is right.
func (a *App) CheckNewest(ctx context.Context) (verdict audit.Verdict, err error) {
	health, err := a.store.LogHealth(ctx)
	if err != nil {
		return verdict, err
	}
	verdict, from, err := a.verdictOnNewest(ctx, health.Suspect)
	if whyHeld(err) != "" {
		verdict, err = audit.BadBetween(from, from, whyHeld(err)), nil
	}
	if err != nil {
		return verdict, err
	}
	var suspect *int64
	if verdict.Status == audit.Tampered {
		suspect = &from
	}
	return verdict, a.store.Transact(ctx, func(tx *store.Tx) error { return tx.SetLogChecked(ctx, a.moment(), suspect) })
}

// verdictOnNewest verifies what was signed, from a leaf on that it names. It reads all as
// of one moment: lines that are dropped meanwhile would be missing without a word.
func (a *App) verdictOnNewest(ctx context.Context, suspect *int64) (verdict audit.Verdict, from int64, err error) {
	keys, err := a.signing.Keys()
	if err != nil {
		return verdict, 0, err
	}
	kept, err := a.signing.Newest() // first: it is never newer than the one in the database
	if err != nil {
		return verdict, 0, err
	}
	err = a.store.AtOneMoment(ctx, func(q store.Queryer) error {
		newest, err := store.NewestCheckpoint(ctx, q)
		if err != nil {
			return err
		}
		if from = max(0, newest.Size-checkedLeaves); suspect != nil {
			from = min(from, *suspect)
		}
		size, err := store.TreeSize(ctx, q)
		if err != nil {
			return err
		}
		signed, err := a.signedOf(standing{keys, kept, newest}, size)
		if err != nil {
			return err
		}
		tree, err := audit.OpenTree(from, store.TreeHashes(ctx, q))
		if err != nil {
			return err
		}
		dropped, err := store.DroppedMonths(ctx, q)
		if err != nil {
			return err
		}
		verdict, err = audit.VerifyStretch(tree, audit.Log{Now: a.moment(), Leaves: store.LeavesFrom(ctx, q, from), Dropped: dropped}, signed...)
		return err
	})
	return verdict, from, err
}
