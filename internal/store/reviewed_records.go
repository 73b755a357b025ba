package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// ReviewedRecord is a line of the access log as far as whoever reviews it for an
// organisation is shown it: no object, no detail, and of a case only what may be
// known of it.
type ReviewedRecord struct {
	ID      string          `db:"id"`
	At      time.Time       `db:"at"`
	Event   audit.Event     `db:"event"`
	Outcome audit.Outcome   `db:"outcome"`
	User    casework.UserID `db:"account"` // empty: the operator of the server
	Role    casework.Role   `db:"role"`
	Ground  string          `db:"ground"`
	Rule    string          `db:"policy_rule"`
	Case    casework.CaseID `db:"case_id"` // empty: none, or none that may be known here
	CutOff  bool            `db:"cut_off"` // the end of a stay, at the latest

	// What only files of lines tell, not pages.
	Action      audit.Action   `db:"action"`
	Relation    audit.Relation `db:"relation"` // to a case that may be known here
	Policy      string         `db:"policy"`   // version
	AccessPoint string         `db:"access_point"`
	Source      string         `db:"source"`
}

// Review is what of the access log of an organisation is asked for. Every field but
// Organisation may be empty: then it leaves nothing out.
type Review struct {
	Organisation casework.OrganisationID
	Never        []casework.CaseID // whose lines its reader must not learn of
	User         casework.UserID
	Cases        []casework.CaseID // nil: any; empty: of none
	Events       []audit.Event
	Outcome      audit.Outcome
	From, Until  time.Time // from a moment on, before another
	After        RecordPlace
	Newer        bool // what is newer than After, and not what is older
	Limit        int
	Now          time.Time // about when the newest lines are; not known: everything is looked through at once
}

// RecordPlace is a place in the log: that of a line. The zero value is before the
// newest.
type RecordPlace struct {
	At time.Time
	ID string
}

// knownCase tells that a reader of the log may know which case a line is about: one
// of the own organisation, or one at which its actor had a seat. Of any other case
// nothing is told, not whether it is there.
const knownCase = `r.case_id <> ALL($2) AND (r.case_organisation = $1 OR r.outcome = 'done' AND r.ground <> '')`

// shownCase is that case, where it may be known.
const shownCase = `CASE WHEN ` + knownCase + ` THEN r.case_id ELSE '' END AS case_id`

// Reviewed lists lines of the access log of an organisation, newest first: what its
// people did, and what was done in its cases, read in the name of somebody of that
// organisation. Who was turned away from a case without having a seat there is told
// of alike whether the case is kept from the reader, of somebody else, or nowhere.
func (s *Store) Reviewed(ctx context.Context, user casework.UserID, review Review) (list []ReviewedRecord, err error) {
	err = s.reviewAs(ctx, user, review.Organisation, func(tx *sqlx.Tx) error {
		for _, stretch := range review.stretches() {
			var found []ReviewedRecord
			query, args := stretch.query()
			if err := tx.SelectContext(ctx, &found, query, args...); err != nil {
				return plain(err)
			}
			if list = append(list, found...); len(list) >= review.Limit {
				list = list[:review.Limit]
				break
			}
		}
		return nil
	})
	if review.Newer {
		slices.Reverse(list)
	}
	return list, err
}

// reviewAs runs fn as ReadAs does, for somebody who reviews the log of an
// organisation. Its queries name every month of the log, and look like much to do where
// there is little: to compile them takes longer than to run them.
func (s *Store) reviewAs(ctx context.Context, user casework.UserID, organisation casework.OrganisationID, fn func(*sqlx.Tx) error) error {
	return s.ReadAs(ctx, user, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT set_config('casustafel.reviews', $1, true), set_config('jit', 'off', true)`, string(organisation)); err != nil {
			return plain(err)
		}
		return fn(tx)
	})
}

// arguments are those of a query that is being written.
type arguments []any

// add puts a value among them and says how the query names it.
func (a *arguments) add(value any) string {
	*a = append(*a, value)
	return fmt.Sprintf("$%d", len(*a))
}

// often are the events of audit.Often as the indexes on lines that are seldom name them:
// such an index is read where the query says that nothing of these is asked for.
var often = func() string {
	words := make([]string, len(audit.Often))
	for i, event := range audit.Often {
		words[i] = string(event)
	}
	return `'{` + strings.Join(words, ",") + `}'::text[]`
}()

// sides are the conditions on the lines r of the own people, and on those of others in
// own cases, each to be read from an index of its own: what may be known, and what is
// asked for, but for where and how far to read.
func (v Review) sides() (own, others string, args arguments) {
	args = arguments{v.Organisation, pq.Array(append([]casework.CaseID{}, v.Never...)), pq.Array(audit.Sheltered)} // an array of none is not no array
	where := []string{`r.event <> ALL($3)`}
	filter := func(condition string, value any) {
		where = append(where, strings.ReplaceAll(condition, "?", args.add(value)))
	}
	if v.User != "" {
		filter(`r.account = ? AND r.actor_organisation = $1`, v.User)
	}
	if v.Cases != nil {
		filter(`r.case_id = ANY(?) AND `+knownCase, pq.Array(v.Cases))
	}
	if v.Events != nil {
		filter(`r.event = ANY(?)`, pq.Array(v.Events))
		if !slices.ContainsFunc(v.Events, func(e audit.Event) bool { return slices.Contains(audit.Often, e) }) {
			where = append(where, `r.event <> ALL (`+often+`)`)
		}
	}
	if v.Outcome != "" {
		filter(`r.outcome = ?`, v.Outcome)
	}
	if !v.From.IsZero() {
		filter(`r.at >= ?`, v.From)
	}
	if !v.Until.IsZero() {
		filter(`r.at < ?`, v.Until)
	}
	asked := strings.Join(where, " AND ")
	// Whoever was turned away at the door of a case says nothing of it.
	own = `r.actor_organisation = $1 AND (r.case_id <> ALL($2) OR r.outcome = 'refused' AND r.role = 'none') AND ` + asked
	others = `r.case_organisation = $1 AND r.case_organisation <> r.actor_organisation AND r.case_id <> ALL($2) AND ` + asked
	return own, others, args
}

// query puts the lines of both sides together, as far as they stand on the page.
func (v Review) query() (string, []any) {
	own, others, args := v.sides()
	comes, order := "<", "at DESC, id DESC"
	if v.Newer {
		comes, order = ">", "at, id"
	}
	from := ""
	if !v.After.At.IsZero() {
		from = fmt.Sprintf(` AND (r.at, r.id) %s (%s, %s)`, comes, args.add(v.After.At), args.add(v.After.ID))
	}
	limit := args.add(v.Limit)
	lines := func(whose string) string {
		return fmt.Sprintf(`(SELECT r.id, r.at, r.event, r.outcome, r.account, r.role, r.ground, r.policy_rule, %s,
			r.event = 'leave' AND coalesce(r.detail ? '`+audit.CutOff+`', false) AS cut_off,
			r.action, CASE WHEN %s THEN r.relation ELSE '' END AS relation, r.policy, r.access_point, r.source
			FROM record r WHERE %s%s ORDER BY %s LIMIT %s)`, shownCase, knownCase, whose, from, order, limit)
	}
	return fmt.Sprintf(`SELECT * FROM (%s UNION ALL %s) both_sides ORDER BY %s LIMIT %s`, lines(own), lines(others), order, limit), args
}

// Reviewable lists the cases that a log of an organisation may be about: its own, erased
// ones too, and those at which one of its people has or had a seat.
func (tx *Tx) Reviewable(ctx context.Context, organisation casework.OrganisationID) (ids []casework.CaseID, err error) {
	err = tx.SelectContext(ctx, &ids, `SELECT id FROM cases WHERE organisation = $1 UNION SELECT case_id FROM erased_case WHERE organisation = $1 OR $1 = ANY(seated)
		UNION SELECT m.case_id FROM membership m JOIN account a ON a.id = m.account WHERE a.organisation = $1`, organisation)
	return ids, plain(err)
}

// Person is somebody as a log names its people.
type Person struct {
	ID               casework.UserID         `db:"id"`
	Name             string                  `db:"name"`
	Organisation     casework.OrganisationID `db:"organisation"`
	OrganisationName string                  `db:"organisation_name"`
}

// People finds somebody by each of the ids that anybody has.
func (tx *Tx) People(ctx context.Context, ids []casework.UserID) (map[casework.UserID]Person, error) {
	var rows []Person
	err := tx.SelectContext(ctx, &rows, `SELECT a.id, a.name, a.organisation, o.name AS organisation_name
		FROM account a JOIN organisation o ON o.id = a.organisation WHERE a.id = ANY($1)`, pq.Array(ids))
	people := make(map[casework.UserID]Person, len(rows))
	for _, r := range rows {
		people[r.ID] = r
	}
	return people, plain(err)
}
