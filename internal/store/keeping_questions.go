package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// KeepingAct is what about the keeping of a case needs the yes of a second person.
type KeepingAct string

// Acts that need it.
const (
	EraseAct KeepingAct = "erase"
	LiftAct  KeepingAct = "lift" // a legal hold
)

// KeepingQuestion asks for that yes.
type KeepingQuestion struct {
	ID     string          `db:"id"`
	Case   casework.CaseID `db:"case_id"`
	Act    KeepingAct      `db:"act"`
	Ground string          `db:"ground"` // a code
	By     casework.UserID `db:"asked_by"`
	At     time.Time       `db:"asked_at"`
}

const keepingColumns = `q.id, q.case_id, q.act, q.ground, q.asked_by, q.asked_at`

// AskKeeping keeps a question; false when one for the same waits already.
func (tx *Tx) AskKeeping(ctx context.Context, q KeepingQuestion) (asked bool, err error) {
	result, err := tx.ExecContext(ctx, `INSERT INTO keeping_question (id, case_id, act, ground, asked_by, asked_at, state)
		VALUES ($1, $2, $3, $4, $5, $6, 'waiting') ON CONFLICT (case_id, act) WHERE state = 'waiting' DO NOTHING`, q.ID, q.Case, q.Act, q.Ground, q.By, q.At)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n == 1, plain(err)
}

// KeepingQuestion finds one that waits; casework.Absent when there is none.
func (tx *Tx) KeepingQuestion(ctx context.Context, id string) (q KeepingQuestion, err error) {
	err = tx.GetContext(ctx, &q, `SELECT `+keepingColumns+` FROM keeping_question q WHERE q.id = $1 AND q.state = 'waiting'`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return KeepingQuestion{}, casework.Absent()
	}
	q.At = q.At.UTC()
	return q, plain(err)
}

// KeepingQuestions lists those that wait in the cases of an organisation.
func (tx *Tx) KeepingQuestions(ctx context.Context, organisation casework.OrganisationID) (list []KeepingQuestion, err error) {
	err = tx.SelectContext(ctx, &list, `SELECT `+keepingColumns+` FROM keeping_question q JOIN cases c ON c.id = q.case_id
		WHERE c.organisation = $1 AND q.state = 'waiting' ORDER BY q.asked_at, q.id`, organisation)
	for i, q := range list {
		list[i].At = q.At.UTC()
	}
	return list, plain(err)
}

// AnswerKeeping ends a question that waits; casework.Absent when it does not, any more.
func (tx *Tx) AnswerKeeping(ctx context.Context, id string, state SecondState, by casework.UserID, at time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE keeping_question SET state = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND state = 'waiting'`, id, state, by, at)
	if err != nil {
		return plain(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return absentUnless(err)
	}
	return nil
}

// LapseKeeping ends the questions of an act that wait in a case, if any: what they
// asked goes by something that is no longer so.
func (tx *Tx) LapseKeeping(ctx context.Context, id casework.CaseID, act KeepingAct, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE keeping_question SET state = 'lapsed', answered_at = $3 WHERE case_id = $1 AND act = $2 AND state = 'waiting'`, id, act, at)
	return plain(err)
}
