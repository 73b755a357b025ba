package store_test

import (
	"flag"
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
	reader = h.account(b, "els") // of an organisation of her own name
	own = casework.OrganisationID(reader)
	must(b, h.super, `SELECT make_record_months($1, 25)`, noon.AddDate(-2, 0, 0))
	// Lines that wait for the tree are another benchmark's.
	must(b, h.super, `ALTER TABLE record DISABLE TRIGGER await_leaf`)
	const atOnce = 500_000
	for from := 1; from <= *recordsThere; from += atOnce {
		must(b, h.super, `
			INSERT INTO record (id, at, event, action, outcome, checks, account, role, organisation, access_point, source, case_id, object_kind, object,
				policy_rule, policy, relation, ground, request, detail, actor_organisation, case_organisation)
			SELECT 'R' || lpad(n::text, 15, '0'), $2::timestamptz - (n::float8 / $3) * interval '730 days',
				CASE WHEN n % 5003 = 0 THEN 'export' WHEN n % 5009 = 0 THEN 'break_glass' WHEN n % 501 = 0 THEN 'sign_in' WHEN n % 3 = 0 THEN 'command' WHEN n % 3 = 1 THEN 'join' ELSE 'leave' END,
				'R', CASE WHEN n % 97 = 0 THEN 'refused' ELSE 'done' END, 'session factor seat policy',
				'A' || lpad((n % 25 * 8 + org)::text, 15, '0'), (ARRAY['child_worker', 'ambulant_worker', 'chair', 'mental_health'])[n % 4 + 1], '', 'node-a/live', 'casustafel 1.0',
				'C' || lpad((n * 7 % 250 * 8 + house)::text, 15, '0'), 'card', 'O' || lpad(n::text, 15, '0'),
				CASE WHEN n % 97 = 0 THEN 'p' || n % 30 ELSE '' END, '0123456789abcdef', 'team', 'treatment', 'Q' || lpad((n / 3)::text, 15, '0'), '{"command": "edit_card"}',
				CASE WHEN org <= 1 THEN $1 ELSE 'O' || org END, CASE WHEN house <= 1 THEN $1 ELSE 'O' || house END
			FROM generate_series($4::int, $5::int) n, LATERAL (SELECT n * 5 % 8 AS org) a, LATERAL (SELECT CASE WHEN n % 10 = 0 THEN n / 10 % 8 ELSE org END AS house) c`,
			own, noon, *recordsThere, from, min(from+atOnce-1, *recordsThere))
	}
	must(b, h.super, `VACUUM ANALYZE record`)
	return reader, own
}

// planned holds that a query looks into no other months than it has to, and reads no
// month as a whole.
func planned(b *testing.B, h house, reader casework.UserID, own casework.OrganisationID, months int, whole bool, query string, args ...any) {
	b.Helper()
	err := h.ReadAs(b.Context(), reader, func(tx *sqlx.Tx) error {
		must(b, tx, `SELECT set_config('casustafel.reviews', $1, true)`, own)
		var plan []string
		if err := tx.Select(&plan, `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) `+query, args...); err != nil {
			return err
		}
		all := strings.Join(plan, "\n")
		b.Log(all)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkOverview(b *testing.B) {
	h := newHouse(b)
	reader, own := fullLog(b, h)
	month := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for name, period := range map[string][2]time.Time{
		"month": {month, month.AddDate(0, 1, 0)}, "year": {month.AddDate(0, -11, 0), month.AddDate(0, 1, 0)},
	} {
		t := store.Tallying{Review: store.Review{Organisation: own, Never: []casework.CaseID{"C000000000000008", "C000000000000016"}, From: period[0], Until: period[1]},
			Zone: time.UTC, Accesses: append(audit.Looking.Events(), audit.Changing.Events()...), Exports: []audit.Event{"export"}, Glass: "break_glass", WorkFrom: 7, WorkBefore: 20}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := h.Tallies(b.Context(), reader, t); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			query, args := t.Query()
			planned(b, h, reader, own, 1, true, query, args...)
		})
	}
}
