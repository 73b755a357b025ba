package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// recordsPage is how many lines of the log are shown at a time.
const recordsPage = 50

// RecordFilter is which lines of the log are asked for, as forms have it. What is
// empty leaves nothing out.
type RecordFilter struct {
	Person  casework.UserID // of the own organisation
	Case    string          // its code
	Kind    audit.Kind
	Outcome audit.Outcome
	Period
}

// Records is a page of the access log of an organisation.
type Records struct {
	Lines        []RecordLine
	People       []identity.Account // whose lines can be asked for, by name
	Older, Newer string             // places to go on from; empty: nothing is there
	Newest       string             // the place of the first line; empty: there is none
}

// RecordLine is one line of it: who did what kind of thing, when, in which role, on
// which ground. It says nothing of what a case holds, nor of what it is called.
type RecordLine struct {
	At           time.Time
	Who          string // empty: the operator of the server
	Organisation string // of who did it, when that is another
	Role         casework.Role
	Ground       string
	Event        audit.Event
	Refused      bool
	Rule, Why    string            // of the policy that serves now, for a refusal by a rule
	Case         casework.CaseCode // empty: it was about none, or about one that may not be known here
}

// MayReview tells whether somebody of the discipline reviews the access log of its
// organisation, and looks back at glasses that its people broke.
func (a *App) MayReview(discipline casework.Role) bool {
	return mayOutside(a.Rules(), discipline, casework.ActAudit)
}

// RecordsOf lists lines of the access log of the organisation of somebody who
// reviews it, newest first: from a place on to what is older, or to what is newer.
// The look is on the record before anything goes out, with what was filtered by and
// not with what for. For anybody else there is nothing here: casework.Absent. A
// filter that cannot be is casework.Invalid, and comes with the people alone.
func (a *App) RecordsOf(ctx context.Context, session Session, filter RecordFilter, older, newer string) (Records, error) {
	var page Records
	err := a.review(ctx, session, "view_records", filter.used(), func(tx *store.Tx, by identity.Account, rules *policy.Policy) error {
		page = Records{}
		users, err := tx.UsersOf(ctx, by.Organisation)
		if err != nil {
			return err
		}
		page.People = users
		review, err := a.reviewBy(ctx, tx, by, users, filter)
		if err != nil {
			return err
		}
		review.Limit = recordsPage + 1
		var ok bool
		review.Newer = newer != ""
		if review.After.At, review.After.ID, ok = readPlace(cmp.Or(newer, older)); !ok {
			return casework.Absent()
		}
		list, err := a.store.Reviewed(ctx, by.ID, review)
		if err != nil {
			return err
		}
		page.turn(&list, review)
		page.Lines, err = a.recordLines(ctx, tx, by, list, rules)
		return err
	})
	if err != nil && casework.KindOf(err) != casework.Invalid {
		return Records{}, err
	}
	return page, err
}

// turn takes the line off that only told whether there are more, and says where to
// go on.
func (r *Records) turn(list *[]store.ReviewedRecord, review store.Review) {
	more := len(*list) > recordsPage
	switch {
	case more && review.Newer:
		*list = (*list)[1:]
	case more:
		*list = (*list)[:recordsPage]
	}
	if len(*list) == 0 {
		return
	}
	r.Newest = recordPlaceOf((*list)[0])
	if more || review.Newer {
		r.Older = recordPlaceOf((*list)[len(*list)-1])
	}
	if review.Newer && more || !review.Newer && !review.After.At.IsZero() {
		r.Newer = recordPlaceOf((*list)[0])
	}
}

func recordPlaceOf(r store.ReviewedRecord) string { return writePlace(r.At, r.ID) }

// used are the names of what is filtered by.
func (f RecordFilter) used() map[string]string {
	var used []string
	for _, one := range []struct {
		name string
		is   bool
	}{{"person", f.Person != ""}, {"case", f.Case != ""}, {"kind", f.Kind != ""}, {"outcome", f.Outcome != ""}, {"from", f.From != ""}, {"to", f.To != ""}} {
		if one.is {
			used = append(used, one.name)
		}
	}
	return map[string]string{"filters": strings.Join(used, " ")}
}

// reviewBy makes of a filter what the log is asked on behalf of somebody, who is to
// learn nothing of some cases.
func (a *App) reviewBy(ctx context.Context, tx *store.Tx, by identity.Account, people []identity.Account, f RecordFilter) (review store.Review, err error) {
	review = store.Review{Organisation: by.Organisation, User: f.Person, Outcome: f.Outcome, Now: a.moment()}
	if review.Never, err = a.ExcludedFrom(ctx, tx, by); err != nil {
		return review, err
	}
	if f.Person != "" && !slices.ContainsFunc(people, func(p identity.Account) bool { return p.ID == f.Person }) {
		return review, casework.Refuse(casework.Invalid, "bad_person")
	}
	if f.Outcome != "" && f.Outcome != audit.Done && f.Outcome != audit.Refused {
		return review, casework.Refuse(casework.Invalid, "bad_outcome")
	}
	if f.Kind != "" {
		if review.Events = f.Kind.Events(); len(review.Events) == 0 {
			return review, casework.Refuse(casework.Invalid, "bad_kind")
		}
	}
	if review.From, review.Until, err = f.bounds(a.moment()); err != nil {
		return review, err
	}
	if f.Case != "" {
		code, ok := casework.ReadCaseCode(f.Case)
		if !ok {
			return review, casework.Refuse(casework.Invalid, "bad_case_code")
		}
		review.Cases, err = a.casesCalled(ctx, tx, by.Organisation, code)
	}
	return review, err
}

// casesCalled finds those with a code among the cases that a log may be about. A
// code that none has finds none, as one that may not be known.
func (a *App) casesCalled(ctx context.Context, tx *store.Tx, organisation casework.OrganisationID, code casework.CaseCode) ([]casework.CaseID, error) {
	all, err := tx.Reviewable(ctx, organisation)
	called := []casework.CaseID{}
	for _, id := range all {
		if a.CaseCode(id) == code {
			called = append(called, id)
		}
	}
	return called, err
}

// CaseCode is what a case is called where its name may not be known.
func (a *App) CaseCode(id casework.CaseID) casework.CaseCode { return a.store.CaseCode(id) }

// recordLines puts records into the words of who reviews them. Of who looked in a
// case of the own organisation and is of another, name and organisation are told:
// who answers for a case has to know who was there.
func (a *App) recordLines(ctx context.Context, tx *store.Tx, by identity.Account, list []store.ReviewedRecord, rules *policy.Policy) ([]RecordLine, error) {
	var ids []casework.UserID
	for _, r := range list {
		ids = append(ids, r.User)
	}
	people, err := tx.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]RecordLine, len(list))
	for i, r := range list {
		who := people[r.User]
		lines[i] = RecordLine{At: r.At.UTC(), Who: who.Name, Role: r.Role, Ground: r.Ground, Event: r.Event.Apart(), Refused: r.Outcome == audit.Refused}
		if r.CutOff {
			lines[i].Event = audit.LeftCutOff
		}
		if who.Organisation != by.Organisation {
			lines[i].Organisation = who.OrganisationName
		}
		if lines[i].Refused {
			lines[i].Rule, lines[i].Why = toldRule(lines[i].Event, r.Rule, rules)
		}
		if r.Case != "" {
			lines[i].Case = a.CaseCode(r.Case)
		}
	}
	return lines, nil
}

// toldRule is the rule that refused something, with its reason, as far as who reviews
// it is told: of a refused lend the rule would tell of what kind the card is that was
// not lent. Empty: none that serves now, or none that is told.
func toldRule(event audit.Event, id string, rules *policy.Policy) (rule, why string) {
	if event == audit.SightChanged {
		return "", ""
	}
	for _, r := range rules.Rules() {
		if r.ID == id && r.Why != "" {
			return r.ID, r.Why
		}
	}
	return "", ""
}

// review shows something to somebody who reviews the access log of its
// organisation, under rights that are held, as that person is at this moment, with
// its record; a refusal is on the record as well.
func (a *App) review(ctx context.Context, session Session, event audit.Event, detail map[string]string, look func(*store.Tx, identity.Account, *policy.Policy) error) error {
	record := a.outsideRecord(ctx, session.Account, event, audit.Read)
	record.Detail = detail
	return a.reviewOn(ctx, session, &record, look)
}

// reviewOn does that under a record of which look may say more.
func (a *App) reviewOn(ctx context.Context, session Session, record *audit.Record, look func(*store.Tx, identity.Account, *policy.Policy) error) error {
	err := a.reviewing(ctx, session, func(tx *store.Tx, by identity.Account, rules *policy.Policy, rule string) error {
		if err := look(tx, by, rules); err != nil {
			return err
		}
		record.PolicyRule = rule
		return tx.Record(ctx, *record)
	})
	return a.notReviewed(ctx, session, *record, err)
}

// notReviewed puts on the record that somebody was refused what would have been this
// record.
func (a *App) notReviewed(ctx context.Context, session Session, record audit.Record, err error) error {
	var refusal *casework.Error
	if errors.As(err, &refusal) && refusal.Kind != casework.Internal && refusal.Kind != casework.Unavailable {
		return a.refuseOutside(ctx, session, record.Event, record.Action, refusal)
	}
	if err != nil {
		return a.fault("review the access log", err)
	}
	return nil
}

// reviewing runs look for somebody who reviews the access log of its organisation,
// under rights that are held and as that person is at this moment, by a rule of the
// policy. For anybody else there is nothing: casework.Absent.
func (a *App) reviewing(ctx context.Context, session Session, look func(*store.Tx, identity.Account, *policy.Policy, string) error) error {
	return a.store.Transact(ctx, func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		rules, err := a.policyAt(ctx, tx, epoch)
		if err != nil {
			return err
		}
		by, err := tx.Account(ctx, session.Account.ID)
		if err != nil {
			return err
		}
		decision := decideOutside(rules, by.Discipline, casework.ActAudit)
		if !by.Active || !decision.Allowed {
			return casework.Absent()
		}
		return look(tx, by, rules, decision.Rule)
	})
}
