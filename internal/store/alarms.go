package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// AlarmLimits are from where on an organisation wants to be told.
func (tx *Tx) AlarmLimits(ctx context.Context, organisation casework.OrganisationID) (limits audit.Limits, err error) {
	err = tx.GetContext(ctx, &limits, `SELECT alarm_refusals AS refusals, alarm_cases AS cases, alarm_after_end AS afterend, alarm_checkpoint AS checkpoint FROM organisation WHERE id = $1`, organisation)
	return limits, plain(err)
}

// SetAlarmLimits replaces them, for what is found from now on.
func (tx *Tx) SetAlarmLimits(ctx context.Context, organisation casework.OrganisationID, l audit.Limits) error {
	_, err := tx.ExecContext(ctx, `UPDATE organisation SET alarm_refusals = $2, alarm_cases = $3, alarm_after_end = $4, alarm_checkpoint = $5 WHERE id = $1`,
		organisation, l.Refusals, l.Cases, l.AfterEnd, l.Checkpoint)
	return plain(err)
}

// HoldAlarms makes this transaction the one that looks through the log for alarms;
// false when another does. It gives the number of the leaf to begin at.
func (tx *Tx) HoldAlarms(ctx context.Context) (next int64, held bool, err error) {
	if err = tx.GetContext(ctx, &held, `SELECT pg_try_advisory_xact_lock(7513, 4)`); err != nil || !held {
		return 0, false, plain(err)
	}
	return next, true, plain(tx.GetContext(ctx, &next, `SELECT next FROM alarm_place`))
}

// SetAlarmsSeen says that every leaf before next was looked at.
func (tx *Tx) SetAlarmsSeen(ctx context.Context, next int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE alarm_place SET next = $1`, next)
	return plain(err)
}

// LoggedLine is a line of the access log with what alarms are found by.
type LoggedLine struct {
	Number int64                   `db:"number"` // of its leaf
	At     time.Time               `db:"at"`
	Event  audit.Event             `db:"event"`
	Done   bool                    `db:"done"`
	Reason string                  `db:"reason"` // of a refusal
	User   casework.UserID         `db:"account"`
	Role   casework.Role           `db:"role"`
	Seated bool                    `db:"seated"` // on a ground of one's own
	Case   casework.CaseID         `db:"case_id"`
	Ended  bool                    `db:"ended"`
	Actor  casework.OrganisationID `db:"actor_organisation"`
	Of     casework.OrganisationID `db:"case_organisation"`
}

const loggedLines = `SELECT l.number, r.at, r.event, r.outcome = 'done' AS done, coalesce(r.detail ->> 'reason', '') AS reason, r.account, r.role, r.ground <> '' AS seated, r.case_id,
	EXISTS (SELECT FROM membership m WHERE m.case_id = r.case_id AND m.account = r.account AND m.valid_until <= r.at) AS ended,
	r.actor_organisation, r.case_organisation
	FROM leaf l JOIN record r ON r.at = l.at AND r.id = l.record WHERE r.at > (SELECT since FROM alarm_place) AND `

// LoggedLines gives lines in the order of the tree from a leaf on, at most so many,
// and the number of the leaf that comes after them.
func (tx *Tx) LoggedLines(ctx context.Context, from int64, limit int) (lines []LoggedLine, next int64, err error) {
	if err = tx.GetContext(ctx, &next, `SELECT coalesce(max(number) + 1, $1) FROM leaf WHERE number BETWEEN $1 AND $2`, from, from+int64(limit)-1); err != nil {
		return nil, 0, plain(err)
	}
	err = tx.SelectContext(ctx, &lines, loggedLines+`l.number >= $1 AND l.number < $2 ORDER BY l.number`, from, next)
	return lines, next, plain(err)
}

// LoggedLinesOf gives those of people from one moment up to another, before a leaf.
func (tx *Tx) LoggedLinesOf(ctx context.Context, people []casework.UserID, from, until time.Time, before int64) (lines []LoggedLine, err error) {
	err = tx.SelectContext(ctx, &lines, loggedLines+`r.account = ANY($1) AND r.at > $2 AND r.at <= $3 AND l.number < $4 ORDER BY l.number`,
		pq.Array(people), from, until, before)
	return lines, plain(err)
}

// For is a line as far as rules look at it for somebody who reviews the log of an
// organisation, and must not learn of some cases: by what Reviewed shows, and without
// what others of that organisation would read as being about another place. Not ok:
// nothing of it.
func (l LoggedLine) For(organisation casework.OrganisationID, never []casework.CaseID) (line audit.AlarmLine, ok bool) {
	apart := l.Case != "" && slices.Contains(never, l.Case)
	line = audit.AlarmLine{Number: l.Number, At: l.At.UTC(), Event: l.Event, Done: l.Done, Typo: !l.Done && audit.Typo(l.Reason), User: l.User, Ended: l.Ended,
		Door: !l.Done && l.Case != "" && l.Role == casework.NoRole}
	if !apart && (l.Of == organisation || l.Done && l.Seated) {
		line.Case = l.Case
	}
	switch {
	case slices.Contains(audit.Sheltered, l.Event):
		return line, false
	case l.Actor == organisation:
		return line, l.Case == "" || line.Case != "" || line.Door
	}
	return line, l.Of == organisation && !apart
}

// Alarm is something to look at, with what somebody made of it.
type Alarm struct {
	ID           string                  `db:"id"`
	Organisation casework.OrganisationID `db:"organisation"`
	Kind         audit.AlarmKind         `db:"kind"`
	User         casework.UserID         `db:"account"` // empty: it is about the log itself
	Case         casework.CaseID         `db:"case_id"`
	Limit        int                     `db:"limit_then"`
	Since        time.Time               `db:"since"`
	Last         time.Time               `db:"last"`

	Judged   AlarmJudgement  `db:"judged"` // empty: nobody answered
	Reviewer casework.UserID `db:"reviewer"`
	Reviewed *time.Time      `db:"reviewed_at"`
	Sealed   []byte          `db:"sealed"`
}

// AlarmJudgement is what somebody makes of an alarm.
type AlarmJudgement string

// Judgements of alarms.
const (
	Explained    AlarmJudgement = "explained"
	NotExplained AlarmJudgement = "not_explained"
	Reported     AlarmJudgement = "reported" // as a breach of data
)

// AlarmJudgements lists them, in the order in which they are offered.
var AlarmJudgements = []AlarmJudgement{Explained, NotExplained, Reported}

const alarmQuery = `SELECT m.id, m.organisation, m.kind, coalesce(m.account, '') AS account, m.case_id, m.limit_then, m.since, m.last, coalesce(w.judged, '') AS judged, coalesce(w.by, '') AS reviewer, w.at AS reviewed_at, w.sealed
	FROM alarm m LEFT JOIN alarm_answer w ON w.alarm = m.id WHERE `

// OpenAlarm finds the latest that is open about the same; not found is a zero one.
func (tx *Tx) OpenAlarm(ctx context.Context, organisation casework.OrganisationID, c audit.Cause) (alarm Alarm, err error) {
	err = tx.GetContext(ctx, &alarm, alarmQuery+`m.organisation = $1 AND m.kind = $2 AND m.account = $3 AND m.case_id = $4 AND w.alarm IS NULL
		ORDER BY m.last DESC LIMIT 1`, organisation, c.Kind, c.User, c.Case)
	if errors.Is(err, sql.ErrNoRows) {
		return Alarm{}, nil
	}
	return alarm, plain(err)
}

// RaiseAlarm adds one.
func (tx *Tx) RaiseAlarm(ctx context.Context, m Alarm) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alarm (id, organisation, kind, account, case_id, limit_then, since, last) VALUES ($1, $2, $3, nullif($4, ''), $5, $6, $7, $8)`,
		m.ID, m.Organisation, m.Kind, m.User, m.Case, m.Limit, m.Since, m.Last)
	return plain(err)
}

// ProlongAlarm says that it went on until then.
func (tx *Tx) ProlongAlarm(ctx context.Context, id string, last time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE alarm SET last = greatest(last, $2) WHERE id = $1`, id, last)
	return plain(err)
}

// OpenAlarms lists all of an organisation that nobody answered, oldest first: whoever
// shows some of them counts those that its reader may know of.
func (tx *Tx) OpenAlarms(ctx context.Context, organisation casework.OrganisationID) (list []Alarm, err error) {
	err = tx.SelectContext(ctx, &list, alarmQuery+`m.organisation = $1 AND w.alarm IS NULL ORDER BY m.since, m.id`, organisation)
	return list, plain(err)
}

// AnsweredAlarms lists those that were answered, latest first: so many, after so many.
func (tx *Tx) AnsweredAlarms(ctx context.Context, organisation casework.OrganisationID, after, limit int) (list []Alarm, err error) {
	err = tx.SelectContext(ctx, &list, alarmQuery+`m.organisation = $1 AND w.alarm IS NOT NULL ORDER BY w.at DESC, m.id LIMIT $2 OFFSET $3`, organisation, limit, after)
	return list, plain(err)
}

// AlarmsOfMonth lists those of an organisation that began in a period, and those from
// before it that are open, oldest first.
func (tx *Tx) AlarmsOfMonth(ctx context.Context, organisation casework.OrganisationID, from, until time.Time) (list []Alarm, err error) {
	err = tx.SelectContext(ctx, &list, alarmQuery+`m.organisation = $1 AND m.since < $3 AND (m.since >= $2 OR w.alarm IS NULL) ORDER BY m.since, m.id`, organisation, from, until)
	return list, plain(err)
}

// Alarm finds one of an organisation; casework.Absent when there is none.
func (tx *Tx) Alarm(ctx context.Context, organisation casework.OrganisationID, id string) (alarm Alarm, err error) {
	err = tx.GetContext(ctx, &alarm, alarmQuery+`m.organisation = $1 AND m.id = $2`, organisation, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Alarm{}, casework.Absent()
	}
	return alarm, plain(err)
}

// SeeAlarm says that somebody had it on the screen, the first time.
func (tx *Tx) SeeAlarm(ctx context.Context, id string, user casework.UserID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alarm_seen (alarm, account, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, user, at)
	return plain(err)
}

// AlarmSeenBy lists who had it on the screen, first one first.
func (tx *Tx) AlarmSeenBy(ctx context.Context, id string) (users []casework.UserID, err error) {
	err = tx.SelectContext(ctx, &users, `SELECT account FROM alarm_seen WHERE alarm = $1 ORDER BY at, account`, id)
	return users, plain(err)
}

// AnswerAlarm keeps what somebody made of it; not first when another did.
func (tx *Tx) AnswerAlarm(ctx context.Context, id string, judged AlarmJudgement, words string, by casework.UserID, at time.Time) (first bool, err error) {
	sealed, err := sealer(tx.store.keys.derive("alarm_answer")).Encrypt([]byte(words), []byte("alarm_answer/"+id))
	if err != nil {
		return false, fmt.Errorf("seal an answer: %w", err)
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO alarm_answer (alarm, judged, sealed, by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (alarm) DO NOTHING`, id, judged, sealed, by, at)
	if err != nil {
		return false, plain(err)
	}
	n, err := result.RowsAffected()
	return n == 1, plain(err)
}

// AlarmWords opens why somebody judged an alarm so.
func (s *Store) AlarmWords(m Alarm) (string, error) {
	if m.Sealed == nil {
		return "", nil
	}
	opened, err := sealer(s.keys.derive("alarm_answer")).Decrypt(m.Sealed, []byte("alarm_answer/"+m.ID))
	if err != nil {
		return "", fmt.Errorf("an answer does not open: %w", ErrWrongKey)
	}
	return string(opened), nil
}
