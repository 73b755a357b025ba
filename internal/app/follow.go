package app

import (
	"context"
	"strconv"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// CatchUp brings a room's state up to the log; a state without events is read
// whole. The epoch is the latest under which any of the new events was decided.
func (a *App) CatchUp(ctx context.Context, known *casework.State) (casework.Commit, error) {
	if known.Seq == 0 {
		state, err := a.store.LoadState(ctx, a.store.Reader(), known.ID)
		if err != nil {
			return casework.Commit{}, err
		}
		// Read after the state, so that it is no older than anything in it.
		epoch, err := store.Epoch(ctx, a.store.Reader())
		return casework.Commit{State: state, Epoch: epoch}, err
	}
	events, err := a.store.ChangesAfter(ctx, a.store.Reader(), known)
	if err != nil {
		return casework.Commit{}, err
	}
	commit := casework.Commit{}
	for _, e := range events {
		commit.Epoch = max(commit.Epoch, e.Epoch)
	}
	if commit.State, err = known.Apply(events...); casework.IsBroken(err) { // the fault may be in what is known: old steps go
		return a.CatchUp(ctx, casework.NewState(known.ID))
	}
	return commit, err
}

// Heads gives the access epoch and the head of each of the cases, at one moment.
func (a *App) Heads(ctx context.Context, ids []casework.CaseID) (epoch int64, heads map[casework.CaseID]int64, err error) {
	return a.store.Heads(ctx, ids)
}

// Ears is what a node listens for.
type Ears struct {
	Case   func(id casework.CaseID, head int64) // it changed, up to that head
	Rights func()                               // somebody's rights changed
	Erased func(id casework.CaseID)             // it is no more
	Here   func(payload string)                 // who is at a table of another node
	Carets func(payload string)                 // where they write there
	Lost   func()                               // the connection was away: look at everything
}

// Listen hears the nudges of the other nodes until ctx ends.
func (a *App) Listen(ctx context.Context, ears Ears) error {
	a.ears.Store(&ears)
	return a.store.Listen(ctx, func(payload string) {
		word, rest, _ := strings.Cut(payload, " ")
		switch word {
		case nudgeErased:
			a.forget(casework.CaseID(rest))
		case nudgeCase:
			for _, told := range strings.Fields(rest) {
				id, head, _ := strings.Cut(told, ":")
				if seq, err := strconv.ParseInt(head, 10, 64); err == nil {
					ears.Case(casework.CaseID(id), seq)
				}
			}
		case nudgeRights:
			ears.Rights()
		case nudgeHere:
			ears.Here(rest)
		case nudgeCarets:
			ears.Carets(rest)
		}
	}, ears.Lost)
}

// TellHere tells the other nodes who is at a table of this one. It is not kept
// anywhere; payload holds ids only.
func (a *App) TellHere(payload string) { a.nudger.say(nudgeHere + " " + payload) }

// TellCarets tells them where people write there: ids and numbers only, kept as
// little.
func (a *App) TellCarets(payload string) { a.nudger.say(nudgeCarets + " " + payload) }
