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
	Account       identity.Account
	Created, Seen time.Time
	Ended         time.Time // zero: by nobody
	Locked        time.Time // zero: it is open
}

// AddSession begins a session of an active account; false when the account is
// not there or not active any more.
func (tx *Tx) AddSession(ctx context.Context, hash []byte, account casework.UserID, at time.Time) (ok bool, err error) {
	// FOR SHARE waits for a deactivation that is under way.
	return changed(tx.ExecContext(ctx, `
		WITH holder AS (SELECT id FROM account WHERE id = $2 AND active AND NOT invented FOR SHARE)
		INSERT INTO session (token_hash, account, created_at, seen_at) SELECT $1, id, $3, $3 FROM holder`, hash, account, at))
}

// Session finds the session of a token hash; false when there is none. Whether
// it still holds is for identity.SessionRule and the account to say.
func (s *Store) Session(ctx context.Context, hash []byte) (session Session, ok bool, err error) {
	var row struct {
		accountRow
		sessionTimes
	}
	err = s.committer.GetContext(ctx, &row, `SELECT `+accountColumns+`, s.created_at, s.seen_at, s.ended_at, s.locked_at
		FROM session s JOIN account a ON a.id = s.account JOIN organisation o ON o.id = a.organisation WHERE s.token_hash = $1`, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, false, nil
	}
	if err != nil {
		return Session{}, false, plain(err)
	}
	return Session{Account: row.account(), Created: row.Created, Seen: row.Seen, Ended: orZero(row.Ended), Locked: orZero(row.Locked)}, true, nil
}

type sessionTimes struct {
	Created time.Time  `db:"created_at"`
	Seen    time.Time  `db:"seen_at"`
	Ended   *time.Time `db:"ended_at"`
	Locked  *time.Time `db:"locked_at"`
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// LiveSessions tells of each token hash (as a string) what may be done under its
// session at now. A hash that is not in the result is of no session.
func (s *Store) LiveSessions(ctx context.Context, hashes [][]byte, now time.Time, rule identity.SessionRule) (map[string]casework.SessionState, error) {
	var rows []struct {
		Hash   []byte `db:"token_hash"`
		Active bool   `db:"active"`
		sessionTimes
	}
	err := s.committer.SelectContext(ctx, &rows, `SELECT s.token_hash, a.active, s.created_at, s.seen_at, s.ended_at, s.locked_at
		FROM session s JOIN account a ON a.id = s.account WHERE s.token_hash = ANY($1)`, pq.ByteaArray(hashes))
	if err != nil {
		return nil, plain(err)
	}
	states := make(map[string]casework.SessionState, len(rows))
	for _, r := range rows {
		switch {
		case !r.Active || rule.Ended(now, r.Created, r.Seen, orZero(r.Ended)):
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
	_, err := s.committer.ExecContext(ctx, `UPDATE session SET seen_at = $2
		WHERE token_hash = $1 AND ended_at IS NULL AND locked_at IS NULL AND seen_at <= $3 AND seen_at > $4`,
		hash, now, now.Add(-identity.SeenEvery), rule.LockedSeen(now))
	return plain(err)
}

// EndSession ends a session; false when it was over already or never was. The
// caller bumps the access epoch.
func (tx *Tx) EndSession(ctx context.Context, hash []byte, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL`, hash, at))
}

// EndOtherSessions ends every session of an account but one, and takes away its
// sign-in links. The caller bumps the access epoch.
func (tx *Tx) EndOtherSessions(ctx context.Context, account casework.UserID, but []byte, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE session SET ended_at = $3 WHERE account = $1 AND token_hash <> $2 AND ended_at IS NULL`, account, but, at)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM sign_in_link WHERE account = $1`, account)
	}
	return plain(err)
}

// LockSession locks an open session; false when it is locked already, or over.
// The caller bumps the access epoch.
func (tx *Tx) LockSession(ctx context.Context, hash []byte, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session SET locked_at = $2 WHERE token_hash = $1 AND ended_at IS NULL AND locked_at IS NULL`, hash, at))
}

// UnlockSession opens a locked session again, and counts as a use of it; false
// when it was open already, or is over.
func (tx *Tx) UnlockSession(ctx context.Context, hash []byte, at time.Time, rule identity.SessionRule) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE session SET locked_at = NULL, seen_at = $2
		WHERE token_hash = $1 AND ended_at IS NULL AND (locked_at IS NOT NULL OR seen_at <= $3)`, hash, at, rule.LockedSeen(at)))
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
