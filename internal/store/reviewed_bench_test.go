package store_test

import (
	"flag"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// recordsThere is how long the access log of a benchmark is.
var recordsThere = flag.Int("records", 1_000_000, "lines of the access log in benchmarks")

// fullLog fills an access log of twenty-four months, up to noon: of two hundred people
// of eight organisations in two thousand cases, on working days for the most part, a
// quarter of it of one organisation, whose reader it gives. One in ten is of somebody
// else in its cases.
func fullLog(b *testing.B, h house) (reader casework.UserID, own casework.OrganisationID) {
	b.Helper()
	return fullLogOf(b, h, noon, 730)
}

// fullLogOf fills one of so many days before a moment.
func fullLogOf(b *testing.B, h house, until time.Time, days int) (reader casework.UserID, own casework.OrganisationID) {
	b.Helper()
	reader = h.account(b, "els") // of an organisation of her own name
	own = casework.OrganisationID(reader)
	must(b, h.super, `SELECT make_record_months($1, $2)`, until.AddDate(0, 0, -days), days/28)
	// Lines that wait for the tree are another benchmark's, and indexes are made faster afterwards.
	must(b, h.super, `ALTER TABLE record DISABLE TRIGGER await_leaf`)
	var indexes []struct{ Name, Made string }
	if err := h.super.Select(&indexes, `SELECT indexname AS name, replace(indexdef, ' ON ONLY ', ' ON ') AS made FROM pg_indexes WHERE tablename = 'record' AND indexname <> 'record_pkey'`); err != nil {
		b.Fatal(err)
	}
	for _, index := range indexes {
		must(b, h.super, `DROP INDEX `+index.Name)
	}
	const atOnce = 500_000
	for from := 1; from <= *recordsThere; from += atOnce {
		must(b, h.super, `
			INSERT INTO record (id, at, event, action, outcome, checks, account, role, organisation, access_point, source, case_id, object_kind, object,
				policy_rule, policy, relation, ground, request, detail, actor_organisation, case_organisation)
			SELECT 'R' || lpad(n::text, 15, '0'), $2::timestamptz - (n::float8 / $3) * make_interval(days => $6),
				CASE WHEN n % 5003 = 0 THEN 'export' WHEN n % 5009 = 0 THEN 'break_glass' WHEN n % 501 = 0 THEN 'sign_in' WHEN n % 3 = 0 THEN 'command' WHEN n % 3 = 1 THEN 'join' ELSE 'leave' END,
				'R', CASE WHEN n % 97 = 0 THEN 'refused' ELSE 'done' END, 'session factor seat policy',
				'A' || lpad((n % 25 * 8 + org)::text, 15, '0'), (ARRAY['child_worker', 'ambulant_worker', 'chair', 'mental_health'])[n % 4 + 1], '', 'node-a/live', 'casustafel 1.0',
				'C' || lpad((n * 7 % 250 * 8 + house)::text, 15, '0'), 'card', 'O' || lpad(n::text, 15, '0'),
				CASE WHEN n % 97 = 0 THEN 'p' || n % 30 ELSE '' END, '0123456789abcdef', 'team', 'treatment', 'Q' || lpad((n / 3)::text, 15, '0'), '{"command": "edit_card"}',
				CASE WHEN org <= 1 THEN $1 ELSE 'O' || org END, CASE WHEN house <= 1 THEN $1 ELSE 'O' || house END
			FROM generate_series($4::int, $5::int) n, LATERAL (SELECT n * 5 % 8 AS org) a, LATERAL (SELECT CASE WHEN n % 10 = 0 THEN n / 10 % 8 ELSE org END AS house) c`,
			own, until, *recordsThere, from, min(from+atOnce-1, *recordsThere), days)
	}
	for _, index := range indexes {
		must(b, h.super, index.Made)
	}
	must(b, h.super, `VACUUM ANALYZE record`)
	return reader, own
}

// months are those that the plan of a query looks into.
func months(b *testing.B, h house, reader casework.UserID, own casework.OrganisationID, query string, args []any) []string {
	b.Helper()
	var plan []string
	err := h.ReadAs(b.Context(), reader, func(tx *sqlx.Tx) error {
		must(b, tx, `SELECT set_config('casustafel.reviews', $1, true)`, own)
		return tx.Select(&plan, `EXPLAIN `+query, args...)
	})
	if err != nil {
		b.Fatal(err)
	}
	found := regexp.MustCompile(`on (record_\d{4}_\d\d) `).FindAllStringSubmatch(strings.Join(plan, "\n"), -1)
	var all []string
	for _, one := range found {
		all = append(all, one[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// BenchmarkAccessLog reads pages of a long access log and counts it for overviews. A page
// that has a period looks into the months of that period alone.
func BenchmarkAccessLog(b *testing.B) {
	h := newHouse(b)
	reader, own := fullLog(b, h)
	must(b, h.super, `SELECT recount_records(month) FROM (SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date AS month FROM record) m`)
	must(b, h.super, `VACUUM ANALYZE record_count`)
	february := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	march, year := february.AddDate(0, 1, 0), february.AddDate(0, -11, 0)
	middle := one[store.RecordPlace](b, h.super, `SELECT at AS "at", id AS "id" FROM record WHERE at < $1 ORDER BY at DESC, id DESC LIMIT 1`, noon.AddDate(-1, 0, 0))
	never := []casework.CaseID{"C000000000000008", "C000000000000016"}
	for _, page := range []struct {
		name string
		store.Review
	}{
		{"newest", store.Review{}}, {"middle", store.Review{After: middle}}, {"back", store.Review{After: middle, Newer: true}},
		{"person", store.Review{User: "A000000000000009"}}, {"case", store.Review{Cases: []casework.CaseID{"C000000000000009"}}},
		{"refused", store.Review{Outcome: audit.Refused}}, {"kind", store.Review{Events: audit.Changing.Events()}}, {"rare", store.Review{Events: []audit.Event{"export"}}},
		{"month", store.Review{From: february, Until: march}}, {"rare-in-a-month", store.Review{Events: []audit.Event{"export"}, From: february, Until: march}},
	} {
		b.Run("page/"+page.name, func(b *testing.B) {
			page.Organisation, page.Never, page.Limit, page.Now = own, never, 51, noon
			for b.Loop() {
				if _, err := h.Reviewed(b.Context(), reader, page.Review); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			query, args := page.Query()
			if got := months(b, h, reader, own, query, args); !page.Until.IsZero() && !slices.Equal(got, []string{"record_2026_02"}) {
				b.Errorf("%s looks into %v", page.name, got)
			}
		})
	}
	for _, period := range []struct {
		name string
		from time.Time
	}{{"month", february}, {"year", year}} {
		b.Run("overview/"+period.name, func(b *testing.B) {
			t := tallying(store.Review{Organisation: own, Never: never, From: period.from, Until: march})
			for b.Loop() {
				if _, err := h.Tallies(b.Context(), reader, t); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
