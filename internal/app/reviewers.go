package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// Reviewers counts who reviews the access log for the user's organisation. Nobody judges
// oneself, so what is found about the only one waits until there is another: pages say
// that there is one alone, always, whatever was found. It is told to who reviews, or
// manages users: that person's own page has its look on the record.
func (a *App) Reviewers(ctx context.Context, session Session) (n int, err error) {
	if !a.MayReview(session.Account.Discipline) && !a.MayManageUsers(session.Account.Discipline) {
		return 0, casework.Absent()
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		reviewers, err := a.managersAt(ctx, tx, session.Account.Organisation, casework.ActAudit)
		n = len(reviewers)
		return err
	})
	if err != nil {
		return 0, a.fault("count who reviews", err)
	}
	return n, nil
}
