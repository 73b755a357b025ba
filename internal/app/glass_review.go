package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Judgement is what somebody makes of a broken glass.
type Judgement = store.Judgement

// OpenGlasses lists the glasses at which somebody who reviews the access log may look
// back, from outside, and puts the look on the record. It names no case, and not why one
// was broken.
func (a *App) OpenGlasses(ctx context.Context, session Session) (list []Glass, err error) {
	record := a.outsideRecord(ctx, session.Account, "list_glass", audit.Read)
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if _, err := tx.HoldAccess(ctx); err != nil {
			return err
		}
		if !a.MayReview(session.Account.Discipline) {
			return casework.Absent()
		}
		never, err := a.ExcludedFrom(ctx, tx, session.Account)
		if err != nil {
			return err
		}
		if list, err = a.openGlasses(ctx, tx, session.Account, never); err != nil {
			return err
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return nil, a.outsideOutcome(ctx, record, "list broken glasses", err)
	}
	return list, nil
}

// openGlasses puts those into words at which that person may look back.
func (a *App) openGlasses(ctx context.Context, tx *store.Tx, by identity.Account, never []casework.CaseID) (list []Glass, err error) {
	kept, err := tx.OpenGlassesFor(ctx, by, never)
	if err != nil {
		return nil, err
	}
	for _, g := range kept {
		told, err := a.toldGlass(ctx, tx, g)
		if err != nil {
			return nil, err
		}
		told.Code, told.MayReview = a.store.CaseCode(g.Case), true
		list = append(list, told)
	}
	return list, nil
}

// ReviewGlass says what somebody makes of a glass that another broke, once: a member
// who looks back at the table, or a manager of the organisation of who broke it.
// Whatever the user may not review, for whatever reason, is casework.Absent.
func (a *App) ReviewGlass(ctx context.Context, session Session, glass casework.GivenID, judged store.Judgement, words string) error {
	record := a.outsideRecord(ctx, session.Account, "review_glass", audit.Update)
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		g, err := tx.Glass(ctx, glass)
		if err != nil {
			return err
		}
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		if err := a.mayReviewGlass(ctx, tx, g, session, epoch, &record); err != nil {
			return err
		}
		record.Case, record.ObjectKind, record.Object = g.Case, "given", string(g.ID)
		words, err := board.Sentence(words)
		switch {
		case g.By == session.Account.ID:
			return casework.Refuse(casework.Denied, "glass_oneself")
		case !slices.Contains(store.Judgements, judged):
			return casework.Refuse(casework.Invalid, "glass_judged")
		case err != nil:
			return casework.Refuse(casework.Invalid, "bad_reason")
		case words == "":
			return casework.Refuse(casework.Invalid, "glass_words")
		}
		first, err := tx.ReviewGlass(ctx, g, judged, words, session.Account.ID, a.moment())
		if err != nil {
			return err
		}
		if !first {
			return casework.Refuse(casework.Conflict, "glass_reviewed")
		}
		record.Detail = map[string]string{"judged": string(judged)}
		if err := a.notify(ctx, tx, store.Notice{Case: g.Case, Kind: store.NoticeGlassAnswered, Object: string(g.ID), By: session.Account.ID}, g.By); err != nil {
			return err
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.outsideOutcome(ctx, record, "review a broken glass", err)
	}
	return nil
}

// mayReviewGlass is casework.Absent for who may not know of the glass; who broke it
// knows of it.
func (a *App) mayReviewGlass(ctx context.Context, tx *store.Tx, g store.Glass, session Session, epoch int64, record *audit.Record) error {
	state, err := a.store.LoadStructure(ctx, tx, g.Case)
	if err != nil {
		return err
	}
	t, ground, err := a.teamUnder(ctx, tx, state, session.Account.ID, epoch, epoch)
	if err == nil && (looksBack(t.seat) || g.By == session.Account.ID) {
		record.Seat(t.reader, ground)
		return nil
	}
	if err != nil && casework.KindOf(err) != casework.NotFound {
		return err
	}
	user, err := tx.Account(ctx, session.Account.ID)
	if err != nil {
		return err
	}
	breaker, err := tx.Account(ctx, g.By)
	if err != nil {
		return err
	}
	excluded, err := a.Excluded(ctx, tx, g.Case, user.Login, user.ID)
	if err == nil && (excluded || !user.Active || user.Organisation != breaker.Organisation || !a.MayReview(user.Discipline)) {
		err = casework.Absent()
	}
	return err
}
