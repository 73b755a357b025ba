package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// openInvitation is the constraint that an organisation asks nobody twice at one
// time.
const openInvitation = "invitation_open"

type invitationRow struct {
	ID               identity.InvitationID   `db:"id"`
	Login            string                  `db:"login"`
	Name             string                  `db:"name"`
	Discipline       casework.Role           `db:"discipline"`
	Organisation     casework.OrganisationID `db:"organisation"`
	OrganisationName string                  `db:"organisation_name"`
	Language         string                  `db:"language"`
	Issuer           casework.UserID         `db:"issuer"`
	IssuerName       string                  `db:"issuer_name"`
	Sent             time.Time               `db:"sent_at"`
	Expires          time.Time               `db:"expires_at"`
}

func (r invitationRow) invitation() identity.Invitation {
	i := identity.Invitation(r)
	i.Sent, i.Expires = i.Sent.UTC(), i.Expires.UTC()
	return i
}

// openInvitations are those that nobody accepted or withdrew; some are expired.
const openInvitations = `SELECT i.id, i.login, i.name, i.discipline, i.organisation, o.name AS organisation_name, i.language, i.issuer,
	a.name AS issuer_name, i.sent_at, i.expires_at
	FROM invitation i JOIN organisation o ON o.id = i.organisation JOIN account a ON a.id = i.issuer
	WHERE i.account IS NULL AND i.withdrawn_at IS NULL `

// AddInvitation keeps an invitation under the hash of its token. One of the same
// login that is open with the same organisation is a casework.Conflict, and the
// transaction is lost.
func (tx *Tx) AddInvitation(ctx context.Context, i identity.Invitation, hash []byte) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO invitation (id, token_hash, login, name, discipline, organisation, language, issuer, sent_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		i.ID, hash, i.Login, i.Name, i.Discipline, i.Organisation, i.Language, i.Issuer, i.Sent, i.Expires)
	err = plain(err)
	var refused *DBError
	if errors.As(err, &refused) && refused.Constraint == openInvitation {
		return &casework.Error{Kind: casework.Conflict, Reason: "already_invited", Err: err}
	}
	return err
}

// InvitationByToken finds the open invitation of a token hash, and holds it until
// the transaction ends; casework.Absent when there is none.
func (tx *Tx) InvitationByToken(ctx context.Context, hash []byte) (identity.Invitation, error) {
	return tx.invitation(ctx, openInvitations+`AND i.token_hash = $1 FOR UPDATE OF i`, hash)
}

// Invitation finds an open invitation of an organisation, and holds it until the
// transaction ends; casework.Absent when there is none.
func (tx *Tx) Invitation(ctx context.Context, organisation casework.OrganisationID, id identity.InvitationID) (identity.Invitation, error) {
	return tx.invitation(ctx, openInvitations+`AND i.organisation = $1 AND i.id = $2 FOR UPDATE OF i`, organisation, id)
}

func (tx *Tx) invitation(ctx context.Context, query string, args ...any) (identity.Invitation, error) {
	var row invitationRow
	err := tx.GetContext(ctx, &row, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.Invitation{}, casework.Absent()
	}
	return row.invitation(), plain(err)
}

// InvitationsOf lists the open invitations of an organisation, newest first.
func (tx *Tx) InvitationsOf(ctx context.Context, organisation casework.OrganisationID) ([]identity.Invitation, error) {
	var rows []invitationRow
	if err := tx.SelectContext(ctx, &rows, openInvitations+`AND i.organisation = $1 ORDER BY i.sent_at DESC, i.id`, organisation); err != nil {
		return nil, plain(err)
	}
	list := make([]identity.Invitation, len(rows))
	for n, row := range rows {
		list[n] = row.invitation()
	}
	return list, nil
}

// RenewInvitation hands an invitation out anew, from another issuer perhaps: the
// token of before is of nothing any more.
func (tx *Tx) RenewInvitation(ctx context.Context, i identity.Invitation, hash []byte) error {
	_, err := tx.ExecContext(ctx, `UPDATE invitation SET token_hash = $2, issuer = $3, sent_at = $4, expires_at = $5 WHERE id = $1`,
		i.ID, hash, i.Issuer, i.Sent, i.Expires)
	return plain(err)
}

// WithdrawInvitation ends an invitation that nobody accepted.
func (tx *Tx) WithdrawInvitation(ctx context.Context, id identity.InvitationID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE invitation SET withdrawn_at = $2 WHERE id = $1 AND account IS NULL AND withdrawn_at IS NULL`, id, at)
	return plain(err)
}

// AcceptInvitation ties an invitation to the account that it made.
func (tx *Tx) AcceptInvitation(ctx context.Context, id identity.InvitationID, account casework.UserID) error {
	_, err := tx.ExecContext(ctx, `UPDATE invitation SET account = $2 WHERE id = $1`, id, account)
	return plain(err)
}
