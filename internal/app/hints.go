package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Hints are the hints of the first minute at a board, in the order they are
// shown. A word is for ever: accounts keep which ones they have put away.
var Hints = []string{"focus", "draft", "readers"}

// HintsFor lists the hints that the user has not put away.
func (a *App) HintsFor(ctx context.Context, user casework.UserID) ([]string, error) {
	seen, err := a.store.HintsSeen(ctx, user)
	if err != nil {
		return nil, a.fault("read hints", err)
	}
	return slices.DeleteFunc(slices.Clone(Hints), func(hint string) bool { return slices.Contains(seen, hint) }), nil
}

// PutHintsAway keeps that the user does not want the hints any more; a word that
// names none is casework.Invalid.
func (a *App) PutHintsAway(ctx context.Context, user casework.UserID, hints ...string) error {
	for _, hint := range hints {
		if !slices.Contains(Hints, hint) {
			return casework.Refuse(casework.Invalid, "bad_hint")
		}
	}
	if err := a.store.AddHintsSeen(ctx, user, hints); err != nil {
		return a.fault("put hints away", err)
	}
	return nil
}

// ShowHintsAgain brings all hints back.
func (a *App) ShowHintsAgain(ctx context.Context, user casework.UserID) error {
	if err := a.store.ForgetHintsSeen(ctx, user); err != nil {
		return a.fault("show hints again", err)
	}
	return nil
}

// FirstTable is the board on which somebody begins who has hints to see and one
// real case: empty for everybody else, who begins with the list.
func (a *App) FirstTable(ctx context.Context, user casework.UserID) (casework.CaseID, error) {
	hints, err := a.HintsFor(ctx, user)
	if err != nil || len(hints) == 0 {
		return "", err
	}
	list, err := a.MyCases(ctx, user)
	if err != nil {
		return "", err
	}
	list = slices.DeleteFunc(list, func(c CaseListing) bool { return c.Practice })
	if len(list) != 1 || list[0].Broken {
		return "", nil
	}
	return list[0].ID, nil
}
