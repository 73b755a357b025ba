package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/casustafel/casustafel/internal/casework"
)

// Append is what one batch adds to one case.
type Append struct {
	Case   casework.CaseID
	Events []casework.Event
	State  *casework.State // after them; needed where notes were written
}

// textRow is a text on its way to or from the database.
type textRow struct {
	Case   casework.CaseID `db:"case_id"`
	ID     casework.TextID `db:"id"`
	Object string          `db:"object"`
	Sealed []byte          `db:"sealed"`
	// Version: it stood in a note, and may be kept already.
	Version bool `db:"-"`
}

// AppendEvents adds the events and steps of a batch, with their texts sealed beside
// them, erases what they erase, and moves each case's head. The cases must be locked
// by this transaction.
func (tx *Tx) AppendEvents(ctx context.Context, batch []Append) error {
	var cases, actors, commands, undoes, types, data []string
	var seqs, epochs []int64
	var ats []time.Time
	var texts, erased []textRow
	var written writing
	heads := map[casework.CaseID]casework.Event{}
	names := map[casework.CaseID]casework.TextID{}
	for _, a := range batch {
		seal, err := tx.store.sealerOf(ctx, tx, a.Case)
		if err != nil {
			return err
		}
		if err := written.add(seal, a); err != nil {
			return err
		}
		for _, e := range a.Events {
			heads[a.Case] = casework.Event{Seq: e.Seq, Ink: max(e.Ink, heads[a.Case].Ink)}
			if e.Ink > 0 {
				continue
			}
			body, err := json.Marshal(e.Change)
			if err != nil {
				return fmt.Errorf("write event %s: %w", e.Change.Type(), err)
			}
			cases, seqs, epochs = append(cases, string(a.Case)), append(seqs, e.Seq), append(epochs, e.Epoch)
			actors, ats, commands = append(actors, string(e.Actor)), append(ats, e.At), append(commands, string(e.Command))
			undoes, types, data = append(undoes, string(e.Undoes)), append(types, e.Change.Type()), append(data, string(body))
			fresh, err := sealTexts(seal, a.Case, e)
			if err != nil {
				return err
			}
			for _, t := range fresh {
				if !t.Version || !slices.ContainsFunc(texts, func(o textRow) bool { return o.Case == t.Case && o.ID == t.ID }) {
					texts = append(texts, t)
				}
			}
			if _, erases := e.Change.(*casework.TextsErased); erases {
				object := casework.ObjectOf(e.Change)
				erased = append(erased, textRow{Case: a.Case, Object: object})
				// What this batch wrote before goes as well, what it writes after stays.
				texts = slices.DeleteFunc(texts, func(t textRow) bool { return t.Case == a.Case && t.Object == object })
			}
			if name := casework.NameIn(e.Change); name != nil {
				names[a.Case] = name.ID
			}
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO event (case_id, seq, epoch, actor, at, command, undoes, type, data)
		SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::jsonb[])`,
		pq.Array(cases), pq.Array(seqs), pq.Array(epochs), pq.Array(actors), pq.Array(ats), pq.Array(commands),
		pq.Array(undoes), pq.Array(types), pq.Array(data))
	if err != nil {
		return plain(err)
	}
	for _, gone := range erased {
		if err := tx.redact(ctx, gone.Case, gone.Object); err != nil {
			return err
		}
	}
	if err := tx.appendTexts(ctx, texts); err != nil {
		return err
	}
	if err := tx.appendWriting(ctx, written); err != nil {
		return err
	}
	return tx.moveHeads(ctx, heads, names)
}

// sealTexts seals what an event says anew.
func sealTexts(seal tink.AEAD, id casework.CaseID, e casework.Event) (texts []textRow, err error) {
	for _, t := range e.Change.Texts() {
		if t.ID == "" || e.Undoes != "" {
			continue // an undo points at a text that is there already
		}
		sealed, err := seal.Encrypt([]byte(t.Body), textAD(id, t.ID))
		if err != nil {
			return nil, fmt.Errorf("seal a text: %w", err)
		}
		texts = append(texts, textRow{Case: id, ID: t.ID, Object: casework.ObjectOf(e.Change), Sealed: sealed, Version: t.ID == casework.VersionIn(e.Change)})
	}
	return texts, nil
}

func (tx *Tx) appendTexts(ctx context.Context, texts []textRow) error {
	if len(texts) == 0 {
		return nil
	}
	n := len(texts)
	cases, ids, objects, sealed, versions := make([]string, n), make([]string, n), make([]string, n), make([][]byte, n), make([]bool, n)
	for i, t := range texts {
		cases[i], ids[i], objects[i], sealed[i], versions[i] = string(t.Case), string(t.ID), t.Object, t.Sealed, t.Version
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO text (case_id, id, object, sealed) SELECT case_id, id, object, sealed
		FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::boolean[]) AS u(case_id, id, object, sealed, version)
		WHERE NOT version OR NOT EXISTS (SELECT FROM text t WHERE t.case_id = u.case_id AND t.id = u.id)`,
		pq.Array(cases), pq.Array(ids), pq.Array(objects), pq.ByteaArray(sealed), pq.Array(versions))
	return plain(err)
}

func (tx *Tx) moveHeads(ctx context.Context, heads map[casework.CaseID]casework.Event, names map[casework.CaseID]casework.TextID) error {
	var cases, nameIDs []string
	var seqs, inks []int64
	for id, last := range heads {
		cases, seqs, inks, nameIDs = append(cases, string(id)), append(seqs, last.Seq), append(inks, last.Ink), append(nameIDs, string(names[id]))
	}
	_, err := tx.ExecContext(ctx, `UPDATE cases SET seq = h.seq, ink = greatest(cases.ink, h.ink), name_text = CASE h.name WHEN '' THEN cases.name_text ELSE h.name END
		FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) AS h(id, seq, ink, name) WHERE cases.id = h.id`,
		pq.Array(cases), pq.Array(seqs), pq.Array(inks), pq.Array(nameIDs))
	return plain(err)
}

// redact erases every text the object ever had; empty means the case's name.
func (tx *Tx) redact(ctx context.Context, id casework.CaseID, object string) error {
	_, err := tx.ExecContext(ctx, `SELECT redact($1, $2)`, id, object)
	return plain(err)
}

// ChangesAfter reads what the state lacks, events and steps in their order. Steps
// are read after the events: those that come after later ones are left out.
func (s *Store) ChangesAfter(ctx context.Context, q sqlx.QueryerContext, known *casework.State) ([]casework.Event, error) {
	events, err := s.EventsAfter(ctx, q, known.ID, known.Seq)
	if err != nil {
		return nil, err
	}
	steps, err := s.stepsAfter(ctx, q, known.ID, known.Ink, known.Seq+int64(len(events)))
	if err != nil || len(steps) == 0 {
		return events, err
	}
	events = append(events, steps...)
	slices.SortFunc(events, inOrder)
	return events, nil
}

// inOrder puts steps after the event that they were written after.
func inOrder(a, b casework.Event) int {
	return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Ink, b.Ink))
}

// EventsAfter reads the events of a case after a seq, with their texts.
func (s *Store) EventsAfter(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, after int64) ([]casework.Event, error) {
	events, err := eventsAfter(ctx, q, id, after)
	if err != nil || len(events) == 0 {
		return events, err
	}
	var texts []*casework.Text
	for _, e := range events {
		texts = append(texts, e.Change.Texts()...)
	}
	return events, s.OpenTexts(ctx, q, id, texts)
}

// EventsUntil reads the events of a case from the first up to a seq, without
// their texts.
func (s *Store) EventsUntil(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, until int64) ([]casework.Event, error) {
	return eventsBetween(ctx, q, id, 0, until)
}

func eventsAfter(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, after int64) ([]casework.Event, error) {
	return eventsBetween(ctx, q, id, after, math.MaxInt64)
}

func eventsBetween(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, after, until int64) ([]casework.Event, error) {
	rows := []struct {
		Seq     int64              `db:"seq"`
		Epoch   int64              `db:"epoch"`
		Actor   casework.UserID    `db:"actor"`
		At      time.Time          `db:"at"`
		Command casework.CommandID `db:"command"`
		Undoes  casework.CommandID `db:"undoes"`
		Type    string             `db:"type"`
		Data    []byte             `db:"data"`
	}{}
	err := sqlx.SelectContext(ctx, q, &rows,
		`SELECT seq, epoch, actor, at, command, undoes, type, data FROM event WHERE case_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq`, id, after, until)
	if err != nil {
		return nil, plain(err)
	}
	events := make([]casework.Event, len(rows))
	for i, r := range rows {
		change, err := casework.DecodeChange(r.Type, r.Data)
		if err != nil {
			return nil, fmt.Errorf("%w: event %d: %w", casework.ErrBrokenLog, r.Seq, err)
		}
		events[i] = casework.Event{Seq: r.Seq, Epoch: r.Epoch, Actor: r.Actor, At: r.At.UTC(), Command: r.Command, Undoes: r.Undoes, Change: change}
	}
	return events, nil
}

// OpenTexts fills in the bodies. A text whose row is gone was erased.
func (s *Store) OpenTexts(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, texts []*casework.Text) error {
	var wanted []string
	for _, t := range texts {
		if t.ID != "" {
			wanted = append(wanted, string(t.ID))
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	var rows []textRow
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT id, sealed FROM text WHERE case_id = $1 AND id = ANY($2)`, id, pq.Array(wanted)); err != nil {
		return plain(err)
	}
	seal, err := s.sealerOf(ctx, q, id)
	if err != nil {
		return err
	}
	bodies := make(map[casework.TextID]string, len(rows))
	for _, r := range rows {
		body, err := seal.Decrypt(r.Sealed, textAD(id, r.ID))
		if err != nil {
			return fmt.Errorf("text %s of a case does not open: %w", r.ID, ErrWrongKey)
		}
		bodies[r.ID] = string(body)
	}
	for _, t := range texts {
		body, ok := bodies[t.ID]
		t.Body, t.Redacted = body, t.ID != "" && !ok
	}
	return nil
}
