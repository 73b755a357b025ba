package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
)

// Record adds lines to the access log. They are durable with the transaction of
// what they record. In whose log each stands follows from the account and the case:
// a case comes before its first record, and what is left of it stays.
func (tx *Tx) Record(ctx context.Context, records ...audit.Record) error {
	if len(records) == 0 {
		return nil
	}
	tx.recorded = true
	owners, err := tx.ownersOf(ctx, records)
	if err != nil {
		return notRecorded(err)
	}
	ats := make([]time.Time, len(records))
	var columns [24][]string
	for c := range columns {
		columns[c] = make([]string, 0, len(records))
	}
	for i, r := range records {
		r = r.Complete()
		detail, err := json.Marshal(r.Detail)
		if err != nil {
			return fmt.Errorf("write a record: %w", err)
		}
		if r.Detail == nil {
			detail = []byte("{}")
		}
		ats[i] = r.At
		for c, value := range [...]string{r.ID, string(r.Event), string(r.Action), string(r.Outcome), string(r.User), string(r.Role),
			string(r.Organisation), r.AccessPoint, string(r.Case), r.ObjectKind, r.Object, r.PolicyRule, r.Policy, r.Ground,
			r.Request, string(detail), audit.Spaced(r.Checks), audit.Spaced(r.Behalf), r.Source, r.Version, string(r.Relation), r.Question,
			string(owners[accountOf(r)]), string(owners[caseOf(r)])} {
			columns[c] = append(columns[c], value)
		}
	}
	args := []any{pq.Array(ats)}
	for _, column := range columns {
		args = append(args, pq.Array(column))
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO record (at, id, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object,
			policy_rule, policy, ground, request, detail, checks, behalf, source, object_version, relation, question, actor_organisation, case_organisation)
		SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
			$10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::jsonb[],
			$18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::text[])`, args...)
	return notRecorded(plain(err))
}
