package app

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

const (
	// glassTime is how long a broken glass lets somebody read more.
	glassTime = time.Hour
	// shortestReason is how many characters a reason has at least: a word explains nothing.
	shortestReason = 15
)

// mayBreak tells whether a member may break the glass. In the practice case there is
// no danger, and nobody to tell.
func mayBreak(seat view.Seat) bool { return seat.May(casework.ActGlass) && !seat.Practice() }

// looksBack tells whether a member reviews what others did at the table.
func looksBack(seat view.Seat) bool { return seat.MayWhenOpen(casework.ActAudit) }

// BreakGlass lets a member read, for an hour, what the policy opens in acute danger.
// It takes a reason, and a second factor of just now (ErrNotProven). Whoever reviews
// the case, and the managers of its organisation and of the member's, are told in
// the same transaction; gives who can be written to.
func (a *App) BreakGlass(ctx context.Context, session Session, id casework.CaseID, reason string) (told []identity.Account, err error) {
	d := deed{"break_glass", audit.Execute, "given", anybody}
	err = a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		if !mayBreak(t.seat) {
			return done{}, notFor(casework.ActGlass)
		}
		reason, err := board.Sentence(reason)
		switch {
		case err != nil:
			return done{}, casework.Refuse(casework.Invalid, "bad_reason")
		case utf8.RuneCountInString(reason) < shortestReason:
			return done{}, casework.Refuse(casework.Invalid, "glass_reason")
		case t.glassOf(t.reader.User) != nil:
			return done{}, casework.Refuse(casework.Conflict, "glass_open")
		case !a.Proven(session):
			return done{}, ErrNotProven
		}
		glass := store.Gift{Case: id, To: t.reader.User, By: t.reader.User, Reason: reason,
			Given: casework.Given{ID: casework.NewID[casework.GivenID](a.random), Kind: casework.GrantGlass, From: t.now, Until: t.now.Add(glassTime)}}
		if err := t.Give(ctx, glass); err != nil {
			return done{}, err
		}
		others, err := a.reviewersOf(ctx, t, t.reader.Organisation)
		if err != nil {
			return done{}, err
		}
		if told, err = a.reachable(ctx, t.Tx, id, t.reader.User, others); err != nil {
			return done{}, err
		}
		about := store.Notice{Case: id, Kind: store.NoticeGlass, Object: string(glass.ID), By: t.reader.User}
		return done{object: string(glass.ID), detail: map[string]string{"until": glass.Until.Format(time.RFC3339)}}, a.notify(ctx, t.Tx, about, others...)
	})
	if err != nil {
		return nil, err
	}
	return told, nil
}

// glassOf is the broken glass by which a member reads more now; nil: none.
func (t *teamAt) glassOf(user casework.UserID) *casework.Given {
	reader, _ := t.access.Reader(user, t.now)
	for _, g := range reader.Given {
		if g.Kind == casework.GrantGlass {
			return &g
		}
	}
	return nil
}

// reviewersOf are those who look back at what somebody of an organisation did in a
// case: members who do so at the table, and the managers of both organisations.
func (a *App) reviewersOf(ctx context.Context, t *teamAt, organisation casework.OrganisationID) (users []casework.UserID, err error) {
	for _, m := range t.team {
		if reader, ok := t.access.Reader(m.User, t.now); ok && looksBack(view.SeatOf(reader, t.moment)) {
			users = append(users, m.User)
		}
	}
	of, err := t.CaseOrganisation(ctx, t.id)
	if err != nil {
		return nil, err
	}
	for _, one := range slices.Compact([]casework.OrganisationID{of, organisation}) {
		managers, err := a.managersAt(ctx, t.Tx, one, casework.ActAudit)
		if err != nil {
			return nil, err
		}
		users = append(users, managers...)
	}
	return users, nil
}

// reachable are the accounts of those people who can be written to: not those who
// did it, nor who must never come near the case.
func (a *App) reachable(ctx context.Context, tx *store.Tx, id casework.CaseID, by casework.UserID, users []casework.UserID) (accounts []identity.Account, err error) {
	seen := map[casework.UserID]bool{by: true}
	for _, user := range users {
		if seen[user] {
			continue
		}
		seen[user] = true
		account, err := tx.Account(ctx, user)
		if err != nil && casework.KindOf(err) == casework.NotFound {
			continue // an invented colleague
		}
		if err != nil {
			return nil, err
		}
		excluded, err := a.Excluded(ctx, tx, id, account.Login, user)
		if err != nil {
			return nil, err
		}
		if !excluded && account.Active {
			accounts = append(accounts, account)
		}
	}
	return accounts, nil
}

// EndGlass ends before its time what a member reads by a glass that the member broke.
func (a *App) EndGlass(ctx context.Context, session Session, id casework.CaseID) error {
	return a.changeTeam(ctx, session, id, deed{"end_glass", audit.Update, "given", anybody}, func(t *teamAt) (done, error) {
		glass := t.glassOf(t.reader.User)
		if glass == nil {
			return done{}, casework.Absent()
		}
		return done{object: string(glass.ID)}, t.EndGiven(ctx, id, glass.ID, t.reader.User, t.now)
	})
}

// GlassIn is what a member may know of broken glasses in a case: of the own ones, and
// whoever looks back of all.
type GlassIn struct {
	Case     casework.CaseID
	Name     string // empty: it was erased
	MayBreak bool
	Until    time.Time // of the own glass that is broken now; zero: none
	List     []Glass   // latest first
}

// Glass is a broken glass, as somebody may know of it.
type Glass struct {
	ID               casework.GivenID
	By, Organisation string // name of who broke it
	From, Until      time.Time
	Reason           string // empty: the reader may not know it
	Judged           store.Judgement
	Review           string // empty: the reader may not know it
	Reviewer         string
	Reviewed         time.Time
	Code             casework.CaseCode // for who does not enter the case
	MayReview        bool
}

// GlassIn shows a member the glass of a case, with the look on the record.
func (a *App) GlassIn(ctx context.Context, session Session, id casework.CaseID) (page GlassIn, err error) {
	err = a.lookAtTeam(ctx, session, id, deed{"view_glass", audit.Read, "case", anybody}, func(t *teamAt) error {
		page = GlassIn{Case: id, MayBreak: mayBreak(t.seat)}
		back := looksBack(t.seat)
		if page.Name, err = a.store.CaseName(ctx, t, id); err != nil {
			return err
		}
		if glass := t.glassOf(t.reader.User); glass != nil {
			page.Until = glass.Until
		}
		kept, err := t.GlassesIn(ctx, id)
		if err != nil {
			return err
		}
		for _, g := range kept {
			if !back && g.By != t.reader.User {
				continue
			}
			told, err := a.toldGlass(ctx, t.Tx, g)
			if err != nil {
				return err
			}
			if told.Reason, told.Review, err = a.store.GlassWords(ctx, t, g); err != nil {
				return err
			}
			told.MayReview = back && g.By != t.reader.User && g.Judged == ""
			page.List = append(page.List, told)
		}
		if !page.MayBreak && !back && len(page.List) == 0 {
			return notFor(casework.ActGlass)
		}
		return nil
	})
	return page, err
}

// toldGlass puts names to a broken glass.
func (a *App) toldGlass(ctx context.Context, tx *store.Tx, g store.Glass) (Glass, error) {
	told := Glass{ID: g.ID, From: g.From, Until: g.Until, Judged: g.Judged, Reviewed: g.Reviewed}
	if !g.Ended.IsZero() {
		told.Until = g.Ended
	}
	by, err := tx.Account(ctx, g.By)
	if err != nil {
		return Glass{}, err
	}
	told.By, told.Organisation = by.Name, by.OrganisationName
	if g.Reviewer != "" {
		reviewer, err := tx.Account(ctx, g.Reviewer)
		if err != nil {
			return Glass{}, err
		}
		told.Reviewer = reviewer.Name
	}
	return told, nil
}
