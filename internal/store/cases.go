package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// CreateCase makes the row of a new case with a key of its own. It is a case of the
// organisation of whoever opens it.
func (tx *Tx) CreateCase(ctx context.Context, id casework.CaseID, by casework.UserID, at time.Time) error {
	wrapped, err := tx.store.newDataKey(id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cases (id, organisation, seq, data_key, name_text, opened_at) 
		VALUES ($1, coalesce((SELECT organisation FROM account WHERE id = $2), ''), 0, $3, '', $4)`, id, by, wrapped, at)
	return plain(err)
}

// CaseCode is what a case is called where its name may not be known. It stays the
// same when the master key is rotated.
func (s *Store) CaseCode(id casework.CaseID) casework.CaseCode {
	return casework.CaseCodeOf(s.keys.Hash("case code", []byte(id)))
}

// CaseOrganisation tells of which organisation a case is; empty when there is no
// such case.
func (tx *Tx) CaseOrganisation(ctx context.Context, id casework.CaseID) (organisation casework.OrganisationID, err error) {
	err = tx.GetContext(ctx, &organisation, `SELECT organisation FROM cases WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return organisation, plain(err)
}

// LockCases locks the rows of those cases that nobody else holds, in one order
// for everybody, and gives the head of each (casework.State.Head). A case that is held elsewhere or
// does not exist is not in the result.
func (tx *Tx) LockCases(ctx context.Context, ids []casework.CaseID) (map[casework.CaseID]int64, error) {
	rows := []struct {
		ID   casework.CaseID `db:"id"`
		Head int64           `db:"head"`
	}{}
	err := tx.SelectContext(ctx, &rows, `SELECT id, seq + ink AS head FROM cases WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED`, pq.Array(ids))
	if err != nil {
		return nil, plain(err)
	}
	locked := make(map[casework.CaseID]int64, len(rows))
	for _, r := range rows {
		locked[r.ID] = r.Head
	}
	return locked, nil
}

// ExistingCases tells which of the cases exist, held by somebody or not.
func (tx *Tx) ExistingCases(ctx context.Context, ids []casework.CaseID) (map[casework.CaseID]bool, error) {
	var found []casework.CaseID
	if err := tx.SelectContext(ctx, &found, `SELECT id FROM cases WHERE id = ANY($1)`, pq.Array(ids)); err != nil {
		return nil, plain(err)
	}
	exists := map[casework.CaseID]bool{}
	for _, id := range found {
		exists[id] = true
	}
	return exists, nil
}

// Heads gives the access epoch and the head of each of the cases, read at one
// moment.
func (s *Store) Heads(ctx context.Context, ids []casework.CaseID) (epoch int64, heads map[casework.CaseID]int64, err error) {
	rows := []struct {
		Epoch int64            `db:"epoch"`
		ID    *casework.CaseID `db:"id"`
		Head  *int64           `db:"head"`
	}{}
	err = s.committer.SelectContext(ctx, &rows,
		`SELECT a.epoch, c.id, c.seq + c.ink AS head FROM access_epoch a LEFT JOIN cases c ON c.id = ANY($1)`, pq.Array(ids))
	if err != nil {
		return 0, nil, plain(err)
	}
	heads = make(map[casework.CaseID]int64, len(rows))
	for _, r := range rows {
		epoch = r.Epoch
		if r.ID != nil {
			heads[*r.ID] = *r.Head
		}
	}
	return epoch, heads, nil
}

// CaseOf is a case in somebody's own list.
type CaseOf struct {
	ID   casework.CaseID `db:"id"`
	Role casework.Role   `db:"role"`
}

// CasesOf lists the cases that the user is a member of now, read in the user's
// own name.
func (s *Store) CasesOf(ctx context.Context, user casework.UserID) ([]CaseOf, error) {
	var list []CaseOf
	err := s.ReadAs(ctx, user, func(tx *sqlx.Tx) error {
		return plain(tx.SelectContext(ctx, &list, `SELECT c.id, m.role FROM cases c JOIN membership m ON m.case_id = c.id ORDER BY c.id`))
	})
	return list, err
}

// CaseName opens the present name of a case.
func (s *Store) CaseName(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (string, error) {
	var name struct {
		ID     casework.TextID `db:"id"`
		Sealed []byte          `db:"sealed"` // nil: erased
	}
	err := sqlx.GetContext(ctx, q, &name,
		`SELECT c.name_text AS id, t.sealed FROM cases c LEFT JOIN text t ON t.case_id = c.id AND t.id = c.name_text WHERE c.id = $1`, id)
	if err != nil {
		return "", plain(err)
	}
	if name.Sealed == nil {
		return "", nil
	}
	a, err := s.sealerOf(ctx, q, id)
	if err != nil {
		return "", err
	}
	body, err := a.Decrypt(name.Sealed, textAD(id, name.ID))
	if err != nil {
		return "", fmt.Errorf("the name of a case does not open: %w", ErrWrongKey)
	}
	return string(body), nil
}
