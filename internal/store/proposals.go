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

// ProposalState says how a proposal stands.
type ProposalState string

// States of a proposal.
const (
	ProposalWaiting   ProposalState = "waiting"
	ProposalConfirmed ProposalState = "confirmed"
	ProposalDeclined  ProposalState = "declined"
	ProposalWithdrawn ProposalState = "withdrawn"
)

// Proposal is a place at a table that waits for the yes of the organisation of
// whoever has the address. Its Membership names a user only where the place of a
// member is to change: who else has an address is not looked up before the yes.
type Proposal struct {
	ID      string
	Case    casework.CaseID
	Key     AddressKey // of Address, by which it is found
	Address string     // as it was typed, in small letters
	Membership
	Duty     Duty // in place of the sealed one of the membership
	Proposed time.Time
	State    ProposalState
	Vouched  casework.UserID // the account for which its organisation said yes; empty: none yet
}

// AddressKey is what a login is compared by where it must not be readable.
type AddressKey []byte

// AddressKey hashes a login as identity.CleanLogin gives it.
func (s *Store) AddressKey(login string) AddressKey {
	return s.keys.Hash("proposal", []byte(login))
}

// proposed is what of a proposal is sealed.
type proposed struct {
	Address string `json:"address"`
	Duty    Duty   `json:"duty"`
}

func proposalAD(id string) string { return "proposal/" + id }

// AddProposal keeps a proposal in place of another one for the same address in the
// same case.
func (tx *Tx) AddProposal(ctx context.Context, p Proposal) error {
	p.Key = tx.store.AddressKey(p.Address)
	_, err := tx.ExecContext(ctx, `UPDATE proposal SET state = 'withdrawn', answered_at = $3 WHERE case_id = $1 AND address = $2 AND state = 'waiting'`,
		p.Case, []byte(p.Key), p.Proposed)
	if err != nil {
		return plain(err)
	}
	sealed, err := tx.store.sealFor(ctx, tx, p.Case, proposalAD(p.ID), proposed{p.Address, p.Duty})
	if err != nil {
		return err
	}
	beside := make([]string, len(p.Beside))
	for i, person := range p.Beside {
		beside[i] = string(person)
	}
	var until *time.Time
	if !p.Until.IsZero() {
		until = &p.Until
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO proposal (id, case_id, address, account, sealed, role, chair_function, beside, contact, ground,
			valid_from, valid_until, invited_by, proposed_at, state)
		VALUES ($1, $2, $3, nullif($4, ''), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'waiting')`,
		p.ID, p.Case, []byte(p.Key), p.User, sealed, p.Role, p.Function, pq.Array(beside), p.Contact, p.Ground, p.From, until, p.InvitedBy, p.Proposed)
	return plain(err)
}

type proposalRow struct {
	ID        string                 `db:"id"`
	Case      casework.CaseID        `db:"case_id"`
	Key       []byte                 `db:"address"`
	User      casework.UserID        `db:"account"`
	Sealed    []byte                 `db:"sealed"`
	Role      casework.Role          `db:"role"`
	Function  casework.ChairFunction `db:"chair_function"`
	Beside    pq.StringArray         `db:"beside"`
	Contact   bool                   `db:"contact"`
	Ground    string                 `db:"ground"`
	From      time.Time              `db:"valid_from"`
	Until     *time.Time             `db:"valid_until"`
	InvitedBy casework.UserID        `db:"invited_by"`
	Proposed  time.Time              `db:"proposed_at"`
	State     ProposalState          `db:"state"`
	Vouched   casework.UserID        `db:"vouched_for"`
}

const proposalColumns = `id, case_id, address, coalesce(account, '') AS account, sealed, role, chair_function, beside, contact, ground,
	valid_from, valid_until, invited_by, proposed_at, state, coalesce(vouched_for, '') AS vouched_for`

func (s *Store) openProposals(ctx context.Context, q Queryer, rows []proposalRow) ([]Proposal, error) {
	list := make([]Proposal, len(rows))
	for i, r := range rows {
		p := Proposal{ID: r.ID, Case: r.Case, Key: r.Key, Proposed: r.Proposed.UTC(), State: r.State, Vouched: r.Vouched,
			Membership: Membership{Ground: r.Ground, InvitedBy: r.InvitedBy,
				Member: casework.Member{User: r.User, Role: r.Role, Function: r.Function, Contact: r.Contact, From: r.From.UTC()}}}
		for _, person := range r.Beside {
			p.Beside = append(p.Beside, casework.PersonID(person))
		}
		if r.Until != nil {
			p.Until = r.Until.UTC()
		}
		var opened proposed
		if err := s.openFor(ctx, q, r.Case, proposalAD(r.ID), r.Sealed, &opened); err != nil {
			return nil, err
		}
		p.Address, p.Duty = opened.Address, opened.Duty
		list[i] = p
	}
	return list, nil
}

// ProposalsIn lists the proposals of a case that were made since a moment and
// wait or were declined, oldest first.
func (tx *Tx) ProposalsIn(ctx context.Context, id casework.CaseID, since time.Time) ([]Proposal, error) {
	var rows []proposalRow
	err := tx.SelectContext(ctx, &rows, `SELECT `+proposalColumns+` FROM proposal
		WHERE case_id = $1 AND state IN ('waiting', 'declined') AND proposed_at > $2 ORDER BY proposed_at, id`, id, since)
	if err != nil {
		return nil, plain(err)
	}
	return tx.store.openProposals(ctx, tx, rows)
}

// mostProposals is how many proposals are listed at once: what waits longest comes first.
const mostProposals = 100

// ProposalsFor lists what waits for the yes of the organisation of the addresses and was proposed since a moment,
// oldest first, and no more than are looked at in one go.
func (tx *Tx) ProposalsFor(ctx context.Context, keys []AddressKey, since time.Time) ([]Proposal, error) {
	addresses := make(pq.ByteaArray, len(keys))
	for i, key := range keys {
		addresses[i] = key
	}
	var rows []proposalRow
	err := tx.SelectContext(ctx, &rows, `SELECT `+proposalColumns+` FROM proposal
		WHERE address = ANY($1) AND state = 'waiting' AND vouched_for IS NULL AND proposed_at > $2 ORDER BY proposed_at, id LIMIT $3`, addresses, since, mostProposals)
	if err != nil {
		return nil, plain(err)
	}
	return tx.store.openProposals(ctx, tx, rows)
}

// Proposal finds one; casework.Absent when there is none.
func (tx *Tx) Proposal(ctx context.Context, id string) (Proposal, error) {
	var row proposalRow
	err := tx.GetContext(ctx, &row, `SELECT `+proposalColumns+` FROM proposal WHERE id = $1`, id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Proposal{}, casework.Absent()
	case err != nil:
		return Proposal{}, plain(err)
	}
	list, err := tx.store.openProposals(ctx, tx, []proposalRow{row})
	if err != nil {
		return Proposal{}, err
	}
	return list[0], nil
}

// AnswerProposal ends a proposal that waits; it is casework.Absent when it does
// not, any more.
func (tx *Tx) AnswerProposal(ctx context.Context, id string, state ProposalState, by casework.UserID, at time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE proposal SET state = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND state = 'waiting'`,
		id, state, by, at)
	if err != nil {
		return plain(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return absentUnless(err)
	}
	return nil
}

// VouchProposal keeps for which account its organisation said yes; it is
// casework.Absent when nothing waits for that.
func (tx *Tx) VouchProposal(ctx context.Context, id string, account casework.UserID) error {
	ok, err := changed(tx.ExecContext(ctx, `UPDATE proposal SET vouched_for = $2 WHERE id = $1 AND state = 'waiting' AND vouched_for IS NULL`, id, account))
	if err == nil && !ok {
		err = casework.Absent()
	}
	return err
}

// WithdrawProposals ends everything in a case that waits for an account or its
// login.
func (tx *Tx) WithdrawProposals(ctx context.Context, id casework.CaseID, account identity.Account, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE proposal SET state = 'withdrawn', answered_at = $4 WHERE case_id = $1 AND (account = $2 OR address = $3) AND state = 'waiting'`,
		id, account.ID, []byte(tx.store.AddressKey(account.Login)), at)
	return plain(err)
}

// absentUnless is casework.Absent when there is no other error.
func absentUnless(err error) error {
	if err != nil {
		return plain(err)
	}
	return casework.Absent()
}

// Colleagues lists the active accounts of an organisation, invented ones not
// among them.
func (tx *Tx) Colleagues(ctx context.Context, organisation casework.OrganisationID) ([]identity.Account, error) {
	var rows []accountRow
	err := tx.SelectContext(ctx, &rows, `SELECT `+accountColumns+`
		FROM account a JOIN organisation o ON o.id = a.organisation WHERE a.organisation = $1 AND a.active AND NOT a.invented ORDER BY a.name, a.id`, organisation)
	list := make([]identity.Account, len(rows))
	for i, r := range rows {
		list[i] = r.account()
	}
	return list, plain(err)
}
