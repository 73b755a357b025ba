package app

import (
	"context"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// SaveLook keeps what a member saw of a case, and when.
func (a *App) SaveLook(ctx context.Context, user casework.UserID, id casework.CaseID, at time.Time, look view.Look) error {
	return a.store.SaveLook(ctx, id, user, store.Look{At: at.UTC().Truncate(time.Microsecond), Seen: look.Bytes()})
}

// LastLook tells when a member looked at a case last, and what it saw; nothing when
// it never did.
func (a *App) LastLook(ctx context.Context, user casework.UserID, id casework.CaseID) (view.Look, time.Time, error) {
	sealed, err := a.store.LookOf(ctx, user, id)
	if err != nil {
		return nil, time.Time{}, err
	}
	look, err := a.openLook(ctx, a.store.Reader(), id, user, sealed)
	return look, sealed.At, err
}

// openLook reads a look that was kept; nil when there is none, or none that can
// be read: what was seen before is new once more then, and nothing else.
func (a *App) openLook(ctx context.Context, q store.Queryer, id casework.CaseID, user casework.UserID, sealed store.Look) (view.Look, error) {
	if sealed.Seen == nil {
		return nil, nil
	}
	look, err := a.store.OpenLook(ctx, q, id, user, sealed)
	if err != nil && !errors.Is(err, store.ErrWrongKey) {
		return nil, err
	}
	seen, unreadable := view.ReadLook(look.Seen)
	if unreadable != nil {
		a.log.Warn("a look is lost", "err", errors.Join(err, unreadable))
	}
	return seen, nil
}
