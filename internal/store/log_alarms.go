package store

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// LogHealth is what can be wrong with the access log as a whole.
type LogHealth struct {
	Unsigned *time.Time `db:"unsigned"` // when the oldest line was made that no checkpoint covers; nil: there is none
	Checked  *time.Time `db:"checked"`  // when its newest stretch was checked last; nil: never
	Suspect  *int64     `db:"suspect"`  // from which leaf on it was not what was signed; nil: it was
	Place    int64      `db:"place"`    // the leaves before it were right, in this round of checking the older ones
	Wrong    bool       `db:"wrong"`    // the stretch from there on was not what was signed
}

// Changed tells whether any part of it was found not to be what was signed.
func (h LogHealth) Changed() bool { return h.Suspect != nil || h.Wrong }

// LogHealth reads it.
func (s *Store) LogHealth(ctx context.Context) (h LogHealth, err error) {
	err = s.committer.GetContext(ctx, &h, `SELECT least((SELECT min(at) FROM record_waiting WHERE isfinite(at)),
			(SELECT `+earthly("at")+` FROM leaf WHERE number = (SELECT coalesce(max(size), 0) FROM checkpoint))) AS unsigned,
		at AS checked, suspect, place, wrong FROM log_check`)
	return h, plain(err)
}

// SetLogChecked keeps what a check of the newest stretch found.
func (tx *Tx) SetLogChecked(ctx context.Context, at time.Time, suspect *int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE log_check SET at = $1, suspect = $2`, at, suspect)
	return plain(err)
}

// SetOlderChecked keeps how far a check of the older leaves came, and whether what comes
// there was wrong. Several nodes check at once: what was right is kept only if nothing
// changed since the check began, so that it hides nothing that another found meanwhile;
// what was wrong is kept always.
func (tx *Tx) SetOlderChecked(ctx context.Context, began LogHealth, place int64, wrong bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE log_check SET place = $3, wrong = $4 WHERE $4 OR place = $1 AND wrong = $2`, began.Place, began.Wrong, place, wrong)
	return plain(err)
}

// LogAlarm is the latest alarm of a kind about the log itself that an organisation has.
type LogAlarm struct {
	Organisation casework.OrganisationID `db:"organisation"`
	Checkpoint   int                     `db:"checkpoint"` // its limit, in minutes
	ID           *string                 `db:"id"`         // nil: it has none
	Last         *time.Time              `db:"last"`
	Answered     *time.Time              `db:"answered"`
}

// LogAlarms gives that of every organisation.
func (tx *Tx) LogAlarms(ctx context.Context, kind audit.AlarmKind) (all []LogAlarm, err error) {
	err = tx.SelectContext(ctx, &all, `SELECT o.id AS organisation, o.alarm_checkpoint AS checkpoint, m.id, m.last, w.at AS answered FROM organisation o
		LEFT JOIN LATERAL (SELECT id, last FROM alarm WHERE organisation = o.id AND kind = $1 ORDER BY last DESC, id LIMIT 1) m ON true
		LEFT JOIN alarm_answer w ON w.alarm = m.id ORDER BY o.id`, kind)
	return all, plain(err)
}
