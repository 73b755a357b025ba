package store

import (
	"bytes"
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// Exclusion is somebody who must never come near a case.
type Exclusion struct {
	ID      string
	Case    casework.CaseID
	Address string          // as it was typed, in small letters
	Account casework.UserID // that had the address when it was kept; empty: none
	Note    string
	By      casework.UserID
	At      time.Time
}

// excluded is what of an exclusion is sealed.
type excluded struct {
	Address string `json:"address"`
	Note    string `json:"note,omitempty"`
}

func exclusionAD(id string) string { return "exclusion/" + id }

// exclusionKey hashes what an exclusion is compared by. It is another one in every
// case, so that nothing tells that two cases keep away the same person.
func (s *Store) exclusionKey(id casework.CaseID, what, value string) []byte {
	return s.keys.Hash("exclusion:"+what, []byte(string(id)+"/"+value))
}

// AddExclusion keeps one.
func (tx *Tx) AddExclusion(ctx context.Context, e Exclusion) error {
	sealed, err := tx.store.sealFor(ctx, tx, e.Case, exclusionAD(e.ID), excluded{e.Address, e.Note})
	if err != nil {
		return err
	}
	var account []byte
	if e.Account != "" {
		account = tx.store.exclusionKey(e.Case, "account", string(e.Account))
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO exclusion (id, case_id, address, account, sealed, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Case, tx.store.exclusionKey(e.Case, "address", identity.Mailbox(e.Address)), account, sealed, e.By, e.At)
	return plain(err)
}

// Exclusions lists those of a case, oldest first.
func (tx *Tx) Exclusions(ctx context.Context, id casework.CaseID) ([]Exclusion, error) {
	rows := []struct {
		ID     string          `db:"id"`
		Sealed []byte          `db:"sealed"`
		By     casework.UserID `db:"added_by"`
		At     time.Time       `db:"added_at"`
	}{}
	err := tx.SelectContext(ctx, &rows, `SELECT id, sealed, added_by, added_at FROM exclusion WHERE case_id = $1 ORDER BY added_at, id`, id)
	if err != nil {
		return nil, plain(err)
	}
	list := make([]Exclusion, len(rows))
	for i, r := range rows {
		var opened excluded
		if err := tx.store.openFor(ctx, tx, id, exclusionAD(r.ID), r.Sealed, &opened); err != nil {
			return nil, err
		}
		list[i] = Exclusion{ID: r.ID, Case: id, Address: opened.Address, Note: opened.Note, By: r.By, At: r.At.UTC()}
	}
	return list, nil
}

// RemoveExclusion takes one off the list, with everything that was kept of it; it
// is casework.Absent when there is none.
func (tx *Tx) RemoveExclusion(ctx context.Context, id casework.CaseID, exclusion string) error {
	return tx.removeOf(ctx, `DELETE FROM exclusion WHERE case_id = $1 AND id = $2`, id, exclusion)
}

func (tx *Tx) removeOf(ctx context.Context, query string, id casework.CaseID, what string) error {
	result, err := tx.ExecContext(ctx, query, id, what)
	if err != nil {
		return plain(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return absentUnless(err)
	}
	return nil
}

// Excluded tells whether somebody must never come near a case: by any address of
// the mailbox of a login, or by account. Either may be empty.
func (tx *Tx) Excluded(ctx context.Context, id casework.CaseID, login string, account casework.UserID) (yes bool, err error) {
	err = tx.GetContext(ctx, &yes, `SELECT EXISTS (SELECT FROM exclusion WHERE case_id = $1 AND (address = $2 OR account = $3))`,
		id, tx.store.exclusionKey(id, "address", identity.Mailbox(login)), tx.store.exclusionKey(id, "account", string(account)))
	return yes, plain(err)
}

// ExcludedFrom lists the cases that somebody must never come near, as Excluded
// tells of one.
func (tx *Tx) ExcludedFrom(ctx context.Context, login string, account casework.UserID) ([]casework.CaseID, error) {
	rows := []struct {
		Case    casework.CaseID `db:"case_id"`
		Address []byte          `db:"address"`
		Account []byte          `db:"account"`
	}{}
	if err := tx.SelectContext(ctx, &rows, `SELECT case_id, address, account FROM exclusion`); err != nil {
		return nil, plain(err)
	}
	from := []casework.CaseID{}
	for _, r := range rows {
		if bytes.Equal(r.Address, tx.store.exclusionKey(r.Case, "address", identity.Mailbox(login))) ||
			bytes.Equal(r.Account, tx.store.exclusionKey(r.Case, "account", string(account))) {
			from = append(from, r.Case)
		}
	}
	return from, nil
}
