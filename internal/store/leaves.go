package store

import (
	"context"
	"encoding/json"
	"iter"
	"reflect"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
	"github.com/lib/pq"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// WaitingRecord is a record that has no leaf yet, with what its parts are hashed with.
type WaitingRecord struct {
	Record audit.Record
	Salts  audit.Salts
}

// NewLeaf is what is kept of a record that gets its leaf.
type NewLeaf struct {
	Record     string // its id
	At         time.Time
	DetailHash tlog.Hash
	Hashes     []tlog.Hash // its own and those of the subtrees that it completes
}

// HoldTree makes this transaction the one that goes on with the tree; false when
// another does.
func (tx *Tx) HoldTree(ctx context.Context) (held bool, err error) {
	err = tx.GetContext(ctx, &held, `SELECT pg_try_advisory_xact_lock(7513, 3)`)
	return held, plain(err)
}

// Recorded hears after a commit of this store that brought records. What it hears is
// a hint: it gathers.
func (s *Store) Recorded() <-chan struct{} { return s.recorded }

// MakeRecordMonths makes the tables for records of this month and the next ones.
func (s *Store) MakeRecordMonths(ctx context.Context, now time.Time) error {
	_, err := s.committer.ExecContext(ctx, `SELECT make_record_months($1, 2)`, now)
	return plain(err)
}

// AnyWaiting tells whether a record waits for its leaf.
func (s *Store) AnyWaiting(ctx context.Context) (any bool, err error) {
	err = s.committer.GetContext(ctx, &any, `SELECT EXISTS (SELECT FROM record_waiting)`)
	return any, plain(err)
}

// WaitingRecords reads those that come next, at most so many, in their order, one by
// one: nothing else can be asked of the transaction meanwhile. One that waits but is gone
// gets no leaf: that it is gone shows by its waiting.
func (tx *Tx) WaitingRecords(ctx context.Context, limit int) iter.Seq2[WaitingRecord, error] {
	return func(yield func(WaitingRecord, error) bool) {
		front, err := tx.front(ctx, limit)
		if err != nil {
			yield(WaitingRecord{}, err)
			return
		}
		give := func(row *recordRow, err error) bool {
			if err != nil {
				yield(WaitingRecord{}, err)
				return false
			}
			record, ok := row.record()
			return !ok || yield(WaitingRecord{record, row.salts()}, nil)
		}
		if front.together {
			there := false
			for row, err := range rowsOf[recordRow](ctx, tx, `SELECT r.id, r.at, `+recordColumns+` FROM record r WHERE r.at >= $1 AND r.at <= $2 ORDER BY r.at, r.id`, front.first, front.last) {
				if err == nil && !front.waiting[waiting{row.ID, row.At.UnixMicro()}] {
					continue
				}
				if there = true; !give(row, err) {
					return
				}
			}
			if there {
				return
			}
		}
		for row, err := range rowsOf[recordRow](ctx, tx, `SELECT w.record AS id, `+earthly("w.at")+` AS at, `+recordColumns+`
			FROM record_waiting w CROSS JOIN LATERAL (SELECT * FROM record r WHERE r.at = w.at AND r.id = w.record LIMIT 1) r
			ORDER BY w.at, w.record LIMIT $1`, limit) {
			if !give(row, err) {
				return
			}
		}
	}
}

// front is that of the queue, as far as is asked.
type front struct {
	first, last time.Time
	waiting     map[waiting]bool
	together    bool // their stretch of the log holds little else: to look each up takes three times as long as to read it
}

// waiting names a record that waits.
type waiting struct {
	record string
	micros int64 // of its time
}

// front looks at the queue, at most so far. What stands between its lines is
// in the tree already when one of them comes late, or a clock went back: when that is as
// much as they are it is not gone through for their sake.
func (tx *Tx) front(ctx context.Context, limit int) (f front, err error) {
	var rows []struct {
		Record string    `db:"record"`
		At     time.Time `db:"at"`
	}
	if err = tx.SelectContext(ctx, &rows, `SELECT record, `+earthly("at")+` AS at FROM record_waiting w ORDER BY w.at, w.record LIMIT $1`, limit); err != nil || len(rows) == 0 {
		return f, plain(err)
	}
	f.first, f.last, f.waiting = rows[0].At, rows[len(rows)-1].At, make(map[waiting]bool, len(rows))
	for _, row := range rows {
		f.waiting[waiting{row.Record, row.At.UnixMicro()}] = true
	}
	var others int
	err = tx.GetContext(ctx, &others, `SELECT count(*) FROM (SELECT FROM leaf WHERE at >= $1 AND at <= $2 LIMIT $3) l`, f.first, f.last, len(rows))
	f.together = others < len(rows)
	return f, plain(err)
}

// rowsOf are the rows of a query, each in the place of the one before.
func rowsOf[Row any](ctx context.Context, q sqlx.QueryerContext, query string, args ...any) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		rows, err := q.QueryxContext(ctx, query, args...)
		if err != nil {
			yield(nil, plain(err))
			return
		}
		defer rows.Close() //nolint:errcheck // an error before the end is told by Err
		columns, err := rows.Columns()
		if err != nil {
			yield(nil, plain(err))
			return
		}
		var row, empty Row
		place := reflect.ValueOf(&row).Elem()
		fields := make([]any, len(columns))
		for i, path := range rows.Mapper.TraversalsByName(place.Type(), columns) {
			fields[i] = reflectx.FieldByIndexes(place, path).Addr().Interface()
		}
		for rows.Next() {
			row = empty
			if err := rows.Scan(fields...); err != nil {
				yield(nil, plain(err))
				return
			}
			if !yield(&row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, plain(err))
		}
	}
}

// AppendLeaves puts leaves at the end of the tree, of which the first gets that
// number. The database refuses any number but the next, and any record that does not
// wait.
func (tx *Tx) AppendLeaves(ctx context.Context, first int64, leaves []NewLeaf) error {
	if len(leaves) == 0 {
		return nil
	}
	records, ats := make([]string, len(leaves)), make([]time.Time, len(leaves))
	details, hashes := make([][]byte, len(leaves)), make([][]byte, len(leaves))
	for i, l := range leaves {
		records[i], ats[i], details[i], hashes[i] = l.Record, l.At, l.DetailHash[:], joined(l.Hashes)
	}
	_, err := tx.ExecContext(ctx, `SELECT append_leaves($1, $2::smallint, $3, $4, $5, $6)`,
		first, audit.Form, pq.Array(records), pq.Array(ats), pq.Array(details), pq.Array(hashes))
	return plain(err)
}

// TreeSize is how many leaves there are.
func TreeSize(ctx context.Context, q sqlx.QueryerContext) (size int64, err error) {
	err = sqlx.GetContext(ctx, q, &size, `SELECT coalesce(max(number) + 1, 0) FROM leaf`)
	return size, plain(err)
}

// TreeHashes reads the hashes of the tree, for proofs.
func TreeHashes(ctx context.Context, q sqlx.QueryerContext) tlog.HashReader {
	return audit.StoredHashes(func(numbers []int64) (map[int64][]tlog.Hash, error) {
		var rows []struct {
			Number int64  `db:"number"`
			Hashes []byte `db:"hashes"`
		}
		err := sqlx.SelectContext(ctx, q, &rows, `SELECT number, hashes FROM leaf WHERE number = ANY($1)`, pq.Array(numbers))
		if err != nil {
			return nil, plain(err)
		}
		beside := make(map[int64][]tlog.Hash, len(rows))
		for _, row := range rows {
			beside[row.Number] = parted(row.Hashes)
		}
		return beside, nil
	})
}

// Leaves gives leaves with their records from a number on, at most so many.
func Leaves(ctx context.Context, q sqlx.QueryerContext, from int64, limit int) ([]audit.Leaf, error) {
	return leavesOf(ctx, q, `leaf l`, `WHERE l.number >= $1 ORDER BY l.number LIMIT $2`, from, limit)
}

// leavesOf reads leaves l with their records.
func leavesOf(ctx context.Context, q sqlx.QueryerContext, from, where string, args ...any) (leaves []audit.Leaf, err error) {
	for row, err := range rowsOf[leafRow](ctx, q, `SELECT l.number, l.form, l.detail_hash, l.hashes, l.record AS id, `+earthly("l.at")+` AS at, r.id IS NULL AS missing, `+recordColumns+`
		FROM `+from+` LEFT JOIN LATERAL (SELECT * FROM record r WHERE r.at = l.at AND r.id = l.record LIMIT 1) r ON true
		`+where, args...) {
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, row.leaf())
	}
	return leaves, nil
}

// leafRow is a leaf as its table holds it, with its record.
type leafRow struct {
	recordRow
	Number     int64  `db:"number"`
	Form       int    `db:"form"`
	DetailHash []byte `db:"detail_hash"`
	Hashes     []byte `db:"hashes"`
	Missing    bool   `db:"missing"`
}

func (row *leafRow) leaf() audit.Leaf {
	l := audit.Leaf{Number: row.Number, Form: row.Form, Salts: row.salts(), Hashes: parted(row.Hashes)}
	copy(l.DetailHash[:], row.DetailHash)
	record, readable := row.record()
	if l.Missing = row.Missing || !readable; l.Missing {
		record = audit.Record{ID: row.ID, At: row.At}
	}
	l.Record = record
	return l
}

// earthly is a column of time, or the year 1970 where it is one that no clock shows,
// which only somebody who changes the past can have put there.
func earthly(column string) string {
	return `CASE WHEN ` + column + ` BETWEEN '0001-01-01Z' AND '9999-12-31Z' THEN ` + column + ` ELSE 'epoch' END`
}

// recordRow is a record as its table holds it, salts and all, found by its time and id.
type recordRow struct {
	ID                string    `db:"id"`
	At                time.Time `db:"at"`
	Event             string    `db:"event"`
	Action            string    `db:"action"`
	Outcome           string    `db:"outcome"`
	Checks            string    `db:"checks"`
	Account           string    `db:"account"`
	Role              string    `db:"role"`
	Organisation      string    `db:"organisation"`
	Behalf            string    `db:"behalf"`
	AccessPoint       string    `db:"access_point"`
	Source            string    `db:"source"`
	Case              string    `db:"case_id"`
	ObjectKind        string    `db:"object_kind"`
	Object            string    `db:"object"`
	Version           string    `db:"object_version"`
	PolicyRule        string    `db:"policy_rule"`
	Policy            string    `db:"policy"`
	Relation          string    `db:"relation"`
	Ground            string    `db:"ground"`
	Question          string    `db:"question"`
	Request           string    `db:"request"`
	ActorOrganisation string    `db:"actor_organisation"`
	CaseOrganisation  string    `db:"case_organisation"`
	Detail            *string   `db:"detail"` // nil: erased
	Salt              []byte    `db:"salt"`
	DetailSalt        []byte    `db:"detail_salt"` // nil: erased
}

// recordColumns are what recordRow holds beside time and id, of a record r that may
// not be there.
const recordColumns = `coalesce(r.event, '') AS event, coalesce(r.action, '') AS action, coalesce(r.outcome, '') AS outcome, coalesce(r.checks, '') AS checks,
	coalesce(r.account, '') AS account, coalesce(r.role, '') AS role, coalesce(r.organisation, '') AS organisation, coalesce(r.behalf, '') AS behalf,
	coalesce(r.access_point, '') AS access_point, coalesce(r.source, '') AS source, coalesce(r.case_id, '') AS case_id,
	coalesce(r.object_kind, '') AS object_kind, coalesce(r.object, '') AS object, coalesce(r.object_version, '') AS object_version,
	coalesce(r.policy_rule, '') AS policy_rule, coalesce(r.policy, '') AS policy, coalesce(r.relation, '') AS relation, coalesce(r.ground, '') AS ground,
	coalesce(r.question, '') AS question, coalesce(r.request, '') AS request, coalesce(r.actor_organisation, '') AS actor_organisation,
	coalesce(r.case_organisation, '') AS case_organisation, r.detail, r.salt, r.detail_salt`

func (r *recordRow) salts() audit.Salts { return audit.Salts{Record: r.Salt, Detail: r.DetailSalt} }

// record is the record of a row; not ok where a row does not say what Record writes:
// it would be read as something else than what stands there.
func (r *recordRow) record() (record audit.Record, ok bool) {
	detail, ok := r.codes()
	if !ok || audit.Spaced(audit.Words[string](r.Checks)) != r.Checks || audit.Spaced(audit.Words[string](r.Behalf)) != r.Behalf {
		return record, false
	}
	return audit.Record{ID: r.ID, At: r.At.UTC(), Event: audit.Event(r.Event), Action: audit.Action(r.Action), Outcome: audit.Outcome(r.Outcome),
		Checks: audit.Words[audit.Check](r.Checks), User: casework.UserID(r.Account), Role: casework.Role(r.Role),
		Organisation: casework.OrganisationID(r.Organisation), Behalf: audit.Words[casework.UserID](r.Behalf), AccessPoint: r.AccessPoint,
		Source: r.Source, Case: casework.CaseID(r.Case), ObjectKind: r.ObjectKind, Object: r.Object, Version: r.Version, PolicyRule: r.PolicyRule,
		Policy: r.Policy, Relation: audit.Relation(r.Relation), Ground: r.Ground, Question: r.Question, Request: r.Request, Detail: detail,
		ActorOrganisation: casework.OrganisationID(r.ActorOrganisation), CaseOrganisation: casework.OrganisationID(r.CaseOrganisation)}, true
}

// codes are those of the detail; nil when it is erased.
func (r *recordRow) codes() (codes map[string]string, ok bool) {
	if r.Detail == nil {
		return nil, true
	}
	if codes, ok = plainCodes(*r.Detail); ok {
		return codes, true
	}
	var values map[string]*string
	if json.Unmarshal([]byte(*r.Detail), &values) != nil || values == nil {
		return nil, false
	}
	codes = make(map[string]string, len(values))
	for name, value := range values {
		if value == nil {
			return nil, false
		}
		codes[name] = *value
	}
	return codes, true
}

// plainCodes reads a detail as PostgreSQL writes one in which nothing is escaped: a
// quotation mark is then where a text begins or ends. Of anything else it says not ok.
func plainCodes(detail string) (codes map[string]string, ok bool) {
	pieces := strings.Split(detail, `"`)
	if len(pieces)%4 != 1 || len(pieces) == 1 || strings.Contains(detail, `\`) || pieces[0] != "{" || pieces[len(pieces)-1] != "}" {
		return nil, false
	}
	codes = make(map[string]string, len(pieces)/4)
	for i := 1; i < len(pieces)-1; i += 4 {
		if pieces[i+1] != ": " || pieces[i+3] != ", " && i+4 < len(pieces)-1 {
			return nil, false
		}
		codes[pieces[i]] = pieces[i+2]
	}
	return codes, true
}

// joined are hashes one after another.
func joined(hashes []tlog.Hash) []byte {
	all := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		all = append(all, h[:]...)
	}
	return all
}

// parted are the hashes that were joined; nil when it is not that.
func parted(all []byte) []tlog.Hash {
	if len(all)%tlog.HashSize != 0 || len(all) == 0 {
		return nil
	}
	hashes := make([]tlog.Hash, len(all)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], all[i*tlog.HashSize:])
	}
	return hashes
}
