package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// maxExclusions is how many a list holds.
const maxExclusions = 100

// Excluded tells whether somebody must never come near a case, by login or by
// account (either may be empty): whatever place, page or answer that person would
// get. That is asked here, and of all cases at a time by ExcludedFrom.
func (a *App) Excluded(ctx context.Context, tx *store.Tx, id casework.CaseID, login string, account casework.UserID) (bool, error) {
	return tx.Excluded(ctx, id, login, account)
}

// ExcludedFrom lists every case that somebody must never come near: for what is
// told of many cases at a time.
func (a *App) ExcludedFrom(ctx context.Context, tx *store.Tx, who identity.Account) ([]casework.CaseID, error) {
	return tx.ExcludedFrom(ctx, who.Login, who.ID)
}

// keepsExclusions tells whether a member keeps the list of who must never come
// near: who reads what is written for safety, so never the partner's side.
func keepsExclusions(seat view.Seat) bool {
	return seat.MayCell(casework.ActRead, seat.Cell("", casework.Safety, casework.Author{}, nil)) && !seat.Practice()
}

// barred tells whether somebody must never come here. A reader of the list is told
// so; for anybody else it has to look like every other answer.
func (a *App) barred(ctx context.Context, t *teamAt, login string, account casework.UserID) (bool, error) {
	excluded, err := a.Excluded(ctx, t.Tx, t.id, login, account)
	if err == nil && excluded && keepsExclusions(t.seat) {
		err = casework.Refuse(casework.Denied, "excluded")
	}
	return excluded, err
}

// Exclusion is somebody who must never come near a case, as its keepers read it.
type Exclusion struct {
	ID, Address, Note string
	By                string // a name; empty: somebody who was never at this table
	At                time.Time
}

// ExclusionsOf lists who must never come near a case to who keeps that list, and
// puts the look on the record.
func (a *App) ExclusionsOf(ctx context.Context, session Session, id casework.CaseID) (list []Exclusion, err error) {
	d := deed{"list_exclusions", audit.Read, "case", keepsExclusions}
	err = a.lookAtTeam(ctx, session, id, d, func(t *teamAt) error {
		kept, err := t.Exclusions(ctx, id)
		for _, e := range kept {
			by, _ := t.member(e.By)
			list = append(list, Exclusion{e.ID, e.Address, e.Note, by.Name, e.At})
		}
		return err
	})
	return list, err
}

// Exclude puts somebody on the list. Whether anybody has the address makes no
// difference to the answer, but that who sits at the table has to leave it first:
// ending a place is for the chair, and everybody sees it.
func (a *App) Exclude(ctx context.Context, session Session, id casework.CaseID, address, note string) error {
	d := deed{"exclude", audit.Create, "exclusion", keepsExclusions}
	return a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		login, ok := identity.CleanLogin(address)
		if !ok {
			return done{}, casework.Refuse(casework.Invalid, "bad_address")
		}
		note, err := board.Sentence(note)
		if err != nil {
			return done{}, casework.Refuse(casework.Invalid, "bad_note")
		}
		if err := t.mayExclude(ctx, login); err != nil {
			return done{}, err
		}
		account, _, _, err := t.AccountByLogin(ctx, login)
		if err != nil {
			return done{}, err
		}
		e := store.Exclusion{ID: casework.NewID[string](a.random), Case: id, Address: login, Account: account.ID, Note: note, By: t.reader.User, At: t.now}
		return done{object: e.ID}, t.AddExclusion(ctx, e)
	})
}

// mayExclude refuses a login that is on the list already, or of somebody who sits
// at the table now or later.
func (t *teamAt) mayExclude(ctx context.Context, login string) error {
	list, err := t.Exclusions(ctx, t.id)
	if err != nil {
		return err
	}
	if len(list) >= maxExclusions {
		return casework.Refuse(casework.TooMany, "limit_exclusions")
	}
	if slices.ContainsFunc(list, func(e store.Exclusion) bool { return identity.Mailbox(e.Address) == identity.Mailbox(login) }) {
		return casework.Refuse(casework.Conflict, "already_excluded")
	}
	for _, m := range t.team {
		if !m.Until.IsZero() && !m.Until.After(t.now) {
			continue
		}
		account, err := t.Account(ctx, m.User)
		if err != nil && casework.KindOf(err) != casework.NotFound {
			return err
		}
		if err == nil && identity.Mailbox(account.Login) == identity.Mailbox(login) {
			return casework.Refuse(casework.Conflict, "excluded_at_table")
		}
	}
	return nil
}

// Readmit takes somebody off the list, with everything that was kept of it.
func (a *App) Readmit(ctx context.Context, session Session, id casework.CaseID, exclusion string) error {
	d := deed{"readmit", audit.Delete, "exclusion", keepsExclusions}
	return a.changeTeam(ctx, session, id, d, withID(exclusion, func(t *teamAt) (done, error) {
		return done{object: exclusion}, t.RemoveExclusion(ctx, id, exclusion)
	}))
}
