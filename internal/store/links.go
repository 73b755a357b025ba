package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// CaseLink is another case that a case names. Whether anything has the code, and
// whether it names this one too, makes no difference to it.
type CaseLink struct {
	ID   string
	Case casework.CaseID
	Code casework.CaseCode
	By   casework.UserID
	At   time.Time
}

func linkAD(id string) string { return "link/" + id }

func (s *Store) linkKey(code casework.CaseCode) []byte {
	return s.keys.Hash("case link", []byte(code))
}

// AddCaseLink keeps one; false when the case names that code already.
func (tx *Tx) AddCaseLink(ctx context.Context, l CaseLink) (added bool, err error) {
	sealed, err := tx.store.sealFor(ctx, tx, l.Case, linkAD(l.ID), l.Code)
	if err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO case_link (id, case_id, names, sealed, named_by, named_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (case_id, names) DO NOTHING`, l.ID, l.Case, tx.store.linkKey(l.Code), sealed, l.By, l.At)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n == 1, plain(err)
}

// LinksOf lists what a case names, oldest first.
func (tx *Tx) LinksOf(ctx context.Context, id casework.CaseID) ([]CaseLink, error) {
	rows := []struct {
		ID     string          `db:"id"`
		Sealed []byte          `db:"sealed"`
		By     casework.UserID `db:"named_by"`
		At     time.Time       `db:"named_at"`
	}{}
	if err := tx.SelectContext(ctx, &rows, `SELECT id, sealed, named_by, named_at FROM case_link WHERE case_id = $1 ORDER BY named_at, id`, id); err != nil {
		return nil, plain(err)
	}
	list := make([]CaseLink, len(rows))
	for i, r := range rows {
		list[i] = CaseLink{ID: r.ID, Case: id, By: r.By, At: r.At.UTC()}
		if err := tx.store.openFor(ctx, tx, id, linkAD(r.ID), r.Sealed, &list[i].Code); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// RemoveCaseLink forgets one; casework.Absent when there is none.
func (tx *Tx) RemoveCaseLink(ctx context.Context, id casework.CaseID, link string) error {
	return tx.removeOf(ctx, `DELETE FROM case_link WHERE case_id = $1 AND id = $2`, id, link)
}

// Linked tells which of the cases name each other.
func (tx *Tx) Linked(ctx context.Context, ids []casework.CaseID) (func(x, y casework.CaseID) bool, error) {
	rows := []struct {
		Case  casework.CaseID `db:"case_id"`
		Names []byte          `db:"names"`
	}{}
	if err := tx.SelectContext(ctx, &rows, `SELECT case_id, names FROM case_link WHERE case_id = ANY($1)`, pq.Array(ids)); err != nil {
		return nil, plain(err)
	}
	called := make(map[string]casework.CaseID, len(ids))
	for _, id := range ids {
		called[string(tx.store.linkKey(tx.store.CaseCode(id)))] = id
	}
	names := map[[2]casework.CaseID]bool{}
	for _, r := range rows {
		names[[2]casework.CaseID{r.Case, called[string(r.Names)]}] = true
	}
	return func(x, y casework.CaseID) bool {
		return names[[2]casework.CaseID{x, y}] && names[[2]casework.CaseID{y, x}]
	}, nil
}

// SeatOf is a place that somebody has at a table now.
type SeatOf struct {
	User casework.UserID `db:"account"`
	Name string          `db:"name"`
	Case casework.CaseID `db:"case_id"`
	Role casework.Role   `db:"role"`
}

// SeatsOf lists the places that people of an organisation have at a moment at the
// tables of open cases, by name; practice cases are not among them.
func (tx *Tx) SeatsOf(ctx context.Context, organisation casework.OrganisationID, at time.Time) (list []SeatOf, err error) {
	err = tx.SelectContext(ctx, &list, `
		SELECT m.account, a.name, m.case_id, m.role
		FROM membership m JOIN account a ON a.id = m.account AND a.active AND NOT a.invented
		LEFT JOIN LATERAL (SELECT type FROM event WHERE case_id = m.case_id AND type IN ('case_closed', 'case_reopened')
			ORDER BY seq DESC LIMIT 1) last ON true
		WHERE a.organisation = $1 AND m.valid_from <= $2 AND (m.valid_until IS NULL OR m.valid_until > $2)
			AND last.type IS DISTINCT FROM 'case_closed' AND m.ground <> 'practice'
		ORDER BY lower(a.name), a.id, m.case_id`, organisation, at)
	return list, plain(err)
}
