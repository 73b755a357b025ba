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

// Unsigned is a stretch of time in which lines of the log waited for a checkpoint.
type Unsigned struct {
	Since time.Time  `db:"since"` // of the line that waited longest
	Until *time.Time `db:"until"` // when it was signed; nil: it is not yet
}

// UnsignedFor lists in which stretches of a period lines of the log waited longer than so
// long for a checkpoint, longest wait first, and what waits now. They are of the whole
// log: whoever tells of one looks first whether its reader has a line in it.
func (s *Store) UnsignedFor(ctx context.Context, from, until time.Time, longer time.Duration) (list []Unsigned, err error) {
	// Between two checkpoints the line that waited longest is that of the first leaf after
	// the earlier one. What is recorded in the period is signed by then, if the log goes on.
	err = s.committer.SelectContext(ctx, &list, `
		SELECT l.at AS since, s.at AS until FROM (
			SELECT at, coalesce(lag(size) OVER (ORDER BY size), (SELECT size FROM checkpoint WHERE at < $1 ORDER BY at DESC LIMIT 1), 0) AS first FROM checkpoint
			WHERE at >= $1 AND at <= greatest($2::timestamptz + interval '7 days', (SELECT min(at) FROM checkpoint WHERE at >= $2))) s
			CROSS JOIN LATERAL (SELECT `+earthly("at")+` AS at FROM leaf WHERE number = s.first LIMIT 1) l
		WHERE s.at - l.at > $3 * interval '1 second' AND l.at < $2 ORDER BY s.at - l.at DESC LIMIT 100`, from, until, longer.Seconds())
	if err != nil {
		return nil, plain(err)
	}
	health, err := s.LogHealth(ctx)
	if err == nil && health.Unsigned != nil && health.Unsigned.Before(until) {
		list = append(list, Unsigned{Since: *health.Unsigned})
	}
	return list, err
}
