package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

const (
	// listedBefore is how long before its period ends a closed case is listed, and can
	// be decided on.
	listedBefore = 3 // months
	// EraseAfter is how long after it was asked a case can be erased at the earliest:
	// whoever chairs it is told when it is asked. The database holds the same.
	EraseAfter = 30 * 24 * time.Hour
)

// Grounds on which something is decided about the keeping of a case: codes.
var (
	KeepGrounds  = []string{"family_asks", "care_again", "complaint", "court"}
	EraseGrounds = []string{"period_over", "family_asks"}
	HoldGrounds  = []string{"complaint", "court", "supervision"}
	LiftGrounds  = []string{"settled", "mistake"}
)

// Retention is what somebody who decides about it reads of the keeping of the cases of
// an organisation. It calls each by its code.
type Retention struct {
	Rules  store.RetentionRules
	Cases  []Keeping // closed, and their period is over or ends soon: the first at the top
	Others []Keeping // held, and not among those
	Erased []Erased  // newest first
}

// Keeping is how the keeping of one case stands.
type Keeping struct {
	Code   casework.CaseCode
	Closed time.Time // zero: it is open
	Until  time.Time
	Over   bool
	Hold   *Hold // nil: none
	Erase  *KeepingQuestion
	Lift   *KeepingQuestion
}

// Hold is a legal hold on a case.
type Hold struct {
	Ground, By string
	At         time.Time
}

// KeepingQuestion waits for the yes of a second person.
type KeepingQuestion struct {
	ID, Ground, By string
	At             time.Time
	Own            bool
	From           time.Time // of an erasing: from when on a yes can be said
	Ready          bool      // it can be said now
}

// keeper is somebody who decides about keeping, as it is at this moment, under rights
// that are held.
type keeper struct {
	*store.Tx
	by     identity.Account
	now    time.Time
	rules  *policy.Policy
	record *audit.Record // of what is done
}

// keeps does something about the keeping of cases in the name of somebody who decides
// about it, with its record; a refusal is on the record as well.
func (a *App) keeps(ctx context.Context, session Session, event audit.Event, action audit.Action, do func(*keeper) error) error {
	record := a.outsideRecord(ctx, session.Account, event, action)
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		k, err := a.keeper(ctx, tx, session, epoch, &record)
		if err != nil {
			return err
		}
		if err := do(k); err != nil {
			return err
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.outsideOutcome(ctx, record, "decide about keeping", err)
	}
	return nil
}

func (a *App) keeper(ctx context.Context, tx *store.Tx, session Session, epoch int64, record *audit.Record) (*keeper, error) {
	rules, err := a.policyAt(ctx, tx, epoch)
	if err != nil {
		return nil, err
	}
	by, err := tx.Account(ctx, session.Account.ID)
	if err != nil {
		return nil, err
	}
	if !by.Active || !mayOutside(rules, by.Discipline, casework.ActSecond) {
		return nil, casework.Absent()
	}
	return &keeper{Tx: tx, by: by, now: a.moment(), rules: rules, record: record}, nil
}

// RetentionOf lists what is to be decided, and what was erased, with the look on the
// record. Of a case that its reader must never come near there is nothing.
func (a *App) RetentionOf(ctx context.Context, session Session) (page Retention, err error) {
	err = a.keeps(ctx, session, "view_retention", audit.Read, func(k *keeper) error {
		page = Retention{}
		if page.Rules, err = k.RetentionRules(ctx, k.by.Organisation); err != nil {
			return err
		}
		never, err := a.ExcludedFrom(ctx, k.Tx, k.by)
		if err != nil {
			return err
		}
		all, err := a.keepings(ctx, k.Tx, k.by.Organisation, k.by.ID)
		if err != nil {
			return err
		}
		for _, one := range all {
			switch listed := k.now.AddDate(0, listedBefore, 0); {
			case slices.Contains(never, one.id):
			case !one.Closed.IsZero() && !one.Until.After(listed):
				page.Cases = append(page.Cases, one.Keeping)
			case one.Hold != nil:
				page.Others = append(page.Others, one.Keeping)
			}
		}
		page.Erased, err = a.erasedOf(ctx, k, never)
		return err
	})
	if err != nil {
		return Retention{}, err
	}
	return page, nil
}

// caseKeeping is a Keeping and the case that it is of.
type caseKeeping struct {
	id casework.CaseID
	Keeping
}

// keepings are the cases of an organisation that are closed or held, as one of two
// people reads them.
func (a *App) keepings(ctx context.Context, tx *store.Tx, organisation casework.OrganisationID, reader casework.UserID) (list []caseKeeping, err error) {
	closed, err := tx.ClosedCases(ctx, organisation)
	if err != nil {
		return nil, err
	}
	holds, err := tx.HoldsOf(ctx, organisation)
	if err != nil {
		return nil, err
	}
	questions, err := tx.KeepingQuestions(ctx, organisation)
	if err != nil {
		return nil, err
	}
	names, err := namesIn(ctx, tx, holds, questions)
	if err != nil {
		return nil, err
	}
	at := map[casework.CaseID]int{}
	of := func(id casework.CaseID) *Keeping {
		if _, there := at[id]; !there {
			at[id] = len(list)
			list = append(list, caseKeeping{id, Keeping{Code: a.CaseCode(id)}})
		}
		return &list[at[id]].Keeping
	}
	now := a.moment()
	for _, c := range closed {
		one := of(c.ID)
		one.Closed, one.Until, one.Over = c.Closed, c.Until, !c.Until.After(now)
	}
	for _, h := range holds {
		of(h.Case).Hold = &Hold{Ground: h.Ground, By: names[h.By], At: h.At}
	}
	for _, q := range questions {
		one := of(q.Case)
		told := &KeepingQuestion{ID: q.ID, Ground: q.Ground, By: names[q.By], At: q.At, Own: q.By == reader}
		switch {
		case q.Act == store.LiftAct && one.Hold != nil:
			told.Ready, one.Lift = true, told
		case q.Act == store.EraseAct && stillAsked(q, one.Closed):
			told.From = eraseFrom(q, one.Until)
			told.Ready, one.Erase = one.Hold == nil && !told.From.After(now), told
		}
	}
	return list, nil
}

// stillAsked tells whether a question to erase is about the case as it was closed last.
func stillAsked(q store.KeepingQuestion, closed time.Time) bool {
	return !closed.IsZero() && !q.At.Before(closed)
}

// eraseFrom is from when on the yes to an erasing can be said.
func eraseFrom(q store.KeepingQuestion, keptUntil time.Time) time.Time {
	if from := q.At.Add(EraseAfter); from.After(keptUntil) {
		return from
	}
	return keptUntil
}

func namesIn(ctx context.Context, tx *store.Tx, holds []store.LegalHold, questions []store.KeepingQuestion) (map[casework.UserID]string, error) {
	var ids []casework.UserID
	for _, h := range holds {
		ids = append(ids, h.By)
	}
	for _, q := range questions {
		ids = append(ids, q.By)
	}
	people, err := tx.People(ctx, ids)
	names := make(map[casework.UserID]string, len(people))
	for id, p := range people {
		names[id] = p.Name
	}
	return names, err
}

// CaseKeeping is how the keeping of a case stands, as its chair reads it.
type CaseKeeping struct {
	Case casework.CaseID
	Name string // empty: it was erased
	Keeping
}

// leadsWhenOpen tells whether a member leads the table, or would if it were open.
func leadsWhenOpen(seat view.Seat) bool {
	return seat.MayWhenOpen(casework.ActLead) && !seat.Practice()
}

// KeepingIn shows it to who leads the table of a case, or would if it were open, with the
// look on the record.
func (a *App) KeepingIn(ctx context.Context, session Session, id casework.CaseID) (page CaseKeeping, err error) {
	err = a.lookAtTeam(ctx, session, id, deed{"view_keeping", audit.Read, "case", leadsWhenOpen}, func(t *teamAt) error {
		organisation, err := t.CaseOrganisation(ctx, id)
		if err != nil {
			return err
		}
		all, err := a.keepings(ctx, t.Tx, organisation, t.reader.User)
		if err != nil {
			return err
		}
		page = CaseKeeping{Case: id, Keeping: Keeping{Code: a.CaseCode(id)}}
		if i := slices.IndexFunc(all, func(c caseKeeping) bool { return c.id == id }); i >= 0 {
			page.Keeping = all[i].Keeping
		}
		page.Name, err = a.store.CaseName(ctx, t, id)
		return err
	})
	return page, err
}
