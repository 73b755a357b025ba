package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// ReviewsWaiting counts what waits for an answer of somebody who reviews the access
// log, broken glasses and alarms: what that person may answer, and no other. That they
// wait is no look at them. For anybody else there is nothing to count.
func (a *App) ReviewsWaiting(ctx context.Context, session Session) (n int, err error) {
	if !a.MayReview(session.Account.Discipline) {
		return 0, nil
	}
	err = a.review(ctx, session, "count_reviews", nil, func(tx *store.Tx, by identity.Account, _ *policy.Policy) error {
		never, err := a.ExcludedFrom(ctx, tx, by)
		if err != nil {
			return err
		}
		glasses, err := tx.OpenGlassesFor(ctx, by, never)
		if err != nil {
			return err
		}
		n = len(glasses)
		alarms, err := tx.OpenAlarms(ctx, by.Organisation)
		if err != nil {
			return err
		}
		for _, m := range alarms {
			known, err := a.knowsAlarm(ctx, tx, m, by, never)
			if err != nil {
				return err
			}
			if known {
				n++
			}
		}
		return nil
	})
	if casework.KindOf(err) == casework.NotFound { // no longer
		return 0, nil
	}
	return n, err
}
