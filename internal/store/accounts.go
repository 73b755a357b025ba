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

// accountLogin is the constraint that a login is given out once.
const accountLogin = "account_login"

type accountRow struct {
	ID               casework.UserID         `db:"id"`
	Login            string                  `db:"login"`
	Name             string                  `db:"name"`
	Discipline       casework.Role           `db:"discipline"`
	Organisation     casework.OrganisationID `db:"organisation"`
	OrganisationName string                  `db:"organisation_name"`
	Language         string                  `db:"language"`
	Active           bool                    `db:"active"`
	Demo             bool                    `db:"demo"`
	HasPassword      bool                    `db:"has_password"`
	Contact          string                  `db:"contact"`
	CountsFrom       time.Time               `db:"counts_from"`
}

func (r accountRow) account() identity.Account {
	r.CountsFrom = r.CountsFrom.UTC()
	return identity.Account(r)
}

const accountColumns = `a.id, a.login, a.name, a.discipline, a.organisation, o.name AS organisation_name, a.language, a.active, a.demo,
	a.password_hash <> '' AS has_password, a.contact, a.counts_from`

// AccountByLogin finds the account of a login with its password hash (empty:
// none); false when there is no such login. Invented colleagues have none.
func (tx *Tx) AccountByLogin(ctx context.Context, login string) (account identity.Account, hash string, ok bool, err error) {
	var row struct {
		accountRow
		Hash string `db:"password_hash"`
	}
	err = tx.GetContext(ctx, &row, `SELECT `+accountColumns+`, a.password_hash
		FROM account a JOIN organisation o ON o.id = a.organisation WHERE a.login = $1 AND NOT a.invented`, login)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.Account{}, "", false, nil
	}
	return row.account(), row.Hash, err == nil, plain(err)
}

// Account finds an account; casework.Absent when there is none. An invented
// colleague is none.
func (tx *Tx) Account(ctx context.Context, id casework.UserID) (identity.Account, error) {
	var row accountRow
	err := tx.GetContext(ctx, &row, `SELECT `+accountColumns+`
		FROM account a JOIN organisation o ON o.id = a.organisation WHERE a.id = $1 AND NOT a.invented`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.Account{}, casework.Absent()
	}
	return row.account(), plain(err)
}

// AddAccount makes an account of an organisation that exists. A login that is
// taken is a casework.Conflict, and the transaction is lost.
func (tx *Tx) AddAccount(ctx context.Context, a identity.Account, passwordHash string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO account (id, login, name, discipline, organisation, language, password_hash, active, demo, created_at, counts_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, timestamptz 'epoch'))`,
		a.ID, a.Login, a.Name, a.Discipline, a.Organisation, a.Language, passwordHash, a.Active, a.Demo, at, orNull(a.CountsFrom))
	err = plain(err)
	var refused *DBError
	if errors.As(err, &refused) && refused.Constraint == accountLogin {
		return &casework.Error{Kind: casework.Conflict, Reason: "login_taken", Err: err}
	}
	return err
}

// Organisation finds an organisation by its exact name, and makes it with the
// id fresh when there is none. Two who make the same one take turns.
func (tx *Tx) Organisation(ctx context.Context, name string, fresh casework.OrganisationID) (id casework.OrganisationID, err error) {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7514, hashtext($1))`, name); err != nil {
		return "", plain(err)
	}
	err = tx.GetContext(ctx, &id, `SELECT id FROM organisation WHERE name = $1 ORDER BY id LIMIT 1`, name)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, plain(err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO organisation (id, name) VALUES ($1, $2)`, fresh, name)
	return fresh, plain(err)
}

// SetPasswordHash replaces the password of an account.
func (tx *Tx) SetPasswordHash(ctx context.Context, id casework.UserID, hash string) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET password_hash = $2 WHERE id = $1`, id, hash)
	return plain(err)
}

// SetContact changes how colleagues reach the person of an account.
func (tx *Tx) SetContact(ctx context.Context, id casework.UserID, contact string) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET contact = $2 WHERE id = $1`, id, contact)
	return plain(err)
}

// Reach tells how each of the accounts wants to be reached by colleagues; who did
// not say is not in it.
func (tx *Tx) Reach(ctx context.Context, ids []casework.UserID) (map[casework.UserID]string, error) {
	var rows []struct {
		ID      casework.UserID `db:"id"`
		Contact string          `db:"contact"`
	}
	if err := tx.SelectContext(ctx, &rows, `SELECT id, contact FROM account WHERE id = ANY($1) AND contact <> ''`, pq.Array(ids)); err != nil {
		return nil, plain(err)
	}
	reach := make(map[casework.UserID]string, len(rows))
	for _, r := range rows {
		reach[r.ID] = r.Contact
	}
	return reach, nil
}

// SetLanguage changes the language an account reads in.
func (s *Store) SetLanguage(ctx context.Context, id casework.UserID, language string) error {
	_, err := s.committer.ExecContext(ctx, `UPDATE account SET language = $2 WHERE id = $1`, id, language)
	return plain(err)
}

// Deactivate takes from an account every way to sign in, ends its sessions and
// withdraws the invitations that it issued.
// The caller bumps the access epoch.
func (tx *Tx) Deactivate(ctx context.Context, id casework.UserID, at time.Time) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE account SET active = false WHERE id = $1`, []any{id}},
		{`UPDATE session SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL`, []any{id, at}},
		{`DELETE FROM sign_in_link WHERE account = $1`, []any{id}},
		{`UPDATE invitation SET withdrawn_at = $2 WHERE issuer = $1 AND account IS NULL AND withdrawn_at IS NULL`, []any{id, at}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return plain(err)
		}
	}
	return nil
}
