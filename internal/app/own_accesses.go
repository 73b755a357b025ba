package app

import (
	"context"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// OwnAccess is something that somebody did, as that person may look back at it.
type OwnAccess struct {
	At      time.Time
	Left    time.Time // when a stay ended; zero: it did not, or this is none
	CutOff  bool      // it ended at the latest then
	Event   audit.Event
	Refused bool
	OfCase  bool   // it was about a case
	Case    string // its name, while the person may still enter it; else empty: absent, hidden and left are alike
}

// accessesPage is how many are shown at a time.
const accessesPage = 50

// OwnAccesses lists what the person of a session did, newest first, from a place
// in the list on (empty: the newest), and the place of what comes next (empty:
// nothing does). What others did stands in their lines, also when it was about this
// person. The look is on the record before anything goes out. A place that cannot be is
// casework.Absent, a period that cannot be casework.Invalid.
func (a *App) OwnAccesses(ctx context.Context, session Session, period Period, from string) (list []OwnAccess, next string, err error) {
	review := store.OwnReview{Limit: accessesPage + 1}
	var ok bool
	if review.After.At, review.After.ID, ok = readPlace(from); !ok {
		return nil, "", casework.Absent()
	}
	if review.From, review.Until, err = period.bounds(a.moment()); err != nil {
		return nil, "", err
	}
	user := session.Account.ID
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		entrances, err := a.entrancesOf(ctx, tx, user)
		if err != nil {
			return err
		}
		records, err := a.store.OwnRecords(ctx, user, review)
		if err != nil {
			return err
		}
		if len(records) > accessesPage {
			records = records[:accessesPage]
			last := records[accessesPage-1]
			next = writePlace(last.At, last.ID)
		}
		names := map[casework.CaseID]string{}
		for _, p := range entrances {
			names[p.id] = ""
		}
		list = make([]OwnAccess, len(records))
		for i, r := range records {
			list[i] = OwnAccess{At: r.At.UTC(), Left: r.Left.Time.UTC(), CutOff: r.CutOff, Event: r.Event, Refused: r.Outcome == audit.Refused, OfCase: r.Case != ""}
			name, enters := names[r.Case]
			if !enters {
				continue
			}
			if name == "" {
				if name, err = a.store.CaseName(ctx, tx, r.Case); err != nil {
					return err
				}
				names[r.Case] = name
			}
			list[i].Case = name
		}
		record := a.accountRecord(ctx, "own_accesses", audit.Done, session.Account, nil)
		record.Action = audit.Read
		return tx.Record(ctx, record)
	})
	if err != nil {
		return nil, "", a.fault("list own accesses", err)
	}
	return list, next, nil
}

// A place in the log is the moment and id of the line that one goes on from.
func writePlace(at time.Time, id string) string {
	return at.UTC().Format(time.RFC3339Nano) + "~" + id
}

func readPlace(place string) (at time.Time, id string, ok bool) {
	if place == "" {
		return time.Time{}, "", true
	}
	moment, id, found := strings.Cut(place, "~")
	at, err := time.Parse(time.RFC3339Nano, moment)
	return at, id, found && err == nil && casework.ValidID(id) && at.Year() > 2000 && at.Year() < 3000
}
