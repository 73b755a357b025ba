package app

import (
	"context"
	"errors"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// BeginMonthFile gives the review of a month, as MonthReviewOf does, for a file that is to
// be made of it. That this begins is on the record; nothing has left by it.
func (a *App) BeginMonthFile(ctx context.Context, session Session, month string) (MonthReview, error) {
	record := a.outsideRecord(ctx, session.Account, "month_file", audit.Execute) // which is refused, if anything is
	return a.monthReview(ctx, session, month, &record, func(counted, MonthReview) error {
		record.Event = "month_file_begun"
		return nil
	})
}

// EndMonthFile says on the record what became of a file: that it is taken out, before its
// first byte goes out, or that it is not, as making it failed. It is taken out under
// rights and a session that hold at that moment; if its reader may know other things now
// than when it was begun, that is a casework.Conflict, and nothing goes out. To tell that
// from any other failure would tell that a case is kept from its reader since.
func (a *App) EndMonthFile(ctx context.Context, session Session, review MonthReview, failed error) error {
	record := a.outsideRecord(ctx, session.Account, "month_file", audit.Execute)
	record.ObjectKind, record.Object = "month", review.Month
	why := failed
	if why == nil {
		why = a.stillOpen(ctx, session)
	}
	if why != nil {
		record.Event = "month_file_failed"
		ctx = context.WithoutCancel(ctx) // who asked may have gone
		err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) })
		switch {
		case err != nil:
			return a.fault("record that no file was made", errors.Join(why, err))
		case failed != nil:
			return nil
		case errors.Is(why, ErrSignedOut):
			return why
		}
		return a.fault("look at a session", why)
	}
	var changed error
	err := a.reviewOn(ctx, session, &record, func(tx *store.Tx, by identity.Account, _ *policy.Policy) error {
		never, err := a.ExcludedFrom(ctx, tx, by)
		if record.Event, changed = "month_file", nil; err == nil && !sameCases(never, review.never) {
			record.Event, changed = "month_file_failed", casework.Refuse(casework.Conflict, "month_changed")
		}
		return err
	})
	if err == nil {
		err = changed
	}
	return err
}
