package app

import (
	"context"
	"errors"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// maxTables is how many cases the committer keeps at hand.
const maxTables = 2000

// table is a case as the committer knows it: what is on it and who sits at it.
type table struct {
	state   *casework.State
	access  *casework.Access
	grounds map[casework.UserID]string // on which each member is there
	broken  error                      // why the case cannot be served, if so
	used    time.Time
}

type tables map[casework.CaseID]*table

func (ts tables) put(id casework.CaseID, t *table, now time.Time) {
	t.used = now
	ts[id] = t
	if len(ts) <= maxTables {
		return
	}
	oldest := id
	for other, t := range ts {
		if t.used.Before(ts[oldest].used) {
			oldest = other
		}
	}
	delete(ts, oldest)
}

// forget drops what a failed transaction may have left behind.
func (ts tables) forget(requests []*request) {
	for _, r := range requests {
		delete(ts, r.key.Case)
	}
}

// seatTables gives each locked case as it is now: from the cache as far as head
// and access epoch still match, else read, with the policy of its epoch. The result is
// the batch's own.
func (a *App) seatTables(ctx context.Context, tx *store.Tx, cached tables, locked map[casework.CaseID]int64, epoch, policyEpoch int64) (tables, error) {
	fresh := tables{}
	var strangers []casework.CaseID // whose members have to be read
	for id, head := range locked {
		t := &table{}
		if known := cached[id]; known != nil {
			*t = *known
			t.broken = nil
		}
		var err error
		if t.state, err = a.stateAt(ctx, tx, t.state, id, head); unservable(err) {
			t.state, t.broken = nil, err // its neighbours are not to suffer
		} else if err != nil {
			return nil, err
		}
		if t.access == nil || t.access.Epoch != epoch {
			strangers = append(strangers, id)
		}
		fresh[id] = t
	}
	if len(strangers) == 0 {
		return fresh, nil
	}
	teams, err := tx.Team(ctx, strangers)
	if err != nil {
		return nil, err
	}
	rules, err := a.policyAt(ctx, tx, policyEpoch)
	if err != nil {
		return nil, err
	}
	for _, id := range strangers {
		fresh[id].access, fresh[id].grounds = seatTeam(id, epoch, teams[id], rules)
	}
	return fresh, nil
}

// unservable tells whether the error is about one case alone, which cannot be
// served until somebody looked.
func unservable(err error) bool { return casework.IsBroken(err) || errors.Is(err, store.ErrWrongKey) }

// stateAt brings a known state (or none) up to the head.
func (a *App) stateAt(ctx context.Context, tx *store.Tx, known *casework.State, id casework.CaseID, head int64) (*casework.State, error) {
	switch {
	case known == nil || known.Head() > head:
		return a.store.LoadState(ctx, tx, id)
	case known.Head() == head:
		return known, nil
	}
	events, err := a.store.ChangesAfter(ctx, tx, known)
	if err != nil {
		return nil, err
	}
	state, err := known.Apply(events...)
	if casework.IsBroken(err) { // the fault may be in what is known: old steps go
		return a.store.LoadState(ctx, tx, id)
	}
	return state, err
}

// seatTeam gives every member the rights of its role, and of that role under what it
// was given.
func seatTeam(id casework.CaseID, epoch int64, team []store.Membership, rules *policy.Policy) (*casework.Access, map[casework.UserID]string) {
	access := &casework.Access{Case: id, Epoch: epoch, Policy: rules.Version(), Guest: rules.Rights(casework.Guest, casework.GrantItem)}
	grounds := make(map[casework.UserID]string, len(team))
	for _, m := range team {
		reader := casework.Reader{Member: m.Member, Rights: rules.Rights(m.Role, casework.NoGrant)}
		for _, g := range m.Given {
			g.Rights = rules.Rights(m.Role, g.Kind)
			reader.Given = append(reader.Given, g)
		}
		access.Team = append(access.Team, reader)
		grounds[m.User] = m.Ground
	}
	return access, grounds
}

// why tells which line of the policy refused, and its reason.
func (a *App) why(role casework.Role, status casework.Status, refusal *casework.Error) (rule, why string) {
	d := a.Rules().Decide(policy.Request{Role: role, Act: refusal.Act, Cell: refusal.Cell, Grant: casework.NoGrant, Status: status})
	return d.Rule, d.Why
}
