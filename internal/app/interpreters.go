package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// maxInterpreters is how many a team lists.
const maxInterpreters = 20

// AddInterpreter lists an interpreter with the team, who has no account and signed
// a statement to keep silent.
func (a *App) AddInterpreter(ctx context.Context, session Session, id casework.CaseID, name string, signed bool) error {
	d := deed{"add_interpreter", audit.Create, "interpreter", mayInvite}
	return a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		name, err := board.Name(name)
		if err != nil {
			return done{}, err
		}
		if !signed {
			return done{}, casework.Refuse(casework.Invalid, "unsigned")
		}
		listed, err := t.Interpreters(ctx, id)
		if err != nil {
			return done{}, err
		}
		if len(listed) >= maxInterpreters {
			return done{}, casework.Refuse(casework.TooMany, "limit_interpreters")
		}
		i := store.Interpreter{ID: casework.NewID[string](a.random), Name: name, By: t.reader.User, At: t.now}
		return done{object: i.ID}, t.AddInterpreter(ctx, id, i)
	})
}

// RemoveInterpreter takes an interpreter off the list; of the name nothing is kept.
func (a *App) RemoveInterpreter(ctx context.Context, session Session, id casework.CaseID, interpreter string) error {
	d := deed{"remove_interpreter", audit.Delete, "interpreter", mayEnd}
	return a.changeTeam(ctx, session, id, d, withID(interpreter, func(t *teamAt) (done, error) {
		return done{object: interpreter}, t.RemoveInterpreter(ctx, id, interpreter)
	}))
}
