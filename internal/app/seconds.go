package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

const (
	// secondTime is how long a second person has to answer, and then how long a yes
	// to an export holds.
	secondTime = 24 * time.Hour
	// secondsKept is how long a case shows what was asked and answered.
	secondsKept = 30 * 24 * time.Hour
)

// SecondActs are what needs the yes of a second person, in the order in which they
// are offered.
var SecondActs = []casework.Act{casework.ActReopen, casework.ActExport}

// SecondGrounds are the grounds on which each can be asked: codes, as who says yes
// may be somebody who may know nothing of the case.
var SecondGrounds = map[casework.Act][]string{
	casework.ActReopen: {"new_concern", "returned", "unfinished", "mistake"},
	casework.ActExport: {"handover", "family_asks", "court", "complaint"},
}

// mayAsk tells whether a member may ask for a second person for an act, which is
// whoever may do it at all. The colleagues in a practice case are invented: nobody
// is there to say yes, and nothing there is to be kept.
func mayAsk(seat view.Seat, act casework.Act) bool {
	if seat.Practice() {
		return false
	}
	if act == casework.ActExport {
		return seat.MayCell(act, seat.Cell("", casework.Shared, casework.Author{}, nil))
	}
	return slices.Contains(SecondActs, act) && seat.May(act)
}

// alone refuses a command that is carried out by the yes of a second person only.
func alone(command board.Command, seat view.Seat) error {
	if _, reopens := command.(*board.ReopenCase); reopens && !seat.Practice() {
		return casework.Refuse(casework.Denied, "second_needed")
	}
	return nil
}

// lapsed tells whether nobody answered a question in time.
func lapsed(s store.Second, now time.Time) bool {
	return s.State == store.SecondLapsed || s.State == store.SecondWaiting && now.Sub(s.At) >= secondTime
}

// stands tells whether an export may be fetched by who asked for it.
func stands(s store.Second, by casework.UserID, now time.Time) bool {
	return s.Act == casework.ActExport && s.State == store.SecondYes && s.By == by && now.Sub(s.Answered) < secondTime
}

// AskSecond asks for the yes of a second person to an act, on a ground.
func (a *App) AskSecond(ctx context.Context, session Session, id casework.CaseID, act casework.Act, ground string) error {
	return a.doAtTable(ctx, session, id, deed{"ask_second", audit.Create, "second", anybody}, func(t *teamAt) (done, error) {
		switch {
		case !slices.Contains(SecondGrounds[act], ground):
			return done{}, casework.Refuse(casework.Invalid, "bad_second")
		case !mayAsk(t.seat, act):
			return done{}, notFor(act)
		case act == casework.ActReopen && t.seat.Status() == casework.Open:
			return done{}, casework.Refuse(casework.Conflict, "already_open")
		}
		account, err := t.Account(ctx, t.reader.User)
		if err != nil {
			return done{}, err
		}
		if err := a.maySecond(account); err != nil {
			return done{}, err
		}
		s := store.Second{ID: casework.NewID[string](a.random), Case: id, Act: act, Ground: ground, By: account.ID, At: t.now}
		if asked, err := t.AskSecond(ctx, s, t.now.Add(-secondTime)); err != nil {
			return done{}, err
		} else if !asked {
			return done{}, casework.Refuse(casework.Conflict, "second_waits")
		}
		others, err := a.secondsFor(ctx, t, act)
		if err != nil {
			return done{}, err
		}
		told := store.Notice{Case: id, Kind: store.NoticeSecondAsked, Object: s.ID, By: s.By}
		return done{object: s.ID, detail: map[string]string{"act": string(act), "ground": ground}}, a.notify(ctx, t.Tx, told, others...)
	})
}

// anybody lets every member come to a deed, which then decides for itself.
func anybody(view.Seat) bool { return true }

func notFor(act casework.Act) error {
	return &casework.Error{Kind: casework.Denied, Reason: "not_allowed", Act: act}
}

// secondsFor are all who can be the second person for an act: members who may do it,
// and from outside the managers of the organisation whose case it is.
func (a *App) secondsFor(ctx context.Context, t *teamAt, act casework.Act) (users []casework.UserID, err error) {
	for _, m := range t.team {
		if reader, ok := t.moment.Access.Reader(m.User, t.now); ok && mayAsk(view.SeatOf(reader, t.moment), act) {
			users = append(users, m.User)
		}
	}
	managers, err := a.managersOf(ctx, t.Tx, t.id, casework.ActSecond)
	return append(users, managers...), err
}

// managersOf are those who may do an act outside every case, of the organisation
// whose case it is.
func (a *App) managersOf(ctx context.Context, tx *store.Tx, id casework.CaseID, act casework.Act) (users []casework.UserID, err error) {
	organisation, err := tx.CaseOrganisation(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.managersAt(ctx, tx, organisation, act)
}

// managersAt are those of an organisation who may do an act outside every case.
func (a *App) managersAt(ctx context.Context, tx *store.Tx, organisation casework.OrganisationID, act casework.Act) (users []casework.UserID, err error) {
	colleagues, err := tx.Colleagues(ctx, organisation)
	for _, one := range colleagues {
		if mayOutside(a.Rules(), one.Discipline, act) {
			users = append(users, one.ID)
		}
	}
	return users, err
}

// decideOutside asks a policy whether somebody of the discipline may do an act without a
// place at a table. Whoever has places at tables does it there, if at all: a chair audits
// one case, never those of a whole organisation.
func decideOutside(rules *policy.Policy, discipline casework.Role, act casework.Act) policy.Decision {
	if discipline.InCase() {
		return policy.Decision{}
	}
	return rules.Decide(policy.Request{Role: discipline, Act: act, Grant: casework.NoGrant, Status: casework.Open})
}

func mayOutside(rules *policy.Policy, discipline casework.Role, act casework.Act) bool {
	return decideOutside(rules, discipline, act).Allowed
}

// WithdrawSecond takes back what one asked and nobody answered.
func (a *App) WithdrawSecond(ctx context.Context, session Session, id casework.CaseID, second string) error {
	return a.doAtTable(ctx, session, id, deed{"withdraw_second", audit.Update, "second", anybody}, withID(second, func(t *teamAt) (done, error) {
		s, err := t.Second(ctx, second)
		if err != nil {
			return done{}, err
		}
		if s.Case != id || s.By != t.reader.User || lapsed(s, t.now) {
			return done{}, casework.Absent()
		}
		return done{object: second}, t.AnswerSecond(ctx, second, store.SecondWithdrawn, t.reader.User, t.now)
	}))
}

// AnswerSecond says yes or no to what somebody else asked: as a member who may do
// the same, or as a manager of the organisation whose case it is. With a yes a
// closed case opens again, in the name of who asked. Whatever is not there to be
// answered, for whatever reason, is casework.Absent.
func (a *App) AnswerSecond(ctx context.Context, session Session, second string, yes bool) error {
	record := a.outsideRecord(ctx, session.Account, "answer_second", audit.Update)
	var reopened *casework.Commit
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		s, err := tx.Second(ctx, second)
		if err != nil {
			return err
		}
		// Who may not answer holds up nobody.
		if _, _, err := a.askedSecond(ctx, tx, s, session.Account.ID, epoch); err != nil {
			return err
		}
		if err := tx.HoldCase(ctx, s.Case); err != nil {
			return err
		}
		asked, user, err := a.askedSecond(ctx, tx, s, session.Account.ID, epoch)
		if err != nil {
			return err
		}
		record.Case, record.ObjectKind, record.Object = s.Case, "second", s.ID
		record.Seat(asked.answerer, asked.grounds[asked.answerer.User])
		if err := a.mayBeSecond(ctx, tx, s, user); err != nil {
			return err
		}
		if !a.Proven(session) {
			return ErrNotProven
		}
		state := store.SecondNo
		if yes {
			state = store.SecondYes
		}
		if err := tx.AnswerSecond(ctx, s.ID, state, user.ID, a.moment()); err != nil {
			return err
		}
		if yes && s.Act == casework.ActReopen {
			if reopened, err = a.reopen(ctx, tx, s, asked, epoch); err != nil {
				return err
			}
		}
		if err := a.notify(ctx, tx, store.Notice{Case: s.Case, Kind: store.NoticeSecondAnswered, Object: s.ID, By: user.ID}, s.By); err != nil {
			return err
		}
		record.Detail = map[string]string{"act": string(s.Act), "answer": string(state)}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.outsideOutcome(ctx, record, "answer for a second person", err)
	}
	if reopened != nil {
		a.tellRooms(*reopened)
	}
	return nil
}

// mayBeSecond refuses who asked itself, and accounts that do not count as one of two
// people.
func (a *App) mayBeSecond(ctx context.Context, tx *store.Tx, s store.Second, user identity.Account) error {
	if user.ID == s.By {
		return casework.Refuse(casework.Denied, "second_oneself")
	}
	asker, err := tx.Account(ctx, s.By)
	if err != nil {
		return err
	}
	for _, one := range []identity.Account{asker, user} {
		if err := a.maySecond(one); err != nil {
			return err
		}
	}
	return nil
}

// secondAt is a question for a second person as things stand: whose seat asks, and
// who would answer.
type secondAt struct {
	askingTable
	grounds  map[casework.UserID]string
	asker    view.Seat
	answerer casework.Reader // who answers at the table; zero: from outside
}

// askedSecond finds who asks and who would answer, under rights that are held;
// casework.Absent when there is nothing that this user could answer.
func (a *App) askedSecond(ctx context.Context, tx *store.Tx, s store.Second, by casework.UserID, epoch int64) (asked secondAt, user identity.Account, err error) {
	now := a.moment()
	if s.State != store.SecondWaiting || lapsed(s, now) {
		return secondAt{}, identity.Account{}, casework.Absent()
	}
	if user, err = tx.Account(ctx, by); err != nil {
		return secondAt{}, identity.Account{}, err
	}
	rules, err := a.policyAt(ctx, tx, epoch)
	if err != nil {
		return secondAt{}, identity.Account{}, err
	}
	if asked.askingTable, err = a.askingTable(ctx, tx, s.Case, epoch, rules, askingTables{}); err != nil {
		return secondAt{}, identity.Account{}, err
	}
	asked.grounds = groundsOf(asked.team)
	moment := view.Moment{State: asked.state, Access: asked.access, At: now}
	asker, ok := asked.access.Reader(s.By, now)
	asked.asker = view.SeatOf(asker, moment)
	if !ok || !mayAsk(asked.asker, s.Act) {
		return secondAt{}, identity.Account{}, casework.Absent()
	}
	if reader, ok := asked.access.Reader(by, now); ok && mayAsk(view.SeatOf(reader, moment), s.Act) {
		asked.answerer = reader
		return asked, user, nil
	}
	organisation, err := tx.CaseOrganisation(ctx, s.Case)
	if err != nil {
		return secondAt{}, identity.Account{}, err
	}
	excluded, err := a.Excluded(ctx, tx, s.Case, user.Login, user.ID)
	if err == nil && (excluded || !user.Active || user.Organisation != organisation || !mayOutside(rules, user.Discipline, casework.ActSecond)) {
		err = casework.Absent()
	}
	return asked, user, err
}

func groundsOf(team []store.Membership) map[casework.UserID]string {
	grounds := make(map[casework.UserID]string, len(team))
	for _, m := range team {
		grounds[m.User] = m.Ground
	}
	return grounds
}

// reopen opens a closed case again, as who asked for it would have.
func (a *App) reopen(ctx context.Context, tx *store.Tx, s store.Second, asked secondAt, epoch int64) (*casework.Commit, error) {
	began := a.now()
	state, err := a.store.LoadState(ctx, tx, s.Case)
	if err != nil {
		return nil, err
	}
	decision, err := (&board.ReopenCase{}).Decide(asked.asker, board.Env{Now: a.moment(), Random: a.random})
	if err != nil {
		return nil, err
	}
	events := state.Follow(casework.Event{Epoch: epoch, Actor: s.By, At: a.moment(), Command: casework.CommandID(s.ID)}, decision.Changes...)
	if state, err = state.Apply(events...); err != nil {
		return nil, err
	}
	if err := tx.AppendEvents(ctx, []store.Append{{Case: s.Case, Events: events, State: state}}); err != nil {
		return nil, err
	}
	return &casework.Commit{State: state, Epoch: epoch, Access: asked.access, Asked: began}, nil
}

// outsideOutcome puts on the record that something was refused from outside every
// case, and hides what is ours. What is not there for who asks names no case.
func (a *App) outsideOutcome(ctx context.Context, record audit.Record, what string, err error) error {
	refusal := a.fault(what, err)
	if refusal.Kind == casework.Unavailable || refusal.Kind == casework.Internal {
		return refusal
	}
	if refusal.Kind == casework.NotFound {
		record.Case, record.ObjectKind, record.Object, record.Ground, record.Relation = "", "", "", "", ""
	}
	record.Outcome, record.Detail = audit.Refused, map[string]string{"reason": refusal.Reason}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refusal", err)
	}
	return refusal
}

// tellRooms tells this node's rooms and the other nodes of a change that did not
// come by the committer.
func (a *App) tellRooms(commit casework.Commit) {
	if publish := a.publish.Load(); publish != nil {
		(*publish)(commit)
	}
	a.nudger.changed(commit.State.ID, commit.State.Head())
}
