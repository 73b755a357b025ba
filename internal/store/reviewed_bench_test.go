package store_test

import (
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// BenchmarkReviewed reads a page of an access log of 200,000 lines: of two hundred
// people of ten organisations in a thousand cases. No page reads the whole table.
func BenchmarkReviewed(b *testing.B) {
	h := newHouse(b)
	els := h.account(b, "els") // of an organisation of her own name
	own := casework.OrganisationID(els)
	must(b, h.super, `
		INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object,
			policy_rule, policy, ground, request, detail, actor_organisation, case_organisation)
		SELECT 'R' || lpad(n::text, 15, '0'), now() - n * interval '7 minutes',
			CASE WHEN n % 500 = 0 THEN 'deactivate_user' WHEN n % 3 = 0 THEN 'command' ELSE 'join' END, 'R', CASE WHEN n % 97 = 0 THEN 'refused' ELSE 'done' END,
			'A' || n % 200, 'child_worker', '', 'n/live', 'C' || n % 1000, '', '', '', '', 'treatment', n::text, '{}',
			CASE WHEN n % 10 = 0 THEN $1 ELSE 'O' || n % 10 END, CASE WHEN n % 1000 < 100 THEN $1 ELSE 'O' || n % 1000 / 100 END
		FROM generate_series(1, 200000) n`, own)
	must(b, h.super, `ANALYZE record`)
	middle := store.RecordPlace{At: one[store.RecordPlace](b, h.super, `SELECT at AS "at", id AS "id" FROM record WHERE id = 'R000000000100000'`).At, ID: "R000000000100000"}
	never := []casework.CaseID{"C20", "C30"}
	for name, review := range map[string]store.Review{
		"newest":   {},
		"middle":   {After: middle},
		"back":     {After: middle, Newer: true},
		"person":   {User: "A10"},
		"case":     {Cases: []casework.CaseID{"C10"}},
		"refused":  {Outcome: audit.Refused},
		"rare":     {Events: []audit.Event{"deactivate_user"}},
		"a-month":  {From: middle.At.AddDate(0, -1, 0), Until: middle.At},
		"not-here": {Events: []audit.Event{"set_up"}}, // every own line is looked at
	} {
		b.Run(name, func(b *testing.B) {
			review.Organisation, review.Never, review.Limit = own, never, 51
			for b.Loop() {
				if _, err := h.Reviewed(b.Context(), els, review); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			err := h.ReadAs(b.Context(), els, func(tx *sqlx.Tx) error {
				must(b, tx, `SELECT set_config('casustafel.reviews', $1, true)`, own)
				query, args := review.Query()
				var plan []string
				if err := tx.Select(&plan, `EXPLAIN `+query, args...); err != nil {
					return err
				}
				if all := strings.Join(plan, "\n"); strings.Contains(all, "Seq Scan on record") {
					b.Errorf("%s reads the whole table:\n%s", name, all)
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
