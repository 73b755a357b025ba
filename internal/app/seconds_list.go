package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// maxSeconds is how many questions are shown at a time.
const maxSeconds = 100

// Second is a question for a second person, as somebody may know it.
type Second struct {
	ID             string
	Act            casework.Act
	Ground         string // a code
	By             string // name of who asked
	ByOrganisation string
	At             time.Time
	State          store.SecondState
	Answerer       string // name; empty: nobody answered
	Answered       time.Time
	Until          time.Time // until when it waits, or the export can be fetched
	Code           casework.CaseCode

	Own       bool // the reader asked it
	MayAnswer bool
	Ready     bool // the reader may fetch the export now
}

// Waits tells whether it can still be answered.
func (s Second) Waits() bool { return s.State == store.SecondWaiting }

// CaseSeconds is what a case asks, or asked, of second persons, for whoever may ask.
type CaseSeconds struct {
	Case                 casework.CaseID
	Name                 string // empty: it was erased
	Status               casework.Status
	MayReopen, MayExport bool // and so may answer for another
	List                 []Second
}

// SecondsIn shows a member who may ask for a second person what was asked in a case
// of late, and puts the look on the record.
func (a *App) SecondsIn(ctx context.Context, session Session, id casework.CaseID) (page CaseSeconds, err error) {
	err = a.lookAtTeam(ctx, session, id, deed{"list_seconds", audit.Read, "case", anybody}, func(t *teamAt) error {
		page = CaseSeconds{Case: id, Status: t.seat.Status(), MayReopen: mayAsk(t.seat, casework.ActReopen), MayExport: mayAsk(t.seat, casework.ActExport)}
		if !page.MayReopen && !page.MayExport {
			return notFor(casework.ActExport)
		}
		if page.Name, err = a.store.CaseName(ctx, t, id); err != nil {
			return err
		}
		kept, err := t.SecondsIn(ctx, id, t.now.Add(-secondsKept))
		if err != nil {
			return err
		}
		for _, s := range kept {
			if !mayAsk(t.seat, s.Act) {
				continue
			}
			told, err := a.toldSecond(ctx, t.Tx, s)
			if err != nil {
				return err
			}
			told.Own, told.Ready = s.By == t.reader.User, stands(s, t.reader.User, t.now)
			told.MayAnswer = told.State == store.SecondWaiting && !told.Own
			page.List = append(page.List, told)
		}
		return nil
	})
	return page, err
}

// toldSecond puts names to a question.
func (a *App) toldSecond(ctx context.Context, tx *store.Tx, s store.Second) (Second, error) {
	told := Second{ID: s.ID, Act: s.Act, Ground: s.Ground, At: s.At, State: s.State, Answered: s.Answered, Until: s.At.Add(secondTime)}
	if lapsed(s, a.moment()) {
		told.State = store.SecondLapsed
	}
	if s.State == store.SecondYes {
		told.Until = s.Answered.Add(secondTime)
	}
	by, err := tx.Account(ctx, s.By)
	if err != nil {
		return Second{}, err
	}
	told.By, told.ByOrganisation = by.Name, by.OrganisationName
	if s.Answerer != "" {
		answerer, err := tx.Account(ctx, s.Answerer)
		if err != nil {
			return Second{}, err
		}
		told.Answerer = answerer.Name
	}
	return told, nil
}

// MaySecond tells whether somebody of the discipline can be a second person from
// outside a case.
func (a *App) MaySecond(discipline casework.Role) bool {
	return mayOutside(a.Rules(), discipline, casework.ActSecond)
}

// Seconds lists what the cases of the user's organisation ask of a second person,
// for who can be one from outside, and puts the look on the record. It names no
// case.
func (a *App) Seconds(ctx context.Context, session Session) (list []Second, err error) {
	record := a.outsideRecord(ctx, session.Account, "list_seconds", audit.Read)
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		rules, err := a.policyAt(ctx, tx, epoch)
		if err != nil {
			return err
		}
		if !mayOutside(rules, session.Account.Discipline, casework.ActSecond) {
			return casework.Absent()
		}
		kept, err := tx.SecondsOf(ctx, session.Account.Organisation, a.moment().Add(-secondTime))
		if err != nil {
			return err
		}
		for _, s := range kept {
			if len(list) == maxSeconds {
				break
			}
			_, _, err := a.askedSecond(ctx, tx, s, session.Account.ID, epoch)
			if err != nil && casework.KindOf(err) == casework.NotFound {
				continue
			}
			if err != nil && unservable(err) {
				a.log.Error("list what waits for a second person", "err", err)
				continue
			}
			if err != nil {
				return err
			}
			told, err := a.toldSecond(ctx, tx, s)
			if err != nil {
				return err
			}
			told.Code, told.MayAnswer = a.store.CaseCode(s.Case), true
			list = append(list, told)
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return nil, a.outsideOutcome(ctx, record, "list what waits for a second person", err)
	}
	return list, nil
}
