package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// MonthSignature is that somebody read the review of a month.
type MonthSignature struct {
	Organisation casework.OrganisationID `db:"organisation"`
	Month        time.Time               `db:"month"` // its first day, at midnight UTC
	By           casework.UserID         `db:"by"`
	At           time.Time               `db:"at"`
	Sealed       []byte                  `db:"sealed"`
}

// MonthWords are what somebody said of a month, and in which numbers it was told then.
type MonthWords struct {
	Remark  string         `json:"remark,omitempty"`
	Numbers map[string]int `json:"numbers"`
}

func (m MonthSignature) ad() []byte {
	return fmt.Appendf(nil, "month_review/%s/%s/%s", m.Organisation, m.Month.Format(time.DateOnly), m.By)
}

// MonthSignatures lists who read the review of a month of an organisation, first one first.
func (tx *Tx) MonthSignatures(ctx context.Context, organisation casework.OrganisationID, month time.Time) (list []MonthSignature, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT * FROM month_review WHERE organisation = $1 AND month = $2 ORDER BY at, by`, organisation, month.Format(time.DateOnly))
	return list, plain(err)
}

// SignMonth keeps that somebody read it, with what was said and told; false when that
// person did already.
func (tx *Tx) SignMonth(ctx context.Context, m MonthSignature, words MonthWords) (first bool, err error) {
	text, err := json.Marshal(words)
	if err != nil {
		return false, err
	}
	sealed, err := sealer(tx.store.keys.derive("month_review")).Encrypt(text, m.ad())
	if err != nil {
		return false, fmt.Errorf("seal a review of a month: %w", err)
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO month_review (organisation, month, by, at, sealed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		m.Organisation, m.Month.Format(time.DateOnly), m.By, m.At, sealed)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n == 1, plain(err)
}

// MonthWords opens what somebody said of a month.
func (s *Store) MonthWords(m MonthSignature) (words MonthWords, err error) {
	text, err := sealer(s.keys.derive("month_review")).Decrypt(m.Sealed, m.ad())
	if err != nil {
		return words, fmt.Errorf("a review of a month does not open: %w", ErrWrongKey)
	}
	return words, json.Unmarshal(text, &words)
}
