package main

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// given are the ways to take a right away that are about what was given to somebody:
// what may not come from then on.
var given = map[string][]casework.Class{
	"lend ended":   {casework.Confidential},
	"lend expired": {casework.Confidential},
	"barred":       {casework.Shared, casework.Safety, casework.Confidential},
}

// gift is what a victim holds, or what was taken from it that way.
type gift struct {
	id    casework.GivenID
	until time.Time // the clock ends it; zero: it does not
}

// lend seats a victim beside nobody, and lends it what is confidential about Fenna.
func (r *withdrawals) lend(v *victim, m casework.Member, how string) (g gift, ok bool) {
	m.Beside = nil
	if !r.put(m) {
		return g, false
	}
	var err error
	r.byChair(func(ctx context.Context, hanneke app.Session) {
		until := time.Now().Add(time.Hour)
		if how == "lend expired" {
			until = time.Now().Add(time.Duration(600+v.IntN(900)) * time.Millisecond).Truncate(time.Microsecond)
			g.until = until
		}
		g.id, err = r.a.app.Lend(ctx, hanneke, r.id, app.Gift{To: v.user, Person: v.beside[0], Until: until, Reason: "Voor even."})
	})
	if err != nil {
		r.t.Error("lend:", err)
	}
	return g, err == nil
}

// withdrawGiven takes it away and gives the epoch from which on it is gone.
func (r *withdrawals) withdrawGiven(v *victim, g *gift, how string) (from int64, ok bool) {
	var err error
	r.byChair(func(ctx context.Context, hanneke app.Session) {
		switch how {
		case "lend ended":
			err = r.a.app.EndGiven(ctx, hanneke, r.id, g.id)
		case "barred":
			g.id, err = r.a.app.Bar(ctx, hanneke, r.id, app.Gift{To: v.user, Person: v.beside[0], Reason: "Voor nu."})
		}
		if err == nil {
			err = r.db.GetContext(ctx, &from, `SELECT epoch FROM access_epoch`)
		}
	})
	if err != nil {
		r.t.Error(how, err)
	}
	return from, err == nil
}

// byChair does something as Hanneke, while nobody else changes a right.
func (r *withdrawals) byChair(do func(context.Context, app.Session)) {
	r.rights.Lock()
	defer r.rights.Unlock()
	do(r.t.Context(), sessionOf(r.users["Hanneke"], casework.Chair))
}

// roundOfGiven lends to the victim or bars it, and takes what it could read away
// while it looks. The connection stays, and nothing tells of a change of rights.
func (r *withdrawals) roundOfGiven(v *victim, how string) {
	m := casework.Member{User: v.user, Role: casework.ChildWorker, Beside: v.beside, From: time.Now().Add(-time.Hour)}
	var g gift
	ok := true
	if v.seated = false; how == "barred" {
		ok = r.put(m)
	} else {
		g, ok = r.lend(v, m, how)
	}
	if !ok {
		return
	}
	w, err := r.join(v.browser, "victim", r.id, nil)
	if err != nil {
		r.t.Errorf("a member sits down: %v", err)
		return
	}
	defer w.leave()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	frames := 1 + v.IntN(6)
	w.await(ctx, func() bool { return len(w.frames) >= frames || w.err != nil })
	from, ok := r.withdrawGiven(v, &g, how)
	if !ok {
		return
	}
	w.await(ctx, func() bool { return time.Now().After(g.until) || w.err != nil })
	writer := r.cards[0].writer
	written := writer.count()
	writer.await(ctx, func() bool { return len(writer.frames) >= written+12 })
	r.stayed(w, stay{how: how, from: from, until: g.until, hidden: given[how]}, 0)
	w.mu.Lock()
	told := slices.ContainsFunc(w.frames[1:], func(f []byte) bool { return string(f[:min(len(f), 9)]) == `{"t":"me"` })
	w.mu.Unlock()
	if told {
		r.t.Errorf("%s: the connection was told that its place changed", how)
	}
	if how == "barred" {
		r.byChair(func(ctx context.Context, hanneke app.Session) {
			if err := r.a.app.EndGiven(ctx, hanneke, r.id, g.id); err != nil {
				r.t.Error("end a bar:", err)
			}
		})
	}
}
