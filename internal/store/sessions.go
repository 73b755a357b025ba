package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// Session is a session as it is stored.
type Session struct {
	Hash          []byte // of its first token: names it
	Account       identity.Account
	Created, Seen time.Time
	Ended         time.Time // zero: by nobody
	Locked        time.Time // zero: it is open
	Second        time.Time // when a second factor was last shown; zero: never
	Over          time.Time // when it ends by itself; zero: nothing is fixed
	Browser       string    // kind of browser
	Passkey       bool      // its account has one; only of Session
}

// named finds sessions by the hash of their first token; a session is found by
// that of its present one to see who asks, and for nothing else.
const named = `coalesce(s.first_hash, s.token_hash)`

// A session that a factor opened is over from the moment on that all factors of its
// account were to go, whether or not anybody came by to let them go.
const sessionColumns = named + ` AS named, s.created_at, s.seen_at, s.ended_at, s.locked_at, s.second_at, s.browser,
	(SELECT r.due_at FROM factor_reset r WHERE r.account = s.account AND r.closed_at IS NULL AND s.second_at IS NOT NULL) AS over_at`

// AddSession begins a session of an active account; false when the account is
// not there or not active any more.
func (tx *Tx) AddSession(ctx context.Context, hash []byte, account casework.UserID, browser string, at time.Time) (ok bool, err error) {
	// FOR SHARE waits for a deactivation that is under way.
	return changed(tx.ExecContext(ctx, `
		WITH holder AS (SELECT id FROM account WHERE id = $2 AND active AND NOT invented FOR SHARE)
		INSERT INTO session (token_hash, account, browser, created_at, seen_at) SELECT $1, id, $4, $3, $3 FROM holder`, hash, account, at, browser))
}

// Session finds the session of a token hash; false when there is none. Whether
// it still holds is for identity.SessionRule and the account to say.
func (s *Store) Session(ctx context.Context, hash []byte) (session Session, ok bool, err error) {
	var row struct {
		accountRow
		sessionRow
		Passkey bool `db:"passkey"`
	}
	err = s.committer.GetContext(ctx, &row, `SELECT `+accountColumns+`, `+sessionColumns+`,
		EXISTS (SELECT FROM factor f WHERE f.account = a.id AND f.kind = 'passkey') AS passkey
		FROM session s JOIN account a ON a.id = s.account JOIN organisation o ON o.id = a.organisation WHERE s.token_hash = $1`, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, false, nil
	}
	if err != nil {
		return Session{}, false, plain(err)
	}
	session = row.session()
	session.Account, session.Passkey = row.account(), row.Passkey
	return session, true, nil
}

type sessionRow struct {
	Hash    []byte     `db:"named"`
	Created time.Time  `db:"created_at"`
	Seen    time.Time  `db:"seen_at"`
	Ended   *time.Time `db:"ended_at"`
	Locked  *time.Time `db:"locked_at"`
	Second  *time.Time `db:"second_at"`
	Over    *time.Time `db:"over_at"`
	Browser string     `db:"browser"`
}

func (r sessionRow) session() Session {
	return Session{Hash: r.Hash, Created: r.Created, Seen: r.Seen, Ended: orZero(r.Ended), Locked: orZero(r.Locked), Second: orZero(r.Second), Over: orZero(r.Over), Browser: r.Browser}
}

// EndedBy tells when a session ended, as it stands at now; zero: it did not.
func (s Session) EndedBy(now time.Time) time.Time {
	if s.Ended.IsZero() && !s.Over.IsZero() && !now.Before(s.Over) {
		return s.Over
	}
	return s.Ended
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// LiveSessions tells of each hash of a first token (as a string) what may be done
// under its session at now. A hash that is not in the result is of no session.
func (s *Store) LiveSessions(ctx context.Context, hashes [][]byte, now time.Time, rule identity.SessionRule) (map[string]casework.SessionState, error) {
	var rows []struct {
		Active bool `db:"active"`
		Demo   bool `db:"demo"`
		sessionRow
	}
	err := s.committer.SelectContext(ctx, &rows, `SELECT a.active, a.demo, `+sessionColumns+`
		FROM session s JOIN account a ON a.id = s.account WHERE `+named+` = ANY($1)`, pq.ByteaArray(hashes))
	if err != nil {
		return nil, plain(err)
	}
	states := make(map[string]casework.SessionState, len(rows))
	for _, r := range rows {
		switch {
		case !r.Active || rule.Ended(now, r.Created, r.Seen, r.session().EndedBy(now)),
			identity.Half(identity.Account{Demo: r.Demo}, orZero(r.Second)):
			states[string(r.Hash)] = casework.SessionOver
		case rule.Locked(now, r.Seen, orZero(r.Locked)):
			states[string(r.Hash)] = casework.SessionLocked
		default:
			states[string(r.Hash)] = casework.SessionOpen
		}
	}
	return states, nil
}

// SeeSession marks an open session as used at now, at most once in
// identity.SeenEvery. One that has locked by itself stays so.
func (s *Store) SeeSession(ctx context.Context, hash []byte, now time.Time, rule identity.SessionRule) error {
	_, err := s.committer.ExecContext(ctx, `UPDATE session s SET seen_at = $2
		WHERE `+named+` = $1 AND ended_at IS NULL AND locked_at IS NULL AND seen_at <= $3 AND seen_at > $4`,
		hash, now, now.Add(-identity.SeenEvery), rule.LockedSeen(now))
	return plain(err)
}

// EndSession ends a session; false when it was over already or never was. The
// caller bumps the access epoch.
func (tx *Tx) EndSession(ctx context.Context, hash []byte, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session s SET ended_at = $2 WHERE `+named+` = $1 AND ended_at IS NULL`, hash, at))
}

// EndOtherSessions ends every session of an account but one, and takes away its
// sign-in links. The caller bumps the access epoch.
func (tx *Tx) EndOtherSessions(ctx context.Context, account casework.UserID, but []byte, at time.Time) error {
	_, err := tx.EndSessions(ctx, account, but, at)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM sign_in_link WHERE account = $1`, account)
	}
	return plain(err)
}

// LockSession locks an open session; false when it is locked already, or over.
// The caller bumps the access epoch.
func (tx *Tx) LockSession(ctx context.Context, hash []byte, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session s SET locked_at = $2 WHERE `+named+` = $1 AND ended_at IS NULL AND locked_at IS NULL`, hash, at))
}

// UnlockSession opens a locked session again, and counts as a use of it; false
// when it was open already, or is over.
func (tx *Tx) UnlockSession(ctx context.Context, hash []byte, at time.Time, rule identity.SessionRule) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session s SET locked_at = NULL, seen_at = $2
		WHERE `+named+` = $1 AND ended_at IS NULL AND (locked_at IS NOT NULL OR seen_at <= $3)`, hash, at, rule.LockedSeen(at)))
}

// ProveSession marks that a second factor was shown under a session at a place,
// and gives it a fresh token; false when it is over.
func (tx *Tx) ProveSession(ctx context.Context, hash, fresh []byte, place []byte, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session s SET first_hash = `+named+`, token_hash = $2, second_at = $3, seen_at = $3, place = coalesce(place, $4)
		WHERE `+named+` = $1 AND ended_at IS NULL`, hash, fresh, at, place))
}

// ShownAt tells whether a second factor of the account was shown at a place since
// a moment.
func (tx *Tx) ShownAt(ctx context.Context, account casework.UserID, place []byte, since time.Time) (known bool, err error) {
	err = tx.GetContext(ctx, &known, `SELECT EXISTS (SELECT FROM session WHERE account = $1 AND place = $2 AND created_at > $3)`, account, place, since)
	return known, plain(err)
}

// OpenSessions lists the sessions of an account that nobody ended, the newest
// first. Which of them hold is for identity.SessionRule to say.
func (s *Store) OpenSessions(ctx context.Context, account casework.UserID) ([]Session, error) {
	var rows []sessionRow
	err := s.committer.SelectContext(ctx, &rows, `SELECT `+sessionColumns+` FROM session s
		WHERE s.account = $1 AND s.ended_at IS NULL ORDER BY s.created_at DESC, named`, account)
	sessions := make([]Session, len(rows))
	for i, r := range rows {
		sessions[i] = r.session()
	}
	return sessions, plain(err)
}

// EndSessions ends the sessions of an account but for the one that is kept
// (empty: none), and tells how many. The caller bumps the access epoch.
func (tx *Tx) EndSessions(ctx context.Context, account casework.UserID, kept []byte, at time.Time) (ended int64, err error) {
	result, err := tx.ExecContext(ctx, `UPDATE session s SET ended_at = $3 WHERE s.account = $1 AND s.ended_at IS NULL AND `+named+` IS DISTINCT FROM $2`, account, kept, at)
	if err != nil {
		return 0, plain(err)
	}
	return result.RowsAffected()
}

// EndOwnSession ends a session if it is of the account; false when there is no
// such one to end. The caller bumps the access epoch.
func (tx *Tx) EndOwnSession(ctx context.Context, account casework.UserID, hash []byte, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session s SET ended_at = $3 WHERE `+named+` = $2 AND s.account = $1 AND s.ended_at IS NULL`, account, hash, at))
}

// AddLink makes a sign-in link that can be used once before it expires, and
// forgets those that did.
func (tx *Tx) AddLink(ctx context.Context, hash []byte, account casework.UserID, at, expires time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM sign_in_link WHERE expires_at <= $1`, at); err != nil {
		return plain(err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO sign_in_link (token_hash, account, expires_at) VALUES ($1, $2, $3)`, hash, account, expires)
	return plain(err)
}

// SpendLink takes a link away and gives its account; empty when there is no
// such link or it expired. Of two who spend one link at a time one gets it.
func (tx *Tx) SpendLink(ctx context.Context, hash []byte, now time.Time) (account casework.UserID, err error) {
	err = tx.GetContext(ctx, &account,
		`WITH spent AS (DELETE FROM sign_in_link WHERE token_hash = $1 RETURNING account, expires_at)
		 SELECT account FROM spent WHERE expires_at > $2`, hash, now)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return account, plain(err)
}

func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
