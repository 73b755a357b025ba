package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// longestLend is how long a card or person may be lent at most.
const longestLend = 14 * 24 * time.Hour

// Gift is a card or a person that a chair lends to a member or shuts a member out of.
type Gift struct {
	To     casework.UserID
	Card   casework.CardID   // either this
	Person casework.PersonID // or this
	Until  time.Time         // of a bar, zero: until it is ended
	Last   string            // or the last day, 2006-01-02
	Reason string            // a sentence
}

// mayGive tells whether somebody may lend or bar anything at all; on which cards
// and persons is asked of each. Nobody is given anything of the practice case: its
// colleagues are invented.
func mayGive(act casework.Act) func(view.Seat) bool {
	return func(seat view.Seat) bool {
		return seat.MayCell(act, casework.Cell{View: casework.ViewProfessional, Class: casework.Shared, Owner: casework.OwnerOther}) && !seat.Practice()
	}
}

// Lend lets a member read a card, or a person and what hangs on it, for a time.
// Whether that can be is asked of the policy by way of what the member would see: a
// lend that goes past it opens nothing, and is refused.
func (a *App) Lend(ctx context.Context, session Session, id casework.CaseID, g Gift) (given casework.GivenID, err error) {
	d := deed{"lend", audit.Create, "card", mayGive(casework.ActLend)}
	err = a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		to, ok := t.access.Reader(g.To, t.now)
		if !ok || !mayJoin(to.Rights) {
			return done{}, casework.Refuse(casework.NotFound, "member_gone")
		}
		lent, came, err := a.gift(t, g, casework.GrantLend, casework.ActLend)
		if err != nil {
			return came, err
		}
		lent.Rights = t.rules.Rights(to.Role, casework.GrantLend)
		if err := lendable(t, to, lent); err != nil {
			return came, err
		}
		if err := t.Give(ctx, lent); err != nil {
			return came, err
		}
		given = lent.ID
		about := store.Notice{Case: id, Kind: store.NoticeLent, Object: string(lent.Card), By: lent.By}
		return came, a.notify(ctx, t.Tx, about, t.seat.Opens(to, lent.Given)...)
	})
	return given, err
}

// lendable refuses a lend that lasts too long, opens nothing, or is not needed.
func lendable(t *teamAt, to casework.Reader, lent store.Gift) error {
	switch {
	case lent.Until.IsZero() || lent.Until.After(t.now.Add(longestLend)):
		return casework.Refuse(casework.Invalid, "lend_too_long")
	case !to.Until.IsZero() && lent.Until.After(to.Until):
		return casework.Refuse(casework.Invalid, "lend_beyond_place")
	}
	switch t.seat.Lending(to, lent.Given) {
	case view.OpensMore:
		return nil
	case view.OpensAlready:
		return casework.Refuse(casework.Conflict, "lend_needless")
	case view.OpensBarred:
		return casework.Refuse(casework.Conflict, "lend_barred")
	}
	return &casework.Error{Kind: casework.Denied, Reason: "lend_past_policy", Err: t.ruleOver(to, lent.Given)}
}

// byRule is the line of the policy for which something was refused; empty: no line
// allows it.
type byRule string

// Error implements error.
func (r byRule) Error() string { return "by rule " + string(r) }

// ruleOver finds the line by which somebody does not read what would be lent.
func (t *teamAt) ruleOver(to casework.Reader, lent casework.Given) byRule {
	class, author, named := casework.Confidential, casework.Author{}, []casework.UserID(nil)
	id := lent.Person
	if card, sees := t.seat.Card(lent.Card); sees {
		id, class, author, named = card.Perspective, card.Class, card.Author, card.Named
	}
	about, _ := t.seat.Person(id)
	return byRule(t.rules.Decide(policy.Request{Role: to.Role, Act: casework.ActRead, Cell: to.Cell(about, class, author, named),
		Grant: casework.GrantLend, Status: t.seat.Status()}).Rule)
}

// Bar shuts a member out of a card, or of what hangs on a person, but for what the
// member wrote. A chair is not shut out: whoever leads the case knows of every bar
// and could end it; there the place itself has to end.
func (a *App) Bar(ctx context.Context, session Session, id casework.CaseID, g Gift) (given casework.GivenID, err error) {
	d := deed{"bar", audit.Create, "card", mayGive(casework.ActBar)}
	err = a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		m, ok := t.member(g.To)
		if !ok || !m.Until.IsZero() && !m.Until.After(t.now) {
			return done{}, casework.Refuse(casework.NotFound, "member_gone")
		}
		if m.Role == casework.Chair {
			return done{}, casework.Refuse(casework.Conflict, "bar_chair")
		}
		bar, came, err := a.gift(t, g, casework.GrantBar, casework.ActBar)
		if err != nil {
			return came, err
		}
		if card, _ := t.seat.Card(g.Card); card != nil && card.Author.User == g.To {
			return came, casework.Refuse(casework.Conflict, "bar_own_card")
		}
		for _, old := range m.Given {
			if old.Kind == casework.GrantBar && old.Card == bar.Card && old.Person == bar.Person && (old.Until.IsZero() || old.Until.After(t.now)) {
				return came, casework.Refuse(casework.Conflict, "bar_standing")
			}
		}
		given = bar.ID
		return came, t.Give(ctx, bar)
	})
	return given, err
}

// gift checks what lending and barring have in common, from the seat of who does it.
// What somebody does not see is not there.
func (a *App) gift(t *teamAt, g Gift, kind casework.Grant, act casework.Act) (gift store.Gift, came done, err error) {
	if g.To == t.reader.User {
		return gift, came, casework.Refuse(casework.Invalid, "given_to_self")
	}
	var cell casework.Cell
	switch card, person := g.Card != "", g.Person != ""; {
	case card == person:
		return gift, came, casework.Refuse(casework.Invalid, "given_what")
	case card:
		c, sees := t.seat.Card(g.Card)
		if !sees {
			return gift, came, casework.Absent()
		}
		came = done{kind: "card", object: string(c.ID)}
		if c.Draft() {
			return gift, came, casework.Refuse(casework.Conflict, "given_draft")
		}
		cell = t.seat.Cell(c.Perspective, c.Class, c.Author, c.Named)
	default:
		p, sees := t.seat.Person(g.Person)
		if !sees {
			return gift, came, casework.Absent()
		}
		came = done{kind: "person", object: string(p.ID)}
		cell = t.seat.Cell(p.ID, p.Class, p.Added, nil)
	}
	if !t.seat.MayCell(act, cell) {
		return gift, came, &casework.Error{Kind: casework.Denied, Reason: "not_allowed", Act: act, Cell: cell}
	}
	if g.Last != "" {
		if g.Until, err = AfterDay(g.Last, t.now); err != nil {
			return gift, came, err
		}
	}
	reason, err := board.Sentence(g.Reason)
	switch {
	case err != nil:
		return gift, came, casework.Refuse(casework.Invalid, "bad_reason")
	case reason == "":
		return gift, came, casework.Refuse(casework.Invalid, "reason_empty")
	case !g.Until.IsZero() && !g.Until.After(t.now):
		return gift, came, casework.Refuse(casework.Invalid, "until_past")
	}
	gift = store.Gift{Case: t.id, To: g.To, By: t.reader.User, Reason: reason,
		Given: casework.Given{ID: casework.NewID[casework.GivenID](a.random), Kind: kind, Card: g.Card, Person: g.Person, From: t.now, Until: g.Until}}
	came.detail = map[string]string{"given": string(gift.ID), "to": string(g.To)}
	if !g.Until.IsZero() {
		came.detail["until"] = g.Until.Format(time.RFC3339)
	}
	return gift, came, nil
}

// EndGiven ends a lend or a bar now, in a closed case too. What a chair may not know
// of is not there.
func (a *App) EndGiven(ctx context.Context, session Session, id casework.CaseID, given casework.GivenID) error {
	d := deed{"given_ended", audit.Update, "given", mayEnd}
	return a.changeTeam(ctx, session, id, d, withID(string(given), func(t *teamAt) (done, error) {
		for _, g := range t.seat.Given() {
			if g.ID == given && g.Kind != casework.GrantGlass {
				return done{object: string(given), detail: map[string]string{"kind": string(g.Kind), "to": string(g.User)}},
					t.EndGiven(ctx, id, given, t.reader.User, t.now)
			}
		}
		return done{}, casework.Absent()
	}))
}
