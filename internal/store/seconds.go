package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// SecondState says how a question for a second person stands.
type SecondState string

// States of a question. One that nobody answered in time may still be kept as waiting.
const (
	SecondWaiting   SecondState = "waiting"
	SecondYes       SecondState = "yes"
	SecondNo        SecondState = "no"
	SecondWithdrawn SecondState = "withdrawn"
	SecondLapsed    SecondState = "lapsed"
)

// Second is something that somebody asked and that needs the yes of another.
type Second struct {
	ID       string          `db:"id"`
	Case     casework.CaseID `db:"case_id"`
	Act      casework.Act    `db:"act"`
	Ground   string          `db:"ground"` // a code
	By       casework.UserID `db:"asked_by"`
	At       time.Time       `db:"asked_at"`
	State    SecondState     `db:"state"`
	Answerer casework.UserID `db:"answered_by"` // empty: nobody
	Answered time.Time       `db:"answered_at"` // zero: not yet
}

const secondColumns = `id, case_id, act, ground, asked_by, asked_at, state, coalesce(answered_by, '') AS answered_by,
	coalesce(answered_at, '0001-01-01Z') AS answered_at`

// AskSecond keeps a question; false when one for the same act waits already. What
// was asked up to a moment has lapsed by now.
func (tx *Tx) AskSecond(ctx context.Context, s Second, lapsed time.Time) (asked bool, err error) {
	_, err = tx.ExecContext(ctx, `UPDATE second_person SET state = 'lapsed' WHERE case_id = $1 AND act = $2 AND state = 'waiting' AND asked_at <= $3`,
		s.Case, s.Act, lapsed)
	if err != nil {
		return false, plain(err)
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO second_person (id, case_id, act, ground, asked_by, asked_at, state)
		VALUES ($1, $2, $3, $4, $5, $6, 'waiting') ON CONFLICT (case_id, act) WHERE state = 'waiting' DO NOTHING`,
		s.ID, s.Case, s.Act, s.Ground, s.By, s.At)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n == 1, plain(err)
}

// Second finds a question; casework.Absent when there is none.
func (tx *Tx) Second(ctx context.Context, id string) (s Second, err error) {
	err = tx.GetContext(ctx, &s, `SELECT `+secondColumns+` FROM second_person WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Second{}, casework.Absent()
	}
	return s.inUTC(), plain(err)
}

func (s Second) inUTC() Second {
	s.At, s.Answered = s.At.UTC(), s.Answered.UTC()
	return s
}

// secondsShown is how many of a case are listed at most.
const secondsShown = 100

// SecondsIn lists the questions of a case that were asked or answered since a
// moment, newest first.
func (tx *Tx) SecondsIn(ctx context.Context, id casework.CaseID, since time.Time) ([]Second, error) {
	return tx.seconds(ctx, `case_id = $1 AND greatest(asked_at, answered_at) > $2`, `LIMIT $3`, id, since, secondsShown)
}

// SecondsOf lists the questions of the cases of an organisation that wait, asked
// since a moment, newest first. There is one of a kind in a case, and not all of them
// are for everybody to know: how many are shown is for who knows that.
func (tx *Tx) SecondsOf(ctx context.Context, organisation casework.OrganisationID, since time.Time) ([]Second, error) {
	return tx.seconds(ctx, `state = 'waiting' AND asked_at > $2 AND case_id IN (SELECT c.id FROM cases c WHERE c.organisation = $1)`, ``, organisation, since)
}

func (tx *Tx) seconds(ctx context.Context, where, limit string, args ...any) (list []Second, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT `+secondColumns+` FROM second_person WHERE `+where+` ORDER BY asked_at DESC, id `+limit, args...)
	for i, s := range list {
		list[i] = s.inUTC()
	}
	return list, plain(err)
}

// AnswerSecond ends a question that waits; it is casework.Absent when it does not,
// any more.
func (tx *Tx) AnswerSecond(ctx context.Context, id string, state SecondState, by casework.UserID, at time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE second_person SET state = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND state = 'waiting'`,
		id, state, by, at)
	if err != nil {
		return plain(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return absentUnless(err)
	}
	return nil
}

// HoldCase keeps everybody else from changing a case until the transaction ends,
// and waits for whoever does.
func (tx *Tx) HoldCase(ctx context.Context, id casework.CaseID) error {
	_, err := tx.ExecContext(ctx, `SELECT FROM cases WHERE id = $1 FOR UPDATE`, id)
	return plain(err)
}
