package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// ErasedCase is what is left of a case that was erased.
type ErasedCase struct {
	ID           string                  `db:"id"` // of the certificate
	Case         casework.CaseID         `db:"case_id"`
	Organisation casework.OrganisationID `db:"organisation"`
	Closed       time.Time               `db:"closed_at"`
	KeptUntil    time.Time               `db:"kept_until"`
	Erased       time.Time               `db:"erased_at"`
	Ground       string                  `db:"ground"` // a code
	By           casework.UserID         `db:"asked_by"`
	Asked        time.Time               `db:"asked_at"`
	With         casework.UserID         `db:"yes_by"`
	BackupsUntil time.Time               `db:"backups_until"` // a backup may hold it until then
	Certificate  string                  `db:"certificate"`   // a signed note; empty: not made yet
}

const erasedColumns = `id, case_id, organisation, closed_at, kept_until, erased_at, ground, asked_by, asked_at, yes_by, backups_until, certificate`

// EraseCase erases the case that a question is about, with the yes of somebody else.
// The database refuses whatever is not to be erased now.
func (tx *Tx) EraseCase(ctx context.Context, question, certificate string, yes casework.UserID, backupsUntil time.Time) error {
	_, err := tx.ExecContext(ctx, `SELECT erase_case($1, $2, $3, $4)`, question, certificate, yes, backupsUntil)
	return plain(err)
}

// ErasedCases lists those of an organisation, newest first.
func (tx *Tx) ErasedCases(ctx context.Context, organisation casework.OrganisationID) ([]ErasedCase, error) {
	return tx.erased(ctx, `organisation = $1`, organisation)
}

// ErasedCase finds one by its certificate; casework.Absent when there is none.
func (tx *Tx) ErasedCase(ctx context.Context, certificate string) (ErasedCase, error) {
	list, err := tx.erased(ctx, `id = $1`, certificate)
	if err == nil && len(list) == 0 {
		err = casework.Absent()
	}
	if err != nil {
		return ErasedCase{}, err
	}
	return list[0], nil
}

// Uncertified lists those whose certificate was not made yet, oldest first.
func (tx *Tx) Uncertified(ctx context.Context) ([]ErasedCase, error) {
	list, err := tx.erased(ctx, `certificate = ''`)
	slices.Reverse(list)
	return list, err
}

func (tx *Tx) erased(ctx context.Context, where string, args ...any) (list []ErasedCase, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT `+erasedColumns+` FROM erased_case WHERE `+where+` ORDER BY erased_at DESC, id`, args...)
	for i := range list {
		for _, at := range []*time.Time{&list[i].Closed, &list[i].KeptUntil, &list[i].Erased, &list[i].Asked, &list[i].BackupsUntil} {
			*at = at.UTC()
		}
	}
	return list, plain(err)
}

// Certify keeps the certificate of an erasing, once.
func (tx *Tx) Certify(ctx context.Context, id, note string) error {
	_, err := tx.ExecContext(ctx, `SELECT certify_erasing($1, $2)`, id, note)
	return plain(err)
}

// LineOfErasing is the number of the leaf that records the erasing of a case; false when
// the tree does not hold it yet.
func (tx *Tx) LineOfErasing(ctx context.Context, id casework.CaseID) (number int64, there bool, err error) {
	err = tx.GetContext(ctx, &number, `SELECT l.number FROM record r JOIN leaf l ON l.record = r.id AND l.at = r.at
		WHERE r.case_id = $1 AND r.event = 'erase_case' AND r.outcome = 'done' ORDER BY l.number LIMIT 1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return number, err == nil, plain(err)
}

// EraseDetails takes the details from the lines of the log about erased cases that have
// come into the tree since, and gives of how many cases some may be left.
func (s *Store) EraseDetails(ctx context.Context) (left int64, err error) {
	err = s.committer.GetContext(ctx, &left, `SELECT erase_details()`)
	return left, plain(err)
}

// ForgetCase lets go of the opened key of a case.
func (s *Store) ForgetCase(id casework.CaseID) { s.dataKeys.byCase.Delete(id) }

// CasesAtHand lists the cases of which this node has the opened key.
func (s *Store) CasesAtHand() (ids []casework.CaseID) {
	s.dataKeys.byCase.Range(func(id, _ any) bool {
		ids = append(ids, id.(casework.CaseID))
		return true
	})
	return ids
}

// Erased tells which of the cases were erased.
func (s *Store) Erased(ctx context.Context, ids []casework.CaseID) (erased []casework.CaseID, err error) {
	err = s.committer.SelectContext(ctx, &erased, `SELECT case_id FROM erased_case WHERE case_id = ANY($1)`, pq.Array(ids))
	return erased, plain(err)
}
