package store

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// LoggedStay is how long somebody was in the room of a case, from joining it until
// leaving, as far as whoever reviews the log may know.
type LoggedStay struct {
	User        casework.UserID
	Role        casework.Role
	Case        casework.CaseID // empty: one that may not be known here
	From, Until time.Time       // Until is zero where the log has no end of it
	CutOff      bool            // it lasted until then at the latest
}

// stayLine is a line that begins or ends a stay; the connection puts the two together.
type stayLine struct {
	At         time.Time       `db:"at"`
	Event      audit.Event     `db:"event"`
	User       casework.UserID `db:"account"`
	Role       casework.Role   `db:"role"`
	Case       casework.CaseID `db:"case_id"`
	Connection string          `db:"request"`
	CutOff     bool            `db:"cut_off"`
}

// Stays lists the stays of a Review that began in its period or lasted into it, oldest
// first; more tells that there are some that its limit left out, the oldest. A stay is
// none that was refused.
func (s *Store) Stays(ctx context.Context, user casework.UserID, review Review) (list []LoggedStay, more bool, err error) {
	review.Events, review.Outcome = []audit.Event{"join", "leave"}, audit.Done
	own, others, args := review.sides()
	limit := args.add(review.Limit + 1)
	lines := func(whose string) string {
		return `(SELECT r.at, r.id, r.event, r.account, r.role, r.request, coalesce(r.detail ? '` + audit.CutOff + `', false) AS cut_off, ` + shownCase + ` FROM record r WHERE ` + whose + ` ORDER BY at DESC, id DESC LIMIT ` + limit + `)`
	}
	var found []stayLine
	err = s.reviewAs(ctx, user, review.Organisation, func(tx *sqlx.Tx) error {
		return plain(tx.SelectContext(ctx, &found, `SELECT at, event, account, role, request, cut_off, case_id FROM (`+lines(own)+` UNION ALL `+lines(others)+`) both_sides
			ORDER BY at DESC, id DESC LIMIT `+limit, args...))
	})
	if more = len(found) > review.Limit; more {
		found = found[:review.Limit]
	}
	slices.Reverse(found)
	return staysOf(found, review.From), more, err
}

// staysOf puts beginnings and ends together, oldest first. One that began before the
// first line is from there on.
func staysOf(lines []stayLine, from time.Time) (list []LoggedStay) {
	type place struct {
		connection string
		id         casework.CaseID
	}
	open := map[place]int{}
	for _, l := range lines {
		at := place{l.Connection, l.Case}
		if l.Event == "join" {
			open[at] = len(list)
			list = append(list, LoggedStay{User: l.User, Role: l.Role, Case: l.Case, From: l.At.UTC()})
			continue
		}
		if began, ok := open[at]; ok {
			list[began].Until, list[began].CutOff = l.At.UTC(), l.CutOff
			delete(open, at)
			continue
		}
		list = append(list, LoggedStay{User: l.User, Role: l.Role, Case: l.Case, From: from.UTC(), Until: l.At.UTC(), CutOff: l.CutOff})
	}
	slices.SortStableFunc(list, func(x, y LoggedStay) int { return x.From.Compare(y.From) })
	return list
}
