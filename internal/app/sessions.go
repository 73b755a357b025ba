package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Session is somebody who is signed in.
type Session struct {
	Hash    []byte // of the first token; names the session in the store
	Account identity.Account
	Second  time.Time // when a second factor was last shown; zero: never
	Passkey bool      // its account has one
}

// ErrSignedOut means that a token is of no session that holds now. It does not
// say whether it ever did.
var ErrSignedOut = casework.Refuse(casework.Denied, "session_ended")

// ErrLocked means that a session holds but is locked: it can be unlocked and
// signed out of, and nothing else.
var ErrLocked = casework.Refuse(casework.Denied, "session_locked")

// ErrSecondFactor means that a session holds, but that no second factor was shown
// yet: that can be done under it, or signing out, and nothing else.
var ErrSecondFactor = casework.Refuse(casework.Denied, "second_factor")

// SessionOf finds the session of a token and marks it as used; ErrSignedOut
// when there is none, or it is over, or the account was deactivated. With
// ErrLocked and ErrSecondFactor comes the session, to say whose it is.
func (a *App) SessionOf(ctx context.Context, token string) (Session, error) {
	hash, ok := identity.HashToken(token)
	if !ok {
		return Session{}, ErrSignedOut
	}
	stored, ok, err := a.store.Session(ctx, hash)
	if err != nil {
		return Session{}, a.fault("find a session", err)
	}
	now := a.moment()
	if !ok || !stored.Account.Active || a.sessions.Ended(now, stored.Created, stored.Seen, stored.EndedBy(now)) {
		return Session{}, ErrSignedOut
	}
	session := Session{Hash: stored.Hash, Account: stored.Account, Second: stored.Second, Passkey: stored.Passkey}
	if identity.Half(stored.Account, stored.Second) {
		if !now.Before(stored.Created.Add(identity.HalfLife)) {
			return Session{}, ErrSignedOut
		}
		return session, ErrSecondFactor
	}
	if a.sessions.Locked(now, stored.Seen, stored.Locked) {
		return session, ErrLocked
	}
	if now.Sub(stored.Seen) >= identity.SeenEvery {
		if err := a.store.SeeSession(ctx, stored.Hash, now, a.sessions); err != nil {
			return Session{}, a.fault("mark a session as used", err)
		}
	}
	return session, nil
}

// SeeSession marks a session as used by what came over its socket. It is
// stored at most once in identity.SeenEvery.
func (a *App) SeeSession(ctx context.Context, hash []byte) error {
	return a.store.SeeSession(ctx, hash, a.moment(), a.sessions)
}

// LiveSessions tells of each session hash (as a string) what may be done under
// it now; a hash that is not in the result is of no session.
func (a *App) LiveSessions(ctx context.Context, hashes [][]byte) (map[string]casework.SessionState, error) {
	return a.store.LiveSessions(ctx, hashes, a.moment(), a.sessions)
}

// SignOut ends the session of a token, on every node and open socket. A token
// of no session is signed out already.
func (a *App) SignOut(ctx context.Context, token string) error {
	hash, ok := identity.HashToken(token)
	if !ok {
		return nil
	}
	stored, ok, err := a.store.Session(ctx, hash)
	if err != nil {
		return a.fault("find a session", err)
	}
	if !ok {
		return nil
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		ended, err := tx.EndSession(ctx, stored.Hash, a.moment())
		if err != nil || !ended {
			return err
		}
		if err := tx.Record(ctx, a.accountRecord(ctx, "sign_out", audit.Done, stored.Account, nil)); err != nil {
			return err
		}
		_, err = tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return a.fault("sign out", err)
	}
	a.nudger.rightsChanged()
	return nil
}

// The keys of what a request carries to the use cases and to the live door.
type (
	sessionKey struct{}
	lockedKey  struct{}
	halfKey    struct{}
	requestKey struct{}
	browserKey struct{}
)

// WithSession gives a request its session.
func WithSession(ctx context.Context, s Session) context.Context {
	return context.WithValue(ctx, sessionKey{}, s)
}

// SessionIn is the session of a request; false when nobody is signed in.
func SessionIn(ctx context.Context) (Session, bool) {
	s, ok := ctx.Value(sessionKey{}).(Session)
	return s, ok
}

// WithLocked gives a request its session when that is locked. SessionIn does not
// find it: who does not ask for a locked one finds nobody.
func WithLocked(ctx context.Context, s Session) context.Context {
	return context.WithValue(ctx, lockedKey{}, s)
}

// LockedIn is the locked session of a request; false when it has none.
func LockedIn(ctx context.Context) (Session, bool) {
	s, ok := ctx.Value(lockedKey{}).(Session)
	return s, ok
}

// WithHalf gives a request its session when that lacks its second factor.
// SessionIn does not find it.
func WithHalf(ctx context.Context, s Session) context.Context {
	return context.WithValue(ctx, halfKey{}, s)
}

// HalfIn is the session of a request that lacks its second factor; false when it
// has none.
func HalfIn(ctx context.Context) (Session, bool) {
	s, ok := ctx.Value(halfKey{}).(Session)
	return s, ok
}

// WithBrowser gives a request the kind of browser that it came from.
func WithBrowser(ctx context.Context, browser string) context.Context {
	return context.WithValue(ctx, browserKey{}, browser)
}

// BrowserIn is the kind of browser of a request; empty outside one.
func BrowserIn(ctx context.Context) string {
	browser, _ := ctx.Value(browserKey{}).(string)
	return browser
}

// WithRequest gives a request an id, by which its log line and its records find
// each other.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestIn is the id of a request; empty outside one.
func RequestIn(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
