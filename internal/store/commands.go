package store

import (
	"context"
	"errors"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/casework"
)

// CommandKey names a command: the client makes the id, unique per case and
// user. Opening a case has no case yet.
type CommandKey struct {
	Case casework.CaseID    `db:"case_id"`
	User casework.UserID    `db:"account"`
	ID   casework.CommandID `db:"id"`
}

// DoneCommands tells which of the commands were carried out before, and the id
// of what each made.
func (tx *Tx) DoneCommands(ctx context.Context, keys []CommandKey) (map[CommandKey]string, error) {
	cases, users, ids := commandColumns(keys)
	rows := []struct {
		CommandKey
		Made string `db:"made"`
	}{}
	err := tx.SelectContext(ctx, &rows, `SELECT c.case_id, c.account, c.id, c.made FROM command c
		JOIN unnest($1::text[], $2::text[], $3::text[]) AS k(case_id, account, id) USING (case_id, account, id)`,
		pq.Array(cases), pq.Array(users), pq.Array(ids))
	if err != nil {
		return nil, plain(err)
	}
	done := make(map[CommandKey]string, len(rows))
	for _, r := range rows {
		done[r.CommandKey] = r.Made
	}
	return done, nil
}

// SaveCommands remembers that the commands were carried out and what each made.
func (tx *Tx) SaveCommands(ctx context.Context, made map[CommandKey]string) error {
	keys := make([]CommandKey, 0, len(made))
	objects := make([]string, 0, len(made))
	for key, object := range made {
		keys, objects = append(keys, key), append(objects, object)
	}
	cases, users, ids := commandColumns(keys)
	_, err := tx.ExecContext(ctx, `INSERT INTO command (case_id, account, id, made) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
		pq.Array(cases), pq.Array(users), pq.Array(ids), pq.Array(objects))
	return plain(err)
}

// DoneMeanwhile tells whether a transaction failed because a command of its own
// was carried out elsewhere after it looked.
func DoneMeanwhile(err error) bool {
	var refused *DBError
	return errors.As(err, &refused) && refused.Constraint == "command_pkey"
}

func commandColumns(keys []CommandKey) (cases, users, ids []string) {
	for _, k := range keys {
		cases, users, ids = append(cases, string(k.Case)), append(users, string(k.User)), append(ids, string(k.ID))
	}
	return cases, users, ids
}
