package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// BackupsKept is how long a backup is kept at most, as long as nobody says otherwise.
const BackupsKept = 90 * 24 * time.Hour

// tidyErasedEvery is how often a node looks for what of erased cases is still about.
const tidyErasedEvery = time.Minute

// erase erases a case, in the access epoch that it began: everything that hangs on it,
// its key above all. What stays is told by store.ErasedCase.
func (a *App) erase(ctx context.Context, tx *store.Tx, done answered, record *audit.Record) error {
	id, now := casework.NewID[string](a.random), a.moment()
	if err := tx.EraseCase(ctx, done.q.ID, id, done.by.ID, now.Add(a.backupsKept)); err != nil {
		return err
	}
	record.Event, record.Action = "erase_case", audit.Delete
	record.Checks = append(record.Checks, audit.BySecond)
	record.ObjectKind, record.Object = "case", string(done.q.Case)
	record.Detail = map[string]string{"ground": done.q.Ground, "asked_by": string(done.q.By), "certificate": id}
	return tx.Record(ctx, *record)
}

// afterErasing lets every node forget a case that is no more.
func (a *App) afterErasing(id casework.CaseID) {
	a.forget(id)
	a.nudger.rightsChanged()
	a.nudger.say(nudgeErased + " " + string(id))
}

// forget lets this node know nothing any more of a case that was erased: its opened key,
// what the committer has at hand, and its room with everybody in it.
func (a *App) forget(id casework.CaseID) {
	a.store.ForgetCase(id)
	a.committer.forget(id)
	if ears := a.ears.Load(); ears != nil && ears.Erased != nil {
		ears.Erased(id)
	}
}

// TidyErased does, until ctx ends, what erasing leaves to be done: it forgets what
// another node erased when no nudge came, takes the details from lines of the log that
// came into the tree since, and makes certificates.
func (a *App) TidyErased(ctx context.Context) {
	tick := time.NewTicker(tidyErasedEvery)
	defer tick.Stop()
	for {
		if err := a.tidyErased(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("tidy what was erased", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (a *App) tidyErased(ctx context.Context) error {
	erased, err := a.store.Erased(ctx, a.store.CasesAtHand())
	if err != nil {
		return err
	}
	for _, id := range erased {
		a.forget(id)
	}
	if _, err = a.store.EraseDetails(ctx); err != nil {
		return err
	}
	return a.certify(ctx)
}
