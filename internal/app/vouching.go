package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// NoticePlaceAnswered tells who asked for a place that it was answered.
const NoticePlaceAnswered = store.NoticePlaceAnswered

// vouch is the yes of an organisation for its colleague. Who sits at the table gets
// the changed place by it. Who was asked by address does not yet: anybody's admin
// can make an account with an address, so a chair looks first whom the yes is for.
func (a *App) vouch(ctx context.Context, tx *store.Tx, p store.Proposal, asked askedFor, by casework.UserID) error {
	if p.User == "" {
		return tx.VouchProposal(ctx, p.ID, asked.account.ID)
	}
	t := &teamAt{Tx: tx, id: p.Case, now: a.moment(), team: asked.table.team}
	return a.seatAsked(ctx, t, asked.inviter, p, by)
}

// SeatProposal gives the place for which the organisation of who was asked by
// address said yes, in the name of a chair who saw for whom and of which
// organisation that is. Nothing that waits for it is casework.Absent.
func (a *App) SeatProposal(ctx context.Context, session Session, id casework.CaseID, proposal string) error {
	d := deed{"member", audit.Create, "member", mayInvite}
	return a.changeTeam(ctx, session, id, d, withID(proposal, func(t *teamAt) (done, error) {
		p, err := t.Proposal(ctx, proposal)
		if err != nil {
			return done{}, err
		}
		if p.Case != id || p.Vouched == "" || !stillWaits(p, t.now) {
			return done{}, casework.Absent()
		}
		p.User = p.Vouched
		if err := a.seatAsked(ctx, t, t.seat, p, t.reader.User); err != nil {
			return done{}, err
		}
		return done{object: string(p.User)}, unbarredChair(t, p.User, p.Membership)
	}))
}

// seatAsked gives the place that was asked for and that all have said yes to now,
// beside as many of the persons as who asks still sees, or who were stood beside.
func (a *App) seatAsked(ctx context.Context, t *teamAt, asks view.Seat, p store.Proposal, by casework.UserID) error {
	account, err := t.Account(ctx, p.User)
	if err != nil {
		return err
	}
	if excluded, err := a.Excluded(ctx, t.Tx, p.Case, account.Login, account.ID); err != nil {
		return err
	} else if excluded || !account.Active {
		return casework.Absent()
	}
	before, _ := t.member(p.User)
	p.Beside = slices.DeleteFunc(p.Beside, func(person casework.PersonID) bool {
		_, sees := asks.Person(person)
		return !sees && !slices.Contains(before.Beside, person)
	})
	if err := t.AnswerProposal(ctx, p.ID, store.ProposalConfirmed, by, t.now); err != nil {
		return err
	}
	return a.seatMember(ctx, t, account, p.Membership, p.Duty)
}

// tellVouched adds to what waits for whom an organisation said yes: of somebody who
// must never come near, it never did.
func (a *App) tellVouched(ctx context.Context, tx *store.Tx, p *store.Proposal) error {
	if p.Vouched == "" {
		return nil
	}
	account, err := tx.Account(ctx, p.Vouched)
	if err != nil {
		return err
	}
	excluded, err := a.Excluded(ctx, tx, p.Case, account.Login, account.ID)
	if err != nil {
		return err
	}
	if excluded || !account.Active {
		p.Vouched = ""
		return nil
	}
	p.Name, p.OrganisationName = account.Name, account.OrganisationName
	return nil
}
