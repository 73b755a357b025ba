package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// OwnSession is where somebody is signed in.
type OwnSession struct {
	Name    string // names it to SignOutThere
	Browser string // kind of browser, as identity.BrowserOf has it
	Began   time.Time
	Seen    time.Time
	Here    bool // it is the one that asks
	Waiting bool // the password was right, the second factor is not shown yet
}

// OwnSessions lists where who asks is signed in, here first, then the newest.
func (a *App) OwnSessions(ctx context.Context, s Session) ([]OwnSession, error) {
	stored, err := a.store.OpenSessions(ctx, s.Account.ID)
	if err != nil {
		return nil, a.fault("list sessions", err)
	}
	now := a.moment()
	var here, elsewhere []OwnSession
	for _, one := range stored {
		half := identity.Half(s.Account, one.Second)
		if a.sessions.Ended(now, one.Created, one.Seen, one.EndedBy(now)) || half && !now.Before(one.Created.Add(identity.HalfLife)) {
			continue
		}
		own := OwnSession{Name: hex.EncodeToString(one.Hash), Browser: one.Browser, Began: one.Created, Seen: one.Seen, Waiting: half}
		if own.Here = bytes.Equal(one.Hash, s.Hash); own.Here {
			here = append(here, own)
		} else {
			elsewhere = append(elsewhere, own)
		}
	}
	return append(here, elsewhere...), nil
}

// SignOutThere ends another session of who asks, on every node and open socket.
// One that is over, or not theirs, is casework.Absent.
func (a *App) SignOutThere(ctx context.Context, s Session, name string) error {
	hash, err := hex.DecodeString(name)
	if err != nil {
		return casework.Absent()
	}
	return a.signOutOthers(ctx, s, func(tx *store.Tx) error {
		ended, err := tx.EndOwnSession(ctx, s.Account.ID, hash, a.moment())
		if err == nil && !ended {
			err = casework.Absent()
		}
		return err
	})
}

// SignOutElsewhere ends all sessions of who asks but the one that asks.
func (a *App) SignOutElsewhere(ctx context.Context, s Session) error {
	return a.signOutOthers(ctx, s, func(tx *store.Tx) error {
		_, err := tx.EndSessions(ctx, s.Account.ID, s.Hash, a.moment())
		return err
	})
}

func (a *App) signOutOthers(ctx context.Context, s Session, end func(*store.Tx) error) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := end(tx); err != nil {
			return err
		}
		if err := tx.Record(ctx, a.accountRecord(ctx, "sign_out", audit.Done, s.Account, map[string]string{"where": "elsewhere"})); err != nil {
			return err
		}
		_, err := tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return a.fault("sign out elsewhere", err)
	}
	a.nudger.rightsChanged()
	return nil
}
