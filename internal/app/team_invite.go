package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

const (
	// proposalKept is how long a proposal waits for an answer.
	proposalKept = 30 * 24 * time.Hour
	// maxProposals is how many may wait in one case.
	maxProposals = 40
)

// Seating is what came of asking for a place.
type Seating string

// Seatings.
const (
	Seated  Seating = "seated"  // it holds
	Waiting Seating = "waiting" // for the yes of the own organisation of whoever has the address
)

// Invite gives a place at a table to whoever has an address. A colleague of the
// inviter's own organisation is seated at once. Of anybody else, somebody without
// an account too, the answer is one and the same: it waits.
func (a *App) Invite(ctx context.Context, session Session, id casework.CaseID, address string, place Place) (seating Seating, err error) {
	d := deed{"invite", audit.Create, "member", mayInvite}
	err = a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		login, ok := identity.CleanLogin(address)
		if !ok {
			return done{}, casework.Refuse(casework.Invalid, "bad_address")
		}
		rules, err := t.TeamRules(ctx, t.reader.Organisation)
		if err != nil {
			return done{}, err
		}
		m, duty, err := place.membership(t.seat, rules, store.Membership{}, t.now)
		if err != nil {
			return done{}, err
		}
		m.InvitedBy = t.reader.User
		account, _, known, err := t.AccountByLogin(ctx, login)
		if err != nil {
			return done{}, err
		}
		barred, err := a.barred(ctx, t, login, account.ID)
		if err != nil {
			return done{}, err
		}
		if !known || barred || !account.Active || account.Organisation != t.reader.Organisation {
			seating = Waiting
			return a.propose(ctx, t, store.Proposal{Membership: m, Duty: duty, Address: login}, barred)
		}
		if old, was := t.member(account.ID); was && (old.Until.IsZero() || old.Until.After(t.now)) {
			return done{}, casework.Refuse(casework.Conflict, "already_member")
		}
		if err := unbarredChair(t, account.ID, m); err != nil {
			return done{}, err
		}
		m.User, seating = account.ID, Seated
		return done{object: string(m.User)}, a.seatMember(ctx, t, account, m, duty)
	})
	return seating, err
}

// ChangePlace replaces the place of somebody who is or was at the table. What is
// more than the own organisation of a colleague from elsewhere said yes to waits
// for another yes, and the place stays as it was until then.
func (a *App) ChangePlace(ctx context.Context, session Session, id casework.CaseID, user casework.UserID, place Place) (seating Seating, err error) {
	d := deed{"member", audit.Update, "member", mayInvite}
	err = a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		old, found := t.member(user)
		if !found {
			return done{}, casework.Absent()
		}
		account, err := t.Account(ctx, user)
		if err != nil {
			return done{}, err
		}
		rules, err := t.TeamRules(ctx, t.reader.Organisation)
		if err != nil {
			return done{}, err
		}
		m, duty, err := place.membership(t.seat, rules, old, t.now)
		if err != nil {
			return done{}, err
		}
		m.User, m.InvitedBy = user, t.reader.User
		barred, err := a.barred(ctx, t, account.Login, user)
		if err != nil {
			return done{}, err
		}
		if err := t.keepsChair(account, m); err != nil {
			return done{}, err
		}
		if err := unbarredChair(t, user, m); err != nil {
			return done{}, err
		}
		if barred || account.Organisation != t.reader.Organisation && asksMore(old, m, t.now) {
			seating = Waiting
			return a.propose(ctx, t, store.Proposal{Membership: m, Duty: duty, Address: account.Login}, barred)
		}
		seating = Seated
		return done{object: string(user)}, a.seatMember(ctx, t, account, m, duty)
	})
	return seating, err
}

// EndPlace ends a place at the table now, and with it what waited for a yes.
func (a *App) EndPlace(ctx context.Context, session Session, id casework.CaseID, user casework.UserID) error {
	d := deed{"member_ended", audit.Update, "member", mayEnd}
	return a.changeTeam(ctx, session, id, d, func(t *teamAt) (done, error) {
		old, found := t.member(user)
		if !found {
			return done{}, casework.Absent()
		}
		account, err := t.Account(ctx, user)
		if err != nil {
			return done{}, err
		}
		ended := old
		ended.Until = t.now
		if err := t.keepsChair(account, ended); err != nil {
			return done{}, err
		}
		if err := t.WithdrawProposals(ctx, id, account, t.now); err != nil {
			return done{}, err
		}
		return done{object: string(user)}, t.EndMember(ctx, id, user, t.now)
	})
}

// WithdrawProposal takes back what waits for a yes.
func (a *App) WithdrawProposal(ctx context.Context, session Session, id casework.CaseID, proposal string) error {
	d := deed{"withdraw_invitation", audit.Update, "proposal", mayEnd}
	return a.changeTeam(ctx, session, id, d, withID(proposal, func(t *teamAt) (done, error) {
		p, err := t.Proposal(ctx, proposal)
		if err != nil {
			return done{}, err
		}
		if p.Case != id {
			return done{}, casework.Absent()
		}
		return done{object: proposal}, t.AnswerProposal(ctx, proposal, store.ProposalWithdrawn, t.reader.User, t.now)
	}))
}

// unbarredChair refuses to make somebody a chair whom a chair shut out of something:
// as Bar refuses the reverse. A chair who may not know of that bar is told nothing of
// it: the bar goes on then, and so it does where an organisation says yes later to what
// was asked before it, as whoever says so may not know either. A chair who is shut out
// is no exception to it: see what a seat knows was given.
func unbarredChair(t *teamAt, user casework.UserID, m store.Membership) error {
	barred := func(g view.Given) bool { return g.User == user && g.Kind == casework.GrantBar }
	if m.Role == casework.Chair && slices.ContainsFunc(t.seat.Given(), barred) {
		return casework.Refuse(casework.Conflict, "chair_barred")
	}
	return nil
}

// seatMember gives somebody a place that holds.
func (a *App) seatMember(ctx context.Context, t *teamAt, account identity.Account, m store.Membership, duty store.Duty) error {
	if err := seatable(account); err != nil {
		return err
	}
	if err := t.keepsChair(account, m); err != nil {
		return err
	}
	if err := t.WithdrawProposals(ctx, t.id, account, t.now); err != nil {
		return err
	}
	if err := t.PutMember(ctx, t.id, m); err != nil {
		return err
	}
	return t.SetDuty(ctx, t.id, m.User, duty)
}

// propose keeps a place that waits. What is kept is the same whether or not
// anybody has the address. Of somebody who may never come here it never goes
// further: that is on the record, but not on that of an inviter who may not know.
func (a *App) propose(ctx context.Context, t *teamAt, p store.Proposal, barred bool) (done, error) {
	waiting, err := t.ProposalsIn(ctx, t.id, t.now.Add(-proposalKept))
	if err != nil {
		return done{}, err
	}
	waiting = slices.DeleteFunc(waiting, func(p store.Proposal) bool { return p.State != store.ProposalWaiting })
	if len(waiting) >= maxProposals {
		return done{}, casework.Refuse(casework.TooMany, "limit_proposals")
	}
	p.ID, p.Case, p.Proposed = casework.NewID[string](a.random), t.id, t.now
	if err := t.AddProposal(ctx, p); err != nil {
		return done{}, err
	}
	came := done{kind: "proposal", object: p.ID, detail: map[string]string{"outcome": string(Waiting)}}
	if barred {
		stopped := a.newRecord(audit.Actor{Door: "web", Checks: []audit.Check{audit.ByList}}, "invitation_stopped", audit.Create, audit.Refused)
		stopped.Case, stopped.ObjectKind, stopped.Object, stopped.Detail = t.id, "proposal", p.ID, map[string]string{"reason": "excluded"}
		came.further = append(came.further, stopped)
	}
	return came, nil
}
