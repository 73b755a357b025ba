package store

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// Tallying is what is counted of the lines of an access log that a Review finds.
type Tallying struct {
	Review
	Zone                 *time.Location // in which days and hours are told
	Accesses             []audit.Event  // what counts as an access, when it was done
	Exports              []audit.Event
	Glass                audit.Event
	WorkFrom, WorkBefore int // hours of a working day; other hours, and weekends, are after hours
}

// Tally is what came of counting. Every number is of lines that the Review finds, so
// whoever may not know of a line finds it in no number either.
type Tally struct {
	Hours    [7][24]int // accesses by weekday from Monday on, and hour
	Accesses []AccessTally
	Days     []DayTally // by date; days without any are left out
	Refusals []RefusalTally
}

// AccessTally counts the accesses of one person in one role to one case.
type AccessTally struct {
	Case  casework.CaseID // empty: about none, or none that may be known here
	Own   bool            // the case is of the own organisation
	Role  casework.Role
	User  casework.UserID
	All   int
	After int // of which after hours
}

// DayTally counts what is rare, by day.
type DayTally struct {
	Day                               time.Time // its date, at midnight UTC
	Accesses, Refused, Exports, Glass int
}

// RefusalTally counts what was refused, by what was tried and the rule.
type RefusalTally struct {
	Event audit.Event
	Rule  string
	Count int
}

// tallyRow is one group of one of the four ways in which lines are put together.
type tallyRow struct {
	Way      int             `db:"way"`
	Weekday  int             `db:"weekday"`
	Hour     int             `db:"hour"`
	Day      time.Time       `db:"day"`
	Case     casework.CaseID `db:"case_id"`
	Role     casework.Role   `db:"role"`
	User     casework.UserID `db:"account"`
	Event    audit.Event     `db:"event"`
	Rule     string          `db:"rule"`
	Own      bool            `db:"own"`
	Accesses int             `db:"accesses"`
	After    int             `db:"after"`
	Refused  int             `db:"refused"`
	Exports  int             `db:"exports"`
	Glass    int             `db:"glass"`
}

// Ways in which lines are put together: the bits of GROUPING(weekday, account, day, event).
const (
	byHour    = 0b0111
	byPerson  = 0b1011
	byDay     = 0b1101
	byRefusal = 0b1110
)

// Tallies counts lines of the access log of an organisation, in one pass over those
// of the period, in the name of somebody of that organisation.
func (s *Store) Tallies(ctx context.Context, user casework.UserID, t Tallying) (tally Tally, err error) {
	query, args := t.query()
	err = s.reviewAs(ctx, user, t.Organisation, func(tx *sqlx.Tx) error {
		rows, err := tx.QueryxContext(ctx, query, args...)
		if err != nil {
			return plain(err)
		}
		defer rows.Close() //nolint:errcheck // Err tells
		for rows.Next() {
			var r tallyRow
			if err := rows.StructScan(&r); err != nil {
				return plain(err)
			}
			tally.add(r)
		}
		return plain(rows.Err())
	})
	return tally, err
}

func (t *Tally) add(r tallyRow) {
	switch r.Way {
	case byHour:
		t.Hours[r.Weekday-1][r.Hour] = r.Accesses
	case byPerson:
		if r.Accesses > 0 {
			t.Accesses = append(t.Accesses, AccessTally{r.Case, r.Own, r.Role, r.User, r.Accesses, r.After})
		}
	case byDay:
		t.Days = append(t.Days, DayTally{r.Day, r.Accesses, r.Refused, r.Exports, r.Glass})
	case byRefusal:
		if r.Refused > 0 {
			t.Refusals = append(t.Refusals, RefusalTally{r.Event, r.Rule, r.Refused})
		}
	}
}

// query reads the lines of both sides once and puts them together in four ways.
func (t Tallying) query() (string, []any) {
	own, others, args := t.sides()
	lines := func(whose string) string {
		return `SELECT r.at AT TIME ZONE @zone AS here, r.event, r.outcome, r.account, r.role, r.policy_rule, r.case_organisation = $1 AS own, ` + shownCase + ` FROM record r WHERE ` + whose
	}
	named := strings.NewReplacer("@zone", args.add(t.Zone.String()), "@accesses", args.add(pq.Array(t.Accesses)), "@exports", args.add(pq.Array(t.Exports)),
		"@glass", args.add(t.Glass), "@from", args.add(t.WorkFrom), "@before", args.add(t.WorkBefore))
	return named.Replace(`
		WITH line AS (
			SELECT extract(isodow FROM here)::int AS weekday, extract(hour FROM here)::int AS hour, here::date AS day, case_id, own, role, account,
				CASE outcome WHEN 'refused' THEN event ELSE '' END AS event, CASE outcome WHEN 'refused' THEN policy_rule ELSE '' END AS rule,
				outcome = 'refused' AS refused, outcome = 'done' AND event = ANY(@accesses) AS access,
				outcome = 'done' AND event = ANY(@exports) AS export, outcome = 'done' AND event = @glass AS glass
			FROM (` + lines(own) + ` UNION ALL ` + lines(others) + `) both_sides)
		SELECT GROUPING(weekday, account, day, event) AS way, coalesce(weekday, 0) AS weekday, coalesce(hour, 0) AS hour, coalesce(day, '0001-01-01') AS day,
			coalesce(case_id, '') AS case_id, coalesce(role, '') AS role, coalesce(account, '') AS account, coalesce(event, '') AS event, coalesce(rule, '') AS rule,
			bool_or(own) AS own, count(*) FILTER (WHERE access) AS accesses,
			count(*) FILTER (WHERE access AND (weekday > 5 OR hour < @from OR hour >= @before)) AS after,
			count(*) FILTER (WHERE refused) AS refused, count(*) FILTER (WHERE export) AS exports, count(*) FILTER (WHERE glass) AS glass
		FROM line GROUP BY GROUPING SETS ((weekday, hour), (case_id, role, account), (day), (event, rule))`), args
}
