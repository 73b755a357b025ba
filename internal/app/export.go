package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// Export is a case as it leaves the program.
type Export struct {
	view.Projection
	By     string // name of who fetched it
	At     time.Time
	Ground string // a code
}

// Export gives what of a case the whole table may read, to who asked for it, had the
// yes of a second person a day ago at most, and showed a second factor just now
// (ErrNotProven). Each time is on the record, and told to whoever wrote what is in it.
func (a *App) Export(ctx context.Context, session Session, id casework.CaseID) (e Export, err error) {
	err = a.doAtTable(ctx, session, id, deed{"export", audit.Execute, "second", anybody}, func(t *teamAt) (done, error) {
		if !mayAsk(t.seat, casework.ActExport) {
			return done{}, notFor(casework.ActExport)
		}
		kept, err := t.SecondsIn(ctx, id, t.now.Add(-2*secondTime))
		if err != nil {
			return done{}, err
		}
		i := slices.IndexFunc(kept, func(s store.Second) bool { return stands(s, t.reader.User, t.now) })
		if i < 0 {
			return done{}, casework.Refuse(casework.Denied, "second_needed")
		}
		if !a.Proven(session) {
			return done{}, ErrNotProven
		}
		moment := t.moment
		if moment.State, err = a.store.LoadState(ctx, t, id); err != nil {
			return done{}, err
		}
		e = Export{Projection: view.Export(t.reader, moment), By: t.reader.Name, At: t.now, Ground: kept[i].Ground}
		var persons []casework.PersonID
		for _, p := range e.Family {
			persons = append(persons, p.ID)
		}
		authors := map[casework.UserID]bool{}
		for _, card := range e.Cards {
			authors[card.By] = true
		}
		told := store.Notice{Case: id, Kind: store.NoticeExported, Object: kept[i].ID, By: t.reader.User}
		return done{object: kept[i].ID, detail: map[string]string{"ground": e.Ground, "persons": audit.Spaced(persons)}, version: versionOf(moment.State)}, a.notify(ctx, t.Tx, told, slices.Sorted(maps.Keys(authors))...)
	})
	if err != nil {
		return Export{}, err
	}
	return e, nil
}
