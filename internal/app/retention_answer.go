package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// KeepingAnswer is what somebody says to a question about keeping. With a yes to an
// erasing comes the code of the case, typed once more.
type KeepingAnswer struct {
	Yes   bool
	Typed string
}

// AnswerKeeping says yes or no to what somebody else asked: another manager of the
// organisation, or who chairs the case. With a yes a hold is lifted, or the case is
// erased at once, and nothing brings it back. Whatever is not there to be answered, for
// whatever reason, is casework.Absent.
func (a *App) AnswerKeeping(ctx context.Context, session Session, question string, answer KeepingAnswer) error {
	record := a.outsideRecord(ctx, session.Account, "answer_keeping", audit.Update)
	var done answered
	// Whoever may not answer, or not yet, holds up nobody.
	err := a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		if done, err = a.keepingAsked(ctx, tx, session, question, answer, epoch, &record); err != nil || done.erases {
			return err
		}
		return a.answerKeeping(ctx, tx, done, answer, &record)
	})
	if err == nil && done.erases {
		err = a.store.Transact(ctx, func(tx *store.Tx) (err error) {
			epoch, err := tx.BumpAccess(ctx)
			if err != nil {
				return err
			}
			if done, err = a.keepingAsked(ctx, tx, session, question, answer, epoch-1, &record); err != nil {
				return err
			}
			return a.erase(ctx, tx, done, &record)
		})
	}
	if err != nil {
		return a.outsideOutcome(ctx, record, "answer about keeping", err)
	}
	if done.erases {
		a.afterErasing(done.q.Case)
	}
	return nil
}

// answered is a question, who answers it, and whether the case is erased by it.
type answered struct {
	q      store.KeepingQuestion
	by     identity.Account
	erases bool
}

// keepingAsked finds a question that waits and everything that its answer goes by, under
// rights that are held.
func (a *App) keepingAsked(ctx context.Context, tx *store.Tx, session Session, question string, answer KeepingAnswer, epoch int64, record *audit.Record) (answered, error) {
	q, err := tx.KeepingQuestion(ctx, question)
	if err != nil {
		return answered{}, err
	}
	rules, err := a.policyAt(ctx, tx, epoch)
	if err != nil {
		return answered{}, err
	}
	by, err := a.mayAnswerKeeping(ctx, tx, session, q, rules, record)
	if err != nil {
		return answered{}, err
	}
	if err := tx.HoldCase(ctx, q.Case); err != nil {
		return answered{}, err
	}
	if _, err := tx.KeepingQuestion(ctx, question); err != nil { // somebody else was first
		return answered{}, err
	}
	record.Case, record.ObjectKind, record.Object = q.Case, "keeping", q.ID
	if q.By == by.ID {
		return answered{}, casework.Refuse(casework.Denied, "second_oneself")
	}
	asker, err := tx.Account(ctx, q.By)
	if err != nil {
		return answered{}, err
	}
	for _, one := range []identity.Account{asker, by} {
		if err := a.maySecond(one); err != nil {
			return answered{}, err
		}
	}
	if !a.Proven(session) {
		return answered{}, ErrNotProven
	}
	erases := answer.Yes && q.Act == store.EraseAct
	if answer.Yes {
		err = a.mayStillAsk(ctx, tx, q, asker, rules)
	}
	if err == nil && erases {
		err = a.mayErase(ctx, tx, q, answer.Typed)
	}
	return answered{q: q, by: by, erases: erases}, err
}

// mayStillAsk is casework.Absent for a yes to what its asker may not ask for any more:
// whoever left, does other work now, or must never come near the case.
func (a *App) mayStillAsk(ctx context.Context, tx *store.Tx, q store.KeepingQuestion, asker identity.Account, rules *policy.Policy) error {
	organisation, err := tx.CaseOrganisation(ctx, q.Case)
	if err != nil {
		return err
	}
	excluded, err := a.Excluded(ctx, tx, q.Case, asker.Login, asker.ID)
	if err == nil && (excluded || !asker.Active || asker.Organisation != organisation || !mayOutside(rules, asker.Discipline, casework.ActSecond)) {
		err = casework.Absent()
	}
	return err
}

// mayAnswerKeeping is casework.Absent for who may not know of the question: anybody but
// a manager of the organisation whose case it is, and who leads its table.
func (a *App) mayAnswerKeeping(ctx context.Context, tx *store.Tx, session Session, q store.KeepingQuestion, rules *policy.Policy, record *audit.Record) (by identity.Account, err error) {
	if by, err = tx.Account(ctx, session.Account.ID); err != nil {
		return by, err
	}
	excluded, err := a.Excluded(ctx, tx, q.Case, by.Login, by.ID)
	if err != nil {
		return by, err
	}
	if excluded || !by.Active {
		return by, casework.Absent()
	}
	teams, err := tx.Team(ctx, []casework.CaseID{q.Case})
	if err != nil {
		return by, err
	}
	access, grounds := seatTeam(q.Case, 0, teams[q.Case], rules)
	if reader, sits := access.Reader(by.ID, a.moment()); sits && leads(reader) {
		record.Role, record.Organisation, record.Ground = reader.Role, reader.Organisation, grounds[by.ID]
		return by, nil
	}
	organisation, err := tx.CaseOrganisation(ctx, q.Case)
	if err == nil && (by.Organisation != organisation || !mayOutside(rules, by.Discipline, casework.ActSecond)) {
		err = casework.Absent()
	}
	return by, err
}

// mayErase refuses what may not be erased now.
func (a *App) mayErase(ctx context.Context, tx *store.Tx, q store.KeepingQuestion, typed string) error {
	organisation, err := tx.CaseOrganisation(ctx, q.Case)
	if err != nil {
		return err
	}
	closed, err := tx.ClosedCases(ctx, organisation)
	if err != nil {
		return err
	}
	var c store.ClosedCase
	for _, one := range closed {
		if one.ID == q.Case {
			c = one
		}
	}
	code, ok := casework.ReadCaseCode(typed)
	now := a.moment()
	switch {
	case !stillAsked(q, c.Closed):
		return casework.Absent()
	case c.Held:
		return casework.Refuse(casework.Conflict, "case_held")
	case eraseFrom(q, c.Until).After(now):
		return casework.Refuse(casework.Conflict, "erase_early")
	case !ok || code != a.CaseCode(q.Case):
		return casework.Refuse(casework.Invalid, "code_differs")
	}
	return nil
}

// answerKeeping keeps an answer by which nothing is erased.
func (a *App) answerKeeping(ctx context.Context, tx *store.Tx, done answered, answer KeepingAnswer, record *audit.Record) error {
	q, now := done.q, a.moment()
	state := store.SecondNo
	if answer.Yes {
		state = store.SecondYes
		if err := tx.LiftHold(ctx, q.Case, q.By, done.by.ID, now); err != nil {
			return err
		}
		record.Event, record.Checks = "lift_hold", append(record.Checks, audit.BySecond)
	}
	if err := tx.AnswerKeeping(ctx, q.ID, state, done.by.ID, now); err != nil {
		return err
	}
	record.Detail = map[string]string{"act": string(q.Act), "answer": string(state), "ground": q.Ground, "asked_by": string(q.By)}
	if err := a.notify(ctx, tx, store.Notice{Case: q.Case, Kind: store.NoticeKeepingAnswered, Object: q.ID, By: done.by.ID}, q.By); err != nil {
		return err
	}
	return tx.Record(ctx, *record)
}

// WithdrawKeeping takes back a question that one asked and nobody answered.
func (a *App) WithdrawKeeping(ctx context.Context, session Session, question string) error {
	return a.keeps(ctx, session, "withdraw_keeping", audit.Update, func(k *keeper) error {
		q, err := k.KeepingQuestion(ctx, question)
		if err != nil {
			return err
		}
		excluded, err := a.Excluded(ctx, k.Tx, q.Case, k.by.Login, k.by.ID)
		if err != nil {
			return err
		}
		if excluded || q.By != k.by.ID {
			return casework.Absent()
		}
		k.record.Case, k.record.ObjectKind, k.record.Object = q.Case, "keeping", q.ID
		return k.AnswerKeeping(ctx, q.ID, store.SecondWithdrawn, k.by.ID, k.now)
	})
}
