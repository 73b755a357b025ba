package store

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Interpreter is somebody without an account who translates at the table and
// signed a statement to keep silent.
type Interpreter struct {
	ID   string
	Name string
	By   casework.UserID
	At   time.Time // from when on it is known that the statement was signed
}

func interpreterAD(id string) string { return "interpreter/" + id }

// AddInterpreter keeps one with a case.
func (tx *Tx) AddInterpreter(ctx context.Context, id casework.CaseID, i Interpreter) error {
	sealed, err := tx.store.sealFor(ctx, tx, id, interpreterAD(i.ID), i.Name)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO interpreter (id, case_id, sealed, added_by, added_at) VALUES ($1, $2, $3, $4, $5)`, i.ID, id, sealed, i.By, i.At)
	return plain(err)
}

// Interpreters lists those of a case, oldest first.
func (tx *Tx) Interpreters(ctx context.Context, id casework.CaseID) ([]Interpreter, error) {
	rows := []struct {
		ID     string          `db:"id"`
		Sealed []byte          `db:"sealed"`
		By     casework.UserID `db:"added_by"`
		At     time.Time       `db:"added_at"`
	}{}
	err := tx.SelectContext(ctx, &rows, `SELECT id, sealed, added_by, added_at FROM interpreter WHERE case_id = $1 ORDER BY added_at, id`, id)
	if err != nil {
		return nil, plain(err)
	}
	list := make([]Interpreter, len(rows))
	for i, r := range rows {
		list[i] = Interpreter{ID: r.ID, By: r.By, At: r.At.UTC()}
		if err := tx.store.openFor(ctx, tx, id, interpreterAD(r.ID), r.Sealed, &list[i].Name); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// RemoveInterpreter forgets one; it is casework.Absent when there is none.
func (tx *Tx) RemoveInterpreter(ctx context.Context, id casework.CaseID, interpreter string) error {
	return tx.removeOf(ctx, `DELETE FROM interpreter WHERE case_id = $1 AND id = $2`, id, interpreter)
}
