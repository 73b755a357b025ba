package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// maxLinks is how many cases one names.
const maxLinks = 20

// mayLink tells whether a member says with which other cases this one hangs
// together: who leads it. Invented families hang together with nobody's.
func mayLink(seat view.Seat) bool { return seat.May(casework.ActLead) && !seat.Practice() }

// mayUnlink tells whether a member takes that back: in a closed case too.
func mayUnlink(seat view.Seat) bool { return seat.MayWhenOpen(casework.ActLead) && !seat.Practice() }

// CaseLinks are the other cases that a case names, as its chair reads them.
type CaseLinks struct {
	Code  casework.CaseCode // of the case itself, for the chair of the other to name
	Links []store.CaseLink
	May   bool // name more
}

// CaseLinksOf shows a chair which other cases this one names, with its record.
// Whether they are there, and name this one too, is told nobody: a code that can be
// tried out would tell of a case that its chair may not know of.
func (a *App) CaseLinksOf(ctx context.Context, session Session, id casework.CaseID) (links CaseLinks, err error) {
	d := deed{"list_links", audit.Read, "case", mayUnlink}
	err = a.lookAtTeam(ctx, session, id, d, func(t *teamAt) error {
		list, err := t.LinksOf(ctx, id)
		links = CaseLinks{Code: a.CaseCode(id), Links: list, May: mayLink(t.seat)}
		return err
	})
	return links, err
}

// LinkCase names another case by its code. Two cases are linked once each names the
// other; naming alone does nothing.
func (a *App) LinkCase(ctx context.Context, session Session, id casework.CaseID, typed string) error {
	d := deed{"link_case", audit.Create, "link", mayLink}
	return a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		code, ok := casework.ReadCaseCode(typed)
		if !ok {
			return done{}, casework.Refuse(casework.Invalid, "bad_case_code")
		}
		if code == a.CaseCode(id) {
			return done{}, casework.Refuse(casework.Invalid, "link_itself")
		}
		list, err := t.LinksOf(ctx, id)
		if err != nil {
			return done{}, err
		}
		if len(list) >= maxLinks {
			return done{}, casework.Refuse(casework.TooMany, "limit_case_links")
		}
		link := store.CaseLink{ID: casework.NewID[string](a.random), Case: id, Code: code, By: t.reader.User, At: t.now}
		added, err := t.AddCaseLink(ctx, link)
		if err == nil && !added {
			err = casework.Refuse(casework.Conflict, "link_twice")
		}
		return done{object: link.ID}, err
	})
}

// UnlinkCase takes back that it names another.
func (a *App) UnlinkCase(ctx context.Context, session Session, id casework.CaseID, link string) error {
	d := deed{"unlink_case", audit.Delete, "link", mayUnlink}
	return a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		if !casework.ValidID(link) {
			return done{}, casework.Absent()
		}
		return done{object: link}, t.RemoveCaseLink(ctx, id, link)
	})
}

// TwoHats is somebody who sits at the tables of two open cases that are linked.
type TwoHats struct {
	Name string
	Hats [2]Hat // by code
}

// Hat is a place at one of them.
type Hat struct {
	Case casework.CaseCode
	Role casework.Role
}

// TwoHatsOf tells somebody who reviews the access log which people of its
// organisation wear two hats, with its record: to nobody else, not to those people
// either. Cases that the reader must never come near are as if they were not there.
func (a *App) TwoHatsOf(ctx context.Context, session Session) (list []TwoHats, err error) {
	err = a.review(ctx, session, "view_hats", nil, func(tx *store.Tx, by identity.Account, _ *policy.Policy) error {
		never, err := a.ExcludedFrom(ctx, tx, by)
		if err != nil {
			return err
		}
		seats, err := tx.SeatsOf(ctx, by.Organisation, a.moment())
		if err != nil {
			return err
		}
		seats = slices.DeleteFunc(seats, func(s store.SeatOf) bool { return slices.Contains(never, s.Case) })
		var ids []casework.CaseID
		for _, s := range seats {
			ids = append(ids, s.Case)
		}
		linked, err := tx.Linked(ctx, ids)
		if err != nil {
			return err
		}
		list = a.twoHats(seats, linked)
		return nil
	})
	return list, err
}

func (a *App) twoHats(seats []store.SeatOf, linked func(x, y casework.CaseID) bool) (list []TwoHats) {
	for i, one := range seats {
		for _, other := range seats[i+1:] {
			if other.User != one.User { // they stand together
				break
			}
			if !linked(one.Case, other.Case) {
				continue
			}
			hats := [2]Hat{{a.CaseCode(one.Case), one.Role}, {a.CaseCode(other.Case), other.Role}}
			if hats[0].Case > hats[1].Case {
				hats[0], hats[1] = hats[1], hats[0]
			}
			list = append(list, TwoHats{Name: one.Name, Hats: hats})
		}
	}
	return list
}
