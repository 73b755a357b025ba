package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
)

// saveNoteEvery is after how many steps of a case the whole text of a note is
// written down again.
const saveNoteEvery = 64

// stepRow is a step on its way to or from the database.
type stepRow struct {
	Case    casework.CaseID    `db:"case_id"`
	Ink     int64              `db:"ink"`
	Seq     int64              `db:"seq"`
	Epoch   int64              `db:"epoch"`
	Card    casework.CardID    `db:"card"`
	Era     int                `db:"era"`
	Account casework.UserID    `db:"account"`
	At      time.Time          `db:"at"`
	Command casework.CommandID `db:"command"`
	From    casework.TextID    `db:"from_id"`
	Text    casework.TextID    `db:"text_id"`
	Sealed  []byte             `db:"sealed"` // empty: erased
}

const stepColumns = `s.case_id, s.ink, s.seq, s.epoch, s.card, s.era, s.account, s.at, s.command, s.from_id, s.text_id, s.sealed`

// noteRow is how a note stands.
type noteRow struct {
	Case     casework.CaseID `db:"case_id"`
	Card     casework.CardID `db:"card"`
	Seq      int64           `db:"seq"`
	Ink      int64           `db:"ink"`
	Text     casework.TextID `db:"text_id"`
	At       time.Time       `db:"at"`
	Writers  []byte          `db:"writers"`
	SavedInk int64           `db:"saved_ink"`
	Sealed   []byte          `db:"sealed"` // empty: erased
}

// stepAD binds sealed changes to the case and to the text that they lead to, noteAD
// a whole text to its note and step: rows cannot be swapped.
func stepAD(id casework.CaseID, text casework.TextID) []byte {
	return []byte(string(id) + "/step/" + string(text))
}

func noteAD(id casework.CaseID, card casework.CardID, ink int64) []byte {
	return fmt.Appendf(nil, "%s/note/%s/%d", id, card, ink)
}

// writing is what a batch writes in notes.
type writing struct {
	steps []stepRow
	notes []noteRow
}

// add seals the steps of one case, but for what the same batch erases after them,
// and how each note stands at the end.
func (w *writing) add(seal tink.AEAD, a Append) error {
	last := map[casework.CardID]casework.Event{}
	from := len(w.steps)
	for _, e := range a.Events {
		switch c := e.Change.(type) {
		case *casework.NoteWritten:
			sealed, err := sealStep(seal, a.Case, c)
			if err != nil {
				return err
			}
			w.steps = append(w.steps, stepRow{a.Case, e.Ink, e.Seq, e.Epoch, c.Card, c.Era, e.Actor, e.At, e.Command, c.From, c.Text, sealed})
			last[c.Card] = e
		case *casework.TextsErased:
			for i := range w.steps[from:] {
				if step := &w.steps[from+i]; step.Card == c.Card {
					step.Sealed = []byte{}
				}
			}
		}
	}
	for card, e := range last {
		row, err := noteOf(seal, a.State, card, e)
		if err != nil {
			return err
		}
		w.notes = append(w.notes, row)
	}
	return nil
}

func sealStep(seal tink.AEAD, id casework.CaseID, c *casework.NoteWritten) ([]byte, error) {
	raw, err := json.Marshal(c.Changes)
	if err != nil {
		return nil, fmt.Errorf("write a step: %w", err)
	}
	sealed, err := seal.Encrypt(raw, stepAD(id, c.Text))
	if err != nil {
		return nil, fmt.Errorf("seal a step: %w", err)
	}
	return sealed, nil
}

// noteOf is how a note stands after its last step in a batch.
func noteOf(seal tink.AEAD, state *casework.State, id casework.CardID, last casework.Event) (row noteRow, err error) {
	card := state.Cards[id]
	row = noteRow{Case: state.ID, Card: id, Seq: last.Seq, Ink: last.Ink, Text: card.Text.ID, At: last.At, SavedInk: last.Ink, Sealed: []byte{}}
	if row.Writers, err = json.Marshal(slices.Concat([]casework.Writer{}, card.Writers)); err != nil {
		return row, fmt.Errorf("write down who writes: %w", err)
	}
	if card.Text.Redacted {
		return row, nil
	}
	if row.Sealed, err = seal.Encrypt([]byte(card.Text.Body), noteAD(state.ID, id, last.Ink)); err != nil {
		return row, fmt.Errorf("seal a note: %w", err)
	}
	return row, nil
}

func (tx *Tx) appendWriting(ctx context.Context, w writing) error {
	if len(w.steps) == 0 {
		return nil
	}
	if err := tx.appendSteps(ctx, w.steps); err != nil {
		return err
	}
	return tx.putNotes(ctx, w.notes)
}

func (tx *Tx) appendSteps(ctx context.Context, steps []stepRow) error {
	var cases, cards, users, commands, froms, texts []string
	var inks, seqs, epochs, eras []int64
	var ats []time.Time
	var sealed [][]byte
	for _, s := range steps {
		cases, inks, seqs, epochs = append(cases, string(s.Case)), append(inks, s.Ink), append(seqs, s.Seq), append(epochs, s.Epoch)
		cards, eras, users = append(cards, string(s.Card)), append(eras, int64(s.Era)), append(users, string(s.Account))
		ats, commands, sealed = append(ats, s.At), append(commands, string(s.Command)), append(sealed, s.Sealed)
		froms, texts = append(froms, string(s.From)), append(texts, string(s.Text))
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO note_step (case_id, ink, seq, epoch, card, era, account, at, command, from_id, text_id, sealed)
		SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[],
			$9::text[], $10::text[], $11::text[], $12::bytea[])`,
		pq.Array(cases), pq.Array(inks), pq.Array(seqs), pq.Array(epochs), pq.Array(cards), pq.Array(eras), pq.Array(users), pq.Array(ats),
		pq.Array(commands), pq.Array(froms), pq.Array(texts), pq.ByteaArray(sealed))
	return plain(err)
}

// putNotes writes down how notes stand; of the whole text, only when the one that
// was saved is far behind or was erased.
func (tx *Tx) putNotes(ctx context.Context, notes []noteRow) error {
	var cases, cards, texts, writers []string
	var seqs, inks []int64
	var ats []time.Time
	var sealed [][]byte
	for _, n := range notes {
		cases, cards, texts = append(cases, string(n.Case)), append(cards, string(n.Card)), append(texts, string(n.Text))
		seqs, inks, ats = append(seqs, n.Seq), append(inks, n.Ink), append(ats, n.At)
		writers, sealed = append(writers, string(n.Writers)), append(sealed, n.Sealed)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO note AS n (case_id, card, seq, ink, text_id, at, writers, saved_ink, sealed)
		SELECT case_id, card, seq, ink, text_id, at, writers, ink, sealed
		FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::jsonb[], $8::bytea[])
			AS u(case_id, card, seq, ink, text_id, at, writers, sealed)
		ON CONFLICT (case_id, card) DO UPDATE SET seq = excluded.seq, ink = excluded.ink, text_id = excluded.text_id, at = excluded.at, writers = excluded.writers,
			saved_ink = CASE WHEN octet_length(n.sealed) > 0 AND octet_length(excluded.sealed) > 0 AND excluded.ink - n.saved_ink < $9
				THEN n.saved_ink ELSE excluded.saved_ink END,
			sealed = CASE WHEN octet_length(n.sealed) > 0 AND octet_length(excluded.sealed) > 0 AND excluded.ink - n.saved_ink < $9
				THEN n.sealed ELSE excluded.sealed END`,
		pq.Array(cases), pq.Array(cards), pq.Array(seqs), pq.Array(inks), pq.Array(texts), pq.Array(ats), pq.Array(writers),
		pq.ByteaArray(sealed), saveNoteEvery)
	return plain(err)
}

// notesStanding gives, in place of the steps after one, how each note stands that
// they were written in.
func notesStanding(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, after int64) ([]casework.Event, error) {
	var rows []noteRow
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT card, seq, ink, text_id, at, writers FROM note WHERE case_id = $1 AND ink > $2`, id, after); err != nil {
		return nil, plain(err)
	}
	events := make([]casework.Event, len(rows))
	for i, r := range rows {
		stands := &casework.NoteStands{Card: r.Card, Text: r.Text}
		if err := json.Unmarshal(r.Writers, &stands.Writers); err != nil {
			return nil, fmt.Errorf("%w: read who writes: %w", casework.ErrBrokenLog, err)
		}
		if len(stands.Writers) == 0 {
			stands.Writers = nil
		}
		events[i] = casework.Event{Seq: r.Seq, Ink: r.Ink, At: r.At.UTC(), Change: stands}
	}
	return events, nil
}

// stepsAfter reads the steps of a case after one, those alone that were written
// before the event after until.
func (s *Store) stepsAfter(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID, after, until int64) ([]casework.Event, error) {
	var rows []stepRow
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT `+stepColumns+` FROM note_step s WHERE s.case_id = $1 AND s.ink > $2 AND s.seq <= $3 ORDER BY s.ink`, id, after, until)
	if err != nil {
		return nil, plain(err)
	}
	events := make([]casework.Event, len(rows))
	for i, r := range rows {
		changes, err := s.openStep(ctx, q, r)
		if err != nil {
			return nil, err
		}
		events[i] = casework.Event{Seq: r.Seq, Ink: r.Ink, Epoch: r.Epoch, Actor: r.Account, At: r.At.UTC(), Command: r.Command,
			Change: &casework.NoteWritten{Card: r.Card, From: r.From, Text: r.Text, Era: r.Era, Changes: changes, Erased: len(r.Sealed) == 0}}
	}
	return events, nil
}

// openStep gives the changes of a step; none when they were erased.
func (s *Store) openStep(ctx context.Context, q sqlx.QueryerContext, r stepRow) (note.Changes, error) {
	if len(r.Sealed) == 0 {
		return note.Changes{}, nil
	}
	seal, err := s.sealerOf(ctx, q, r.Case)
	if err != nil {
		return note.Changes{}, err
	}
	raw, err := seal.Decrypt(r.Sealed, stepAD(r.Case, r.Text))
	if err != nil {
		return note.Changes{}, fmt.Errorf("a step of a case does not open: %w", ErrWrongKey)
	}
	changes, err := note.Decode(raw)
	if err != nil {
		return changes, fmt.Errorf("%w: read a step: %w", casework.ErrBrokenLog, err)
	}
	return changes, nil
}

// step is a row as a card has it at hand.
func (r stepRow) step(changes note.Changes) casework.Step {
	return casework.Step{Text: r.Text, From: r.From, User: r.Account, Command: r.Command, At: r.At.UTC(), Era: r.Era, Changes: changes}
}

// openNote is the text of a note as it stands, with the steps that led there.
type openNote struct {
	body   string
	erased bool
	steps  []casework.Step
}

// openNotes opens the notes of a case by the ids of their texts.
func (s *Store) openNotes(ctx context.Context, q sqlx.QueryerContext, id casework.CaseID) (map[casework.TextID]openNote, error) {
	var rows []noteRow
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT case_id, card, text_id, saved_ink, sealed FROM note WHERE case_id = $1`, id); err != nil || len(rows) == 0 {
		return nil, plain(err)
	}
	var since []stepRow
	// The limit, which the saved text is never that far behind, keeps PostgreSQL to the
	// index: it takes a third of all steps to come after a number that it does not know.
	err := sqlx.SelectContext(ctx, q, &since, `SELECT `+stepColumns+` FROM note n CROSS JOIN LATERAL (SELECT * FROM note_step s
			WHERE s.case_id = n.case_id AND s.card = n.card AND s.ink > n.saved_ink ORDER BY s.ink LIMIT $2) s
		WHERE n.case_id = $1 AND octet_length(n.sealed) > 0 ORDER BY s.ink`, id, saveNoteEvery)
	if err != nil {
		return nil, plain(err)
	}
	byCard := map[casework.CardID][]stepRow{}
	for _, r := range since {
		byCard[r.Card] = append(byCard[r.Card], r)
	}
	notes := make(map[casework.TextID]openNote, len(rows))
	for _, r := range rows {
		if notes[r.Text], err = s.openNote(ctx, q, r, byCard[r.Card]); err != nil {
			return nil, err
		}
	}
	return notes, nil
}

func (s *Store) openNote(ctx context.Context, q sqlx.QueryerContext, r noteRow, since []stepRow) (n openNote, err error) {
	if len(r.Sealed) == 0 {
		return openNote{erased: true}, nil
	}
	seal, err := s.sealerOf(ctx, q, r.Case)
	if err != nil {
		return n, err
	}
	body, err := seal.Decrypt(r.Sealed, noteAD(r.Case, r.Card, r.SavedInk))
	if err != nil {
		return n, fmt.Errorf("a note of a case does not open: %w", ErrWrongKey)
	}
	n.body = string(body)
	for _, row := range since {
		changes, err := s.openStep(ctx, q, row)
		if err != nil {
			return n, err
		}
		if n.body, err = changes.Apply(n.body); err != nil {
			return n, fmt.Errorf("%w: a step does not fit: %w", casework.ErrBrokenLog, err)
		}
		n.steps = append(n.steps, row.step(changes))
	}
	return n, nil
}
