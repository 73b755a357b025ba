package app

import (
	"context"
	"time"
)

// dropStepsEvery is how often steps that are past their time are dropped.
const dropStepsEvery = time.Hour

// dropOldSteps does so now and then. Nothing depends on it but room.
func (a *App) dropOldSteps(now time.Time) {
	last := a.stepsDropped.Load()
	if last != nil && now.Sub(*last) < dropStepsEvery || !a.stepsDropped.CompareAndSwap(last, &now) {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
		defer cancel()
		if _, err := a.store.DropOldSteps(ctx); err != nil {
			a.log.Warn("drop old steps", "err", err)
		}
	}()
}
