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

// Tallying is what is counted of the lines of an access log that a Review finds. It is
// asked for from the beginning of a day until that of another, in Dutch time, and of any
// event.
type Tallying struct {
	Review
	Accesses             []audit.Event // what counts as an access, when it was done
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
	Case  casework.CaseID `db:"case_id"` // empty: about none, or none that may be known here
	Own   bool            `db:"own"`     // the case is of the own organisation
	Role  casework.Role   `db:"role"`
	User  casework.UserID `db:"account"`
	All   int             `db:"accesses"`
	After int             `db:"after"` // of which after hours
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

// Tallies counts lines of the access log of an organisation over whole days, in the name
// of somebody of that organisation: those that have their leaves by what was counted when
// they got them, and those that wait one by one.
func (s *Store) Tallies(ctx context.Context, user casework.UserID, t Tallying) (tally Tally, err error) {
	var accesses []accessRow
	var rare []rareRow
	queries := t.queries()
	err = s.reviewAs(ctx, user, t.Organisation, func(tx *sqlx.Tx) error {
		for i, into := range []any{&accesses, &rare} {
			if err := tx.SelectContext(ctx, into, queries[i].text, queries[i].args...); err != nil {
				return plain(err)
			}
		}
		return nil
	})
	tally.fold(accesses, rare, t)
	return tally, err
}

// accessRow is how many accesses there were in the hours of a day, or else of a person.
type accessRow struct {
	Day   *time.Time    `db:"day"`
	Hours pq.Int64Array `db:"hours"`
	AccessTally
}

// rareRow is how many lines there were in a day of what is counted by itself.
type rareRow struct {
	Day     time.Time     `db:"day"`
	Event   audit.Event   `db:"event"`
	Outcome audit.Outcome `db:"outcome"`
	Rule    string        `db:"policy_rule"`
	Count   int           `db:"count"`
}

// fold puts together what was counted.
func (t *Tally) fold(accesses []accessRow, rare []rareRow, asked Tallying) {
	byDay := map[time.Time]*DayTally{}
	day := func(at time.Time) *DayTally {
		at = at.UTC()
		if byDay[at] == nil {
			byDay[at] = &DayTally{Day: at}
		}
		return byDay[at]
	}
	for _, r := range accesses {
		if r.Day == nil {
			t.Accesses = append(t.Accesses, r.AccessTally)
			continue
		}
		weekday := (int(r.Day.Weekday()) + 6) % 7
		for hour, n := range r.Hours {
			t.Hours[weekday][hour] += int(n)
		}
		day(*r.Day).Accesses += r.All
	}
	refused := map[RefusalTally]int{}
	for _, r := range rare {
		switch d := day(r.Day); {
		case r.Outcome == audit.Refused:
			d.Refused += r.Count
			refused[RefusalTally{Event: r.Event, Rule: r.Rule}] += r.Count
		case r.Event == asked.Glass:
			d.Glass += r.Count
		default:
			d.Exports += r.Count
		}
	}
	for of, n := range refused {
		of.Count = n
		t.Refusals = append(t.Refusals, of)
	}
	for _, d := range byDay {
		t.Days = append(t.Days, *d)
	}
	slices.SortFunc(t.Days, func(x, y DayTally) int { return x.Day.Compare(y.Day) })
}

// asking is a query with what it is asked with.
type asking struct {
	text string
	args []any
}

// hours puts the counts of some hours of a day, as a format names them, together.
func hours(format, between string, which func(hour int) bool) string {
	var each []string
	for hour := range 24 {
		if which(hour) {
			each = append(each, fmt.Sprintf(format, hour))
		}
	}
	return strings.Join(each, between)
}

func everyHour(int) bool { return true }

// countedBy is what lines are alike in that are counted together in record_count, as its
// key and the functions of migration 00028 have it. These name the 24 hours out twice, to
// count with and to count anew: a column, or what an hour is, changes in both and here.
const countedBy = `day, actor_organisation, case_organisation, case_id, account, role, ground, event, outcome, policy_rule`

// doneOften stands for every event of audit.Often that was done: each is an access.
const doneOften audit.Event = ""

// queries count accesses, by day and by person, and what is rare.
func (t Tallying) queries() [2]asking {
	asked := t.Review
	asked.From, asked.Until = time.Time{}, time.Time{} // days tell it
	own, others, args := asked.sides()
	days := fmt.Sprintf(` AND r.day >= %s::date AND r.day < %s::date AND `, args.add(t.From.Format(time.DateOnly)), args.add(t.Until.Format(time.DateOnly)))
	late := func(hour int) bool { return hour < t.WorkFrom || hour >= t.WorkBefore }
	side := func(whose, which string) string {
		return `SELECT r.day, r.role, r.account, r.event, r.outcome, r.policy_rule, r.case_organisation = $1 AS own, CASE WHEN ` + knownCase + ` THEN r.case_id ELSE '' END AS shown,
			` + hours(`h%d`, `, `, everyHour) + `, ` + hours(`h%d`, ` + `, everyHour) + ` AS n, CASE WHEN extract(isodow FROM r.day) > 5 THEN ` + hours(`h%d`, ` + `, everyHour) + ` ELSE ` + hours(`h%d`, ` + `, late) + ` END AS late
			FROM (SELECT ` + countedBy + `, ` + hours(`h%d`, `, `, everyHour) + ` FROM record_count UNION ALL SELECT ` + countedBy + `, ` + hours(`(hour = %d)::int AS h%[1]d`, `, `, everyHour) + ` FROM waits) r
			WHERE ` + whose + days + which
	}
	count := func(what, which, grouped string, events []audit.Event) asking {
		args := slices.Clone(args)
		which = strings.ReplaceAll(which, "@events", args.add(pq.Array(events)))
		return asking{`WITH waits AS MATERIALIZED (SELECT r.* FROM waiting_records() w
			CROSS JOIN LATERAL (SELECT * FROM counted_record r WHERE r.at = w.at AND r.id = w.id LIMIT 1) r)
			SELECT ` + what + ` FROM (` + side(own, which) + ` UNION ALL ` + side(others, which) + `) both_sides GROUP BY ` + grouped, args}
	}
	return [2]asking{
		count(`day, ARRAY[`+hours(`sum(h%d)`, `, `, everyHour)+`] AS hours, coalesce(shown, '') AS case_id, coalesce(role, '') AS role, coalesce(account, '') AS account,
			bool_or(own) AS own, sum(n) AS accesses, sum(late) AS after`,
			`r.outcome = 'done' AND r.event = ANY(@events)`, `GROUPING SETS ((day), (shown, role, account))`, append([]audit.Event{doneOften}, t.Accesses...)),
		count(`day, event, outcome, policy_rule, sum(n) AS count`,
			`r.event <> '' AND (r.outcome = 'refused' OR r.outcome = 'done' AND r.event = ANY(@events))`,
			`day, event, outcome, policy_rule`, append([]audit.Event{t.Glass}, t.Exports...)),
	}
}
