package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// errRightsEnd says that a batch came to a change by which rights end. It takes
// another run that begins an access epoch: for that everybody waits, and the batches
// without one need not.
var errRightsEnd = errors.New("rights end by this batch")

// hold keeps every right as it is, or begins the access epoch in which rights end,
// under the policy of the one before, as this one may yet be taken back.
func (b *batch) hold(ctx context.Context, tx *store.Tx) (epoch, policyEpoch int64, err error) {
	if b.ends {
		epoch, err = tx.BumpAccess(ctx)
		return epoch, epoch - 1, err
	}
	epoch, err = tx.HoldAccess(ctx)
	return epoch, epoch, err
}

// endLends ends what is lent in a case that is closed. A lend is for the work at
// hand: when the case is opened again, somebody has to decide on it anew.
func (b *batch) endLends(by store.CommandKey, t *table, events []casework.Event) {
	closes := slices.ContainsFunc(events, func(e casework.Event) bool {
		_, is := e.Change.(*casework.CaseClosed)
		return is
	})
	if !closes || !lends(t.access, b.now) {
		return
	}
	b.ending[by.Case] = by.User
	t.access = withoutLends(t.access)
}

// lends tells whether anything at a table is lent, now or later.
func lends(access *casework.Access, now time.Time) bool {
	return slices.ContainsFunc(access.Team, func(r casework.Reader) bool {
		return slices.ContainsFunc(r.Given, func(g casework.Given) bool {
			return g.Kind == casework.GrantLend && (g.Until.IsZero() || g.Until.After(now))
		})
	})
}

// withoutLends are the rights at a table with nothing lent.
func withoutLends(access *casework.Access) *casework.Access {
	without := *access
	without.Team = make([]casework.Reader, len(access.Team))
	for i, r := range access.Team {
		without.Team[i] = r.WithGiven(func(g casework.Given) bool { return g.Kind != casework.GrantLend })
	}
	return &without
}
