package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/casework"
)

// LoadState folds a case from its newest snapshot and the events after it, with
// its texts. What it costs goes by the length of the notes, not by how often they
// were written in. A transaction of the caller's holds the case locked.
func (s *Store) LoadState(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (state *casework.State, err error) {
	if q != sqlx.QueryerContext(s.committer) {
		return s.loadState(ctx, q, id)
	}
	err = s.AtOneMoment(ctx, func(q Queryer) error {
		state, err = s.loadState(ctx, q, id)
		return err
	})
	return state, err
}

func (s *Store) loadState(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (*casework.State, error) {
	state, err := s.LoadStructure(ctx, q, id)
	if err != nil {
		return nil, err
	}
	notes, err := s.openNotes(ctx, q, id)
	if err != nil {
		return nil, err
	}
	var texts []*casework.Text
	state = state.WithTexts(func(t *casework.Text) {
		if n, ok := notes[t.ID]; ok && t.ID != "" {
			t.Body, t.Redacted = n.body, n.erased
			return
		}
		texts = append(texts, t)
	})
	for _, c := range state.Cards { // nobody else has them yet
		if n, ok := notes[c.Text.ID]; ok {
			c.Steps = n.steps
		}
	}
	return state, s.OpenTexts(ctx, q, id, texts)
}

// LoadStructure folds a case without any of its texts: their bodies are empty,
// and OpenTexts fills in those that are wanted, but for those of notes. How the
// notes stand is read first: nothing is missing that came before it.
func (s *Store) LoadStructure(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (*casework.State, error) {
	state, err := latestSnapshot(ctx, q, id)
	if err != nil {
		return nil, err
	}
	notes, err := notesStanding(ctx, q, id, state.Ink)
	if err != nil {
		return nil, err
	}
	events, err := eventsAfter(ctx, q, id, state.Seq)
	if err != nil {
		return nil, err
	}
	events = append(events, notes...)
	slices.SortFunc(events, inOrder)
	return state.Apply(events...)
}

func latestSnapshot(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (*casework.State, error) {
	var rows []([]byte)
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT state FROM snapshot WHERE case_id = $1 ORDER BY seq DESC LIMIT 1`, id); err != nil {
		return nil, plain(err)
	}
	state := casework.NewState(id)
	if len(rows) == 1 {
		if err := json.Unmarshal(rows[0], state); err != nil {
			return nil, fmt.Errorf("%w: read a snapshot: %w", casework.ErrBrokenLog, err)
		}
	}
	return state, nil
}

// Queryer is where something is read: a transaction, or Reader.
type Queryer = sqlx.QueryerContext

// Reader is for reads of a whole case that no transaction decides on.
func (s *Store) Reader() Queryer { return s.committer }

// SaveSnapshot keeps the structure of a state, without any text, so that the
// case loads faster; of a case the newest two stay. Losing one costs time only.
func (s *Store) SaveSnapshot(ctx context.Context, state *casework.State) error {
	body, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("write a snapshot: %w", err)
	}
	_, err = s.committer.ExecContext(ctx, `SELECT save_snapshot($1, $2, $3)`, state.ID, state.Seq, string(body))
	return plain(err)
}
