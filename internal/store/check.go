package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// Checked is what a check of a whole database went through, in numbers.
type Checked struct {
	Cases, Events, Texts, Snapshots int
	Accounts, Records               int
	Leaves                          int64 // of the tree of the access log
}

// ErrUnsound means that something in the database is not as it was written.
var ErrUnsound = errors.New("the database is not as it was written")

// Check goes through the whole database: every log folds from its first event and
// comes to what its snapshots and heads say, whatever was written opens under the master
// key, and the leaves of the access log are those of its records. What it finds wrong is
// told by ids alone.
func (s *Store) Check(ctx context.Context) (c Checked, err error) {
	err = s.AtOneMoment(ctx, func(q Queryer) error {
		var ids []casework.CaseID
		if err := sqlx.SelectContext(ctx, q, &ids, `SELECT id FROM cases ORDER BY id`); err != nil {
			return plain(err)
		}
		c.Cases = len(ids)
		for _, id := range ids {
			if err := s.checkCase(ctx, q, id, &c); err != nil {
				return fmt.Errorf("case %s: %w", id, err)
			}
		}
		if c.Leaves, err = checkTree(ctx, q); err != nil {
			return err
		}
		err := sqlx.GetContext(ctx, q, &c.Accounts, `SELECT count(*) FROM account`)
		if err == nil {
			err = sqlx.GetContext(ctx, q, &c.Records, `SELECT count(*) FROM record`)
		}
		return plain(err)
	})
	return c, err
}

func (s *Store) checkCase(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, c *Checked) error {
	folded, err := foldAll(ctx, q, id)
	if err != nil {
		return err
	}
	c.Events += int(folded.Seq)
	var head struct {
		Seq int64 `db:"seq"`
		Ink int64 `db:"ink"`
	}
	if err := sqlx.GetContext(ctx, q, &head, `SELECT seq, ink FROM cases WHERE id = $1`, id); err != nil {
		return plain(err)
	}
	if folded.Seq != head.Seq || folded.Ink != head.Ink {
		return fmt.Errorf("%w: its log ends at event %d, step %d, and its head is %d, %d", ErrUnsound, folded.Seq, folded.Ink, head.Seq, head.Ink)
	}
	snapshots, err := s.checkSnapshots(ctx, q, folded)
	if err != nil {
		return err
	}
	c.Snapshots += snapshots
	texts, err := s.checkTexts(ctx, q, id)
	if err != nil {
		return err
	}
	c.Texts += texts
	_, err = s.loadState(ctx, q, id) // as it is read when somebody sits down
	return err
}

// foldAll folds a case from its first event, without any snapshot.
func foldAll(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (*casework.State, error) {
	return foldFrom(ctx, q, casework.NewState(id))
}

func foldFrom(ctx context.Context, q sqlx.QueryerContext, state *casework.State) (*casework.State, error) {
	notes, err := notesStanding(ctx, q, state.ID, state.Ink)
	if err != nil {
		return nil, err
	}
	events, err := eventsAfter(ctx, q, state.ID, state.Seq)
	if err != nil {
		return nil, err
	}
	events = append(events, notes...)
	slices.SortFunc(events, inOrder)
	return state.Apply(events...)
}

// checkSnapshots folds on from each snapshot and comes to the same.
func (s *Store) checkSnapshots(ctx context.Context, q sqlx.QueryerContext, folded *casework.State) (int, error) {
	want, err := json.Marshal(folded)
	if err != nil {
		return 0, err
	}
	var snapshots [][]byte
	if err := sqlx.SelectContext(ctx, q, &snapshots, `SELECT state FROM snapshot WHERE case_id = $1 ORDER BY seq`, folded.ID); err != nil {
		return 0, plain(err)
	}
	for _, snapshot := range snapshots {
		state := casework.NewState(folded.ID)
		if err := json.Unmarshal(snapshot, state); err != nil {
			return 0, fmt.Errorf("%w: read a snapshot: %w", ErrUnsound, err)
		}
		at := state.Seq
		if state, err = foldFrom(ctx, q, state); err != nil {
			return 0, err
		}
		got, err := json.Marshal(state)
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(got, want) {
			return 0, fmt.Errorf("%w: the snapshot of event %d leads elsewhere than the log", ErrUnsound, at)
		}
	}
	return len(snapshots), nil
}

// checkTexts opens whatever was written in a case: texts, notes, and the steps that
// led to them.
func (s *Store) checkTexts(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (int, error) {
	seal, err := s.sealerOf(ctx, q, id)
	if err != nil {
		return 0, err
	}
	opened := 0
	opens := func(sealed, ad []byte) error {
		if len(sealed) == 0 {
			return nil // it was erased
		}
		if _, err := seal.Decrypt(sealed, ad); err != nil {
			return fmt.Errorf("%w: something written does not open", ErrUnsound)
		}
		opened++
		return nil
	}
	rows, err := q.QueryxContext(ctx, `
		SELECT 'text' AS kind, id AS name, 0 AS ink, sealed FROM text WHERE case_id = $1
		UNION ALL SELECT 'note', card, saved_ink, sealed FROM note WHERE case_id = $1
		UNION ALL SELECT 'step', text_id, 0, sealed FROM note_step WHERE case_id = $1`, id)
	if err != nil {
		return 0, plain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, name string
		var ink int64
		var sealed []byte
		if err := rows.Scan(&kind, &name, &ink, &sealed); err != nil {
			return 0, plain(err)
		}
		ad := textAD(id, casework.TextID(name))
		switch kind {
		case "note":
			ad = noteAD(id, casework.CardID(name), ink)
		case "step":
			ad = stepAD(id, casework.TextID(name))
		}
		if err := opens(sealed, ad); err != nil {
			return 0, err
		}
	}
	return opened, plain(rows.Err())
}

// checkTree grows the tree of the access log anew from the records, and comes to what
// is kept of it. Whether it is the tree that was signed, audit.Verify tells.
func checkTree(ctx context.Context, q sqlx.QueryerContext) (size int64, err error) {
	var tree audit.Tree
	dropped, err := DroppedMonths(ctx, q)
	if err != nil {
		return 0, err
	}
	gone := make([]int64, len(dropped)) // lines of each that are not there
	for l, err := range LeavesFrom(ctx, q, math.MinInt64) {
		if err != nil {
			return 0, err
		}
		hash := audit.LeafHash(l.Record.Leaf(l.Salts, l.DetailHash))
		if l.Missing {
			of := slices.IndexFunc(dropped, func(d audit.Dropped) bool { return d.First <= l.Number && l.Number <= d.Last })
			if of < 0 || len(l.Hashes) == 0 {
				return 0, fmt.Errorf("%w: line %d of the access log is gone", ErrUnsound, l.Number)
			}
			gone[of]++
			hash = l.Hashes[0]
		}
		if l.Number != tree.Size() || !slices.Equal(tree.Append(hash), l.Hashes) {
			return 0, fmt.Errorf("%w: line %d of the access log", ErrUnsound, l.Number)
		}
	}
	for i, d := range dropped {
		if gone[i] != d.Lines {
			return 0, fmt.Errorf("%w: %d lines of the access log went after their period from number %d on, and %d are gone", ErrUnsound, d.Lines, d.First, gone[i])
		}
	}
	return tree.Size(), nil
}
