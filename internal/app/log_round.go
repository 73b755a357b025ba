package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	olderLeaves = 20_000              // so many of those before the newest are checked at once, in a second or two
	olderEvery  = time.Hour           // from one stretch to the next; less where a round would take too long
	roundWithin = 28 * 24 * time.Hour // the longest that a round takes
)

// CheckOlder checks the next stretch of the leaves before the newest against what was
// signed of the log, and keeps how far it came: when it comes to the newest it begins
// anew. Where it finds a stretch that is wrong it stays until that is right. It tells
// when the next is to be checked.
func (a *App) CheckOlder(ctx context.Context) (verdict audit.Verdict, next time.Duration, err error) {
	return a.checkOlder(ctx, checkedLeaves, olderLeaves)
}

func (a *App) checkOlder(ctx context.Context, newest, length int64) (verdict audit.Verdict, next time.Duration, err error) {
	health, err := a.store.LogHealth(ctx)
	if err != nil {
		return verdict, 0, err
	}
	stretch := older{from: health.Place, until: health.Place}
	verdict, err = a.verdictOnOlder(ctx, &stretch, newest, length)
	if whyHeld(err) != "" {
		verdict, err = audit.BadBetween(stretch.from, stretch.until, whyHeld(err)), nil
	}
	if err != nil {
		return verdict, 0, err
	}
	place, wrong := stretch.until, verdict.Status == audit.Tampered
	if wrong {
		place = stretch.from
	}
	if place != health.Place || wrong != health.Wrong {
		err = a.store.Transact(ctx, func(tx *store.Tx) error { return tx.SetOlderChecked(ctx, health, place, wrong) })
	}
	return verdict, nextOlder(stretch.all, length), err
}

// nextOlder is when the next stretch is checked, so that a round over all leaves ends in
// time, however many there are.
func nextOlder(leaves, length int64) time.Duration {
	return min(olderEvery, roundWithin/time.Duration(leaves/length+1))
}

// older is a stretch of the leaves before the newest.
type older struct {
	from, until int64
	all         int64 // how many are before the newest
}

// verdictOnOlder verifies the stretch that begins where one is said to, or else the first.
// It reads all as of one moment, as verdictOnNewest does, and holds nothing that anybody
// waits for.
func (a *App) verdictOnOlder(ctx context.Context, stretch *older, newest, length int64) (verdict audit.Verdict, err error) {
	keys, err := a.signing.Keys()
	if err != nil {
		return verdict, err
	}
	kept, err := a.signing.Newest() // first: it is never newer than the one in the database
	if err != nil {
		return verdict, err
	}
	err = a.store.AtOneMoment(ctx, func(q store.Queryer) error {
		inside, err := store.NewestCheckpoint(ctx, q)
		if err != nil {
			return err
		}
		size, err := store.TreeSize(ctx, q)
		if err != nil {
			return err
		}
		signed, err := a.signedOf(standing{keys, kept, inside}, size)
		if err != nil {
			return err
		}
		stretch.all = max(0, inside.Size-newest)
		if stretch.from >= stretch.all {
			stretch.from = 0
		}
		if stretch.until = min(stretch.from+length, stretch.all); stretch.until == 0 {
			return nil
		}
		hashes := store.TreeHashes(ctx, q)
		before, err := audit.OpenTree(stretch.from, hashes)
		if err != nil {
			return err
		}
		dropped, err := store.DroppedMonths(ctx, q)
		if err != nil {
			return err
		}
		log := audit.Log{Now: a.moment(), Leaves: store.LeavesFrom(ctx, q, stretch.from), Dropped: dropped}
		verdict, err = audit.VerifyInner(before, log, stretch.until, signed[len(signed)-1], hashes)
		return err
	})
	return verdict, err
}
