package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// Sources of a published policy.
const (
	SourceBuiltin = "builtin" // came with the program; a newer program brings its own
	SourceFile    = "file"    // published by hand; stays until another is published
)

// servingPolicy is the policy that serves, with its number in the database and
// the access epoch under which that was last looked up.
type servingPolicy struct {
	*policy.Policy
	number, epoch int64
}

// Rules is the policy that serves now.
func (a *App) Rules() *policy.Policy { return a.serving.Load().Policy }

// PublishPolicy makes a policy serve on every node at once. A policy that is not
// sound is refused, with what is wrong, and the old one serves on.
func (a *App) PublishPolicy(ctx context.Context, model, lines []byte, source string) error {
	rules, err := policy.Parse(model, lines)
	if err != nil {
		return fmt.Errorf("policy refused, the old one serves on: %w", err)
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := tx.LockPolicies(ctx); err != nil {
			return err
		}
		next := store.PublishedPolicy{Model: string(model), Lines: string(lines), Source: source}
		if stands, err := a.stands(ctx, tx, next); err != nil {
			return err
		} else if stands {
			return errSamePolicy
		}
		if err := tx.PublishPolicy(ctx, next, a.moment()); err != nil {
			return err
		}
		record := a.newRecord(Operator(), "policy", audit.Update, audit.Done)
		record.Policy = rules.Version()
		if err := tx.Record(ctx, record); err != nil {
			return err
		}
		_, err = tx.BumpAccess(ctx)
		return err
	})
	if err != nil && !errors.Is(err, errSamePolicy) {
		return fmt.Errorf("publish the policy: %w", err)
	}
	return a.servePublished(ctx)
}

// servePublished tells the other nodes of a new policy and serves it on this one.
func (a *App) servePublished(ctx context.Context) error {
	a.nudger.rightsChanged()
	return a.store.Transact(ctx, func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err == nil {
			_, err = a.policyAt(ctx, tx, epoch)
		}
		return err
	})
}

// stands tells whether there is nothing to publish: the policy serves already,
// or it came with a program that is no match for what serves: a policy of the
// operator's, or that of a newer program, which an old node that starts again
// does not undo.
func (a *App) stands(ctx context.Context, tx *store.Tx, next store.PublishedPolicy) (bool, error) {
	current, ok, err := a.store.CurrentPolicy(ctx, tx)
	switch {
	case err != nil || !ok:
		return false, err
	case current.Model == next.Model && current.Lines == next.Lines:
		return true, nil
	case next.Source != SourceBuiltin:
		return false, nil
	case current.Source == SourceFile:
		return true, nil
	}
	return tx.EverPublished(ctx, next)
}

var errSamePolicy = errors.New("nothing to publish")

// policyAt is the policy that serves under an access epoch: every publication
// begins a new epoch, so within one the policy stays.
func (a *App) policyAt(ctx context.Context, tx *store.Tx, epoch int64) (*policy.Policy, error) {
	serving := a.serving.Load()
	if serving.epoch == epoch && epoch != 0 {
		return serving.Policy, nil
	}
	published, ok, err := a.store.CurrentPolicy(ctx, tx)
	if err != nil {
		return nil, err
	}
	next := &servingPolicy{Policy: serving.Policy, number: serving.number, epoch: epoch}
	if ok && published.Number != serving.number {
		if next.Policy, err = policy.Parse([]byte(published.Model), []byte(published.Lines)); err != nil {
			return nil, fmt.Errorf("the published policy is not sound: %w", err)
		}
		next.number = published.Number
		warm(next.Policy)
	}
	a.serving.Store(next)
	return next.Policy, nil
}

// warm works out the rights of every role of a case, so that the first room
// under a policy does not wait for it.
func warm(p *policy.Policy) {
	for _, role := range casework.CaseRoles {
		p.Rights(role, casework.NoGrant)
	}
}
