package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// MaxLate is over how many steps writing is rebased, at most, and maxLateBytes how
// many bytes of them are read: it costs time of everybody's.
const (
	MaxLate      = 1000
	maxLateBytes = 1 << 20
)

// NoteKey names a note.
type NoteKey struct {
	Case casework.CaseID
	Card casework.CardID
}

// StepsSince reads the steps of notes since the earliest of the texts that are
// named of each, at most MaxLate, and not all of them when they are large. A note has none when no such text is known.
func (tx *Tx) StepsSince(ctx context.Context, bases map[NoteKey][]casework.TextID) (map[NoteKey][]casework.Step, error) {
	var cases, cards, froms []string
	for key, texts := range bases {
		for _, text := range texts {
			cases, cards, froms = append(cases, string(key.Case)), append(cards, string(key.Card)), append(froms, string(text))
		}
	}
	if len(cases) == 0 {
		return nil, nil
	}
	var rows []stepRow
	err := tx.SelectContext(ctx, &rows, `SELECT `+stepColumns+` FROM (
			SELECT f.case_id, f.card, min(f.ink) AS ink FROM note_step f
			JOIN unnest($1::text[], $2::text[], $3::text[]) AS k(case_id, card, from_id) USING (case_id, card, from_id)
			GROUP BY f.case_id, f.card) b
		CROSS JOIN LATERAL (SELECT l.*, sum(octet_length(l.sealed)) OVER (ORDER BY l.ink DESC) AS bytes FROM (
			SELECT * FROM note_step n WHERE n.case_id = b.case_id AND n.card = b.card AND n.ink >= b.ink
			ORDER BY n.ink DESC LIMIT $4) l) s
		WHERE s.bytes <= $5`, pq.Array(cases), pq.Array(cards), pq.Array(froms), MaxLate, maxLateBytes)
	if err != nil {
		return nil, plain(err)
	}
	slices.SortFunc(rows, func(a, b stepRow) int { return cmp.Compare(a.Ink, b.Ink) })
	since := map[NoteKey][]casework.Step{}
	for _, r := range rows {
		key := NoteKey{r.Case, r.Card}
		if len(r.Sealed) == 0 {
			delete(since, key) // what was written over is gone: nothing leads on from before
			continue
		}
		changes, err := tx.store.openStep(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		since[key] = append(since[key], r.step(changes))
	}
	return since, nil
}

// DropOldSteps drops the steps that are past their time and that no text needs any
// more.
func (s *Store) DropOldSteps(ctx context.Context) (dropped int64, err error) {
	err = plain(s.committer.GetContext(ctx, &dropped, `SELECT drop_old_steps()`))
	return dropped, err
}
